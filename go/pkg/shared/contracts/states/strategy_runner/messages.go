// Code generated from schemas/state/strategy_runner.schema.json by tools/generate.py. DO NOT EDIT.

package strategy_runner

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// SeenBar: What a series remembers of a bar.
type SeenBar struct {
	// Exchange trading symbol.
	Symbol string
	// Start of the window. UTC nanoseconds.
	StartNs int64
	// End of the window, exclusive. UTC nanoseconds.
	EndNs int64
	// Revision that was used.
	Rev int64
	// False when the feed ended inside the window; such a bar opens no position.
	Final bool
	// First trade, 1/10,000 rupee.
	OpenE4 int64
	// Highest trade, 1/10,000 rupee.
	HighE4 int64
	// Lowest trade, 1/10,000 rupee.
	LowE4 int64
	// Last trade, 1/10,000 rupee.
	CloseE4 int64
	// Shares traded; null for an index.
	Volume wire.OptInt64
}

// MemberEntry: member/<strategy>/<symbol or pair>: one strategy on one symbol.
type MemberEntry struct {
	// Indian calendar day that the numbers belong to, days since 1970-01-01; another day starts
	// afresh.
	Day int64
	// The strategy's own numbers, by the names that its class declares.
	Memory []wire.Pair[float64]
	// Target that the strategy stands by: -1 short, 0 flat, 1 long.
	Vote int64
	// Confidence of that vote, basis points.
	ConfidenceBp int64
	// Protective stop that came with the vote, per share, 1/10,000 rupee; null for flat.
	StopDistanceE4 wire.OptInt64
	// Expected favourable move that came with the vote, per share, 1/10,000 rupee; null when none.
	TargetDistanceE4 wire.OptInt64
}

// PositionEntry: position/<strategy or ensemble>/<symbol or pair>: what the runner believes to
// hold.
type PositionEntry struct {
	// Indian calendar day, days since 1970-01-01; another day starts flat.
	Day int64
	// Entries of that day.
	Entries int64
	// Target last decided: -1 short, 0 flat, 1 long.
	Wanted int64
	// What the bar before said: -1 short, 1 long, 0 flat or nothing; a wish counts as new when the
	// bar before did not say it.
	Said int64
	// True while a new wish has not been acted on; only a new wish opens a position.
	Armed bool
	// Confidence of that decision, basis points.
	ConfidenceBp int64
	// Stop distance of that decision, per share, 1/10,000 rupee; null for flat.
	StopDistanceE4 wire.OptInt64
	// Target distance of that decision, per share, 1/10,000 rupee; null when none.
	TargetDistanceE4 wire.OptInt64
	// Pairs: shares of the second leg per share of the first of that decision, basis points; 0 for
	// one symbol.
	HedgeBp int64
	// Virtual position: -1 short, 0 flat, 1 long (of a pair: the spread).
	Side int64
	// Close (of a pair: spread) at the entry, 1/10,000 rupee.
	EntryE4 int64
	// Stop distance at the entry, 1/10,000 rupee; 0 when flat.
	EntryStopDistanceE4 int64
	// Target distance at the entry, 1/10,000 rupee; null when none.
	EntryTargetDistanceE4 wire.OptInt64
	// Hedge of the open position, basis points; 0 when flat or one symbol.
	EntryHedgeBp int64
	// Bars since the entry.
	BarsHeld int64
}

// SeriesEntry: series/<symbol or pair>/<timeframe>/<on_revision>: indicators over one series of
// bars.
type SeriesEntry struct {
	// Windows begun so far.
	Bars int64
	// Revisions that the series counted instead of applying.
	Alerts int64
	// The newest bar taken, of a pair one for each leg; empty before the first.
	Newest []SeenBar
	// Pairs: the leg whose partner has not come yet.
	Waiting []SeenBar
	// Numbers of each indicator, by its name in configs/indicators.yaml.
	Now []wire.Pair[[]float64]
	// The same before the newest bar was taken; empty unless the series recomputes.
	Before []wire.Pair[[]float64]
}
