"""Which changes of a session are noticed by one who goes on with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tapeline.session.context import SessionContext
from tapeline.session.fingerprint import differences, fingerprint
from tapeline.session.load import load_session
from tapeline.session.manifest import StageSpec

MANIFEST = Path("configs/sessions/paper-short.yaml")

Change = Callable[[SessionContext], SessionContext]


def spec(context: SessionContext, **changes: object) -> SessionContext:
    return replace(context, spec=context.spec.model_copy(update=changes))


CASES: dict[str, tuple[Change, list[str]]] = {
    "nothing": (lambda c: c, []),
    "another seed": (lambda c: replace(c, seed=c.seed + 1), ["spec.seed"]),
    "another account": (lambda c: spec(c, account="OTHER"), ["spec.account"]),
    "other configs": (
        lambda c: replace(c, configs={**c.configs, "oms": {}}),
        ["configs/oms"],
    ),
    "fewer phases": (lambda c: replace(c, phases={}), ["market phases"]),
    "another folder": (lambda c: replace(c, base_dir=Path("elsewhere")), []),
    "a language": (
        lambda c: spec(c, stages={"bar_builder_1s": StageSpec(implementation="go", replicas=2)}),
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_changes_records_is_named_and_what_does_not_is_no_difference(case: str) -> None:
    change, named = CASES[case]
    context = load_session(MANIFEST)

    now = fingerprint(change(load_session(MANIFEST)))

    assert differences(fingerprint(context), now) == named
