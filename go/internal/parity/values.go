// Code generated from schemas/ by tools/generate.py. DO NOT EDIT.

package main

import (
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/bar_aggregator_multi"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/bar_builder_1s"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/budget_guard"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/exporter"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/gateway_dry"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/gateway_paper"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/oms"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/recon"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/risk_manager"
	"tapeline.dev/tapeline/pkg/shared/contracts/states/strategy_runner"
)

var values = map[string]func() value{
	"contracts.Allowed":                   func() value { return new(contracts.Allowed) },
	"contracts.Bar":                       func() value { return new(contracts.Bar) },
	"contracts.BrokerReport":              func() value { return new(contracts.BrokerReport) },
	"contracts.Control":                   func() value { return new(contracts.Control) },
	"contracts.Dead":                      func() value { return new(contracts.Dead) },
	"contracts.Charges":                   func() value { return new(contracts.Charges) },
	"contracts.Fill":                      func() value { return new(contracts.Fill) },
	"contracts.Heartbeat":                 func() value { return new(contracts.Heartbeat) },
	"contracts.Journal":                   func() value { return new(contracts.Journal) },
	"contracts.LiveOrder":                 func() value { return new(contracts.LiveOrder) },
	"contracts.Leg":                       func() value { return new(contracts.Leg) },
	"contracts.Extra":                     func() value { return new(contracts.Extra) },
	"contracts.Order":                     func() value { return new(contracts.Order) },
	"contracts.PairSignal":                func() value { return new(contracts.PairSignal) },
	"contracts.Recon":                     func() value { return new(contracts.Recon) },
	"contracts.Signal":                    func() value { return new(contracts.Signal) },
	"contracts.Sized":                     func() value { return new(contracts.Sized) },
	"contracts.StateEntry":                func() value { return new(contracts.StateEntry) },
	"contracts.Tick":                      func() value { return new(contracts.Tick) },
	"bar_aggregator_multi.MinuteWindow":   func() value { return new(bar_aggregator_multi.MinuteWindow) },
	"bar_aggregator_multi.BarsFeed":       func() value { return new(bar_aggregator_multi.BarsFeed) },
	"bar_aggregator_multi.SymbolProgress": func() value { return new(bar_aggregator_multi.SymbolProgress) },
	"bar_builder_1s.ClosedMinute":         func() value { return new(bar_builder_1s.ClosedMinute) },
	"bar_builder_1s.Feed":                 func() value { return new(bar_builder_1s.Feed) },
	"bar_builder_1s.SymbolWindows":        func() value { return new(bar_builder_1s.SymbolWindows) },
	"budget_guard.Limits":                 func() value { return new(budget_guard.Limits) },
	"budget_guard.Burn":                   func() value { return new(budget_guard.Burn) },
	"budget_guard.IntentLeg":              func() value { return new(budget_guard.IntentLeg) },
	"budget_guard.Intent":                 func() value { return new(budget_guard.Intent) },
	"budget_guard.OpenOrder":              func() value { return new(budget_guard.OpenOrder) },
	"budget_guard.Recent":                 func() value { return new(budget_guard.Recent) },
	"budget_guard.Throttle":               func() value { return new(budget_guard.Throttle) },
	"exporter.Holding":                    func() value { return new(exporter.Holding) },
	"exporter.Intent":                     func() value { return new(exporter.Intent) },
	"exporter.Performance":                func() value { return new(exporter.Performance) },
	"exporter.Count":                      func() value { return new(exporter.Count) },
	"gateway_dry.DryCounters":             func() value { return new(gateway_dry.DryCounters) },
	"gateway_dry.DryOrder":                func() value { return new(gateway_dry.DryOrder) },
	"gateway_paper.PaperTrade":            func() value { return new(gateway_paper.PaperTrade) },
	"gateway_paper.PaperQuote":            func() value { return new(gateway_paper.PaperQuote) },
	"gateway_paper.PaperCommand":          func() value { return new(gateway_paper.PaperCommand) },
	"gateway_paper.PaperPosition":         func() value { return new(gateway_paper.PaperPosition) },
	"gateway_paper.PaperCounters":         func() value { return new(gateway_paper.PaperCounters) },
	"gateway_paper.PaperOrder":            func() value { return new(gateway_paper.PaperOrder) },
	"oms.OmsLeg":                          func() value { return new(oms.OmsLeg) },
	"oms.OmsIntent":                       func() value { return new(oms.OmsIntent) },
	"oms.OmsAccount":                      func() value { return new(oms.OmsAccount) },
	"oms.OmsOrder":                        func() value { return new(oms.OmsOrder) },
	"recon.ReconTrade":                    func() value { return new(recon.ReconTrade) },
	"recon.ReconForeign":                  func() value { return new(recon.ReconForeign) },
	"recon.ReconStatement":                func() value { return new(recon.ReconStatement) },
	"recon.ReconCarried":                  func() value { return new(recon.ReconCarried) },
	"recon.ReconBreak":                    func() value { return new(recon.ReconBreak) },
	"recon.ReconCounters":                 func() value { return new(recon.ReconCounters) },
	"recon.ReconOrder":                    func() value { return new(recon.ReconOrder) },
	"risk_manager.Echo":                   func() value { return new(risk_manager.Echo) },
	"risk_manager.Limits":                 func() value { return new(risk_manager.Limits) },
	"risk_manager.Timer":                  func() value { return new(risk_manager.Timer) },
	"risk_manager.Mark":                   func() value { return new(risk_manager.Mark) },
	"risk_manager.Position":               func() value { return new(risk_manager.Position) },
	"risk_manager.FlightLeg":              func() value { return new(risk_manager.FlightLeg) },
	"risk_manager.Flight":                 func() value { return new(risk_manager.Flight) },
	"risk_manager.Wanted":                 func() value { return new(risk_manager.Wanted) },
	"risk_manager.Account":                func() value { return new(risk_manager.Account) },
	"strategy_runner.SeenBar":             func() value { return new(strategy_runner.SeenBar) },
	"strategy_runner.MemberEntry":         func() value { return new(strategy_runner.MemberEntry) },
	"strategy_runner.PositionEntry":       func() value { return new(strategy_runner.PositionEntry) },
	"strategy_runner.SeriesEntry":         func() value { return new(strategy_runner.SeriesEntry) },
}
