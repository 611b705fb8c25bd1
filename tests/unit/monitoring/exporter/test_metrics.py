"""The figures of a scrape, from the records of the order path."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from execution_builders import ACCOUNT, OPEN_NS, Driver, fill, live_order
from tapeline.contracts.clock import DAY_NS, MS_NS, SECOND_NS
from tapeline.contracts.errors import SettingsError
from tapeline.contracts.messages import (
    Allowed,
    Bar,
    Extra,
    Leg,
    Order,
    Recon,
    Signal,
    Sized,
)
from tapeline.monitoring.exporter import logic, names
from tapeline.monitoring.exporter.collector import ExporterCollector
from tapeline.monitoring.exporter.metrics import families
from tapeline.monitoring.exporter.settings import Settings
from tapeline.monitoring.exporter.state import entry_type

T0 = OPEN_NS + 60 * SECOND_NS
CAPITAL_E4 = 1_000_000_000


def exporter(cut: Any = ()) -> Driver:
    return Driver(logic, Settings(capital_e4=CAPITAL_E4), entry_type, cut)


def figures(driver: Driver) -> dict[str, float]:
    """Value by name, suffix and labels, as `name{a,b}`."""
    shown = {}
    for row in families(driver.state):
        labels = "{" + ",".join(row.labels.values()) + "}" if row.labels else ""
        shown[row.name.removeprefix("tapeline_") + row.suffix + labels] = row.value
    return shown


def intent(at_ns: int = T0, intent_id: str = "intent-A") -> Order:
    signal = Signal(
        strategy="sma_cross",
        version="1",
        tf="1m",
        symbol="INFY",
        bar_start_ns=0,
        bar_rev=0,
        indicators={},
        votes={},
        confidence_bp=10_000,
    )
    leg = Leg(
        symbol="INFY",
        side="BUY",
        weight_bp=10_000,
        qty=10,
        order_type="LIMIT",
        limit_price_e4=1_000_500,
        trigger_price_e4=None,
        reference_price_e4=1_000_000,
        stop_distance_e4=5_000,
        target_distance_e4=None,
    )
    return Order(
        at_ns=at_ns,
        intent_id=intent_id,
        strategy="sma_cross",
        bucket="default",
        action="ENTRY",
        product="MIS",
        legs=(leg,),
        expires_ns=None,
        leg_timeout_ms=None,
        extra=Extra(signal=signal),
    )


def sized(decision: Any = "APPROVED", reason: str = "OK") -> Sized:
    order = intent()
    return Sized(
        at_ns=T0,
        intent_id=order.intent_id,
        decision=decision,
        reason=reason,
        numbers={},
        order=order,
    )


def allowed(
    decision: Any = "APPROVED",
    reason: str = "OK",
    at_ns: int = T0,
    intent_id: str = "intent-A",
) -> Allowed:
    order = intent(at_ns, intent_id)
    return Allowed(
        at_ns=at_ns,
        intent_id=order.intent_id,
        decision=decision,
        reason=reason,
        numbers={},
        reserved_e4=0,
        order=order,
    )


def bar(at_ns: int, close_e4: int, symbol: str = "INFY", rev: int = 0) -> Bar:
    return Bar(
        at_ns=at_ns,
        symbol=symbol,
        tf="1m",
        start_ns=at_ns,
        end_ns=at_ns,
        phase="continuous",
        open_e4=close_e4,
        high_e4=close_e4,
        low_e4=close_e4,
        close_e4=close_e4,
        volume=1,
        n_ticks=1,
        cum_open=0,
        cum_close=1,
        first_ns=at_ns,
        last_ns=at_ns,
        rev=rev,
        final=True,
        partial=False,
        cause="WATERMARK",
    )


def recon(finding: Any, breaks: int) -> Recon:
    return Recon(
        at_ns=T0,
        account=ACCOUNT,
        run=0,
        finding=finding,
        symbol=None,
        order_id=None,
        expected=0,
        actual=0,
        breaks=breaks,
        detail="",
    )


def test_before_any_record_unlabelled_figures_are_shown() -> None:
    shown = figures(exporter())

    assert shown["equity_rupees"] == 100_000
    assert shown["drawdown_bp"] == 0
    assert shown["recon_runs"] == 0
    assert not any(key.startswith("decisions") for key in shown)


def test_decisions_are_counted_by_stage_and_reason() -> None:
    driver = exporter()
    driver.send("orders.sized", sized())
    driver.send("orders.sized", sized("REJECTED", "EDGE_BELOW_COST"))
    driver.send("orders.allowed", allowed())
    driver.send("orders.allowed", allowed("REJECTED", "SELF_CROSS"))
    driver.send("orders.allowed", allowed("REJECTED", "SELF_CROSS"))
    shown = figures(driver)

    assert shown["decisions{risk_manager,APPROVED,OK}"] == 1
    assert shown["decisions{risk_manager,REJECTED,EDGE_BELOW_COST}"] == 1
    assert shown["decisions{budget_guard,APPROVED,OK}"] == 1
    assert shown["decisions{budget_guard,REJECTED,SELF_CROSS}"] == 2


def test_orders_are_counted_in_their_present_state() -> None:
    driver = exporter()
    driver.send("live_orders", live_order(T0, "A"))
    driver.send("live_orders", live_order(T0, "B"))
    driver.send(
        "live_orders", live_order(T0, "A", n=1, prev_state="PENDING_SUBMIT", state="UNKNOWN")
    )
    first = figures(driver)
    driver.send("live_orders", live_order(T0, "A", n=2, prev_state="UNKNOWN", state="FILLED"))
    second = figures(driver)

    assert (first["open_orders"], first["unknown_orders"]) == (2, 1)
    assert (second["open_orders"], second["unknown_orders"]) == (1, 0)
    assert second["orders{FILLED}"] == 1
    assert second["orders{UNKNOWN}"] == 0


def test_profit_and_loss_follow_fills_and_bars() -> None:
    driver = exporter()
    driver.send("bars.1m", bar(T0, 1_000_000))
    driver.send("fills", fill(T0, trade_id="T1", qty=10, price_e4=1_000_000))
    driver.send("bars.1m", bar(T0 + SECOND_NS, 1_100_000))
    driver.send("bars.1m", bar(T0 + SECOND_NS, 1_100_000))
    high = figures(driver)
    driver.send("bars.1m", bar(T0 + 2 * SECOND_NS, 1_050_000))
    low = figures(driver)
    driver.send("fills", fill(T0 + 3 * SECOND_NS, trade_id="T2", side="SELL", price_e4=1_050_000))
    driver.send("bars.1m", bar(T0 + 4 * SECOND_NS, 900_000))
    flat = figures(driver)

    assert high["unrealised_pnl_rupees"] == 100
    assert high["equity_rupees"] == high["equity_peak_rupees"] == 100_099
    assert low["drawdown_bp"] == 4
    assert flat["realised_pnl_rupees"] == 50
    assert flat["unrealised_pnl_rupees"] == 0
    assert flat["charges_rupees"] == 2
    assert flat["equity_rupees"] == 100_048
    assert flat["drawdown_max_bp"] == 5
    assert flat["fills{sma_cross,BUY}"] == 1
    assert flat["filled_notional_rupees{sma_cross,SELL}"] == 1_050


def test_a_revision_of_an_earlier_bar_moves_no_price() -> None:
    driver = exporter()
    driver.send("fills", fill(T0, trade_id="T1", qty=10, price_e4=1_000_000))
    driver.send("bars.1m", bar(T0 + SECOND_NS, 1_100_000))
    driver.send("bars.1m", bar(T0, 500_000, rev=1))

    assert figures(driver)["unrealised_pnl_rupees"] == 100


def test_the_first_fill_of_an_intent_is_timed_once() -> None:
    driver = exporter()
    driver.send("orders.allowed", allowed())
    for n, at_ns in enumerate((T0 + 1_200 * MS_NS, T0 + 9_000 * MS_NS)):
        driver.send("fills", fill(at_ns, trade_id=f"T{n}"))
    shown = figures(driver)

    assert shown["intent_to_first_fill_seconds_count"] == 1
    assert shown["intent_to_first_fill_seconds_sum"] == 1.2
    assert shown["intent_to_first_fill_seconds_bucket{1.0}"] == 0
    assert shown["intent_to_first_fill_seconds_bucket{1.5}"] == 1
    assert shown["intent_to_first_fill_seconds_bucket{+Inf}"] == 1


def test_intents_that_never_fill_are_forgotten_with_their_day() -> None:
    driver = exporter()
    driver.send("orders.allowed", allowed())
    driver.send("orders.allowed", allowed(intent_id="intent-B"))
    driver.send("orders.allowed", allowed("REJECTED", "SELF_CROSS", intent_id="intent-C"))
    same_day = set(driver.state.intents)
    driver.send("orders.allowed", allowed(at_ns=T0 + DAY_NS, intent_id="intent-D"))

    assert same_day == {"intent-A", "intent-B"}
    assert set(driver.state.intents) == {"intent-D"}
    assert driver.state.entry("intent/intent-A") is None


def test_breaks_are_counted_by_kind_and_the_open_ones_shown() -> None:
    driver = exporter()
    driver.send("recon", recon("missed_fill", 1))
    driver.send("recon", recon("SUMMARY", 1))
    driver.send("recon", recon("SUMMARY", 0))
    shown = figures(driver)

    assert shown["recon_breaks{missed_fill}"] == 1
    assert shown["recon_open_breaks"] == 0
    assert shown["recon_runs"] == 2


def records() -> list[tuple[str, Any]]:
    return [
        ("orders.sized", sized()),
        ("orders.allowed", allowed()),
        ("live_orders", live_order(T0)),
        ("fills", fill(T0 + SECOND_NS)),
        ("bars.1m", bar(T0 + 2 * SECOND_NS, 1_100_000)),
        ("fills", fill(T0 + 3 * SECOND_NS, trade_id="T2", side="SELL", qty=4)),
        ("recon", recon("SUMMARY", 0)),
        ("live_orders", live_order(T0 + 4 * SECOND_NS, n=1, prev_state="PENDING_SUBMIT")),
    ]


@pytest.mark.parametrize("cut", range(len(records())))
def test_a_restart_anywhere_changes_nothing(cut: int) -> None:
    whole, restarted = exporter(), exporter({cut})
    for topic, message in records():
        whole.send(topic, message)
        restarted.send(topic, message)

    assert figures(restarted) == figures(whole)
    assert whole.messages() == []
    assert whole.state.timer_ns() is None


def test_prometheus_reads_every_family() -> None:
    driver = exporter()
    for topic, message in records():
        driver.send(topic, message)
    registry = CollectorRegistry()
    registry.register(ExporterCollector(lambda: driver.state, {"session": "test"}))
    text = generate_latest(registry).decode()

    assert 'tapeline_fills_total{session="test",side="BUY",strategy="sma_cross"} 1.0' in text
    assert 'tapeline_open_orders{session="test"} 1.0' in text
    assert 'tapeline_intent_to_first_fill_seconds_count{session="test"} 1.0' in text
    for metric in names.METRICS:
        if not metric.labels:
            assert f"# HELP tapeline_{metric.name}" in text


def test_before_the_first_commit_there_is_nothing_to_read() -> None:
    assert list(ExporterCollector(lambda: None).collect()) == []


def test_metric_names_are_unique() -> None:
    assert len({metric.name for metric in names.METRICS}) == len(names.METRICS)


def session(overrides: dict[str, int], profile: str = "default") -> Any:
    """The two parts of a session that the settings read."""
    return SimpleNamespace(
        spec=SimpleNamespace(risk=SimpleNamespace(profile=profile, overrides=overrides)),
        configs={"risk_budget": {"profiles": {"default": {"capital_e4": 5_000}}}},
    )


def test_the_capital_is_the_risk_profiles() -> None:
    assert Settings.from_session(session({})).capital_e4 == 5_000
    assert Settings.from_session(session({"capital_e4": 7_000})).capital_e4 == 7_000


def test_a_profile_without_capital_is_an_error_that_names_the_key() -> None:
    with pytest.raises(SettingsError, match=r"risk_budget.yaml: profiles.none.capital_e4"):
        Settings.from_session(session({}, profile="none"))
