"""Compares broker reports, order events and fills, and issues each break once."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import BrokerReport, Fill, LiveOrder, Recon
from tapeline.contracts.states.recon import (
    ReconBreak,
    ReconCounters,
    ReconForeign,
    ReconOrder,
    ReconStatement,
    ReconTrade,
)
from tapeline.monitoring.recon.forget import forget_finished_days
from tapeline.monitoring.recon.judge import Finding, Verdict, judge, trade_key
from tapeline.monitoring.recon.settings import Settings
from tapeline.monitoring.recon.state import State
from tapeline.runner.stage import Event, Output

__all__ = ["State", "step"]


def step(state: State, event: Event, settings: Settings) -> Sequence[Output]:
    """Takes one event; returns findings for `recon` when a run was due."""
    outputs = _run_when_due(state, event.at_ns, settings)
    message = event.message
    if type(message) is LiveOrder:
        _take_order(state, message, event.at_ns)
    elif type(message) is Fill:
        _take_fill(state, message, event.at_ns)
    elif type(message) is BrokerReport:
        _take_report(state, message, event.at_ns)
    return outputs


def _take_order(state: State, message: LiveOrder, now_ns: int) -> None:
    before = state.orders.get(message.order_id)
    unknown_ns = None
    if message.state == "UNKNOWN":
        unknown_ns = now_ns if before is None or before.unknown_ns is None else before.unknown_ns
    order = ReconOrder(
        order_id=message.order_id,
        tag=message.tag,
        symbol=message.symbol,
        state=message.state,
        qty=message.qty,
        filled_qty=message.filled_qty,
        fills_qty=before.fills_qty if before else 0,
        unknown_ns=unknown_ns,
        changed_ns=now_ns,
    )
    state.put("order", order.order_id, order)
    state.order_of_tag[order.tag] = order.order_id
    state.drop("foreign", order.tag)


def _take_fill(state: State, fill: Fill, now_ns: int) -> None:
    new = _new_trade(fill, fill.broker_order_id)
    trade = state.trades.get(trade_key(new)) or new
    trade = replace(
        trade,
        order_id=fill.order_id,
        filled_ns=now_ns,
        filled_qty=trade.filled_qty + fill.qty,
        filled_notional_e4=trade.filled_notional_e4 + fill.qty * fill.price_e4,
    )
    state.put("trade", trade_key(trade), trade)
    order = state.orders.get(fill.order_id)
    if order is not None:
        order = replace(order, fills_qty=order.fills_qty + fill.qty, changed_ns=now_ns)
        state.put("order", order.order_id, order)


def _take_report(state: State, report: BrokerReport, now_ns: int) -> None:
    if report.report == "POSITION":
        _take_statement(state, report, now_ns)
        return
    if report.tag is None or report.tag not in state.order_of_tag:
        _take_foreign(state, report, now_ns)
    if report.report != "FILL" or report.trade_id is None or report.side is None:
        return
    new = _new_trade(report, report.broker_order_id or report.tag or report.report_id)
    trade = state.trades.get(trade_key(new)) or new
    if trade.reported_ns is not None:
        _take_again(state, trade, report, now_ns)
        return
    trade = replace(
        trade,
        tag=report.tag,
        reported_ns=now_ns,
        reported_qty=report.qty,
        reported_price_e4=report.price_e4,
    )
    state.put("trade", trade_key(trade), trade)


def _take_again(state: State, trade: ReconTrade, report: BrokerReport, now_ns: int) -> None:
    """A trade that was reported before: lookups tell it again, and it must be the same."""
    qty = report.qty if report.side == trade.side else -report.qty
    if (qty, report.price_e4) == (trade.reported_qty, trade.reported_price_e4):
        return
    retold = (trade.retold_qty, trade.retold_price_e4)
    if trade.retold_ns is not None and retold == (qty, report.price_e4):
        return
    trade = replace(trade, retold_ns=now_ns, retold_qty=qty, retold_price_e4=report.price_e4)
    state.put("trade", trade_key(trade), trade)


def _new_trade(source: Fill | BrokerReport, broker_order_id: str) -> ReconTrade:
    assert source.trade_id is not None, source
    assert source.side is not None, source
    return ReconTrade(
        broker_order_id=broker_order_id,
        trade_id=source.trade_id,
        symbol=source.symbol,
        side=source.side,
        tag=None,
        order_id=None,
        event_ns=source.event_ns,
        reported_ns=None,
        reported_qty=0,
        reported_price_e4=None,
        retold_ns=None,
        retold_qty=0,
        retold_price_e4=None,
        filled_ns=None,
        filled_qty=0,
        filled_notional_e4=0,
    )


def _take_foreign(state: State, report: BrokerReport, now_ns: int) -> None:
    subject = report.tag or report.broker_order_id or report.report_id
    before = state.foreign.get(subject)
    foreign = ReconForeign(
        subject=subject,
        symbol=report.symbol,
        first_ns=before.first_ns if before else now_ns,
        cum_qty=max(report.cum_qty, before.cum_qty if before else 0),
    )
    state.put("foreign", subject, foreign)


def _take_statement(state: State, report: BrokerReport, now_ns: int) -> None:
    before = state.statements.get(report.symbol)
    statement = ReconStatement(
        symbol=report.symbol,
        latest_ns=report.event_ns,
        latest_at_ns=now_ns,
        latest_qty=report.qty,
        before_ns=before.latest_ns if before else 0,
        before_qty=before.latest_qty if before else 0,
    )
    state.put("statement", report.symbol, statement)


def _run_when_due(state: State, now_ns: int, settings: Settings) -> list[Output]:
    due_ns = state.counters.next_ns
    if due_ns is None or now_ns < due_ns:
        return []
    run = state.counters.run
    verdict = judge(state, now_ns, settings)
    news = _update_breaks(state, verdict, run)
    records = [_finding_record(finding, run, now_ns, settings) for finding in news]
    records.append(_summary(state, verdict, run, now_ns, settings))
    day_start_ns = max((start for start, _ in settings.spans_ns if start <= now_ns), default=0)
    if day_start_ns > state.counters.day_start_ns:
        forget_finished_days(state, day_start_ns)
    next_ns = _next_ns(now_ns, settings)
    state.count(ReconCounters(run=run + 1, next_ns=next_ns, day_start_ns=day_start_ns))
    return [Output("recon", settings.account, record) for record in records]


def _next_ns(now_ns: int, settings: Settings) -> int | None:
    """Runs lie on a grid from the start, and the last one at `last_ns`."""
    if now_ns >= settings.last_ns:
        return None
    every_ns = settings.every_s * SECOND_NS
    for start_ns, end_ns in settings.spans_ns:
        if now_ns < start_ns:
            return min(settings.last_ns, start_ns)
        following_ns = start_ns + ((now_ns - start_ns) // every_ns + 1) * every_ns
        if following_ns <= end_ns:
            return min(settings.last_ns, following_ns)
    return settings.last_ns


def _update_breaks(state: State, verdict: Verdict, run: int) -> list[Finding]:
    """Keeps what is open, forgets what has healed; returns what is new or has changed."""
    news = []
    present = {finding.key for finding in verdict.findings}
    for finding in verdict.findings:
        before = state.breaks.get(finding.key)
        if before and (before.expected, before.actual) == (finding.expected, finding.actual):
            continue
        news.append(finding)
        entry = ReconBreak(
            subject=finding.subject,
            finding=finding.kind,
            symbol=finding.symbol,
            order_id=finding.order_id,
            expected=finding.expected,
            actual=finding.actual,
            run=run,
        )
        state.put("break", finding.key, entry)
    for key, kept in list(state.breaks.items()):
        if key not in present and kept.order_id not in verdict.undecided:
            state.drop("break", key)
    return news


def _finding_record(finding: Finding, run: int, now_ns: int, settings: Settings) -> Recon:
    return Recon(
        at_ns=now_ns + settings.latency_ns,
        account=settings.account,
        run=run,
        finding=finding.kind,
        symbol=finding.symbol,
        order_id=finding.order_id,
        expected=finding.expected,
        actual=finding.actual,
        breaks=1,
        detail=finding.detail[:400],
    )


def _summary(state: State, verdict: Verdict, run: int, now_ns: int, settings: Settings) -> Recon:
    open_breaks = len(state.breaks)
    return Recon(
        at_ns=now_ns + settings.latency_ns,
        account=settings.account,
        run=run,
        finding="SUMMARY",
        symbol=None,
        order_id=None,
        expected=verdict.fills,
        actual=verdict.trades,
        breaks=open_breaks,
        detail=f"{verdict.fills} filled trades, {verdict.trades} reported by the broker, "
        f"{len(state.orders)} orders, {open_breaks} breaks open",
    )
