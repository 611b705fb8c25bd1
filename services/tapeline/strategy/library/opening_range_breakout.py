"""Follows the first close outside the range of the first minutes of the day."""

from tapeline.strategy.api import BarView, Decision, Strategy, long, param, short, strategy


@strategy("opening_range_breakout", memory={"high": 0.0, "low": 0.0, "done": 0.0})
class OpeningRangeBreakout(Strategy):
    """Long on the first close above the opening range, short on the first below, once a day.

    The stop is the other side of the range, at least `stop_bp_min`; the target is
    `target_ratio` stops away (Crabel, "Day Trading with Short Term Price Patterns and Opening
    Range Breakout", 1990). Confidence = distance beyond the range / width of the range, at most 1.
    """

    range_minutes: int = param(15, ge=1, le=120)
    """Length of the opening range, minutes of continuous trading."""
    until_minute: int = param(120, ge=2, le=400)
    """Breakouts after this minute of continuous trading are not taken."""
    beyond_bp: float = param(2.0, ge=0, le=500)
    """How far outside the range the close must be, basis points."""
    stop_bp_min: float = param(25.0, ge=1, le=1000)
    """Smallest stop distance, basis points of the close."""
    target_ratio: float = param(2.0, ge=0.1, le=20)
    """Target distance in stop distances."""

    def on_bar(self, view: BarView) -> Decision | None:
        memory = view.memory
        if view.minute <= self.range_minutes:
            memory["high"] = max(memory["high"], view.high)
            memory["low"] = min(memory["low"] or view.low, view.low)
            return None
        if memory["done"] or memory["high"] == 0.0 or view.minute > self.until_minute:
            return None
        above, below = view.close - memory["high"], memory["low"] - view.close
        beyond = max(above, below)
        if beyond * 10_000 <= self.beyond_bp * view.close:
            return None
        memory["done"] = 1.0
        width = memory["high"] - memory["low"]
        stop = max(width + beyond, self.stop_bp_min * view.close / 10_000)
        return (long if above > 0 else short)(
            min(1.0, beyond / max(width, 1e-9)),
            stop_distance=stop,
            target_distance=stop * self.target_ratio,
        )
