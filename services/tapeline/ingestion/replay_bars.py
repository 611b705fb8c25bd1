"""Minute bars expanded into ticks from which the same bars can be rebuilt exactly.

A bar becomes four ticks: open, the nearer of high and low (the high when both are as near), the
other one, close. The first carries no volume, so that the bar's volume is right even for a reader
whose baseline is the first tick it sees; the rest is shared among the other three.
"""

from __future__ import annotations

import base64
import csv
import heapq
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tapeline.contracts.clock import IST, MINUTE_NS, MS_NS, ist, ist_day, to_ns
from tapeline.contracts.messages import Dead, Tick
from tapeline.contracts.money import E4
from tapeline.contracts.reasons import Reason
from tapeline.ingestion.beats import beats, spans
from tapeline.ingestion.settings import Settings
from tapeline.ingestion.source import MERGE_ORDER, SourceError, in_chunks
from tapeline.market.instrument import Instrument
from tapeline.market.phases import Phase, PhaseClock
from tapeline.runner.stage import Output
from tapeline.session.manifest import ReplaySource

COLUMNS = ["start_ist", "open", "high", "low", "close", "volume"]
OFFSETS_MS = (500, 20_000, 40_000, 59_000)
"""Exchange times of the four ticks within the minute: in four different 1 s windows."""
YEARS = range(1971, 2262)
"""Years whose nanoseconds since 1970 are positive and fit into 64 bits."""
_MINUTE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(.*)", re.ASCII | re.DOTALL)
_RUPEES = re.compile(r"(\d{1,9})(?:\.(\d{1,4})0*)?", re.ASCII)
_SHARES = re.compile(r"\d{1,15}", re.ASCII)


class MinuteRow(NamedTuple):
    """One checked row of a file."""

    line: int
    start_ns: int
    open_e4: int
    high_e4: int
    low_e4: int
    close_e4: int
    volume: int
    text: str


def bar_chunks(settings: Settings) -> Iterator[list[Output]]:
    """Records of the whole session in at_ns order; all files are checked before the first.

    Raises:
        SourceError: naming the file and the line, or the symbol that has no file.
    """
    files = _files(settings)
    for path in files.values():
        for _ in read_rows(path):
            pass
    streams = [
        _symbol(instrument, files[instrument.symbol], settings)
        for instrument in settings.instruments
    ]
    alive = spans(settings.phases.values(), settings.beat_tail_s)
    beating = (beat for span in alive for beat in beats(span.start_ns, span.end_ns))
    return in_chunks(heapq.merge(beating, *streams, key=MERGE_ORDER))


def read_rows(path: Path) -> Iterator[MinuteRow]:
    """Rows of a file, checked.

    Raises:
        SourceError: naming the file and the line.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file, strict=True)
            if next(reader, None) != COLUMNS:
                raise SourceError(f"{path}:1: the first line must be {','.join(COLUMNS)}")
            before: MinuteRow | None = None
            for cells in reader:
                try:
                    row = _parse(cells, reader.line_num, before)
                except ValueError as error:
                    raise SourceError(f"{path}:{reader.line_num}: {error}") from error
                yield row
                before = row
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: is not CSV in UTF-8: {error}") from error


def expand(row: MinuteRow) -> tuple[tuple[int, int], ...]:
    """(price, volume) of each of the four ticks of a bar, in order."""
    nearer, farther = row.high_e4, row.low_e4
    if row.open_e4 - row.low_e4 < row.high_e4 - row.open_e4:
        nearer, farther = farther, nearer
    third = row.volume // 3
    return (
        (row.open_e4, 0),
        (nearer, third),
        (farther, third),
        (row.close_e4, row.volume - 2 * third),
    )


def _files(settings: Settings) -> dict[str, Path]:
    assert isinstance(settings.source, ReplaySource)
    symbols = {instrument.symbol for instrument in settings.instruments}
    named = set(settings.source.files)
    if symbols - named:
        raise SourceError(
            f"spec.source.files: no file for {sorted(symbols - named)}; "
            "name one, or take them out of spec.symbols"
        )
    if named - symbols:
        raise SourceError(
            f"spec.source.files: {sorted(named - symbols)} are not in spec.symbols; "
            "add them there, or take their files out"
        )
    return {symbol: Path(settings.source.files[symbol]) for symbol in sorted(symbols)}


def _parse(cells: list[str], line: int, before: MinuteRow | None) -> MinuteRow:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} columns instead of {len(COLUMNS)}")
    start_ns = _start_ns(cells[0])
    prices = [_price_e4(cell, name) for cell, name in zip(cells[1:5], COLUMNS[1:5], strict=True)]
    open_e4, high_e4, low_e4, close_e4 = prices
    if high_e4 < max(prices):
        raise ValueError(f"high {cells[2]} is below another price of the row")
    if low_e4 > min(prices):
        raise ValueError(f"low {cells[3]} is above another price of the row")
    if not _SHARES.fullmatch(cells[5]):
        raise ValueError(f"volume {cells[5]!r} is not a whole number of shares, 0 or more")
    if before and start_ns == before.start_ns:
        raise ValueError(f"repeats the minute of line {before.line}; remove one of them")
    if before and start_ns < before.start_ns:
        raise ValueError(f"is earlier than line {before.line}; sort the rows by start_ist")
    volume = int(cells[5])
    text = ",".join(cells)
    return MinuteRow(line, start_ns, open_e4, high_e4, low_e4, close_e4, volume, text)


def _start_ns(cell: str) -> int:
    match = _MINUTE.fullmatch(cell)
    try:
        start = datetime.fromisoformat(f"{match[1]}T{match[2]}") if match else None
    except ValueError:
        start = None
    if match is None or start is None:
        raise ValueError(f"start_ist {cell!r} is not a time like 2019-01-01T09:15:00")
    if match[3] not in ("", ":00"):
        raise ValueError(f"start_ist {cell!r} must be a whole minute, Indian time without a zone")
    if start.year not in YEARS:
        raise ValueError(f"start_ist {cell!r} is not in the years {YEARS[0]} to {YEARS[-1]}")
    return to_ns(start.replace(tzinfo=IST))


def _price_e4(cell: str, name: str) -> int:
    match = _RUPEES.fullmatch(cell)
    price_e4 = int(match[1]) * E4 + int((match[2] or "").ljust(4, "0")) if match else 0
    if price_e4 == 0:
        raise ValueError(
            f"{name} {cell!r} is not a price in rupees above 0 with at most 4 decimal places"
        )
    return price_e4


def _symbol(instrument: Instrument, path: Path, settings: Settings) -> Iterator[Output]:
    """Records of one symbol: four ticks of each row, or a dead letter."""
    clock = PhaseClock(settings.phases[instrument.instrument_class])
    expander = _Expander(instrument, settings)
    for row in read_rows(path):
        phase = clock.at(row.start_ns)
        if phase is not None:
            yield from expander.ticks(row, phase)
        elif _is_asked_for(row.start_ns, settings):
            yield _outside(row, instrument.symbol, path, settings)


def _is_asked_for(ns: int, settings: Settings) -> bool:
    """Whether a time lies in the dates and the window of the manifest."""
    moment = ist(ns)
    window = settings.window
    return (
        moment.date() in settings.dates
        and (window.start is None or moment.time() >= window.start)
        and (window.end is None or moment.time() < window.end)
    )


def _outside(row: MinuteRow, symbol: str, path: Path, settings: Settings) -> Output:
    dead = Dead(
        at_ns=min(max(row.start_ns, settings.start_ns), settings.end_ns),
        topic="ticks",
        partition=0,
        offset=row.line,
        stage="ingestion",
        reason=Reason.TICK_OUTSIDE_SESSION,
        detail=f"{path.name}:{row.line}: lies in no phase of the calendar",
        payload_b64=base64.b64encode(row.text.encode()).decode(),
    )
    return Output("ticks.dead", symbol, dead)


class _Expander:
    """Ticks of one symbol, with its volume and sequence of the day."""

    __slots__ = ("_day", "_instrument", "_latency_ns", "_quantity", "_seq", "_volume")

    def __init__(self, instrument: Instrument, settings: Settings) -> None:
        self._instrument = instrument
        self._latency_ns = settings.replay_latency_ms * MS_NS
        self._quantity = settings.replay_depth_qty
        self._day = -1
        self._seq = 0
        self._volume = 0

    def ticks(self, row: MinuteRow, phase: Phase) -> Iterator[Output]:
        """Four ticks within the minute, or within what its phase leaves of it."""
        day = ist_day(row.start_ns)
        if day != self._day:
            self._day, self._seq, self._volume = day, 0, 0
        span_ns = min(MINUTE_NS, phase.end_ns - row.start_ns)
        for offset_ms, (price_e4, qty) in zip(OFFSETS_MS, expand(row), strict=True):
            event_ns = row.start_ns + offset_ms * MS_NS * span_ns // MINUTE_NS
            self._volume += qty
            yield Output("ticks", self._instrument.symbol, self._tick(event_ns, price_e4, qty))
            self._seq += 1

    def _tick(self, event_ns: int, price_e4: int, qty: int) -> Tick:
        traded = self._instrument.has_volume
        return Tick(
            at_ns=event_ns + self._latency_ns,
            symbol=self._instrument.symbol,
            seq=self._seq,
            event_ns=event_ns,
            last_price_e4=price_e4,
            last_qty=qty if traded else 0,
            day_volume=self._volume if traded else None,
            trade=True,
            bids=self._level(price_e4, up=False) if traded else (),
            asks=self._level(price_e4, up=True) if traded else (),
        )

    def _level(self, price_e4: int, *, up: bool) -> tuple[int, ...]:
        """The one level of depth of a side: a tick away from the price."""
        step = self._instrument.tick_e4(price_e4)
        level_e4 = price_e4 + step if up else price_e4 - step
        if level_e4 < step:
            return ()
        return self._instrument.round_price(level_e4, up=up), self._quantity
