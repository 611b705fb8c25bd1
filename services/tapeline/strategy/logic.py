"""Strategy runner: bars to intents.

A bar goes to the indicator series of its symbol and timeframe; when it begins a new window, each
strategy on it answers, and each unit (a strategy alone, or an ensemble) turns its wish into at most
one intent. Only bars of continuous trading count. Everything hangs on the bars alone: on their
order within one symbol, never on how symbols interleave.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from tapeline.contracts.clock import ist_day
from tapeline.contracts.messages import Bar, Order
from tapeline.contracts.states.strategy_runner import (
    MemberEntry,
    PositionEntry,
    SeenBar,
    SeriesEntry,
)
from tapeline.market.phases import CONTINUOUS, Phase
from tapeline.runner.stage import TIMER, Event, Output
from tapeline.strategy.api import Target
from tapeline.strategy.ensemble import AS_BEFORE, Wish, combine
from tapeline.strategy.indicators.registry import build, build_pair
from tapeline.strategy.intents import Grounds, intent
from tapeline.strategy.members import Answer, Moment, ask, hedge_bp, new_member, vote_of
from tapeline.strategy.position import Situation, advance, new_position
from tapeline.strategy.series import PairSeries, Series, seen
from tapeline.strategy.settings import Member, Settings, Unit

ENTRY_SHARE = 4
EXIT_SHARE = 8
"""A session may be a short window of a day (configs/sessions/paper-short.yaml: 22 minutes of
continuous trading): there the last quarter takes no entries and the last eighth closes."""

ENTRY_TYPES = {"series": SeriesEntry, "member": MemberEntry, "position": PositionEntry}


def entry_type(key: str) -> Any:
    """Type of the state entry with a key: it starts with the kind."""
    return ENTRY_TYPES[key.split("/", 1)[0]]


class Reader(NamedTuple):
    """A strategy on one symbol or pair, with the keys of its entries."""

    member: Member
    key: str
    series_key: str


class Place:
    """A unit on one symbol or pair."""

    __slots__ = ("position_key", "readers", "series", "unit")

    def __init__(self, unit: Unit, symbols: tuple[str, ...]) -> None:
        name = "+".join(symbols)
        self.unit = unit
        self.position_key = f"position/{unit.name}/{name}"
        self.readers = tuple(
            Reader(
                member,
                f"member/{member.name}/{name}",
                f"series/{name}/{member.entry.timeframe}/{member.entry.on_revision}",
            )
            for member in unit.members
        )
        self.series = tuple(sorted({reader.series_key for reader in self.readers}))


class State:
    """Indicator series, votes and virtual positions."""

    def __init__(self, settings: Settings) -> None:
        self.dirty: set[str] = set()
        self.series: dict[str, Series | PairSeries] = {}
        self.members: dict[str, MemberEntry] = {}
        self.positions: dict[str, PositionEntry] = {}
        self.places: dict[tuple[str, str], list[Place]] = {}
        """By symbol and timeframe of the bars that concern them, in unit order."""
        self.readers: dict[tuple[str, str], tuple[str, ...]] = {}
        """Keys of the series that take the bars of a symbol and timeframe, in key order."""
        for unit in settings.units:
            symbols = unit.members[0].symbols
            for legs in [symbols] if unit.pair else [(symbol,) for symbol in symbols]:
                self._add(Place(unit, legs), legs, settings)

    def _add(self, place: Place, legs: tuple[str, ...], settings: Settings) -> None:
        for member, _, key in place.readers:
            series = self.series.get(key)
            if series is None:
                series = self.series[key] = (
                    PairSeries((legs[0], legs[1]), {}, member.entry.on_revision)
                    if place.unit.pair
                    else Series({}, member.entry.on_revision)
                )
            for name in sorted({*series.indicators, *member.indicators}):
                make = build_pair if place.unit.pair else build
                # Taken out and put back, so that the names stay in order.
                kept = series.indicators.pop(name, None)
                series.indicators[name] = kept or make(settings.indicators[name])
        for symbol in legs:
            at = (symbol, place.unit.timeframe)
            self.places.setdefault(at, []).append(place)
            self.readers[at] = tuple(sorted({*self.readers.get(at, ()), *place.series}))

    @property
    def revision_alerts(self) -> int:
        """Revisions that were counted instead of applied, for metrics."""
        return sum(series.alerts for series in self.series.values())

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry."""
        if key in self.series:
            return self.series[key].entry()
        return self.members.get(key) or self.positions.get(key)

    def load(self, key: str, entry: Any) -> None:
        """Restores an entry; one of a strategy that no longer runs is passed over."""
        if isinstance(entry, SeriesEntry):
            if key in self.series:
                self.series[key].load(entry)
        elif isinstance(entry, MemberEntry):
            self.members[key] = entry
        else:
            self.positions[key] = entry

    def keys(self) -> Iterator[str]:
        """Keys of all entries that exist."""
        yield from (key for key, series in self.series.items() if series.bars)
        yield from self.members
        yield from self.positions

    def timer_ns(self) -> int | None:
        """Bars alone drive the runner."""
        return None


def step(state: State, event: Event, settings: Settings) -> list[Output]:
    """Takes a bar; returns the intents that it causes, in the order of the units' names."""
    if event.topic == TIMER:
        return []
    bar: Bar = event.message
    at = (bar.symbol, bar.tf)
    if bar.phase != CONTINUOUS or at not in state.places:
        return []
    phase = _phase(settings.continuous[bar.symbol], bar.start_ns)
    if phase is None:
        return []
    state.dirty.update(state.readers[at])
    taken = seen(bar)
    news = {key: state.series[key].take(taken) for key in state.readers[at]}
    outputs = []
    for place in state.places[at]:
        bars = news[place.series[0]]
        if bars is None:
            continue
        at_ns = event.at_ns + settings.latency_ns
        order = _decide(state, place, bars, Now(at_ns, phase), settings)
        if order is not None:
            outputs.append(Output("orders", settings.account, order))
    return outputs


class Now(NamedTuple):
    """The present."""

    at_ns: int
    """When an intent would exist, UTC nanoseconds."""
    phase: Phase
    """The phase of continuous trading that holds the bar."""

    def is_within_ns(self, tail_ns: int, share: int) -> bool:
        """True in the last `tail_ns` of the phase, or in its last 1/share if that is shorter."""
        length_ns = self.phase.end_ns - self.phase.start_ns
        return self.at_ns >= self.phase.end_ns - min(tail_ns, length_ns // share)


def _phase(phases: tuple[Phase, ...], ns: int) -> Phase | None:
    for phase in phases:
        if phase.start_ns <= ns < phase.end_ns:
            return phase
    return None


def _decide(
    state: State, place: Place, bars: tuple[SeenBar, ...], now: Now, settings: Settings
) -> Order | None:
    """Asks a unit's strategies about new bars and moves its virtual position."""
    day = ist_day(bars[0].start_ns)
    position = state.positions.get(place.position_key)
    if position is None or position.day != day:
        position = new_position(day)
    moment = Moment(day, now.phase.start_ns, Target(position.side))
    answers = [_answer(state, reader, bars, moment) for reader in place.readers]
    spread = answers[0].spread
    if now.at_ns >= now.phase.end_ns or (place.unit.pair and spread is None):
        return None
    situation = Situation(
        day=day,
        closes_e4=tuple(bar.close_e4 for bar in bars),
        may_enter=_may_enter(bars, now, settings),
        phase_ending=now.is_within_ns(settings.exit_before_end_ns, EXIT_SHARE),
        max_holding_bars=place.unit.max_holding_bars,
        entries_per_day_max=place.unit.entries_per_day_max,
    )
    wish = _wish(place.unit, answers, position.wanted)
    moved, action = advance(position, wish, situation)
    if moved != state.positions.get(place.position_key):
        state.positions[place.position_key] = moved
        state.dirty.add(place.position_key)
    if action is None:
        return None
    members = [reader.member.name for reader in place.readers]
    grounds = Grounds(
        bars=bars,
        indicators={name: x for answer in answers for name, x in answer.values.items()},
        votes={name: a.entry.vote for name, a in zip(members, answers, strict=True)},
        spread=spread,
    )
    return intent(place.unit, action, moved, grounds, now.at_ns, settings)


def _answer(state: State, reader: Reader, bars: tuple[SeenBar, ...], moment: Moment) -> Answer:
    """What one strategy says; before its indicators are warm it is not asked."""
    entry = state.members.get(reader.key)
    if entry is None or entry.day != moment.day:
        entry = new_member(reader.member, moment.day)
    values = state.series[reader.series_key].values(reader.member.indicators)
    if values is None:
        return Answer(entry, spoke=False, spread=None, values={})
    answer = ask(reader.member, entry, bars, values, moment)
    if answer.entry != state.members.get(reader.key):
        state.members[reader.key] = answer.entry
        state.dirty.add(reader.key)
    return answer


def _may_enter(bars: tuple[SeenBar, ...], now: Now, settings: Settings) -> bool:
    """Entries need whole and fresh bars, and time left in the phase."""
    end_ns = max(bar.end_ns for bar in bars)
    return (
        all(bar.final for bar in bars)
        and now.at_ns < end_ns + settings.entry_expiry_ns
        and not now.is_within_ns(settings.entry_cutoff_ns, ENTRY_SHARE)
    )


def _wish(unit: Unit, answers: list[Answer], wanted: int) -> Wish:
    """What the unit wants after its strategies' answers."""
    if unit.rule is not None:
        pairs = zip(unit.members, answers, strict=True)
        return combine(tuple(vote_of(member, a.entry) for member, a in pairs), unit.rule, wanted)
    (answer,) = answers
    if not answer.spoke:
        return AS_BEFORE
    vote = vote_of(unit.members[0], answer.entry)
    hedge = hedge_bp(answer.spread)
    if unit.pair and vote.target and not hedge:
        raise ValueError(
            f"strategy {unit.name} wishes a position with a hedge ratio of "
            f"{answer.spread}; only a ratio above 0 can be traded"
        )
    return Wish(
        vote.target, vote.confidence_bp, vote.stop_distance_e4, vote.target_distance_e4, hedge
    )
