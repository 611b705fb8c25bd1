"""The smoke source's market: price factors that symbols share, feed gaps, the shape of a day.

Everything here is a function of (seed, day), so that no symbol changes what another one sees.
Only + - * / and sqrt of floats are used, whose results IEEE 754 fixes: the same on every machine.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from tapeline.contracts.clock import DAY_NS, IST_OFFSET_NS, MINUTE_NS, SECOND_NS
from tapeline.ingestion.beats import Gap

DAY_MIN = 1440
OPEN_MIN = 9 * 60
"""Minute of the Indian day at which factor paths pass through zero: the pre-open session."""
CONTINUOUS_OPEN_MIN = 9 * 60 + 15
CONTINUOUS_MIN = 375
"""09:15 to 15:30, over which the U shape is laid."""
GAP_MIN_S = 5
GAP_MAX_S = 20
BASIS = 1e-4
"""One basis point."""


@dataclass(frozen=True)
class Factor:
    """How a shared price factor moves; per minute, basis points."""

    sigma_bp: float
    trend_bp: float
    """Drift while a trend lasts."""
    trend_share: float
    """Share of regimes that are trends."""
    pull: float
    """Share of the distance from zero that is taken back each minute."""
    regime_min: tuple[int, int]
    """Shortest and longest regime, minutes."""
    gap_bp: float
    """Standard deviation of the overnight gap."""


MARKET = Factor(2.5, 1.2, 0.5, 0.004, (20, 60), 25.0)
SECTOR = Factor(3.0, 2.6, 0.6, 0.006, (15, 45), 20.0)
"""Trends of 40 to 120 bp in 15 to 45 minutes, on noise that makes 1.2 % a day: what crossovers
and breakouts need; what reverts is the symbol's own part (smoke_symbol.py)."""


def seeded(seed: int, *names: str | int) -> random.Random:
    """A generator of its own for what `names` name, independent of every other one."""
    text = "\x1f".join(str(part) for part in (seed, *names))
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return random.Random(int.from_bytes(digest))  # noqa: S311 - a simulated market, no secret


def bell(draw: random.Random) -> float:
    """A draw of mean 0 and variance 1: three uniform draws, whose sum is nearly normal."""
    r = draw.random
    return (r() + r() + r() - 1.5) * 2.0


def intensity(minute: int) -> float:
    """U shape of activity over the continuous phase, mean 1: 1.8 at the ends, 0.6 at midday.

    Args:
        minute: of the Indian day, 0 to 1439.
    """
    place = min(1.0, max(0.0, (minute - CONTINUOUS_OPEN_MIN) / CONTINUOUS_MIN))
    off = 2.0 * place - 1.0
    return 0.6 + 1.2 * (off * off)


def minute_of_day(ns: int) -> int:
    """Minute of the Indian day, 0 to 1439."""
    return (ns + IST_OFFSET_NS) % DAY_NS // MINUTE_NS


def factor_path(seed: int, name: str, day: int, factor: Factor) -> list[float]:
    """Relative level of a factor at each minute of a day, 0 at OPEN_MIN; 1441 values."""
    draw = seeded(seed, "factor", name, day)
    level, drift, left = 0.0, 0.0, 0
    path = [level]
    for minute in range(DAY_MIN):
        if left == 0:
            left = draw.randint(*factor.regime_min)
            up = 1.0 if draw.random() < 0.5 else -1.0
            drift = factor.trend_bp * BASIS * up if draw.random() < factor.trend_share else 0.0
        left -= 1
        noise = factor.sigma_bp * BASIS * bell(draw) * intensity(minute)
        level += drift + noise - factor.pull * level
        path.append(level)
    zero = path[OPEN_MIN]
    return [value - zero for value in path]


def overnight(seed: int, name: str, day: int, gap_bp: float) -> float:
    """Relative change from the previous close to the open of a day."""
    return bell(seeded(seed, "overnight", name, day)) * gap_bp * BASIS


def feed_gaps(seed: int, day: int, every_min: int) -> tuple[Gap, ...]:
    """Feed gaps of a day, of GAP_MIN_S to GAP_MAX_S seconds; ascending.

    Args:
        seed: of the session.
        day: Indian calendar day.
        every_min: mean minutes between gaps, 0 = none; gaps are at least half of it apart.
    """
    draw = seeded(seed, "gaps", day)
    midnight_ns = day * DAY_NS - IST_OFFSET_NS
    gaps: list[Gap] = []
    at_s = 0
    while every_min:
        at_s += GAP_MAX_S + int(every_min * 60 * (0.5 + draw.random()))
        length_s = draw.randint(GAP_MIN_S, GAP_MAX_S)
        if at_s + length_s >= DAY_NS // SECOND_NS:
            break
        start_ns = midnight_ns + at_s * SECOND_NS
        gaps.append(Gap(start_ns, start_ns + length_s * SECOND_NS, draw.random() < 0.5))
    return tuple(gaps)


class Market:
    """Shared factors of all days of a session, made when first asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._paths: dict[tuple[str, int], list[float]] = {}

    def level(self, sector: str, beta: float, day: int, minute: int) -> float:
        """Relative change since the open of the day that a sector's symbols share.

        Args:
            sector: name of the sector.
            beta: its sensitivity to the market.
            day: Indian calendar day.
            minute: of that day, 0 to 1440.
        """
        market = self._path("market", day, MARKET)
        return beta * market[minute] + self._path("sector " + sector, day, SECTOR)[minute]

    def overnight(self, sector: str, beta: float, day: int) -> float:
        """Relative overnight gap that a sector's symbols share."""
        market = overnight(self._seed, "market", day, MARKET.gap_bp)
        return beta * market + overnight(self._seed, "sector " + sector, day, SECTOR.gap_bp)

    def beta(self, sector: str) -> float:
        """Sensitivity of a sector to the market, 0.7 to 1.3; the index sector is 1."""
        return 1.0 if sector == "INDEX" else 0.7 + 0.6 * seeded(self._seed, sector).random()

    def _path(self, name: str, day: int, factor: Factor) -> list[float]:
        path = self._paths.get((name, day))
        if path is None:
            stale = [key for key in self._paths if key[1] < day]
            for key in stale:
                del self._paths[key]
            path = self._paths[name, day] = factor_path(self._seed, name, day, factor)
        return path
