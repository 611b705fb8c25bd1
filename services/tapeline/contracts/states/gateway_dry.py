"""State entries of the stage gateway_dry.

Generated from schemas/state/gateway_dry.schema.json by tools/generate.py: do not edit.
"""

from typing import Annotated

from msgspec import Meta, Struct


class DryCounters(Struct, frozen=True, gc=False):
    """Entry counters: what belongs to the whole gateway."""

    epoch: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Highest authority epoch seen."""
    stale_commands: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Commands ignored for an older epoch."""


class DryOrder(Struct, frozen=True, gc=False):
    """Entry order/<order_id>: what the dry gateway answered to one placement."""

    order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The OMS's order id."""
    tag: Annotated[str, Meta(min_length=1, max_length=20)]
    """Tag of the order."""
    broker_order_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The id that the dry gateway gave it."""
    symbol: Annotated[str, Meta(min_length=1, max_length=32)]
    """Exchange trading symbol."""
    reason: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code from schemas/reasons.yaml: DRY_RUN when the order was valid."""
    message: Annotated[str, Meta(min_length=0, max_length=400)]
    """What was wrong, for a person."""
    last_n: Annotated[int, Meta(ge=0, le=9223372036854775807)]
    """Number of the last command taken for this order; older ones are repeats."""
