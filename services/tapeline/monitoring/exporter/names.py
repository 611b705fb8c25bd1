"""Every metric of the exporter: the only place that names them."""

from __future__ import annotations

from typing import Literal, NamedTuple

PREFIX = "tapeline_"

Kind = Literal["counter", "gauge", "histogram"]


class Metric(NamedTuple):
    """One metric family."""

    name: str
    """Without the prefix; the unit comes last."""
    help: str
    kind: Kind
    labels: tuple[str, ...] = ()
    scale: int = 1
    """The state counts in integers; what is shown is the count divided by this."""


RUPEES = 10_000
MILLISECONDS = 1_000

DECISIONS = Metric(
    "decisions",
    "Decisions on intents by stage, outcome and reason.",
    "counter",
    ("stage", "decision", "reason"),
)
ORDERS = Metric("orders", "Orders by present state.", "gauge", ("state",))
OPEN_ORDERS = Metric("open_orders", "Orders that are not terminal.", "gauge")
UNKNOWN_ORDERS = Metric("unknown_orders", "Orders that are being looked up.", "gauge")
FILLS = Metric("fills", "Fills.", "counter", ("strategy", "side"))
FILLED_NOTIONAL = Metric(
    "filled_notional_rupees", "Notional of fills.", "counter", ("strategy", "side"), RUPEES
)
REALISED = Metric(
    "realised_pnl_rupees", "Realised profit and loss before charges.", "gauge", scale=RUPEES
)
UNREALISED = Metric(
    "unrealised_pnl_rupees", "Profit and loss of open positions.", "gauge", scale=RUPEES
)
CHARGES = Metric("charges_rupees", "Brokerage, taxes and fees.", "counter", scale=RUPEES)
EQUITY = Metric("equity_rupees", "Capital and profit and loss.", "gauge", scale=RUPEES)
PEAK = Metric("equity_peak_rupees", "Highest equity so far.", "gauge", scale=RUPEES)
DRAWDOWN = Metric("drawdown_bp", "Equity below its peak, basis points of the peak.", "gauge")
DRAWDOWN_MAX = Metric("drawdown_max_bp", "Deepest drawdown so far, basis points.", "gauge")
BREAKS = Metric("recon_breaks", "Breaks that reconciliation issued.", "counter", ("finding",))
BREAKS_OPEN = Metric("recon_open_breaks", "Breaks open after the last run.", "gauge")
RECON_RUNS = Metric("recon_runs", "Runs of reconciliation.", "counter")
FIRST_FILL = Metric(
    "intent_to_first_fill_seconds",
    "Session time from a strategy's decision to the first fill that we know of.",
    "histogram",
    scale=MILLISECONDS,
)

METRICS: tuple[Metric, ...] = (
    DECISIONS,
    ORDERS,
    OPEN_ORDERS,
    UNKNOWN_ORDERS,
    FILLS,
    FILLED_NOTIONAL,
    REALISED,
    UNREALISED,
    CHARGES,
    EQUITY,
    PEAK,
    DRAWDOWN,
    DRAWDOWN_MAX,
    BREAKS,
    BREAKS_OPEN,
    RECON_RUNS,
    FIRST_FILL,
)

FIRST_FILL_BOUNDS_MS = (500, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000, 45_000)
"""Upper bounds of the buckets: a fill is known a little over a second after its cause (the feedback
latency), and an entry lives for 45 s."""
