"""From a manifest to a session: what is resolved, and what is refused with which sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapeline.contracts.clock import IST, ist, to_ns
from tapeline.contracts.errors import SettingsError
from tapeline.market.phases import PhaseClock
from tapeline.risk.limits import RiskBudget, with_control
from tapeline.session.drills import FIXED_LIMITS
from tapeline.session.load import dotted_keys, find_configs, load_session
from tapeline.session.manifest import ManifestError

SHIPPED = Path("configs")
RISK_BUDGET = {"profiles": {"default": {"capital_e4": 1, "sizing": {"max_symbol_qty": 5}}}}

REGISTRY = {
    "strategies": {
        name: {}
        for name in (
            "sma_cross",
            "rsi_reversion",
            "donchian_breakout",
            "opening_range_breakout",
            "bollinger_reversion",
            "pair_spread",
        )
    }
}

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """The shipped facts with the smallest of the other files."""
    folder = tmp_path / "configs"
    folder.mkdir()
    for name in ("calendars", "charges"):
        shutil.copytree(SHIPPED / name, folder / name)
    for name in ("pipeline.yaml", "tokens.csv"):
        shutil.copy(SHIPPED / name, folder / name)
    for name in ("indicators", "ensemble"):
        (folder / f"{name}.yaml").write_text(f"{name}: {{}}\n")
    (folder / "registry.yaml").write_text(yaml.safe_dump(REGISTRY))
    (folder / "risk_budget.yaml").write_text(yaml.safe_dump(RISK_BUDGET))
    for name in ("oms", "paper_broker"):
        (folder / f"{name}.yaml").write_text("{}\n")
    (folder / "sessions").mkdir()
    return folder


def manifest(configs: Path, change: Change = lambda m: m) -> Path:
    content = {
        "apiVersion": "tapeline.dev/v1alpha1",
        "kind": "TradingSession",
        "metadata": {"name": "test"},
        "spec": {
            "mode": "paper",
            "dates": [date(2026, 11, 20)],
            "symbols": ["INFY", "ABBOTINDIA"],
            "source": {"type": "smoke"},
            "seed": 7,
        },
    }
    change(content)
    path = configs / "sessions" / "test.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def with_spec(**spec: object) -> Change:
    return lambda content: content["spec"].update(spec)


KILL_AT_TEN = {"at": "10:00", "command": "KILL"}


def set_drill(key: str) -> dict[str, Any]:
    return {"at": "10:00", "command": "SET", "key": key, "value": 3}


def test_a_session_is_resolved(configs: Path) -> None:
    context = load_session(manifest(configs))

    assert context.name == "test"
    assert context.seed == 7
    assert list(context.instruments) == ["ABBOTINDIA", "INFY"]
    assert {name: [p.name for p in phases] for name, phases in context.phases.items()} == {
        "cash": ["pre_open", "continuous", "closing_price", "post_close"],
        "cash_fno": ["pre_open", "continuous", "closing_auction", "post_close"],
    }
    assert f"{ist(context.start_ns):%H:%M}" == "09:00"
    assert f"{ist(context.end_ns):%H:%M}" == "16:02"
    assert context.configs == {
        "registry": REGISTRY,
        "indicators": {"indicators": {}},
        "ensemble": {"ensemble": {}},
        "risk_budget": RISK_BUDGET,
        "oms": {},
        "paper_broker": {},
    }
    assert context.base_dir == configs / "sessions"
    assert context.pipeline.stages["oms"].package == "execution.oms"


def test_a_seed_from_outside_wins(configs: Path) -> None:
    assert load_session(manifest(configs), seed=0).seed == 0


def test_phases_are_clipped_to_the_window(configs: Path) -> None:
    window = {"from": "09:07", "to": "09:37"}
    context = load_session(manifest(configs, with_spec(window=window, symbols=["INFY"])))

    assert [
        f"{p.name} {ist(p.start_ns):%H:%M}-{ist(p.end_ns):%H:%M}"
        for p in context.phases["cash_fno"]
    ] == ["pre_open 09:07-09:15", "continuous 09:15-09:37"]


def test_all_days_are_in_order(configs: Path) -> None:
    days = [date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 25)]
    context = load_session(manifest(configs, with_spec(dates=days)))

    starts = [phase.start_ns for phase in context.phases["cash"]]
    assert starts == sorted(starts)
    assert len({phase.day for phase in context.phases["cash"]}) == 3


def test_instruments_have_the_ticks_of_the_first_day(configs: Path) -> None:
    then = load_session(manifest(configs, with_spec(dates=[date(2019, 7, 9)], symbols=["TCS"])))
    now = load_session(manifest(configs, with_spec(symbols=["TCS"])))

    assert then.instruments["TCS"].tick_e4(31_248_000) == 500
    assert now.instruments["TCS"].tick_e4(31_248_000) == 1_000


def live(**spec: object) -> Change:
    def change(content: dict[str, Any]) -> None:
        content["metadata"].update(
            generation=3, annotations={"tapeline.dev/approved-generation": "3"}
        )
        content["spec"].update(
            {
                "mode": "live",
                "clock": "real",
                "source": {"type": "kite"},
                "credentials": {"secret": "kite"},
                **spec,
            }
        )

    return change


def test_live_with_credentials_and_approval_still_needs_a_gateway(configs: Path) -> None:
    with pytest.raises(
        ManifestError, match=r"spec\.mode: no gateway of this release serves live mode: use dry or"
    ):
        load_session(manifest(configs, live(source={"type": "smoke"})))


def unapproved(content: dict[str, Any]) -> None:
    live()(content)
    content["metadata"]["annotations"] = {}


def stale(content: dict[str, Any]) -> None:
    live()(content)
    content["metadata"]["generation"] = 4


def without_generation(content: dict[str, Any]) -> None:
    live()(content)
    del content["metadata"]["generation"]


REFUSED: dict[str, tuple[Change, str]] = {
    "an unknown symbol": (
        with_spec(symbols=["INFY", "NOPE"]),
        r"spec\.symbols: NOPE not in .*tokens\.csv: add a row there, or use some of ABBOTINDIA",
    ),
    "an unknown stage": (
        with_spec(stages={"omz": {}}),
        r"spec\.stages\.omz: is no stage of the pipeline: use one of ingestion, .*oms",
    ),
    "Go for a stage that has none": (
        with_spec(stages={"oms": {"implementation": "go"}}),
        r"spec\.stages\.oms\.implementation: oms has no go implementation: use python",
    ),
    "a holiday, named": (
        with_spec(dates=[date(2026, 11, 24)]),
        r"spec\.dates: 2026-11-24 is no trading day \(Guru Nanak Jayanti\).*example 2026-11-25",
    ),
    "a weekend": (
        with_spec(dates=[date(2026, 11, 21)]),
        r"2026-11-21 is no trading day \(a Saturday\).*example 2026-11-23",
    ),
    "a holiday before days that the calendar does not know": (
        with_spec(dates=[date(2026, 11, 7)]),
        r"2026-11-07 is no trading day \(a Saturday\): choose another$",
    ),
    "a missing year": (
        with_spec(dates=[date(2027, 1, 4)]),
        r"spec\.dates: 2027-01-04: .*nse\.yaml: years\.2027: is missing.*add the year",
    ),
    "an unknown calendar": (
        with_spec(calendar="nyse"),
        r"spec\.calendar: there is no calendar 'nyse' in .*: use one of nse",
    ),
    "a calendar outside the folder": (
        with_spec(calendar="../secret"),
        r"spec\.calendar: there is no calendar '\.\./secret'",
    ),
    "the kite source in virtual time": (
        with_spec(source={"type": "kite"}, credentials={"secret": "kite"}),
        r"spec\.clock: the kite source sends ticks in real time: set clock: real",
    ),
    "the kite source without credentials": (
        with_spec(source={"type": "kite"}, clock="real"),
        r"spec\.credentials: the kite source needs .*: set credentials\.secret",
    ),
    "live without credentials": (
        live(credentials=None),
        r"spec\.credentials: live mode needs the broker's api_key",
    ),
    "live in virtual time": (
        live(clock="virtual", source={"type": "smoke"}),
        r"spec\.clock: live mode trades in real time",
    ),
    "live without approval": (unapproved, r"approved-generation: live mode needs an approval"),
    "live with the approval of an earlier spec": (
        stale,
        r"generation 4 is not what was approved \(3\): have the spec reviewed",
    ),
    "live without a generation": (without_generation, r"generation None is not what was approved"),
    "an unknown strategy": (
        with_spec(strategies=["sma_cross", "moon_phase"]),
        r"spec\.strategies: moon_phase not in .*registry\.yaml: .*use some of .*sma_cross",
    ),
    "an unknown risk profile": (
        with_spec(risk={"profile": "wild"}),
        r"spec\.risk\.profile: there is no profile 'wild' in .*: use one of default",
    ),
    "an unknown risk limit": (
        with_spec(risk={"overrides": {"sizing.max_qty": 1}}),
        r"spec\.risk\.overrides\.sizing\.max_qty: .*: use one of capital_e4, sizing\.max_symbol_q",
    ),
    "a drill that sets no limit": (
        with_spec(drills=[set_drill("sizing.max_qty")]),
        r"spec\.drills\.0\.key: sizing\.max_qty is no limit: use one of sizing\.max_symbol_qty$",
    ),
    "a drill that sets a fixed limit": (
        with_spec(drills=[KILL_AT_TEN, set_drill("capital_e4")]),
        r"spec\.drills\.1\.key: capital_e4 is fixed while a session runs: use one of sizing\.",
    ),
    "a drill before the session": (
        with_spec(drills=[{"at": "08:59:59", "command": "KILL"}]),
        r"spec\.drills\.0\.at: 08:59:59 is outside the session on 2026-11-20: choose a time",
    ),
    "a drill as the window ends": (
        with_spec(window={"from": "09:30", "to": "10:00"}, drills=[KILL_AT_TEN]),
        r"10:00:00 is outside the session on .*: choose a time from 09:30:00 to before 10:00:00",
    ),
    "a window in which nothing trades": (
        with_spec(window={"from": "17:00"}),
        r"spec\.window: leaves no phase of class cash on 2026-11-20: widen it",
    ),
    "a window of which one class has nothing": (
        with_spec(window={"from": "15:36", "to": "15:45"}),
        r"spec\.window: leaves no phase of class cash_fno",
    ),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_run_is_refused(configs: Path, change: Change, message: str) -> None:
    path = manifest(configs, change)

    with pytest.raises(ManifestError, match=message) as caught:
        load_session(path)
    assert str(caught.value).startswith(str(path))


def test_an_override_of_a_known_limit_is_accepted(configs: Path) -> None:
    risk = {"overrides": {"sizing.max_symbol_qty": 9}}

    assert load_session(manifest(configs, with_spec(risk=risk))).spec.risk.overrides == {
        "sizing.max_symbol_qty": 9
    }


def test_a_drill_of_a_limit_in_the_session_is_accepted(configs: Path) -> None:
    drills = [set_drill("sizing.max_symbol_qty"), {"at": "09:00", "command": "REDUCE"}]

    assert len(load_session(manifest(configs, with_spec(drills=drills))).spec.drills) == 2


def test_the_fixed_limits_are_those_that_the_risk_manager_refuses() -> None:
    profile = yaml.safe_load((SHIPPED / "risk_budget.yaml").read_text())["profiles"]["default"]
    base = RiskBudget.model_validate(profile)
    for key in dotted_keys(profile):
        *path, last = key.split(".")
        value = reduce(dict.__getitem__, path, profile)[last]
        try:
            with_control(base, {}, key, value)
        except SettingsError:
            fixed = True
        else:
            fixed = False

        assert fixed == key.startswith(FIXED_LIMITS), key


def test_the_square_off_of_each_class_and_day_is_the_calendars(configs: Path) -> None:
    days = [date(2019, 10, 27), date(2026, 7, 31), date(2026, 8, 3)]
    symbols = ["INFY", "ABBOTINDIA", "NIFTY"]
    context = load_session(manifest(configs, with_spec(dates=days, symbols=symbols)))
    times = {
        cls: [f"{ist(time_ns):%d %H:%M}" for time_ns in held]
        for cls, held in context.square_off_ns.items()
    }

    assert times == {
        "cash": ["27 19:00", "31 15:15", "03 15:20"],
        "cash_fno": ["27 19:00", "31 15:15", "03 15:08"],
        "index": [],
    }


def test_a_square_off_that_the_broker_forestalls_is_refused(configs: Path) -> None:
    path = configs / "calendars" / "nse.yaml"
    document = yaml.safe_load(path.read_text())
    document["special_square_off"] = {"broker_min": 15, "flatten_min": 15}
    path.write_text(yaml.safe_dump(document))
    muhurat = with_spec(dates=[date(2019, 10, 27)])

    assert load_session(manifest(configs))
    with pytest.raises(
        ManifestError,
        match=r"nse\.yaml: special_square_off: closes positions of class cash on 2019-10-27 at "
        r"19:00, and the broker does so at 19:00; make flatten_min larger",
    ):
        load_session(manifest(configs, muhurat))


def test_a_symbol_whose_class_has_no_charges_is_refused(configs: Path) -> None:
    tokens = configs / "tokens.csv"
    tokens.write_text(
        tokens.read_text()
        + "INFY26NOVFUT,NSE,13000001,equity_derivative,stock,400,20000,1000,1500.00,1000000\n"
    )
    change = with_spec(symbols=["INFY", "INFY26NOVFUT"])

    with pytest.raises(
        ManifestError,
        match=r"spec\.symbols: INFY26NOVFUT: .*zerodha\.yaml: product MIS, class "
        r"equity_derivative: is no segment that has charges; use MIS or CNC with cash",
    ):
        load_session(manifest(configs, change))


def test_a_stage_with_its_language_is_accepted(configs: Path) -> None:
    stages = {"oms": {"implementation": "python"}}

    assert load_session(manifest(configs, with_spec(stages=stages))).spec.stages["oms"].replicas


def test_a_holiday_before_a_long_closure_gets_no_proposal(configs: Path) -> None:
    path = configs / "calendars" / "nse.yaml"
    document = yaml.safe_load(path.read_text())
    document["years"][2026]["holidays"] |= {
        date(2026, 4, day): "closed" for day in range(1, 29) if date(2026, 4, day).weekday() < 5
    }
    path.write_text(yaml.safe_dump(document))

    with pytest.raises(ManifestError, match=r"is no trading day \(closed\): choose another$"):
        load_session(manifest(configs, with_spec(dates=[date(2026, 4, 1)])))


def test_a_seed_out_of_range_is_refused(configs: Path) -> None:
    with pytest.raises(ManifestError, match=r"spec\.seed: -1 is out of range"):
        load_session(manifest(configs), seed=-1)


@pytest.mark.parametrize(
    "name",
    [
        "registry.yaml",
        "indicators.yaml",
        "ensemble.yaml",
        "risk_budget.yaml",
        "pipeline.yaml",
        "tokens.csv",
        "charges/zerodha.yaml",
        "charges/ticks.yaml",
    ],
)
def test_a_missing_config_is_named(configs: Path, name: str) -> None:
    (configs / name).unlink()

    with pytest.raises(ManifestError, match=rf"{name}: \(file\): cannot be read"):
        load_session(manifest(configs))


def test_a_config_that_is_a_list_is_refused(configs: Path) -> None:
    (configs / "registry.yaml").write_text("- 1\n")

    with pytest.raises(ManifestError, match=r"registry\.yaml: \(top\): must hold a mapping"):
        load_session(manifest(configs))


@pytest.mark.parametrize(("name", "key"), [("registry", "strategies"), ("risk_budget", "profiles")])
def test_a_config_without_its_entries_is_refused(configs: Path, name: str, key: str) -> None:
    (configs / f"{name}.yaml").write_text("other: 1\n")

    with pytest.raises(ManifestError, match=rf"{name}\.yaml: {key}: must be a mapping by name"):
        load_session(manifest(configs))


def test_a_bad_pipeline_is_refused(configs: Path) -> None:
    (configs / "pipeline.yaml").write_text("stages: {}\n")

    with pytest.raises(ManifestError, match=r"pipeline\.yaml: topics: is missing; add it"):
        load_session(manifest(configs))


def test_a_rate_that_is_missing_is_found_before_the_session(configs: Path) -> None:
    path = configs / "charges" / "zerodha.yaml"
    document = yaml.safe_load(path.read_text())
    document["rows"] = [row for row in document["rows"] if row["component"] != "sebi"]
    path.write_text(yaml.safe_dump(document))

    with pytest.raises(ManifestError, match=r"sebi of equity_intraday at NSE: has no rate"):
        load_session(manifest(configs))


def test_configs_are_the_nearest_ancestor_of_that_name(configs: Path) -> None:
    assert find_configs(configs / "sessions" / "deep" / "x.yaml") == configs


def test_configs_may_be_in_the_present_folder(
    configs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert find_configs(Path("x.yaml")) == Path("configs")


def test_no_configs_anywhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ManifestError, match="run from the project's root"):
        find_configs(tmp_path / "x.yaml")


def test_configs_may_be_named(configs: Path, tmp_path: Path) -> None:
    path = shutil.move(manifest(configs), tmp_path / "elsewhere.yaml")

    assert load_session(Path(path), configs_dir=configs).base_dir == tmp_path


SESSIONS = sorted((SHIPPED / "sessions").glob("*.yaml"))


@pytest.mark.parametrize("path", SESSIONS, ids=[path.stem for path in SESSIONS])
def test_the_shipped_sessions_are_resolved(path: Path) -> None:
    context = load_session(path)

    assert context.name == path.stem.removesuffix("-go")
    assert len(context.spec.strategies) >= 5
    if context.spec.source.type == "replay":
        assert all((path.parent / file).is_file() for file in context.spec.source.files.values())
    else:
        assert len(context.instruments) >= 20


def test_every_recorded_bar_of_2019_lies_in_a_phase(configs: Path) -> None:
    path = SHIPPED / "sessions" / "replay-nse-2019.yaml"
    context = load_session(path, configs_dir=configs)
    names: dict[str, set[str]] = {}
    for symbol, file in context.spec.source.files.items():  # type: ignore[union-attr]
        clock = PhaseClock(context.phases_of(symbol))
        for line in (path.parent / file).read_text().splitlines()[1:]:
            start = datetime.fromisoformat(line.split(",")[0]).replace(tzinfo=IST)
            phase = clock.at(to_ns(start))
            assert phase is not None, line
            names.setdefault(phase.name, set()).add(f"{start:%H:%M}")

    assert names["closing_price"] == {"15:30"}
    assert names["post_close"] == {"15:40"}
    assert set(names) == {"continuous", "closing_price", "post_close"}
