"""Refuses drills that could do nothing, before the session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tapeline.contracts.clock import ist, ist_day, ist_ns
from tapeline.market.phases import Phase
from tapeline.session.manifest import ManifestError, SessionSpec

FIXED_LIMITS = ("capital_e4", "square_off.")
"""Keys of limits (or their beginnings) that no SET may change in a running session; the risk
manager refuses them too, and a test compares the two."""


def check_drills(
    path: Path, spec: SessionSpec, limits: Sequence[str], phases: dict[str, tuple[Phase, ...]]
) -> None:
    """Checks what each drill sets, and that the session runs at its time on each of its days.

    Args:
        path: of the manifest, for the message.
        spec: of the manifest.
        limits: dotted keys of the session's risk profile.
        phases: by instrument class, clipped to the session's window.

    Raises:
        ManifestError: naming the drill's key, what is wrong and what to do.
    """
    able = [key for key in limits if not key.startswith(FIXED_LIMITS)]
    for index, drill in enumerate(spec.drills):
        place = f"{path}: spec.drills.{index}"
        if drill.key is not None and drill.key not in able:
            problem = "is fixed while a session runs" if drill.key in limits else "is no limit"
            raise ManifestError(f"{place}.key: {drill.key} {problem}: use one of {', '.join(able)}")
        for day in spec.dates:
            at_ns = ist_ns(day, drill.at)
            today = [p for held in phases.values() for p in held if p.day == ist_day(at_ns)]
            first_ns, last_ns = min(p.start_ns for p in today), max(p.end_ns for p in today)
            if not first_ns <= at_ns < last_ns:
                raise ManifestError(
                    f"{place}.at: {drill.at} is outside the session on {day}: choose a time from "
                    f"{ist(first_ns):%H:%M:%S} to before {ist(last_ns):%H:%M:%S}"
                )
