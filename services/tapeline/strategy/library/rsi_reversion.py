"""Buys weakness and sells strength, as the relative strength index measures them."""

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


@strategy("rsi_reversion", memory={"extreme": 50.0})
class RsiReversion(Strategy):
    """Long when the index comes back up through `oversold`, short when back down through
    `100 - oversold`, flat when it has reached the middle.

    Waiting for the way back keeps it out of a fall that goes on (Wilder, "New Concepts in
    Technical Trading Systems", 1978, section VI). Confidence = how far beyond the line the index
    had been / `oversold`: 0 at the line, 1 at an index of 0 or 100.
    """

    rsi: str = indicator("rsi")
    atr: str = indicator("atr")
    oversold: float = param(25.0, ge=1, le=49)
    """Line below which the symbol counts as oversold, index points; overbought is 100 minus it."""
    stop_ranges: float = param(3.0, ge=0.1, le=50)
    """Stop distance, average true ranges."""
    target_ranges: float = param(6.0, ge=0.1, le=50)
    """Target distance, average true ranges."""
    stop_bp_min: float = param(25.0, ge=1, le=1000)
    """Smallest stop distance, basis points of the close; the target grows in proportion."""

    def on_bar(self, view: BarView) -> Decision | None:
        index = view[self.rsi]
        extreme = view.memory["extreme"]
        if index <= self.oversold:
            view.memory["extreme"] = min(extreme, index)
            return None
        if index >= 100.0 - self.oversold:
            view.memory["extreme"] = max(extreme, index)
            return None
        view.memory["extreme"] = 50.0
        if abs(extreme - 50.0) >= 50.0 - self.oversold:
            return self._reversal(view, extreme)
        reached_middle = index >= 50.0 if view.holding > 0 else index <= 50.0
        return flat() if view.holding and reached_middle else None

    def _reversal(self, view: BarView, extreme: float) -> Decision:
        stop = max(self.stop_ranges * view[self.atr], self.stop_bp_min * view.close / 10_000)
        beyond = self.oversold - (extreme if extreme < 50.0 else 100.0 - extreme)
        return (long if extreme < 50.0 else short)(
            beyond / self.oversold,
            stop_distance=stop,
            target_distance=stop * self.target_ranges / self.stop_ranges,
        )
