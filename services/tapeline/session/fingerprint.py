"""Digests of what a session resolves to, so that nobody goes on with another one by mistake."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from tapeline.session.context import SessionContext

HOW_IT_RUNS = {"stages", "rollout", "credentials", "paused"}
"""Parts of the spec that change no record: languages and replicas may be others afterwards."""

PIPELINE_HOW: Any = {
    "retention_hours": True,
    "topics": {"__all__": {"retention_hours"}},
    "stages": {"__all__": {"languages", "package"}},
}
"""The same of the pipeline."""


def fingerprint(context: SessionContext) -> dict[str, str]:
    """SHA-256 of each part that the records of a session depend on, by the part's name."""
    spec = context.spec.model_dump(mode="json", by_alias=True, exclude=HOW_IT_RUNS)
    parts: dict[str, Any] = {f"spec.{key}": value for key, value in spec.items()}
    parts |= {f"configs/{name}": value for name, value in context.configs.items()}
    parts |= {
        "spec.seed": context.seed,
        "configs/pipeline": context.pipeline.model_dump(mode="json", exclude=PIPELINE_HOW),
        "instruments": context.instruments,
        "market phases": [context.phases, context.square_off_ns],
        "charges": [context.charges.broker, context.charges.rates()],
    }
    return {name: _digest(part) for name, part in sorted(parts.items())}


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Names of the parts that are not the same."""
    return sorted(name for name in before | now if before.get(name) != now.get(name))


def _digest(part: Any) -> str:
    text = json.dumps(part, default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, date | time | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no fixed text")
