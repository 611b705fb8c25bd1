"""The smoke source's ticks of one symbol: price, volume, depth and the faults of a feed.

The price is base x (1 + shared factors) x (1 + own part). The own part reverts to zero with a
half-life of about 20 minutes and is kicked now and then, so that the spread of two symbols of a
sector (which share everything else) reverts too. Within a minute the price is a bridge from one
minute's value to the next.
"""

from __future__ import annotations

from math import sqrt

from tapeline.contracts.clock import MINUTE_NS, MS_NS, SECOND_NS, US_NS
from tapeline.contracts.messages import Tick
from tapeline.contracts.money import BP
from tapeline.ingestion.beats import Gap
from tapeline.ingestion.settings import Settings
from tapeline.ingestion.smoke_book import DEPTH_ONLY, Row, SmokeBook
from tapeline.ingestion.smoke_market import (
    BASIS,
    Market,
    bell,
    intensity,
    minute_of_day,
    seeded,
)
from tapeline.market.instrument import Instrument
from tapeline.market.phases import CLOSING_AUCTION, CONTINUOUS, POST_CLOSE, PRE_OPEN, Phase
from tapeline.runner.stage import Output
from tapeline.session.manifest import SmokeSource

LATENCY_MIN_US = 20_000
LATENCY_SPAN_US = 230_000
"""Exchange to us in 20 to 250 ms, mostly near the lower end."""
BEYOND = 0.05
"""Share of the late ticks that are 1 to 10 minutes late rather than 1 to 20 s."""
LATE_MAX_NS = 601 * SECOND_NS
BURST = 0.02
"""Share of minutes with a burst of 5 ticks a second for 4 to 10 s."""
GAP_FLUSH_NS = 600 * MS_NS
"""After a gap everything held back arrives within this time, in order."""
OWN_SIGMA_BP = 7.0
OWN_PULL = 1 / 30
KICK = 1 / 60
"""Probability a minute of a kick of 20 to 50 bp."""
MINUTE_NOISE_BP = 5.0
"""Standard deviation of what the price wanders within a minute."""
OPEN_AUCTION_SHARE = 0.02
CLOSE_AUCTION_SHARE = 0.05
"""Shares of a day's volume that the auctions trade."""
MATCHING_NS = 7 * MINUTE_NS
"""The pre-open session matches in its eighth minute, 09:07 to 09:08 (NSE, call auction in the
pre-open session)."""


class SmokeSymbol:
    """Generator of one symbol, advanced by parts of minutes in time order.

    Args:
        instrument: the symbol.
        settings: of the session, with a smoke source.
        market: shared factors.
    """

    def __init__(self, instrument: Instrument, settings: Settings, market: Market) -> None:
        assert isinstance(settings.source, SmokeSource)
        self._source = settings.source
        self._market = market
        self._sector = settings.sectors.get(instrument.symbol, instrument.symbol)
        self._beta = market.beta(self._sector)
        tail_ns = settings.beat_tail_s * SECOND_NS
        phases = settings.phases[instrument.instrument_class]
        self._close_ns = {phase.day: phase.end_ns + tail_ns for phase in phases}
        self._draw = seeded(settings.seed, "symbol", instrument.symbol)
        self._book = SmokeBook(instrument, settings.source.ticks_per_s, self._draw)
        self._base = float(instrument.prev_close_e4)
        self._own = 2.0 * OWN_SIGMA_BP * BASIS * bell(self._draw)
        self._price = self._base
        self._day = -1
        self._minute = 0
        self._phase: Phase | None = None
        self._next_ns = 0
        self._auction_ns = 0
        self._auction_share = 0.0
        self._rows: list[Row] = []
        self._seq = 0
        self._sent_ns = 0

    @property
    def instrument_class(self) -> str:
        """Whose phases the symbol follows."""
        return self._book.instrument.instrument_class

    def generate(self, phase: Phase, start_ns: int, end_ns: int, gaps: tuple[Gap, ...]) -> None:
        """Makes the ticks whose exchange time lies in [start_ns, end_ns), a part of one minute."""
        if phase.day != self._day:
            self._open_day(phase.day)
        if phase != self._phase:
            self._enter(phase, start_ns)
        self._minute = minute_of_day(start_ns)
        if phase.name == CONTINUOUS:
            rows = self._continuous(start_ns, end_ns)
        elif phase.name in (PRE_OPEN, CLOSING_AUCTION):
            rows = self._auction(start_ns, end_ns)
        else:
            rows = self._post_close(end_ns) if phase.name == POST_CLOSE else []
        for gap in gaps:
            if gap.start_ns < end_ns + LATE_MAX_NS and start_ns < gap.end_ns:
                rows = [_held(row, gap) for row in rows]
        self._rows += rows

    def take(self, limit_ns: int) -> list[Output]:
        """Ticks received before `limit_ns`, in order of receipt, each at a time of its own.

        Args:
            limit_ns: at most the end of what was generated, or of the time without trading
                after it.
        """
        rows = self._rows
        rows.sort()
        end = len(rows)
        while end and rows[end - 1][0] >= limit_ns:
            end -= 1
        symbol, seq, sent_ns = self._book.instrument.symbol, self._seq, self._sent_ns
        found: list[Output] = []
        for at_ns, event_ns, price_e4, qty, day_volume, trade, bids, asks in rows[:end]:
            sent_ns = at_ns if at_ns > sent_ns else sent_ns + 1
            tick = Tick(
                at_ns=sent_ns,
                symbol=symbol,
                seq=seq,
                event_ns=event_ns,
                last_price_e4=price_e4,
                last_qty=qty,
                day_volume=day_volume,
                trade=trade,
                bids=bids,
                asks=asks,
            )
            found.append(Output("ticks", symbol, tick))
            seq += 1
        self._seq, self._sent_ns = seq, sent_ns
        del rows[:end]
        return found

    def _open_day(self, day: int) -> None:
        """Carries the close over the night; volume and sequence start again."""
        assert not self._rows, "ticks of a day must be taken before the next one begins"
        if self._day >= 0:
            self._base *= 1.0 + self._market.level(
                self._sector, self._beta, self._day, self._minute + 1
            )
        self._base *= 1.0 + self._market.overnight(self._sector, self._beta, day)
        self._day = day
        self._seq = 0
        self._book.volume = 0

    def _enter(self, phase: Phase, start_ns: int) -> None:
        self._phase = phase
        self._price = self._fair(minute_of_day(start_ns))
        self._next_ns = start_ns + int(self._draw.random() * 20 * SECOND_NS)
        self._auction_ns = auction_ns(phase, self._draw.random())
        opening = phase.name == PRE_OPEN
        self._auction_share = OPEN_AUCTION_SHARE if opening else CLOSE_AUCTION_SHARE

    def _fair(self, minute: int) -> float:
        """Price at a minute of the day, 1/10,000 rupee."""
        shared = self._market.level(self._sector, self._beta, self._day, minute)
        return self._book.within(self._base * (1.0 + shared) * (1.0 + self._own))

    def _continuous(self, start_ns: int, end_ns: int) -> list[Row]:
        draw = self._draw
        self._own += OWN_SIGMA_BP * BASIS * bell(draw) - OWN_PULL * self._own
        if draw.random() < KICK:
            kick = (20.0 + 30.0 * draw.random()) * BASIS
            self._own += kick if draw.random() < 0.5 else -kick
        times = self._times(start_ns, end_ns)
        return self._trades(times, self._fair(self._minute + 1))

    def _times(self, start_ns: int, end_ns: int) -> list[int]:
        """Exchange times of the ticks in a part of a minute, whole milliseconds, ascending."""
        r = self._draw.random
        if self._book.illiquid:
            return self._sparse(end_ns, 20, 120)
        span_ms = (end_ns - start_ns) // MS_NS
        mean = self._book.ticks_per_s * intensity(self._minute) * span_ms / 1000.0
        count = int(mean * (0.75 + 0.5 * r()) + r())
        step = span_ms / count if count else 0.0
        times = [start_ns + int((i + r()) * step) * MS_NS for i in range(count)]
        if r() < BURST and span_ms > 20_000:
            first_ms = int(r() * (span_ms - 10_000))
            length_ms = 4_000 + int(r() * 6_000)
            times += [
                start_ns + (first_ms + int(r() * length_ms)) * MS_NS
                for _ in range(length_ms // 200)
            ]
            times.sort()
        return times

    def _sparse(self, end_ns: int, least_s: int, most_s: int) -> list[int]:
        """Times every `least_s` to `most_s` seconds, carried on from the part before."""
        times = []
        while self._next_ns < end_ns:
            times.append(self._next_ns // MS_NS * MS_NS)
            wait_s = least_s + (most_s - least_s) * self._draw.random()
            self._next_ns += int(wait_s * SECOND_NS)
        return times

    def _trades(self, times: list[int], target: float) -> list[Row]:
        """A tick at each time, on a bridge from the present price to `target`."""
        draw, book, price = self._draw, self._book, self._price
        r, bits = draw.random, draw.getrandbits
        left = len(times)
        scale = price * MINUTE_NOISE_BP * BASIS * sqrt(6.0 / left) if left else 0.0
        late, faulty = (
            1.0 - self._source.late_bp / BP,
            1.0 - (self._source.late_bp + self._source.duplicate_bp) / BP,
        )
        rows: list[Row] = []
        for event_ns in times:
            price += (target - price) / left + scale * (r() + r() - 1.0)
            left -= 1
            kind = r()
            trade = kind >= DEPTH_ONLY or not book.has_depth
            if trade:
                book.trade(price, r())
            delay = r()
            at_ns = event_ns + int(LATENCY_MIN_US + LATENCY_SPAN_US * delay * delay) * US_NS
            row = book.row(at_ns, event_ns, trade=trade, bits=bits(7))
            if kind >= faulty:
                if kind >= late:
                    row = (self._delayed(at_ns), *row[1:])
                else:
                    rows.append((at_ns + int(r() * 500_000) * US_NS, *row[1:]))
            rows.append(row)
        self._price = price
        return rows

    def _delayed(self, at_ns: int) -> int:
        """Time of receipt of a late tick; at the latest when the heartbeats of its day end."""
        r = self._draw.random
        late_s = 60.0 + 540.0 * r() if r() < BEYOND else 1.0 + 19.0 * r()
        return min(at_ns + int(late_s * 1e6) * US_NS, self._close_ns[self._day])

    def _auction(self, start_ns: int, end_ns: int) -> list[Row]:
        """Depth until the auction matches, then its one print."""
        draw, book = self._draw, self._book
        rows = [
            book.row(self._soon(event_ns), event_ns, trade=False, bits=draw.getrandbits(7))
            for event_ns in self._sparse(end_ns, 2, 8)
            if event_ns < self._auction_ns and book.has_depth
        ]
        if start_ns <= self._auction_ns < end_ns:
            book.auction(self._fair(self._minute), self._auction_share)
            event_ns = self._auction_ns
            bits = draw.getrandbits(7)
            rows.append(book.row(self._soon(event_ns), event_ns, trade=True, bits=bits))
        return rows

    def _post_close(self, end_ns: int) -> list[Row]:
        """A few trades, all at the last price."""
        draw, book = self._draw, self._book
        rows = []
        for event_ns in self._sparse(end_ns, 10, 60):
            book.trade(book.price_e4, draw.random())
            bits = draw.getrandbits(7)
            rows.append(book.row(self._soon(event_ns), event_ns, trade=True, bits=bits))
        return rows

    def _soon(self, event_ns: int) -> int:
        """Time of receipt of a tick in quiet times."""
        return event_ns + int(LATENCY_MIN_US + LATENCY_SPAN_US * self._draw.random()) * US_NS


def auction_ns(phase: Phase, place: float) -> int:
    """Exchange time at which an auction phase matches, whole milliseconds.

    Args:
        phase: pre_open or closing_auction, perhaps clipped to the session's window.
        place: a draw in [0, 1).
    """
    length_ns = phase.end_ns - phase.start_ns
    if phase.name == PRE_OPEN:
        first_ns = max(0, min(MATCHING_NS, length_ns - MINUTE_NS))
        span_ns = min(MINUTE_NS, length_ns - first_ns)
    else:
        first_ns, span_ns = length_ns * 3 // 4, length_ns // 5
    return phase.start_ns + (first_ns + int(place * span_ns)) // MS_NS * MS_NS


def _held(row: Row, gap: Gap) -> Row:
    """A tick as received after a feed gap, when it would have come within it."""
    if not gap.start_ns <= row[0] < gap.end_ns:
        return row
    share_ns = (row[0] - gap.start_ns) * GAP_FLUSH_NS // (gap.end_ns - gap.start_ns)
    return (gap.end_ns + share_ns, *row[1:])
