"""Settings from a session, and the wiring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from oms_desk import ACCOUNT, DAY, END_NS, START_NS, FlatCharges, instrument
from tapeline.contracts.errors import SettingsError
from tapeline.contracts.states.oms import OmsAccount, OmsIntent, OmsOrder
from tapeline.execution.oms.app import app
from tapeline.execution.oms.logic import State, step
from tapeline.execution.oms.settings import Settings
from tapeline.market.phases import CONTINUOUS, Phase
from tapeline.session.context import SessionContext
from tapeline.session.pipeline import load_pipeline

ROOT = Path(__file__).resolve().parents[4]


def context(**configs: Any) -> Any:
    return SessionContext(
        name="paper-smoke",
        spec=SimpleNamespace(account=ACCOUNT),  # type: ignore[arg-type]
        seed=1,
        pipeline=load_pipeline(ROOT / "configs" / "pipeline.yaml"),
        instruments={"INFY": instrument("INFY")},
        phases={"cash_fno": (Phase(START_NS, END_NS, CONTINUOUS, DAY),)},
        charges=FlatCharges(),  # type: ignore[arg-type]
        configs=configs,
        base_dir=ROOT,
    )


def test_the_stage_is_wired_from_its_session() -> None:
    stage = app(context())

    assert (stage.name, stage.step, stage.new_state) == ("oms", step, State)
    assert stage.latency_ns == stage.settings.latency_ns == 200_000
    assert (stage.settings.session, stage.settings.account) == ("paper-smoke", ACCOUNT)
    assert stage.settings.authority_epoch == 1
    types = [stage.entry_type(key) for key in ("order/A", "intent/A", "account")]
    assert types == [OmsOrder, OmsIntent, OmsAccount]


def test_rules_come_from_the_configs() -> None:
    rules = Settings.from_session(context(oms={"max_chases": 1})).rules

    assert (rules.max_chases, rules.query_every_ms) == (1, 2000)


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"max_chase": 1}, "configs/oms.yaml: max_chase: "),
        ({"protection_bp": 0}, "configs/oms.yaml: protection_bp: "),
        (["max_chases"], r"configs/oms.yaml: \(top\): "),
    ],
)
def test_a_wrong_rule_is_named_with_file_and_key(raw: Any, where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        Settings.from_session(context(oms=raw))


def test_the_end_of_the_phase_is_right_open() -> None:
    settings = Settings.from_session(replace(context(), configs={}))

    assert settings.phase_end_ns("INFY", END_NS - 1) == END_NS
    assert settings.phase_end_ns("INFY", END_NS) is None
