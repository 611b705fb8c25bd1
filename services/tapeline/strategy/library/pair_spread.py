"""Trades the spread of two related symbols back to its mean."""

from tapeline.strategy.api import (
    Decision,
    PairStrategy,
    PairView,
    Spread,
    flat,
    indicator,
    long,
    param,
    short,
    strategy,
)


@strategy("pair_spread")
class PairSpread(PairStrategy):
    """Buys the spread when it is `entry_z` deviations cheap, sells it when dear, out at `exit_z`.

    Entry at two deviations and exit at convergence as in Gatev, Goetzmann and Rouwenhorst, "Pairs
    Trading", Review of Financial Studies 19 (2006); here the hedge ratio and the deviations are
    those of a rolling regression. A regression over a quiet hour can come out near zero or
    negative, which is no hedge: then nothing is opened. Confidence = |z| / (2 * `entry_z`), at
    most 1.
    """

    ratio: str = indicator("hedge_ratio")
    ratio_band: float = param(4.0, ge=1, le=100)
    """How far the hedge ratio may be from the value-neutral one (first close / second close) in
    either direction, as a factor."""
    entry_z: float = param(2.0, ge=0.5, le=10)
    """Deviations at which a position is opened."""
    exit_z: float = param(0.3, ge=0, le=5)
    """Deviations within which it is closed."""
    stop_z: float = param(2.0, ge=0.5, le=20)
    """Further deviations against the position at which it is closed."""
    gap_bp_min: float = param(25.0, ge=0, le=1000)
    """Smallest gap to the regression line that is traded, basis points of the first close: it has
    to pay for four orders."""

    def measure(self, view: PairView) -> Spread:
        ratio = view[f"{self.ratio}.hedge_ratio"]
        return Spread(
            hedge_ratio=ratio,
            value=view.first.close - ratio * view.second.close,
            zscore=view[f"{self.ratio}.zscore"],
        )

    def on_spread(self, view: PairView, spread: Spread) -> Decision | None:
        if view.holding:
            back = spread.zscore * view.holding >= -self.exit_z
            return flat() if back else None
        neutral = view.first.close / view.second.close
        usable = neutral / self.ratio_band <= spread.hedge_ratio <= neutral * self.ratio_band
        size = abs(spread.zscore)
        gap = abs(view[f"{self.ratio}.residual"])
        if not usable or size < self.entry_z or gap * 10_000 < self.gap_bp_min * view.first.close:
            return None
        return (long if spread.zscore < 0 else short)(
            min(1.0, size / (2.0 * self.entry_z)),
            stop_distance=self.stop_z * gap / size,
            target_distance=gap,
        )
