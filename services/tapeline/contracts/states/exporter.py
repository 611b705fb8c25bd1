"""State entries of the stage exporter.

Generated from schemas/state/exporter.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated

from msgspec import Meta, Struct


class Holding(Struct, frozen=True, gc=False):
    """Entry holding/<symbol>: position of a symbol at average cost, and its last price."""

    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    net_qty: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Shares, negative when short."""
    cost_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Cost of the open shares, negative when short, 1/10,000 rupee."""
    price_e4: Annotated[int, Meta(ge=1, le=10000000000000)] | None
    """Last 1m close, or the last fill before there was one, 1/10,000 rupee."""


class Intent(Struct, frozen=True, gc=False):
    """Entry intent/<intent_id>: when an approved intent was decided; dropped at its first fill,
    or when an intent of a later day is approved."""

    intent_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Intent."""
    at_ns: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """When the strategy decided. UTC nanoseconds."""


class Performance(Struct, frozen=True, gc=False):
    """Entry performance: profit and loss of the session."""

    realised_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Realised before charges, 1/10,000 rupee."""
    charges_e4: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Charges, 1/10,000 rupee."""
    peak_e4: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Highest equity so far, 1/10,000 rupee."""
    drawdown_bp_max: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Deepest fall below the peak so far, basis points of that peak."""


class Count(Struct, frozen=True, gc=False):
    """Entry count/<name>/<labels>: one counter or gauge: a metric with its label values."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    """Metric name without the prefix."""
    labels: tuple[str, ...]
    """Label values, in the order in which names.py declares the labels."""
    value: Annotated[int, Meta(ge=-9223372036854775808, le=9223372036854775807)]
    """Value in the metric's own integer unit."""
