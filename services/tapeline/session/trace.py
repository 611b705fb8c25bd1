"""The chain of records behind an order or a fill: tick, bars, signal, decisions, reports, recon."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from tapeline.contracts import ids
from tapeline.contracts.clock import DAY_NS, MINUTE_NS, SECOND_NS
from tapeline.contracts.messages import (
    Allowed,
    Bar,
    BrokerReport,
    Fill,
    LiveOrder,
    Order,
    PairSignal,
    Recon,
    Signal,
    Sized,
    Tick,
)
from tapeline.session.topic_files import RunFiles

PREFIX_CHARS_MIN = 6
"""Six base32 characters are 30 bits: among 10,000 ids two share them in one case of twenty."""

LAST = "last"
"""Stands for the last fill of a run."""

LATE_NS = 15 * MINUTE_NS
"""A record of a window is at most this much younger than its end: a late tick re-issues a bar for
five minutes after a gap of the feed."""

FOUND, MISSING, NOT_APPLICABLE = "found", "missing", "not_applicable"


class TraceError(Exception):
    """The id names nothing, or several things; the message says which."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What an id names."""

    kind: Literal["fill", "order", "intent"]
    id: str
    intent_id: str
    order_id: str | None
    """None for an intent, which may have several orders."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain."""

    name: str
    status: str
    """found, missing, or not_applicable where the chain has no such link."""
    note: str
    """What is shown, or why it is missing or does not apply."""
    records: list[Any]
    """Messages as they were published; of many bars the first and the last."""
    count: int
    """Records that were found, also those that are not shown."""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The whole chain."""

    target: Target
    complete: bool
    missing: list[str]
    """Names of the links that should be there and are not."""
    links: list[Link]


def trace(run: RunFiles, wanted: str) -> Trace:
    """Follows an order or fill back to its ticks and on to its reconciliation.

    Args:
        run: files of the run.
        wanted: fill, order or intent id, at least its first six characters, or `last`.

    Raises:
        TraceError: the id is unknown, too short or ambiguous.
        RunFilesError: the run kept no topics, or they are damaged.
    """
    run.require_topics()
    target = resolve(run, wanted)
    intent = _Intent(run, target)
    market = _market_links(run, intent)
    links = [*market, *intent.links(), _matched_tick(run, intent), _recon(run, intent)]
    missing = [link.name for link in links if link.status == MISSING]
    return Trace(target=target, complete=not missing, missing=missing, links=links)


def resolve(run: RunFiles, wanted: str) -> Target:
    """What an id, or the start of one, names.

    Raises:
        TraceError: nothing or several things.
    """
    if wanted == LAST:
        return _last_fill(run)
    if len(wanted) < PREFIX_CHARS_MIN:
        raise TraceError(f"{wanted}: give at least {PREFIX_CHARS_MIN} characters of the id")
    wanted = wanted.upper()
    found: dict[str, Target] = {}
    for topic in ("fills", "live_orders", "orders", "orders.sized"):
        for message in run.records(topic, (f'"{wanted}',)):
            for target in _targets(message):
                if target.id.startswith(wanted):
                    found.setdefault(target.id, target)
    if not found:
        raise TraceError(f"{wanted}: no fill, order or intent of {run.folder} has this id")
    if len(found) > 1:
        names = ", ".join(f"{t.kind} {t.id}" for t in found.values())
        raise TraceError(f"{wanted}: several ids start so; give more characters of one: {names}")
    return next(iter(found.values()))


def _last_fill(run: RunFiles) -> Target:
    last = deque(run.records("fills"), maxlen=1)
    if not last:
        raise TraceError(f"{run.folder}: the run has no fill; name an order or intent id instead")
    return _targets(last[0])[0]


def _targets(message: Any) -> list[Target]:
    """Everything that the ids of a record name."""
    intent_id = message.intent_id
    targets = [Target(kind="intent", id=intent_id, intent_id=intent_id, order_id=None)]
    if isinstance(message, LiveOrder | Fill):
        order_id = message.order_id
        order = Target(kind="order", id=order_id, intent_id=intent_id, order_id=order_id)
        targets.insert(0, order)
    if isinstance(message, Fill):
        order_id, fill_id = message.order_id, message.fill_id
        fill = Target(kind="fill", id=fill_id, intent_id=intent_id, order_id=order_id)
        targets.insert(0, fill)
    return targets


class _Intent:
    """Everything of one intent after its signal, as far as the target asks for it."""

    def __init__(self, run: RunFiles, target: Target) -> None:
        self.target = target
        intent = target.intent_id
        self.order: Order | None = next(self._of(run, "orders"), None)
        self.sized: Sized | None = next(self._of(run, "orders.sized"), None)
        self.allowed: Allowed | None = next(self._of(run, "orders.allowed"), None)
        orders = (target.order_id,) if target.order_id else (intent,)
        self.events: list[LiveOrder] = list(run.records("live_orders", orders))
        self.fills: list[Fill] = list(run.records("fills", orders))
        if target.kind == "fill":
            self.fills = [fill for fill in self.fills if fill.fill_id == target.id]
        order_ids = sorted({event.order_id for event in self.events})
        tags = tuple(f'"{ids.tag(order_id)}"' for order_id in order_ids)
        self.reports: list[BrokerReport] = list(run.records("broker.reports", tags)) if tags else []

    def _of(self, run: RunFiles, topic: str) -> Iterator[Any]:
        intent = self.target.intent_id
        return (m for m in run.records(topic, (intent,)) if m.intent_id == intent)

    @property
    def signal(self) -> Signal | PairSignal | None:
        """Why the intent exists; square-offs have theirs from the risk manager."""
        order = self.order or (self.sized.order if self.sized else None)
        return order.extra.signal if order else None

    @property
    def known_ns(self) -> int:
        """When the decision was made: what came later could not be its cause."""
        first = self.order or self.sized
        return first.at_ns if first else 0

    def links(self) -> list[Link]:
        """From the signal to the fill."""
        refused = self._refused()
        return [
            self._signal_link(),
            _link("risk decision", _one(self.sized), "the risk manager's decision"),
            self._budget_link(),
            _follow("order events", self.events, "transitions of the order", refused),
            _follow("broker reports", self._told(), "what the broker said", refused),
            self._fill_link(refused),
        ]

    def _refused(self) -> str | None:
        for stage, decision in (("risk manager", self.sized), ("budget guard", self.allowed)):
            if decision is not None and decision.decision == "REJECTED":
                return f"the {stage} refused the intent: {decision.reason}"
        return None

    def _signal_link(self) -> Link:
        if self.order is not None:
            return _link("signal", [self.order], f"intent of {self.order.strategy}")
        if self.sized is None:
            return _link("signal", [], "intent")
        why = self.sized.order.extra.signal.strategy
        return _link("signal", [self.sized.order], f"made by the risk manager itself: {why}")

    def _budget_link(self) -> Link:
        refused = self.sized is not None and self.sized.decision == "REJECTED"
        why = self._refused() if refused else None
        return _follow("budget decision", _one(self.allowed), "the budget guard's decision", why)

    def _told(self) -> list[BrokerReport]:
        """The reports; none when the trade of a fill is not among them."""
        trades = {report.trade_id for report in self.reports}
        return self.reports if all(fill.trade_id in trades for fill in self.fills) else []

    def _fill_link(self, refused: str | None) -> Link:
        if refused or self.fills:
            return _follow("fill", self.fills, "executions with their charges", refused)
        traded = any(event.filled_qty for event in self.events)
        last = self.events[-1].state if self.events else "unknown"
        unfilled = None if traded else f"nothing was traded; the order ended as {last}"
        return _follow("fill", [], "executions with their charges", unfilled)


def _market_links(run: RunFiles, intent: _Intent) -> list[Link]:
    """Ticks and bars that the signal stands on: ticks, 1s, 1m, and the signal's own bars."""
    signal = intent.signal
    if signal is None:
        why = "no signal is known, so its bars are not either"
        names = ("ticks", "1s bars", "1m bars", "signal bar")
        return [Link(name=n, status=MISSING, note=why, records=[], count=0) for n in names]
    market = _Market(run, intent.known_ns)
    pairs = (
        zip(signal.symbols, signal.bar_revs, strict=True)
        if isinstance(signal, PairSignal)
        else ((signal.symbol, signal.bar_rev),)
    )
    bars = [
        bar
        for symbol, rev in pairs
        for bar in market.bars(
            signal.tf, symbol, (signal.bar_start_ns, signal.bar_start_ns + 1), rev
        )
    ]
    symbols = len(signal.symbols) if isinstance(signal, PairSignal) else 1
    whole = bars if len(bars) == symbols else []
    return [
        market.ticks_link(whole),
        market.seconds_link(whole),
        market.minutes_link(whole),
        _link("signal bar", whole, f"{signal.tf} bar that the signal was made on"),
    ]


class _Market:
    """Market data as it was known at a time."""

    def __init__(self, run: RunFiles, known_ns: int) -> None:
        self._run = run
        self._known_ns = known_ns

    def bars(
        self, tf: str, symbol: str, starts_ns: tuple[int, int], rev_max: int | None = None
    ) -> list[Bar]:
        """Bars that start in [first, end), oldest first, each in its newest revision (up to
        `rev_max`)."""
        newest: dict[int, Bar] = {}
        span_ns = (starts_ns[0], min(self._known_ns, starts_ns[1] + LATE_NS))
        for bar in self._run.records(f"bars.{tf}", (_symbol(symbol),), span_ns):
            if not isinstance(bar, Bar) or not starts_ns[0] <= bar.start_ns < starts_ns[1]:
                continue
            if rev_max is None or bar.rev <= rev_max:
                newest[bar.start_ns] = max(newest.get(bar.start_ns, bar), bar, key=_rev)
        return [newest[start] for start in sorted(newest)]

    def minutes_link(self, bars: Sequence[Bar]) -> Link:
        """1m bars that the signal's bars were made of."""
        if bars and bars[0].tf in ("1s", "1m"):
            why = f"the signal is of a {bars[0].tf} bar"
            return Link(name="1m bars", status=NOT_APPLICABLE, note=why, records=[], count=0)
        inner = [self.bars("1m", bar.symbol, (bar.start_ns, bar.end_ns)) for bar in bars]
        return _ends("1m bars", inner)

    def seconds_link(self, bars: Sequence[Bar]) -> Link:
        """1s bars that they were made of."""
        if bars and bars[0].tf == "1s":
            return _link("1s bars", bars, "the signal's own bar")
        inner = [self.bars("1s", bar.symbol, (bar.start_ns, bar.end_ns)) for bar in bars]
        return _ends("1s bars", inner)

    def ticks_link(self, bars: Sequence[Bar]) -> Link:
        """Ticks that opened and closed the bars."""
        found: list[Tick] = []
        for bar in bars:
            first, last = self._open_and_close(bar)
            if first is None or last is None:
                found = []
                break
            found += [first] if first is last else [first, last]
        return _link("ticks", found, "ticks that opened and closed the signal's bar")

    def _open_and_close(self, bar: Bar) -> tuple[Tick | None, Tick | None]:
        span_ns = (bar.start_ns - SECOND_NS, min(self._known_ns, bar.end_ns + LATE_NS))
        first = last = None
        for tick in self._run.records("ticks", (_symbol(bar.symbol),), span_ns):
            if not isinstance(tick, Tick) or not tick.trade:
                continue
            if first is None and (tick.event_ns, tick.last_price_e4) == (bar.first_ns, bar.open_e4):
                first = tick
            if (tick.event_ns, tick.last_price_e4) == (bar.last_ns, bar.close_e4):
                last = tick
        return first, last


def _matched_tick(run: RunFiles, intent: _Intent) -> Link:
    """Ticks that the paper matcher traded against."""
    name, note = "matched tick", "ticks that the paper matcher traded against"
    wanted = {(f.symbol, f.tick_seq): f.event_ns for f in intent.fills if f.tick_seq is not None}
    if not wanted:
        why = "the fill names no tick" if intent.fills else "there is no fill"
        return Link(name=name, status=NOT_APPLICABLE, note=why, records=[], count=0)
    # An order may trade against a book that has stood for long; seq starts anew each day.
    span_ns = (min(wanted.values()) - DAY_NS, max(fill.at_ns for fill in intent.fills))
    needles = tuple(sorted(f'{_symbol(symbol)},"seq":{seq},' for symbol, seq in wanted))
    ticks = {(t.symbol, t.seq): t for t in run.records("ticks", needles, span_ns)}
    return _link(name, [ticks[key] for key in wanted] if len(ticks) == len(wanted) else [], note)


def _recon(run: RunFiles, intent: _Intent) -> Link:
    """The first reconciliation after the last fill, or after the order's end."""
    name, note = "recon", "first reconciliation run after it"
    times_ns = [fill.at_ns for fill in intent.fills] or [event.at_ns for event in intent.events]
    if not times_ns:
        why = "no order was placed, so there is nothing to reconcile"
        return Link(name=name, status=NOT_APPLICABLE, note=why, records=[], count=0)
    order_ids = {event.order_id for event in intent.events}
    after = [r for r in run.records("recon") if r.at_ns >= max(times_ns)]
    summary: Recon | None = next((r for r in after if r.finding == "SUMMARY"), None)
    if summary is None:
        return _link(name, [], note)
    breaks = [r for r in after if r.run == summary.run and r.order_id in order_ids]
    return _link(name, [summary, *breaks], note)


def _rev(bar: Bar) -> int:
    return bar.rev


def _symbol(symbol: str) -> str:
    return f'"symbol":"{symbol}"'


def _one(message: Any) -> list[Any]:
    return [] if message is None else [message]


def _link(name: str, records: Sequence[Any], note: str) -> Link:
    status = FOUND if records else MISSING
    return Link(name=name, status=status, note=note, records=list(records), count=len(records))


def _follow(name: str, records: Sequence[Any], note: str, refused: str | None) -> Link:
    """A link that does not apply when the chain ended before it."""
    if refused is not None and not records:
        return Link(name=name, status=NOT_APPLICABLE, note=refused, records=[], count=0)
    return _link(name, records, note)


def _ends(name: str, groups: Sequence[Sequence[Bar]]) -> Link:
    """The first and last of each group; missing when a group is empty."""
    shown: list[Bar] = []
    if all(groups):
        for group in groups:
            shown += group if len(group) <= 2 else [group[0], group[-1]]
    count = sum(len(group) for group in groups)
    note = "first and last of those inside the signal's bar"
    link = _link(name, shown, note)
    return msgspec.structs.replace(link, count=count if shown else 0)
