"""Reason codes of every decision.

Generated from schemas/reasons.yaml by tools/generate.py: do not edit.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why something was decided, refused or given up; shared by every language."""

    OK = "OK"
    """Nothing was refused."""
    SCHEMA = "SCHEMA"
    """The bytes are not a valid record of the topic."""
    OVERSIZED = "OVERSIZED"
    """The record is larger than the topic allows."""
    UNKNOWN_SYMBOL = "UNKNOWN_SYMBOL"
    """The symbol is not among the session's symbols."""
    TICK_OUTSIDE_SESSION = "TICK_OUTSIDE_SESSION"
    """The tick's exchange time lies in no market phase of its instrument class."""
    TICK_FROM_FUTURE = "TICK_FROM_FUTURE"
    """The tick's exchange time is further ahead of its receive time than allowed."""
    PRICE_OUT_OF_BAND = "PRICE_OUT_OF_BAND"
    """The price is further from the last good one than the band allows."""
    DUPLICATE_TICK = "DUPLICATE_TICK"
    """The same snapshot was received twice."""
    TICK_TOO_LATE = "TICK_TOO_LATE"
    """The tick came after the correction horizon of its window."""
