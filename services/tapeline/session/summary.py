"""What a run came to: counts, decisions, fills, P&L after charges, digest."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tapeline.contracts import codec
from tapeline.contracts.messages import Allowed, Bar, Fill, Recon, Sized
from tapeline.runner.archive import Observer
from tapeline.session.context import SessionContext


class StageTime(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time went."""

    stage: str
    events: int
    commits: int
    busy_s: float


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """summary.json of a run."""

    session: str
    mode: str
    seed: int
    first_day: str
    last_day: str
    counts: dict[str, int]
    """Records by topic."""
    decisions: dict[str, dict[str, int]]
    """By stage: approved and rejected."""
    rejections: dict[str, int]
    """By reason, over all stages."""
    dead: dict[str, int]
    """Dead letters by reason."""
    fills: int
    filled_notional_e4: int
    gross_pnl_e4: int
    """Sold less bought, with what is still open at the last bar's close; before charges."""
    charges_e4: int
    net_pnl_e4: int
    open_positions: dict[str, int]
    """Shares by symbol at the end; empty after a clean square-off."""
    recon_runs: int
    recon_breaks: int
    bar_differences: int
    """Rows of the golden view: 1m bars that differ from those rebuilt from 1s bars."""
    position_differences: int
    """Rows of position_differences: positions that are not the sum of their fills."""
    fills_digest: str
    """SHA-256 over all fills in order."""
    last_fill_id: str | None
    first_fill_s: float | None
    """Wall seconds until the first fill."""
    wall_s: float
    """Wall seconds from the start to the last table written."""
    flow_s: float
    """Wall seconds of the flow itself, until its last row is committed: without starting
    PostgreSQL and writing the tables as files."""
    stopped: bool
    """Whether a person stopped the run before the session's end."""
    peak_memory_mb: float
    """Most resident memory: of the process, or of all processes together where each stage has its
    own."""
    stages: list[StageTime]


class Tally:
    """Counts a run as its records become visible."""

    def __init__(self) -> None:
        self.decisions: dict[str, Counter[str]] = defaultdict(Counter)
        self.rejections: Counter[str] = Counter()
        self.dead: Counter[str] = Counter()
        self.positions: Counter[str] = Counter()
        self.closes: dict[str, tuple[int, int]] = {}
        """By symbol: start and close of the newest 1m bar."""
        self.fills = 0
        self.notional_e4 = 0
        self.cash_e4 = 0
        self.charges_e4 = 0
        self.recon_runs = 0
        self.recon_breaks = 0
        self.last_fill: Fill | None = None
        self.traded: dict[str, int] = {}
        """By symbol: price of the last fill."""
        self._digest = hashlib.sha256()

    def decision(self, topic: str, key: str, value: bytes) -> None:
        """A record of orders.sized or orders.allowed."""
        del key
        message: Sized | Allowed = codec.decode(topic, value)
        self.decisions[topic][message.decision] += 1
        if message.decision == "REJECTED":
            self.rejections[message.reason] += 1

    def fill(self, topic: str, key: str, value: bytes) -> None:
        """A record of fills."""
        del key
        message: Fill = codec.decode(topic, value)
        self._digest.update(value)
        self._digest.update(b"\n")
        self.fills += 1
        self.last_fill = message
        self.traded[message.symbol] = message.price_e4
        sign = 1 if message.side == "BUY" else -1
        value_e4 = message.qty * message.price_e4
        self.notional_e4 += value_e4
        self.cash_e4 -= sign * value_e4
        self.charges_e4 += message.charges.total_e4
        self.positions[message.symbol] += sign * message.qty

    def bar(self, topic: str, key: str, value: bytes) -> None:
        """A record of bars.1m: the last price of each symbol."""
        del key
        message: Bar = codec.decode(topic, value)
        newest = self.closes.get(message.symbol)
        if newest is None or message.start_ns >= newest[0]:
            self.closes[message.symbol] = message.start_ns, message.close_e4

    def recon(self, topic: str, key: str, value: bytes) -> None:
        """A record of recon."""
        del key
        message: Recon = codec.decode(topic, value)
        if message.finding == "SUMMARY":
            self.recon_runs += 1
        else:
            self.recon_breaks += 1

    def dead_letter(self, topic: str, key: str, value: bytes) -> None:
        """A record of any dead-letter topic."""
        del key
        self.dead[codec.decode(topic, value).reason] += 1

    def digest(self) -> str:
        """SHA-256 over all fills so far."""
        return self._digest.hexdigest()

    def open_positions(self) -> dict[str, int]:
        """Shares still held, by symbol."""
        return {symbol: qty for symbol, qty in sorted(self.positions.items()) if qty}

    def gross_pnl_e4(self) -> int:
        """Cash from fills, with open positions at the last close, or else at their last fill."""
        held = self.open_positions().items()
        return self.cash_e4 + sum(qty * self._mark_e4(symbol) for symbol, qty in held)

    def _mark_e4(self, symbol: str) -> int:
        newest = self.closes.get(symbol)
        return self.traded[symbol] if newest is None else newest[1]


def observers(tally: Tally, topics: Iterable[str]) -> dict[str, Observer]:
    """What a tally wants to see, by topic."""
    wanted = {
        "orders.sized": tally.decision,
        "orders.allowed": tally.decision,
        "fills": tally.fill,
        "bars.1m": tally.bar,
        "recon": tally.recon,
        **{f"{topic}.dead": tally.dead_letter for topic in topics},
    }
    return {topic: _of_records(observer) for topic, observer in wanted.items()}


def _of_records(observer: Observer) -> Observer:
    """Leaves out bytes that are no record: on a broker anyone may have written them.

    The stages have buried them, and the summary counts that.
    """

    def observe(topic: str, key: str, value: bytes) -> None:
        with suppress(codec.BadRecordError):
            observer(topic, key, value)

    return observe


@dataclass(frozen=True)
class Figures:
    """What a summary holds besides the tally; see RunSummary."""

    counts: Mapping[str, int]
    differences: tuple[int, int]
    """bar_differences and position_differences."""
    first_fill_s: float | None
    flow_s: float
    stopped: bool
    wall_s: float
    peak_memory_mb: float
    stages: list[StageTime]


def summarise(context: SessionContext, tally: Tally, figures: Figures) -> RunSummary:
    """The summary of a run, however it ran."""
    gross = tally.gross_pnl_e4()
    return RunSummary(
        session=context.name,
        mode=context.spec.mode,
        seed=context.seed,
        first_day=context.spec.dates[0].isoformat(),
        last_day=context.spec.dates[-1].isoformat(),
        counts=dict(sorted(figures.counts.items())),
        decisions={topic: dict(sorted(c.items())) for topic, c in sorted(tally.decisions.items())},
        rejections=dict(tally.rejections.most_common()),
        dead=dict(sorted(tally.dead.items())),
        fills=tally.fills,
        filled_notional_e4=tally.notional_e4,
        gross_pnl_e4=gross,
        charges_e4=tally.charges_e4,
        net_pnl_e4=gross - tally.charges_e4,
        open_positions=tally.open_positions(),
        recon_runs=tally.recon_runs,
        recon_breaks=tally.recon_breaks,
        bar_differences=figures.differences[0],
        position_differences=figures.differences[1],
        fills_digest=tally.digest(),
        last_fill_id=tally.last_fill.fill_id if tally.last_fill else None,
        first_fill_s=figures.first_fill_s,
        flow_s=figures.flow_s,
        stopped=figures.stopped,
        wall_s=figures.wall_s,
        peak_memory_mb=figures.peak_memory_mb,
        stages=figures.stages,
    )


def write_summary(summary: RunSummary, folder: Path) -> None:
    """Writes summary.json."""
    content = msgspec.json.format(msgspec.json.encode(summary), indent=2)
    (folder / "summary.json").write_bytes(content + b"\n")
