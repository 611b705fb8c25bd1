"""tapeline trace: where a fill, order or intent came from and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.markup import escape

from tapeline.cli.console import AsJson, RunFolder, out, print_json, run_folder
from tapeline.contracts.clock import MS_NS, ist
from tapeline.contracts.messages import (
    Allowed,
    Bar,
    BrokerReport,
    Fill,
    LiveOrder,
    Order,
    PairSignal,
    Recon,
    Sized,
    Tick,
)
from tapeline.session.report.report import rupees
from tapeline.session.topic_files import RunFiles
from tapeline.session.trace import FOUND, MISSING, Link, trace

Wanted = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="Fill, order or intent id, its first 6 characters, or `last`.",
        show_default=False,
    ),
]

MARKS = {FOUND: "[green]●[/green]", MISSING: "[red]✗[/red]"}
BOOK_LEVELS = 2
"""Price and quantity of the best level."""


def show(wanted: Wanted, run: RunFolder = None, as_json: AsJson = False) -> None:
    """Show the chain tick, bars, signal, decisions, order events, fill, reconciliation."""
    found = trace(RunFiles(run_folder(run)), wanted)
    if as_json:
        print_json(found)
    else:
        out.print(f"[bold]{found.target.kind} {found.target.id}[/bold]")
        for link in found.links:
            _print_link(link)
        if not found.complete:
            out.print(f"[red]incomplete:[/red] {', '.join(found.missing)} missing")
    raise typer.Exit(0 if found.complete else 1)


def _print_link(link: Link) -> None:
    shown = len(link.records)
    count = f" ({link.count}, {shown} shown)" if link.count > shown else ""
    out.print(f"{MARKS.get(link.status, '○')} [bold]{link.name}[/bold]{count}: {escape(link.note)}")
    for record in link.records:
        out.print(f"    {escape(line(record))}", soft_wrap=True)


def line(record: Any) -> str:
    """One line about a record, for people."""
    return f"{_clock(record.at_ns)}  {_LINES[type(record)](record)}"


def _tick(t: Tick) -> str:
    book = f"bid {_level(t.bids)}, ask {_level(t.asks)}"
    return (
        f"{t.symbol} tick {t.seq} of {_clock(t.event_ns)}: {t.last_qty} at "
        f"{rupees(t.last_price_e4)}, {book}"
    )


def _level(levels: tuple[int, ...]) -> str:
    return f"{levels[1]} at {rupees(levels[0])}" if len(levels) >= BOOK_LEVELS else "none"


def _bar(b: Bar) -> str:
    prices = " ".join(
        f"{name} {rupees(value_e4)}"
        for name, value_e4 in (
            ("open", b.open_e4),
            ("high", b.high_e4),
            ("low", b.low_e4),
            ("close", b.close_e4),
        )
    )
    return (
        f"{b.symbol} {b.tf} of {_clock(b.start_ns)} rev {b.rev}: {prices}, volume {b.volume}, "
        f"{b.n_ticks} ticks"
    )


def _order(o: Order) -> str:
    signal = o.extra.signal
    values = {**signal.indicators}
    if isinstance(signal, PairSignal):
        values |= {
            "hedge_ratio": signal.hedge_ratio,
            "spread": signal.spread,
            "zscore": signal.zscore,
        }
    indicators = " ".join(f"{name}={value:.6g}" for name, value in values.items())
    votes = " ".join(f"{name}={vote:+d}" for name, vote in signal.votes.items())
    legs = " and ".join(
        f"{leg.side} {leg.symbol} {leg.order_type} near {rupees(leg.reference_price_e4)}"
        for leg in o.legs
    )
    return (
        f"{o.strategy} {o.action} {legs}; cause {signal.cause}, confidence "
        f"{signal.confidence_bp / 100:g} %; indicators {indicators or 'none'}; "
        f"votes {votes or 'none'}; intent {o.intent_id}"
    )


def _decision(d: Sized | Allowed) -> str:
    numbers = " ".join(f"{name}={value}" for name, value in d.numbers.items())
    legs = " and ".join(f"{leg.side} {leg.qty} {leg.symbol}" for leg in d.order.legs)
    held = f"; {rupees(d.reserved_e4)} reserved" if isinstance(d, Allowed) else ""
    sized = f" {legs}" if d.decision == "APPROVED" else ""
    return f"{d.decision} {d.reason}{sized}{held}; {numbers or 'no numbers'}"


def _event(e: LiveOrder) -> str:
    limit = rupees(e.limit_price_e4) if e.limit_price_e4 else "the market"
    return (
        f"{e.event}: {e.prev_state} → {e.state}, command {e.command}, {e.side} {e.filled_qty}/"
        f"{e.qty} {e.symbol} at {limit}, {rupees(e.reserved_e4)} held, {e.reason}; "
        f"order {e.order_id} event {e.n}"
    )


def _report(r: BrokerReport) -> str:
    price = f" at {rupees(r.price_e4)}" if r.price_e4 else ""
    traded = f" {r.side} {r.qty}{price}, {r.cum_qty} so far" if r.report == "FILL" else ""
    return f"{r.report}{traded} {r.symbol}, {r.reason} {r.message}".rstrip()


def _fill(f: Fill) -> str:
    charges = f.charges
    parts = ", ".join(
        f"{name} {rupees(value_e4, 4)}"
        for name, value_e4 in (
            ("brokerage", charges.brokerage_e4),
            ("STT", charges.stt_e4),
            ("exchange", charges.exchange_e4),
            ("SEBI", charges.sebi_e4),
            ("stamp", charges.stamp_e4),
            ("IPFT", charges.ipft_e4),
            ("GST", charges.gst_e4),
        )
    )
    return (
        f"{f.side} {f.qty} {f.symbol} at {rupees(f.price_e4)}, {f.strategy} {f.action}, trade "
        f"{f.trade_id}; charges {rupees(charges.total_e4, 4)} ({parts}); fill {f.fill_id}"
    )


def _recon(r: Recon) -> str:
    if r.finding == "SUMMARY":
        return f"run {r.run}: {r.breaks} breaks; {r.detail}"
    return f"run {r.run}: {r.finding}, ours {r.expected}, theirs {r.actual}; {r.detail}"


_LINES: dict[type, Callable[[Any], str]] = {
    Tick: _tick,
    Bar: _bar,
    Order: _order,
    Sized: _decision,
    Allowed: _decision,
    LiveOrder: _event,
    BrokerReport: _report,
    Fill: _fill,
    Recon: _recon,
}


def _clock(ns: int) -> str:
    return f"{ist(ns):%H:%M:%S}.{ns // MS_NS % 1000:03d}"
