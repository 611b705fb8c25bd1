"""Seeded streams of ticks: everything that may reach bar_builder_1s, good and bad."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from typing import Any

import msgspec

import json_noise
from parity.markets import Market
from parity.pacing import Pace
from tapeline.contracts import codec
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Heartbeat, Tick

INT64_MAX = 2**63 - 1
PRICE_MAX_E4 = 10**13

LATE_MAX_S = 400
"""Beyond every correction horizon of the markets."""


class Ticks:
    """The feed of one market.

    Args:
        market: where it comes from.
        settings: those of bar_builder_1s.
        dice: everything random comes from here.
        rough: how often something happens that is not a plain tick, 0 to 1.
    """

    def __init__(
        self, market: Market, settings: dict[str, Any], dice: random.Random, rough: float
    ) -> None:
        self._market = market
        self._settings = settings
        self._dice = dice
        self._rough = rough
        self._pace = Pace(market.phases["cash"], 1, dice, rough)
        self._traded = market.symbols("cash")
        self._indices = market.symbols("index")
        self._prices = {
            symbol: rules["prev_close_e4"] for symbol, rules in settings["symbols"].items()
        }
        self._volumes = dict.fromkeys(self._prices, 0)
        self._recent: list[Tick] = []
        self._seq = 0

    def lines(self, count: int) -> Iterator[bytes]:
        """So many lines of a replay, spread over all phases of the market."""
        # The first event decides whether the volume of the day is known from its beginning.
        wait_ns = self._settings["baseline_wait_s"] * SECOND_NS
        first_ns = self._dice.choice((-60 * SECOND_NS, 0, wait_ns, wait_ns + 1))
        phases = self._market.phases["cash"]
        self._pace = Pace(phases, count, self._dice, self._rough, first_ns)
        day = self._pace.phase.day
        for number in range(count):
            if self._pace.move() and self._pace.phase.day != day:
                day = self._pace.phase.day
                if self._dice.random() < 0.9:
                    self._volumes = dict.fromkeys(self._volumes, 0)
            yield line("ticks", *self._next(), offset=number)

    @property
    def _now_ns(self) -> int:
        return self._pace.now_ns

    def _next(self) -> tuple[str, bytes, dict[str, Any]]:
        """(key, bytes of the record, further fields of its line)."""
        if self._dice.random() >= 0.3 * self._rough + 0.05:
            return self._plain()
        odd = self._dice.choice(
            (
                *(self._late, self._late, self._late, self._repeat, self._repeat, self._ahead),
                *(self._price, self._volume, self._boundary, self._depth, self._stranger),
                *(self._index, self._extreme, self._bytes, self._fed_later),
            )
        )
        return odd() if self._dice.random() < self._rough else self._beat()

    def _plain(self) -> tuple[str, bytes, dict[str, Any]]:
        return self._sent(self._tick(self._now_ns - self._dice.randrange(300) * MS_NS))

    def _tick(self, event_ns: int, symbol: str | None = None, **changes: Any) -> Tick:
        """A good tick; some event times have whole seconds, as Kite's."""
        dice = self._dice
        symbol = symbol or self._market.traded(self._pace.phase, dice)
        self._prices[symbol] = self._walk(symbol)
        self._volumes[symbol] += dice.choice((0, 1, 5, 100, 12_345))
        self._seq += 1
        if dice.random() < 0.3:
            event_ns -= event_ns % SECOND_NS
        fields: dict[str, Any] = {
            "at_ns": max(0, self._now_ns),
            "symbol": symbol,
            "seq": self._seq,
            "event_ns": max(0, event_ns),
            "last_price_e4": self._prices[symbol],
            "last_qty": dice.choice((0, 1, 50, 75)),
            "day_volume": self._volumes[symbol] if symbol in self._traded else None,
            "trade": True,
            "bids": (99, 5) if dice.random() < 0.2 else (),
            "asks": (),
        }
        return Tick(**(fields | changes))

    def _walk(self, symbol: str) -> int:
        """The next price: in small steps, within the band around the close of the day before."""
        rules = self._settings["symbols"][symbol]
        base_e4, price_e4 = rules["prev_close_e4"], self._prices[symbol]
        reach_e4 = base_e4 * rules["band_bp"] // 10_000
        step_e4 = 1 + reach_e4 // 50
        moved_e4: int = price_e4 + self._dice.randint(-step_e4, step_e4)
        return min(max(1, base_e4 - reach_e4, moved_e4), base_e4 + reach_e4)

    def _sent(self, tick: Tick, **more: Any) -> tuple[str, bytes, dict[str, Any]]:
        if len(self._recent) < 200:
            self._recent.append(tick)
        else:
            self._recent[self._dice.randrange(200)] = tick
        return tick.symbol, codec.encode(tick), more

    def _beat(self) -> tuple[str, bytes, dict[str, Any]]:
        beat = Heartbeat(
            at_ns=self._now_ns,
            complete_ns=self._now_ns,
            feed="stale" if self._dice.random() < 0.2 else "live",
        )
        return "", codec.encode(beat), {}

    def _late(self) -> tuple[str, bytes, dict[str, Any]]:
        back_s = self._dice.choice((2, 10, 70, self._market.horizon_s + 3, LATE_MAX_S))
        return self._sent(self._tick(self._now_ns - self._dice.randrange(back_s * SECOND_NS)))

    def _repeat(self) -> tuple[str, bytes, dict[str, Any]]:
        """A tick that came before, whole or with a change in one field of its identity."""
        if not self._recent:
            return self._plain()
        before = self._dice.choice(self._recent)
        changes: dict[str, Any] = {"at_ns": max(0, self._now_ns)}
        field = self._dice.choice(("", "", "last_qty", "last_price_e4", "day_volume"))
        if field and getattr(before, field) is not None:
            changes[field] = max(1, getattr(before, field) + self._dice.choice((-1, 1)))
        return self._sent(msgspec.structs.replace(before, **changes))

    def _ahead(self) -> tuple[str, bytes, dict[str, Any]]:
        edge_ns = self._settings["max_ahead_ms"] * MS_NS
        ahead_ns = self._dice.choice((edge_ns, edge_ns + 1, self._dice.randrange(5 * SECOND_NS)))
        return self._sent(self._tick(self._now_ns + ahead_ns))

    def _price(self) -> tuple[str, bytes, dict[str, Any]]:
        """At an edge of the band around the last price, or far from it."""
        symbol = self._dice.choice(self._traded + self._indices)
        price_e4 = self._prices[symbol]
        rules = self._settings["symbols"][symbol]
        bases = (price_e4, rules["prev_close_e4"])
        bands = (rules["band_bp"], self._settings["auction_band_bp"], self._dice.randrange(30_000))
        reach_e4 = self._dice.choice(bases) * self._dice.choice(bands) // 10_000
        odd_e4 = self._dice.choice(bases) + self._dice.choice((-1, 1)) * reach_e4
        odd_e4 += self._dice.choice((-1, 0, 0, 1))
        tick = self._tick(self._now_ns, symbol, last_price_e4=min(max(1, odd_e4), PRICE_MAX_E4))
        return self._sent(tick)

    def _volume(self) -> tuple[str, bytes, dict[str, Any]]:
        """The cumulative volume begins again, or is corrected downwards."""
        symbol = self._dice.choice(self._traded)
        kept = self._dice.choice((0, self._volumes[symbol] // 2, self._volumes[symbol] - 10))
        self._volumes[symbol] = max(0, kept)
        return self._sent(self._tick(self._now_ns, symbol))

    def _boundary(self) -> tuple[str, bytes, dict[str, Any]]:
        """At an edge of a phase or of a second."""
        near = self._pace.phase
        second_ns = self._now_ns - self._now_ns % SECOND_NS
        edges = [ns for ns in (near.start_ns, near.end_ns) if ns <= self._now_ns + 1]
        event_ns = self._dice.choice([second_ns, *edges])
        return self._sent(self._tick(event_ns + self._dice.choice((-1, 0, 0, 1))))

    def _depth(self) -> tuple[str, bytes, dict[str, Any]]:
        symbol = self._dice.choice((*self._traded, "NOBODY"))
        if symbol == "NOBODY":
            return self._stranger()
        return self._sent(self._tick(self._now_ns, symbol, trade=False))

    def _stranger(self) -> tuple[str, bytes, dict[str, Any]]:
        """A symbol that the session does not have."""
        name = self._dice.choice(("NOBODY", "aaa", "", "é" * 32, "\x00\x1f\x7f", "AAA "))
        tick = self._tick(self._now_ns, trade=self._dice.random() < 0.5)
        return name, codec.encode(msgspec.structs.replace(tick, symbol=name or "?")), {}

    def _index(self) -> tuple[str, bytes, dict[str, Any]]:
        """An index with a volume, or a share without."""
        symbol = self._dice.choice(self._traded + self._indices)
        volume = None if symbol in self._traded else 5
        return self._sent(self._tick(self._now_ns, symbol, day_volume=volume))

    def _extreme(self) -> tuple[str, bytes, dict[str, Any]]:
        """Numbers at the bounds of the schema."""
        field, number = self._dice.choice(
            (
                *(("event_ns", 0), ("event_ns", INT64_MAX), ("day_volume", 0)),
                *(("day_volume", INT64_MAX), ("last_qty", INT64_MAX), ("last_price_e4", 1)),
                *(("last_price_e4", PRICE_MAX_E4), ("at_ns", 0), ("seq", INT64_MAX)),
            )
        )
        tick = self._tick(self._now_ns, self._dice.choice(self._traded))
        return tick.symbol, codec.encode(msgspec.structs.replace(tick, **{field: number})), {}

    def _bytes(self) -> tuple[str, bytes, dict[str, Any]]:
        """Bytes that are no record, or a record in an unusual form."""
        key, value, _ = self._plain()
        return key, unusual(value, self._dice), {"raw": True}

    def _fed_later(self) -> tuple[str, bytes, dict[str, Any]]:
        """Taken at another time than its own."""
        at_ns = self._now_ns + self._dice.randrange(3 * SECOND_NS)
        return self._sent(self._tick(self._now_ns), at_ns=at_ns)


def unusual(value: bytes, dice: random.Random) -> bytes:
    """The same record in another form, or something that is no record."""
    roll = dice.random()
    if roll < 0.3:
        odd = json_noise.Writer(dice, odd=0.4, wrong=0.0)
        return odd.write(msgspec.json.decode(value))
    if roll < 0.9:
        wrong = json_noise.Writer(dice, odd=0.1, wrong=0.03)
        return json_noise.damaged(wrong.write(msgspec.json.decode(value)), dice)
    junk = (b"", b"{}", b"null", b"\xff" * 9, value[:-1], value.ljust(66_000), b"[" * 300)
    return dice.choice(junk)


def line(topic: str, key: str, value: bytes, more: dict[str, Any], offset: int) -> bytes:
    """A line of a replay; with `raw` the value stands there as bytes of the log."""
    fields: dict[str, Any] = {"topic": topic, "key": key, "offset": offset}
    if more.pop("raw", False):
        fields["value_b64"] = base64.b64encode(value).decode()
    else:
        fields["value"] = msgspec.Raw(value)
    return msgspec.json.encode(fields | more)
