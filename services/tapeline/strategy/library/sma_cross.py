"""Follows the faster of two moving averages across the slower."""

from tapeline.strategy.api import (
    BarView,
    Decision,
    Strategy,
    indicator,
    long,
    param,
    short,
    strategy,
)


@strategy("sma_cross", memory={"side": 0.0})
class SmaCross(Strategy):
    """Long when the fast average crosses above the slow one, short when it crosses below.

    A cross counts once the averages are `band_bp` apart, so that two averages that lie on each
    other do not trade. Confidence = gap between the averages / average true range, at most 1.
    """

    fast: str = indicator("sma", "ema", "wma")
    slow: str = indicator("sma", "ema", "wma")
    atr: str = indicator("atr")
    band_bp: float = param(5.0, ge=0, le=500)
    """Gap between the averages that makes a cross, basis points of the slow one."""
    stop_ranges: float = param(3.0, ge=0.1, le=50)
    """Stop distance, average true ranges."""
    target_ranges: float = param(6.0, ge=0.1, le=50)
    """Target distance, average true ranges."""
    stop_bp_min: float = param(25.0, ge=1, le=1000)
    """Smallest stop distance, basis points of the close; the target grows in proportion."""

    def on_bar(self, view: BarView) -> Decision | None:
        gap = view[self.fast] - view[self.slow]
        if abs(gap) * 10_000 < self.band_bp * view[self.slow]:
            return None
        side = 1.0 if gap > 0 else -1.0
        before, view.memory["side"] = view.memory["side"], side
        if before in (0.0, side):
            return None
        stop = max(self.stop_ranges * view[self.atr], self.stop_bp_min * view.close / 10_000)
        return (long if side > 0 else short)(
            min(1.0, abs(gap) / max(view[self.atr], 1e-9)),
            stop_distance=stop,
            target_distance=stop * self.target_ranges / self.stop_ranges,
        )
