"""Follows a close beyond the highest high or lowest low of the bars before."""

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


@strategy("donchian_breakout")
class DonchianBreakout(Strategy):
    """Long on a close above the channel of the bars before this one, short on a close below it.

    Richard Donchian's rule, described in Faith, "Way of the Turtle", 2007. Confidence = distance
    beyond the channel / average true range, at most 1.
    """

    channel: str = indicator("donchian", lag=1)
    atr: str = indicator("atr")
    beyond_ranges: float = param(0.25, ge=0, le=10)
    """How far beyond the channel the close must be, average true ranges."""
    stop_ranges: float = param(3.0, ge=0.1, le=50)
    """Stop distance, average true ranges."""
    target_ranges: float = param(6.0, ge=0.1, le=50)
    """Target distance, average true ranges."""
    stop_bp_min: float = param(25.0, ge=1, le=1000)
    """Smallest stop distance, basis points of the close; the target grows in proportion."""

    def on_bar(self, view: BarView) -> Decision | None:
        above = view.close - view[f"{self.channel}.upper"]
        below = view[f"{self.channel}.lower"] - view.close
        beyond = max(above, below)
        if beyond <= self.beyond_ranges * view[self.atr]:
            return None
        stop = max(self.stop_ranges * view[self.atr], self.stop_bp_min * view.close / 10_000)
        return (long if above > 0 else short)(
            min(1.0, beyond / max(view[self.atr], 1e-9)),
            stop_distance=stop,
            target_distance=stop * self.target_ranges / self.stop_ranges,
        )
