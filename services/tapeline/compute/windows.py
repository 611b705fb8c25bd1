"""Window arithmetic that both bar stages share: right-open, anchored at a phase, cut at its end."""

from __future__ import annotations

from tapeline.market.phases import Phase

NO_VOLUME = -1
"""Stands for a null cumulative volume in the integer arrays of saved states."""


def window_of(phase: Phase, ns: int, width_ns: int) -> tuple[int, int]:
    """Window that holds a time.

    Anchored at the start of the phase and not at the epoch: a phase need not start on a multiple
    of the width (09:15 IST does not for 10 or 30 minutes), and no window spans two phases.

    Args:
        phase: the phase that holds `ns`.
        ns: UTC nanoseconds.
        width_ns: width of a window, nanoseconds.

    Returns:
        (start, end), UTC nanoseconds, end exclusive.
    """
    anchor_ns, phase_end_ns, _, _ = phase
    start_ns = ns - (ns - anchor_ns) % width_ns
    end_ns = start_ns + width_ns
    return start_ns, end_ns if end_ns < phase_end_ns else phase_end_ns  # noqa: FURB136 - hot


def traded(cum_open: int | None, cum_close: int | None) -> int | None:
    """Shares traded between two cumulative volumes of a day; None for an index.

    Never negative: when the exchange corrects its cumulative volume downwards, nothing was traded.
    """
    if cum_open is None or cum_close is None:
        return None
    return cum_close - cum_open if cum_close > cum_open else 0


def packed(cum: int | None) -> int:
    """Cumulative volume as it stands in a saved array."""
    return NO_VOLUME if cum is None else cum


def unpacked(cum: int) -> int | None:
    """Inverse of `packed`."""
    return None if cum == NO_VOLUME else cum
