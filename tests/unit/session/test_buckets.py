"""A strategy's risk bucket must be one that the profile names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline.session.buckets import check_buckets
from tapeline.session.load import load_session
from tapeline.session.manifest import ManifestError, load_manifest

SHORT = Path(__file__).parents[3] / "configs" / "sessions" / "paper-short.yaml"


def test_a_misspelt_bucket_is_refused() -> None:
    context = load_session(SHORT)
    registry = {"strategies": {n: {"bucket": "trendy"} for n in context.spec.strategies}}

    with pytest.raises(ManifestError, match="risk bucket 'trendy', which profile 'default'"):
        check_buckets(SHORT, context.spec, registry, context.configs["risk_budget"])


def test_a_profile_without_buckets_is_left_to_the_risk_settings() -> None:
    spec = load_manifest(SHORT).spec

    check_buckets(SHORT, spec, {"strategies": {}}, {"profiles": {"default": {}}})
