"""Trades back to the mean after a close outside the Bollinger bands."""

from tapeline.strategy.api import (
    BarView,
    Decision,
    Strategy,
    flat,
    indicator,
    long,
    param,
    short,
    strategy,
)


@strategy("bollinger_reversion", memory={"beyond": 0.0})
class BollingerReversion(Strategy):
    """Long when the close returns from below the lower band, short from above the upper one, flat
    at the middle band.

    Bands from John Bollinger, "Bollinger on Bollinger Bands", 2001. Confidence = how far the
    close had been outside / half the width of the bands, at most 1.
    """

    bands: str = indicator("bollinger")
    beyond_min: float = param(0.1, ge=0, le=5)
    """How far outside the close must have been, half widths of the bands."""
    width_bp_min: float = param(15.0, ge=0, le=1000)
    """Narrowest half width that is traded, basis points of the close."""
    stop_widths: float = param(1.5, ge=0.1, le=20)
    """Stop distance, half widths of the bands."""
    stop_bp_min: float = param(25.0, ge=1, le=1000)
    """Smallest stop distance, basis points of the close."""

    def on_bar(self, view: BarView) -> Decision | None:
        memory = view.memory
        middle = view[f"{self.bands}.middle"]
        width = max(view[f"{self.bands}.upper"] - middle, 1e-9)
        place = (view.close - middle) / width
        before = memory["beyond"]
        if abs(place) > 1.0:
            extreme = min(before, place) if place < 0 else max(before, place)
            memory["beyond"] = extreme if extreme * place > 0 else place
            return None
        memory["beyond"] = 0.0
        enough = abs(before) - 1.0 >= self.beyond_min
        if enough and width * 10_000 >= self.width_bp_min * view.close:
            stop = max(self.stop_widths * width, self.stop_bp_min * view.close / 10_000)
            return (long if before < 0 else short)(
                min(1.0, abs(before) - 1.0), stop_distance=stop, target_distance=stop
            )
        reached_middle = place >= 0 if view.holding > 0 else place <= 0
        return flat() if view.holding and reached_middle else None
