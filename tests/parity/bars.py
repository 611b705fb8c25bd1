"""Seeded streams of 1-second bars: everything that may reach bar_aggregator_multi."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec

from parity.markets import Market
from parity.pacing import Pace
from parity.ticks import PRICE_MAX_E4, line, unusual
from tapeline.contracts import codec
from tapeline.contracts.clock import MINUTE_NS, MS_NS, SECOND_NS
from tapeline.contracts.messages import Bar, Heartbeat

N_TICKS_MAX = 10**9
"""No second has more trades; that many in each of a day's seconds still fit 64 bits."""

BARS_KEPT = 400
"""Recent bars that corrections and repeats are made of: several minutes of each symbol."""


class Bars:
    """The bars of one market, as a bar builder would issue them, and worse.

    Args:
        market: where they come from.
        dice: everything random comes from here.
        rough: how often something happens that is not a plain bar, 0 to 1.
    """

    def __init__(self, market: Market, dice: random.Random, rough: float) -> None:
        self._market = market
        self._dice = dice
        self._rough = rough
        self._pace = Pace(market.phases["cash"], 1, dice, rough)
        self._volumes = dict.fromkeys(market.classes, 0)
        self._recent: list[Bar] = []
        self._next_ns: dict[str, int] = {}

    def lines(self, count: int) -> Iterator[bytes]:
        """So many lines of a replay, spread over all phases of the market."""
        self._pace = Pace(self._market.phases["cash"], count, self._dice, self._rough)
        for number in range(count):
            self._pace.move()
            yield line("bars.1s", *self._next(), offset=number)

    @property
    def _now_ns(self) -> int:
        return self._pace.now_ns

    def _next(self) -> tuple[str, bytes, dict[str, Any]]:
        """(key, bytes of the record, further fields of its line)."""
        if self._dice.random() >= 0.3 * self._rough + 0.1:
            return self._plain()
        odd = self._dice.choice(
            (
                *(self._late, self._late, self._correction, self._correction, self._repeat),
                *(self._odd_bounds, self._stranger, self._cut, self._wrong, self._bytes),
            )
        )
        return odd() if self._dice.random() < self._rough else self._beat()

    def _plain(self) -> tuple[str, bytes, dict[str, Any]]:
        """The next second of a symbol, unless that lies too far ahead."""
        symbol = self._market.traded(self._pace.phase, self._dice)
        ns = max(self._now_ns, self._next_ns.get(symbol, 0))
        if ns > self._now_ns + 30 * SECOND_NS:
            return self._correction()
        bar = self._bar(ns, symbol)
        self._next_ns[symbol] = bar.end_ns
        return self._sent(bar)

    def _bar(self, ns: int, symbol: str | None = None, **changes: Any) -> Bar:
        """A good bar of the second around a time."""
        dice = self._dice
        symbol = symbol or self._market.traded(self._pace.phase, dice)
        phase = self._pace.phase
        ns = min(max(ns, phase.start_ns), phase.end_ns - 1)
        start_ns = ns - (ns - phase.start_ns) % SECOND_NS
        prices = sorted(dice.randint(1, 2_000_000) for _ in range(3))
        cum_open: int | None = self._volumes[symbol]
        self._volumes[symbol] += dice.choice((0, 1, 100, 12_345))
        cum_close: int | None = self._volumes[symbol]
        if self._market.classes[symbol] == "index":
            cum_open = cum_close = None
        fields: dict[str, Any] = {
            "at_ns": max(0, self._now_ns + dice.randrange(2_000) * MS_NS),
            "symbol": symbol,
            "tf": "1s",
            "start_ns": start_ns,
            "end_ns": min(start_ns + SECOND_NS, phase.end_ns),
            "phase": phase.name,
            "open_e4": dice.choice(prices),
            "high_e4": prices[-1],
            "low_e4": prices[0],
            "close_e4": dice.choice(prices),
            "volume": None if cum_open is None or cum_close is None else cum_close - cum_open,
            "n_ticks": dice.randint(1, 9),
            "cum_open": cum_open,
            "cum_close": cum_close,
            "first_ns": start_ns,
            "last_ns": start_ns + dice.randrange(SECOND_NS),
            "rev": 0,
            "final": dice.random() < 0.97,
            "partial": dice.random() < 0.02,
            "cause": "WATERMARK",
        }
        return Bar(**(fields | changes))

    def _sent(self, bar: Bar, **more: Any) -> tuple[str, bytes, dict[str, Any]]:
        if len(self._recent) < BARS_KEPT:
            self._recent.append(bar)
        else:
            self._recent[self._dice.randrange(BARS_KEPT)] = bar
        return bar.symbol, codec.encode(bar), more

    def _beat(self) -> tuple[str, bytes, dict[str, Any]]:
        """Promises are mostly kept, sometimes early, sometimes taken back."""
        shift_ns = self._dice.choice((0, -1_500 * MS_NS, -60 * SECOND_NS, 5 * SECOND_NS))
        beat = Heartbeat(
            at_ns=self._now_ns,
            complete_ns=max(0, self._now_ns + shift_ns),
            feed="stale" if self._dice.random() < 0.2 else "live",
        )
        return "", codec.encode(beat), {}

    def _late(self) -> tuple[str, bytes, dict[str, Any]]:
        """A second that had no bar yet, or the first revision of one that has."""
        back_s = self._dice.choice((5, 70, 200, self._market.horizon_s + 3, 1_000))
        back_ns = self._dice.randrange(back_s * SECOND_NS)
        return self._sent(self._bar(self._now_ns - back_ns, cause="LATE_TICK"))

    def _before(self) -> Bar:
        return self._dice.choice(self._recent) if self._recent else self._bar(self._now_ns)

    def _correction(self) -> tuple[str, bytes, dict[str, Any]]:
        before = self._before()
        changed = self._bar(self._now_ns, before.symbol)
        bar = msgspec.structs.replace(
            before,
            at_ns=changed.at_ns,
            open_e4=changed.open_e4,
            high_e4=changed.high_e4,
            low_e4=changed.low_e4,
            n_ticks=min(before.n_ticks + 1, N_TICKS_MAX),
            rev=before.rev + self._dice.choice((0, 1, 1, 1, 2)),
            final=self._dice.random() < 0.9,
            cause="LATE_TICK",
        )
        return self._sent(bar)

    def _repeat(self) -> tuple[str, bytes, dict[str, Any]]:
        before = self._before()
        return self._sent(msgspec.structs.replace(before, at_ns=max(0, self._now_ns)))

    def _odd_bounds(self) -> tuple[str, bytes, dict[str, Any]]:
        """Outside the session, across the end of a phase, or not on the grid."""
        phase = self._pace.phase
        start_ns = self._dice.choice(
            (phase.start_ns - 1, phase.end_ns, phase.end_ns - 1, 0, self._now_ns + 1)
        )
        width_ns = self._dice.choice((SECOND_NS, 1, 0, MINUTE_NS, SECOND_NS - 1))
        # A final bar closes all before it: one of them at the end of a phase would leave no more.
        final = start_ns <= self._now_ns or self._dice.random() < 0.001
        bar = self._bar(self._now_ns, start_ns=start_ns, end_ns=start_ns + width_ns, final=final)
        return self._sent(bar)

    def _stranger(self) -> tuple[str, bytes, dict[str, Any]]:
        bar = msgspec.structs.replace(self._bar(self._now_ns), symbol="NOBODY")
        return "NOBODY", codec.encode(bar), {}

    def _cut(self) -> tuple[str, bytes, dict[str, Any]]:
        """Forced out at the end of a feed, and taken at another time than its own."""
        bar = self._bar(self._now_ns, final=False, cause="FEED_END")
        return self._sent(bar, at_ns=self._now_ns + self._dice.randrange(9 * SECOND_NS))

    def _wrong(self) -> tuple[str, bytes, dict[str, Any]]:
        """Values at their bounds, and volumes that go back."""
        changes = self._dice.choice(
            (
                *({"n_ticks": N_TICKS_MAX}, {"high_e4": PRICE_MAX_E4}, {"cum_close": 0}),
                *({"cum_open": None}, {"cum_close": None}, {"cum_open": 2**63 - 1}),
                *({"first_ns": 0}, {"last_ns": 2**63 - 1}, {"tf": "15m"}, {"at_ns": 0}),
            )
        )
        return self._sent(msgspec.structs.replace(self._bar(self._now_ns), **changes))

    def _bytes(self) -> tuple[str, bytes, dict[str, Any]]:
        bar = self._bar(self._now_ns)
        return bar.symbol, unusual(codec.encode(bar), self._dice), {"raw": True}
