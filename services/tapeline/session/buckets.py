"""Refuses a strategy whose risk bucket the risk profile does not name: a typo would trade under the
limits of `default`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tapeline.session.manifest import ManifestError, SessionSpec


def check_buckets(
    path: Path, spec: SessionSpec, registry: dict[str, Any], risk_budget: dict[str, Any]
) -> None:
    """Checks the buckets of the strategies that the session selects.

    Args:
        path: of the manifest, for the message.
        spec: of the manifest.
        registry: configs/registry.yaml.
        risk_budget: configs/risk_budget.yaml.

    Raises:
        ManifestError: naming the strategy, its bucket and those that there are.
    """
    profile = risk_budget["profiles"].get(spec.risk.profile)
    named = profile.get("buckets") if isinstance(profile, dict) else None
    if not isinstance(named, dict):
        return  # the risk manager's own settings say what is missing
    for name in spec.strategies:
        entry = registry["strategies"][name]
        bucket = entry.get("bucket", "default") if isinstance(entry, dict) else "default"
        if bucket not in named:
            raise ManifestError(
                f"{path}: spec.strategies: {name} trades in the risk bucket {bucket!r}, which "
                f"profile {spec.risk.profile!r} of risk_budget.yaml does not name: use one of "
                f"{', '.join(named)} in registry.yaml, or add the bucket with its limit"
            )
