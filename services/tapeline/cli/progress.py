"""What a person sees while a session runs: a live panel in a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from types import TracebackType
from typing import NamedTuple, Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from tapeline.cli.console import money
from tapeline.contracts.clock import IST_OFFSET_NS, MINUTE_NS, ist
from tapeline.session.context import SessionContext
from tapeline.session.report.report import rupees
from tapeline.session.run import Progress

REFRESH_S = 0.25
"""A person follows four pictures a second; drawing one takes about a millisecond."""

HOUR_NS = 60 * MINUTE_NS


class Snapshot(NamedTuple):
    """A session at one moment."""

    session_ns: int
    """Time that every stage has reached, inside the session; UTC nanoseconds."""
    share: float
    """Part of the session that is done, 0 to 1."""
    events: int
    ticks: int
    ticks_per_s: float
    fills: int
    rejections: int | None
    """None where they are counted at the end only."""
    net_pnl_e4: int | None
    """So far, after charges; None where it is known at the end only."""
    horizons_ns: dict[str, int]
    """Time that each stage has reached."""
    wall_s: float


def snapshot(progress: Progress, now_s: float) -> Snapshot:
    """The session now.

    Args:
        progress: the run.
        now_s: clock of `Progress.started`, seconds.
    """
    context, tally = progress.session.context, progress.tally
    start_ns, end_ns = context.start_ns, context.end_ns
    horizons_ns: dict[str, int] = {}
    for runner in progress.session.runners.values():
        reached_ns = min(max(runner.horizon_ns, start_ns), end_ns)
        horizons_ns[runner.name] = min(horizons_ns.get(runner.name, end_ns), reached_ns)
    session_ns = min(horizons_ns.values(), default=start_ns)
    ticks = progress.archive.counts["ticks"]
    wall_s = max(now_s - progress.started, 1e-9)
    return Snapshot(
        session_ns=session_ns,
        share=share(context, session_ns),
        events=sum(runner.stats.events for runner in progress.session.runners.values()),
        ticks=ticks,
        ticks_per_s=ticks / wall_s,
        fills=tally.fills,
        rejections=sum(tally.rejections.values()),
        net_pnl_e4=tally.gross_pnl_e4() - tally.charges_e4,
        horizons_ns=horizons_ns,
        wall_s=wall_s,
    )


def share(context: SessionContext, session_ns: int) -> float:
    """Part of the market's hours that is behind a time, 0 to 1: nights and weekends cost nothing.

    Args:
        context: the session.
        session_ns: UTC nanoseconds.
    """
    phases = [phase for of_class in context.phases.values() for phase in of_class]
    days = sorted({phase.day for phase in phases})
    done_ns = total_ns = 0
    for day in days:
        opens_ns = min(phase.start_ns for phase in phases if phase.day == day)
        closes_ns = max(phase.end_ns for phase in phases if phase.day == day)
        total_ns += closes_ns - opens_ns
        done_ns += min(max(session_ns - opens_ns, 0), closes_ns - opens_ns)
    return done_ns / total_ns


class View(Protocol):
    """Shows snapshots."""

    def show(self, now: Snapshot) -> None:
        """The session has come so far."""
        ...

    def close(self) -> None:
        """The session has ended."""
        ...


class LiveView:
    """A panel that is drawn anew in place."""

    def __init__(self, console: Console, title: str) -> None:
        self._title = title
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()

    def show(self, now: Snapshot) -> None:
        """Draws the panel."""
        self._live.update(panel(self._title, now), refresh=True)

    def close(self) -> None:
        """Removes it."""
        self._live.stop()


def panel(title: str, now: Snapshot) -> Group:
    """The picture of a session that runs."""
    figures = Table.grid(padding=(0, 3))
    figures.add_row(
        f"[bold]{ist(now.session_ns):%Y-%m-%d %H:%M:%S}[/bold] IST",
        f"{now.share:.0%} of the session",
        f"{now.wall_s:.1f} s",
    )
    figures.add_row(
        f"{now.events:,} events", f"{now.ticks:,} ticks", f"{now.ticks_per_s:,.0f} ticks/s"
    )
    traded = [f"{now.fills:,} fills"]
    if now.net_pnl_e4 is not None:
        traded.append(f"P&L after charges {money(now.net_pnl_e4)}")
    if now.rejections is not None:
        traded.append(f"{now.rejections:,} rejections")
    figures.add_row(*traded)
    stages = Table.grid(padding=(0, 2))
    names = list(now.horizons_ns)
    for at in range(0, len(names), 4):
        stages.add_row(
            *(f"[dim]{name}[/dim] {ist(now.horizons_ns[name]):%H:%M:%S}" for name in names[at:][:4])
        )
    bar = Table.grid()  # a bar alone would not end its line
    bar.add_row(ProgressBar(total=1.0, completed=now.share, width=72))
    return Group(f"[bold]{title}[/bold]", bar, figures, stages)


class LineView:
    """A line at the start, at the first fill and at each hour in which something was traded."""

    def __init__(self, write: Callable[[str], None], title: str) -> None:
        self._write = write
        self._title = title
        self._hour: int | None = None
        self._ticks = 0
        self._filled = False
        write(f"{title} started")

    def show(self, now: Snapshot) -> None:
        """Writes a line when there is something to say."""
        hour = (now.session_ns + IST_OFFSET_NS) // HOUR_NS
        if now.fills and not self._filled:
            self._filled = True
            self._write(f"first fill after {now.wall_s:.1f} s: {_figures(now)}")
        if self._hour is not None and hour > self._hour and now.ticks > self._ticks:
            self._write(_figures(now))
            self._ticks = now.ticks
        self._hour = hour

    def close(self) -> None:
        """Says so; the summary follows."""
        self._write(f"{self._title} ended")


def _figures(now: Snapshot) -> str:
    said = [f"{now.ticks:,} ticks", f"{now.ticks_per_s:,.0f} ticks/s", f"{now.fills:,} fills"]
    if now.net_pnl_e4 is not None:
        said.append(f"P&L after charges {rupees(now.net_pnl_e4)}")
    if now.rejections is not None:
        said.append(f"{now.rejections:,} rejections")
    return f"{ist(now.session_ns):%Y-%m-%d %H:%M:%S} IST ({now.share:.0%}): {', '.join(said)}"


class Watch:
    """Called in each round of a run; shows it at most four times a second.

    Args:
        context: the session.
        console: where to; a terminal gets the panel, anything else lines.
        clock_s: seconds, of the kind that `Progress.started` was read from.
    """

    def __init__(
        self,
        context: SessionContext,
        console: Console,
        clock_s: Callable[[], float] = perf_counter,
    ) -> None:
        days = " ".join(day.isoformat() for day in context.spec.dates)
        title = f"{context.name} ({context.spec.mode}, {days}, seed {context.seed})"
        self._clock_s = clock_s
        self._shown_s = float("-inf")
        self._filled = False
        self._view: View = (
            LiveView(console, title)
            if console.is_terminal
            else LineView(lambda text: console.print(text, markup=False, soft_wrap=True), title)
        )

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._view.close()

    def __call__(self, progress: Progress) -> None:
        """Shows a session in this process; see `show`."""
        self.show(lambda now_s: snapshot(progress, now_s), filled=bool(progress.tally.fills))

    def show(self, take: Callable[[float], Snapshot], *, filled: bool) -> None:
        """Shows the session when it is time to, and at once at its first fill.

        Args:
            take: the session at a time of the clock, seconds.
            filled: whether there was a fill.
        """
        now_s = self._clock_s()
        first_fill = filled and not self._filled
        if now_s - self._shown_s < REFRESH_S and not first_fill:
            return
        self._filled |= first_fill
        self._shown_s = now_s
        self._view.show(take(now_s))
