"""Messages of every topic.

Generated from schemas/*.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Bar(Struct, frozen=True, gc=False, tag_field="kind", tag="bar"):
    """One right-open window [start_ns, end_ns) of trades of a symbol."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    tf: Literal["1s", "1m", "3m", "5m", "15m"]
    """Timeframe."""
    start_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Start of the window, anchored at the start of its market phase. UTC nanoseconds."""
    end_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """End of the window, exclusive; cut at the end of the phase. UTC nanoseconds."""
    phase: Annotated[str, Meta(min_length=1, max_length=64)]
    """Market phase of the window; windows never span phases."""
    open_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """First trade, 1/10,000 rupee."""
    high_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Highest trade, 1/10,000 rupee."""
    low_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Lowest trade, 1/10,000 rupee."""
    close_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Last trade, 1/10,000 rupee."""
    volume: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Shares traded, max(0, cum_close - cum_open); null for an index."""
    n_ticks: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Trade ticks in the window."""
    cum_open: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Cumulative day volume before the window; null for an index."""
    cum_close: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Cumulative day volume at the end of the window; null for an index."""
    first_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time of the first trade tick. UTC nanoseconds."""
    last_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time of the last trade tick. UTC nanoseconds."""
    rev: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Revision of this bar: 0 when first issued, +1 for each correction; the highest wins."""
    final: bool
    """True when the watermark closed the window; false when it was cut because the feed ended
    before that."""
    partial: bool
    """True when the volume before the window was unknown, so that volume is a lower bound."""
    cause: Literal["WATERMARK", "PHASE_END", "FEED_END", "LATE_TICK"]
    """Why this revision was issued."""


class BrokerReport(Struct, frozen=True, gc=False):
    """What the broker (or the paper matcher) says; reports may repeat and come out of order."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    report_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Identity of the report; a repeat carries the same."""
    report: Literal["ACK", "REJECT", "FILL", "CANCELLED", "CANCEL_REJECT", "MODIFIED", "MODIFY_REJECT", "EXPIRED", "TRIGGER_PENDING", "TRIGGERED", "TIMEOUT", "FOUND", "NOT_FOUND", "POSITION"]
    """Kind of report."""
    account: Annotated[str, Meta(min_length=1, max_length=64)]
    """Trading account."""
    tag: Annotated[str, Meta(min_length=1, max_length=20)] | None
    """Tag of the order; null for a position statement."""
    broker_order_id: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """The broker's order id."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    trade_id: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """Exchange trade id of a FILL."""
    side: Literal["BUY", "SELL"] | None
    """Side of a FILL."""
    qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """FILL: shares of this trade. POSITION: net shares, negative when short. Otherwise 0."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """FILL: price, 1/10,000 rupee. Otherwise null."""
    cum_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares filled so far of the order."""
    event_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time. UTC nanoseconds."""
    tick_seq: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Paper: seq of the tick that the trade was matched against; null elsewhere."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml; OK where nothing was refused."""
    message: Annotated[str, Meta(min_length=0, max_length=400)]
    """The broker's own words."""


class Control(Struct, frozen=True, gc=False):
    """A command to a running session, or a halt that a stage declares."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    command: Literal["KILL", "REDUCE", "RESUME", "PAUSE", "SET"]
    """KILL halts and cancels; REDUCE lets only exits pass; RESUME lifts both; PAUSE stops new
    intents; SET changes one risk limit."""
    by: Annotated[str, Meta(min_length=1, max_length=64)]
    """Who or what commands."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml."""
    key: Annotated[str, Meta(min_length=1, max_length=128)] | None
    """SET: dotted key of configs/risk_budget.yaml."""
    value: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)] | None
    """SET: new value."""


class Dead(Struct, frozen=True, gc=False):
    """A record that could not be used, with its bytes and the reason."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    topic: Annotated[str, Meta(min_length=1, max_length=128)]
    """Where it was read."""
    partition: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Partition it was read from."""
    offset: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Its offset."""
    stage: Annotated[str, Meta(min_length=1, max_length=64)]
    """Stage that refused it."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml."""
    detail: Annotated[str, Meta(min_length=0, max_length=1000)]
    """What was wrong and where."""
    payload_b64: str
    """The bytes, base64; of an oversized record the first 65,536."""


class Charges(Struct, frozen=True, gc=False):
    """Charges of one fill, 1/10,000 rupee each."""

    brokerage_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Brokerage."""
    stt_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Securities transaction tax."""
    exchange_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange transaction charge."""
    sebi_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """SEBI turnover fee."""
    stamp_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Stamp duty."""
    ipft_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Investor protection fund."""
    gst_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """GST on brokerage, exchange charge and SEBI fee."""
    total_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Sum of the above."""


class Heartbeat(Struct, frozen=True, gc=False, tag_field="kind", tag="heartbeat"):
    """Sign of life of a feed or stage, sent to every partition, so that time can advance where
    no data flows."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    complete_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """In ticks: the time of the beat. In bars: every 1s bar whose window ends at or before this
    event time has been issued. UTC nanoseconds."""
    feed: Literal["live", "stale"]
    """stale stops event time: windows stay open until the feed lives again."""


class Journal(Struct, frozen=True, gc=False):
    """Real time: one input that a stage took, in the order in which it took them."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Clock of the stage when it took the input. UTC nanoseconds."""
    topic: Annotated[str, Meta(min_length=0, max_length=128)]
    """Topic of the input; empty for a timer."""
    partition: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Its partition."""
    offset: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Its offset."""


class LiveOrder(Struct, frozen=True, gc=False):
    """One transition of one order: the audit trail, and the command to the gateway."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    account: Annotated[str, Meta(min_length=1, max_length=64)]
    """Trading account."""
    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Hash of (intent, leg, attempt)."""
    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent the order came from."""
    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy of the intent."""
    leg: Annotated[int, Meta(ge=0, le=1)]
    """Leg of the intent, from 0."""
    n: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of this event within the order, from 0."""
    event: Annotated[str, Meta(min_length=1, max_length=64)]
    """Event of schemas/order_states.yaml that caused the transition."""
    prev_state: Annotated[str, Meta(min_length=1, max_length=64)]
    """State before."""
    state: Annotated[str, Meta(min_length=1, max_length=64)]
    """State after."""
    command: Literal["PLACE", "CANCEL", "MODIFY", "QUERY", "NONE"]
    """What the gateway must do now."""
    authority_epoch: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Epoch of the order authority; the gateway refuses older ones."""
    tag: Annotated[str, Meta(min_length=1, max_length=20, pattern='^[A-Za-z0-9]+$')]
    """Deterministic tag sent to the broker, at most 20 alphanumerics."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    product: Literal["MIS", "CNC", "NRML"]
    """Kite product."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    order_type: Literal["LIMIT", "MARKET", "SL", "SL-M"]
    """Kite order type."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares ordered."""
    filled_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Shares filled so far."""
    limit_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Limit price, 1/10,000 rupee."""
    trigger_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Trigger price, 1/10,000 rupee."""
    broker_order_id: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """The broker's order id, once known."""
    reserved_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Notional still reserved for the order, 1/10,000 rupee: 0 once terminal, kept while
    UNKNOWN."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml; OK where nothing was refused."""
    prev_hash: Annotated[str, Meta(min_length=1, max_length=64)]
    """Hash of the event before it in the account's chain; 64 zeros at the start."""
    hash: Annotated[str, Meta(min_length=1, max_length=64)]
    """SHA-256 of this event without its own hash, chained to prev_hash."""


class Leg(Struct, frozen=True, gc=False):
    """One leg of an intent; a pair has two."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    weight_bp: Annotated[int, Meta(ge=1, le=100000000)]
    """Quantity relative to the first leg, basis points (10000 = equal)."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Shares; null until the risk manager has sized the leg."""
    order_type: Literal["LIMIT", "MARKET", "SL", "SL-M"]
    """Kite order type."""
    limit_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Limit price, 1/10,000 rupee; null for MARKET and SL-M."""
    trigger_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Trigger price of SL and SL-M, 1/10,000 rupee."""
    reference_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Price the strategy saw, 1/10,000 rupee."""
    stop_distance_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Distance from the reference to the protective stop, per share, 1/10,000 rupee; null for
    exits."""
    target_distance_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Expected favourable move per share, 1/10,000 rupee; null when the strategy has none."""


class PairSignal(Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="pair"):
    """Why a pair strategy decided: the two bars, hedge ratio, spread and z-score."""

    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Name in configs/registry.yaml."""
    version: Annotated[str, Meta(min_length=1, max_length=64)]
    """Version of the strategy's code and parameters."""
    tf: Literal["1s", "1m", "3m", "5m", "15m"]
    """Timeframe of the bars."""
    symbols: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=32)], ...], Meta(min_length=2, max_length=2)]
    """First and second leg."""
    bar_start_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Start of the two bars. UTC nanoseconds."""
    bar_revs: Annotated[tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...], Meta(min_length=2, max_length=2)]
    """Revisions of the two bars."""
    hedge_ratio: float
    """Shares of the second leg per share of the first."""
    spread: float
    """Spread at the decision, rupees."""
    zscore: float
    """Spread in standard deviations from its mean."""
    indicators: dict[str, float]
    """Further indicator values at the decision, by name."""
    votes: dict[str, Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]]
    """Vote of each strategy of the ensemble: -1, 0 or 1."""
    confidence_bp: Annotated[int, Meta(ge=0, le=10000)]
    """Confidence, basis points."""
    cause: Literal["SIGNAL", "STOP", "TARGET", "MAX_HOLDING", "PHASE_END"] = 'SIGNAL'
    """Why now: the strategies' decision, the protective stop or the target crossed by a close,
    the longest holding time, or the end of the phase."""


class Recon(Struct, frozen=True, gc=False):
    """One finding of reconciliation, or the summary of a run."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    account: Annotated[str, Meta(min_length=1, max_length=64)]
    """Trading account."""
    run: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the run, from 0."""
    finding: Literal["SUMMARY", "missed_fill", "foreign_order", "qty_drift", "avg_drift", "unknown_order", "ghost_position", "trade_changed"]
    """SUMMARY counts the breaks of the run; every other value is a break."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)] | None
    """Exchange trading symbol."""
    order_id: Annotated[str, Meta(min_length=1, max_length=64)] | None
    """Order concerned."""
    expected: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """What our records say (shares; 1/10,000 rupee for avg_drift, and for trade_changed where
    only the price differs)."""
    actual: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """What the other side says."""
    breaks: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """SUMMARY: number of breaks in this run. A break: 1."""
    detail: Annotated[str, Meta(min_length=0, max_length=400)]
    """One sentence for a person."""


class Signal(Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="signal"):
    """Why a strategy decided: the bar it saw, indicator values, votes."""

    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Name in configs/registry.yaml."""
    version: Annotated[str, Meta(min_length=1, max_length=64)]
    """Version of the strategy's code and parameters."""
    tf: Literal["1s", "1m", "3m", "5m", "15m"]
    """Timeframe of the bar."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    bar_start_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Start of the bar that triggered the decision. UTC nanoseconds."""
    bar_rev: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Revision of that bar."""
    indicators: dict[str, float]
    """Indicator values at the decision, by name."""
    votes: dict[str, Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]]
    """Vote of each strategy of the ensemble: -1, 0 or 1."""
    confidence_bp: Annotated[int, Meta(ge=0, le=10000)]
    """Confidence, basis points."""
    cause: Literal["SIGNAL", "STOP", "TARGET", "MAX_HOLDING", "PHASE_END"] = 'SIGNAL'
    """Why now: the strategies' decision, the protective stop or the target crossed by a close,
    the longest holding time, or the end of the phase."""


class StateEntry(Struct, frozen=True, gc=False):
    """One entry of a stage's state in state.<stage>, under that stage's own schema."""

    stage: Annotated[str, Meta(min_length=1, max_length=64)]
    """Stage that wrote it."""
    key: Annotated[str, Meta(min_length=1, max_length=200)]
    """Key of the entry."""
    version: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Version of the entry's schema."""
    entry: dict[str, object] | None
    """The entry; null when deleted."""


class Tick(Struct, frozen=True, gc=False, tag_field="kind", tag="tick"):
    """One market-data snapshot of a symbol, as received."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    seq: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of this tick among those received for the symbol today, from 0."""
    event_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time of the snapshot; windows use this. UTC nanoseconds."""
    last_price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Last traded price, 1/10,000 rupee."""
    last_qty: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Quantity of the last trade, shares."""
    day_volume: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Cumulative volume of the trading day, shares; null for an index, which has none."""
    trade: bool
    """False when only the depth changed: such a tick sets no price and opens no bar."""
    bids: Annotated[tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...], Meta(min_length=0, max_length=10)]
    """Best bids first, price (1/10,000 rupee) and quantity alternating, at most 5 levels."""
    asks: Annotated[tuple[Annotated[int, Meta(ge=0, le=9223372036854775807)], ...], Meta(min_length=0, max_length=10)]
    """Best asks first, price (1/10,000 rupee) and quantity alternating, at most 5 levels."""


class Fill(Struct, frozen=True, gc=False):
    """One execution, with its exact charges."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    fill_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Hash of (account, broker order, trade id)."""
    account: Annotated[str, Meta(min_length=1, max_length=64)]
    """Trading account."""
    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Order that was filled."""
    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent it came from."""
    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy of the intent."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    side: Literal["BUY", "SELL"]
    """Side of the order."""
    product: Literal["MIS", "CNC", "NRML"]
    """Kite product."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    qty: Annotated[int, Meta(ge=1, le=9223372036854775807)]
    """Shares."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)]
    """Price, 1/10,000 rupee."""
    trade_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Exchange trade id."""
    broker_order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The broker's order id."""
    event_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Exchange time. UTC nanoseconds."""
    tick_seq: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """Paper: seq of the tick matched against."""
    charges: Charges


class Extra(Struct, frozen=True, gc=False):
    """What travels with an order from the signal to the fill."""

    signal: Signal | PairSignal


class Order(Struct, frozen=True, gc=False):
    """An intent: what a strategy wants, one or two legs that belong together."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Hash of (session, stage, source event, n); the same in every replay."""
    strategy: Annotated[str, Meta(min_length=1, max_length=64)]
    """Strategy or ensemble that decides."""
    bucket: Annotated[str, Meta(min_length=1, max_length=64)]
    """Risk bucket."""
    action: Literal["ENTRY", "EXIT"]
    """ENTRY opens or adds; EXIT only reduces."""
    product: Literal["MIS", "CNC", "NRML"]
    """Kite product."""
    legs: Annotated[tuple[Leg, ...], Meta(min_length=1, max_length=2)]
    """The legs, first leg first."""
    expires_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)] | None
    """The orders are cancelled at this session time; null = at the end of the phase. UTC
    nanoseconds."""
    leg_timeout_ms: Annotated[int, Meta(ge=1, le=9223372036854775807)] | None
    """Pairs: after one leg has filled, how long the other may stay open before the filled leg is
    flattened."""
    extra: Extra


class Allowed(Struct, frozen=True, gc=False):
    """Decision of the budget guard; an approved order has its reservation."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent that was decided on."""
    decision: Literal["APPROVED", "REJECTED"]
    """Rejected decisions are records too, and go no further."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml; OK when approved."""
    numbers: dict[str, Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]]
    """The numbers that decided, by name with the unit last."""
    reserved_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Notional reserved until the orders are terminal, 1/10,000 rupee."""
    order: Order


class Sized(Struct, frozen=True, gc=False):
    """Decision of the risk manager; an approved order has its quantities."""

    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Session time at which the record exists: for a tick the time it was received, for an output
    its cause's at_ns plus the stage's modelled latency. UTC nanoseconds."""
    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent that was decided on."""
    decision: Literal["APPROVED", "REJECTED"]
    """Rejected decisions are records too, and go no further."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml; OK when approved."""
    numbers: dict[str, Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]]
    """The numbers that decided, by name with the unit last."""
    order: Order
