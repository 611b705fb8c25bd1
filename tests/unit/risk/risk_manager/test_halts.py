"""Control commands, and halts that losses command."""

from datetime import date

from builders_risk import (
    DAY,
    RUPEE,
    Shell,
    bar,
    control,
    decide,
    event,
    hold,
    leg,
    limits,
    messages,
    ns,
    order,
    risk_shell,
)
from tapeline.contracts import messages as m

NEXT = date(2026, 11, 23)


def halt(made: Shell, close: int) -> list[tuple[str, str]]:
    found = messages(made.send(event("bars.1s", bar(close=close))))
    assert all(c.by == "risk_manager" for c in found)
    return [(c.command, c.reason) for c in found]


def test_a_drawdown_reduces_once_and_a_deeper_one_kills() -> None:
    made = risk_shell(limits(loss__max_day_e4=10**12, loss__hard_day_e4=10**12))
    hold(made, 1_000)
    assert halt(made, 971) == []
    assert halt(made, 969) == [("REDUCE", "DRAWDOWN_HALT")]
    assert decide(made, order(leg("BBB"))).reason == "REDUCING"
    assert halt(made, 968) == []
    assert halt(made, 949) == [("KILL", "DRAWDOWN_HALT")]
    assert halt(made, 999) == []
    assert decide(made, order(leg("BBB"))).reason == "HALTED"


def test_the_days_loss_halts_and_the_next_day_starts_anew() -> None:
    made = risk_shell(
        limits(loss__max_drawdown_bp=9_000, loss__hard_drawdown_bp=9_000), days=(DAY, NEXT)
    )
    hold(made, 1_000)
    monday = ns("09:16", NEXT)
    made.send(event("bars.1s", bar(close=981)))
    made.send(event("bars.1s", bar(close=962, at_ns=monday), monday))
    assert made.state.limits.trading == "ACTIVE"
    (reduce,) = messages(made.send(event("bars.1s", bar(close=960, at_ns=monday), monday)))
    assert (reduce.command, reduce.reason) == ("REDUCE", "DAY_LOSS_HALT")
    (kill,) = messages(made.send(event("bars.1s", bar(close=945, at_ns=monday), monday)))
    assert (kill.command, kill.reason) == ("KILL", "DAY_LOSS_HALT")


def test_resume_accepts_the_loss_and_measures_from_there() -> None:
    made = risk_shell(limits(loss__max_day_e4=10**12, loss__hard_day_e4=10**12))
    hold(made, 1_000)
    halt(made, 960)
    made.send(event("control", control("RESUME")))
    assert made.state.account.peak_e4 == made.state.equity_e4()
    assert halt(made, 950) == []
    assert halt(made, 930) == [("REDUCE", "DRAWDOWN_HALT")]


def test_resume_without_a_halt_keeps_the_peak() -> None:
    made = risk_shell()
    hold(made, 100)
    halt(made, 1_010)
    peak_e4 = made.state.account.peak_e4
    halt(made, 1_005)
    made.send(event("control", control("PAUSE")), event("control", control("RESUME")))
    assert made.state.account.peak_e4 == peak_e4
    assert made.state.limits.trading == "ACTIVE"


def own_halt(made: Shell) -> m.Control:
    """A halt of the risk manager itself, that has not come back yet."""
    hold(made, 1_000)
    (written,) = messages(made.send(event("bars.1s", bar(close=975))))
    assert written.command == "REDUCE"
    found: m.Control = written
    return found


def test_the_echo_of_an_own_halt_does_not_undo_a_resume() -> None:
    made = risk_shell()
    echo = own_halt(made)
    made.send(event("control", control("RESUME")))
    made.restart()
    made.send(event("control", echo))
    assert made.state.limits.trading == "ACTIVE"
    assert made.state.limits.echoes == ()


def test_a_person_who_gives_the_risk_managers_name_is_obeyed() -> None:
    made = risk_shell()
    echo = own_halt(made)
    made.send(event("control", control("RESUME")))
    forged = control("KILL", by="risk_manager", reason=echo.reason, at_ns=echo.at_ns)
    made.send(event("control", forged))
    assert made.state.limits.trading == "HALTED"
    made.send(event("control", control("RESUME", by="risk_manager")))
    assert made.state.limits.trading == "ACTIVE"
    made.send(event("control", echo), event("control", echo))
    assert made.state.limits.trading == "REDUCING"


def test_control_sets_a_limit_and_survives_a_restart() -> None:
    made = risk_shell()
    command = control("SET", key="sizing.max_symbol_qty", value=3)
    made.send(event("control", command))
    made.restart()
    assert decide(made, order()).order.legs[0].qty == 3


def test_control_that_cannot_be_obeyed_is_counted_and_changes_nothing() -> None:
    made = risk_shell()
    for key, value in (("nope", 1), ("price.max_age_s", -1), ("capital_e4", 5)):
        made.send(event("control", control("SET", key=key, value=value)))
    found = made.state.limits
    assert (found.control_rejections, found.overrides) == (3, {})
    assert found.last_rejection is not None
    assert "capital_e4: is fixed" in found.last_rejection
    assert made.state.budget == limits()


def test_the_peak_survives_a_restart() -> None:
    made = risk_shell()
    hold(made, 1_000)
    halt(made, 1_020)
    made.restart()
    assert made.state.account.peak_e4 == limits().capital_e4 + 20_000 * RUPEE
    assert halt(made, 988) == [("REDUCE", "DRAWDOWN_HALT")]
