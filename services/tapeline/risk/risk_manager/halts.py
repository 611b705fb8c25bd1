"""Trading state: what control commands, and what losses command by themselves."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec.structs import replace

from tapeline.contracts.clock import ist_day
from tapeline.contracts.errors import SettingsError
from tapeline.contracts.messages import Control
from tapeline.contracts.money import BP
from tapeline.contracts.reasons import Reason
from tapeline.contracts.states.risk_manager import Account, Echo
from tapeline.risk.limits import Loss, with_control
from tapeline.risk.risk_manager.settings import STAGE, Settings
from tapeline.risk.risk_manager.state import State
from tapeline.risk.trading import commanded
from tapeline.runner.stage import Output

Halt = Literal["NONE", "SOFT", "HARD"]
ORDER: tuple[Halt, ...] = ("NONE", "SOFT", "HARD")
COMMAND: dict[Halt, Literal["REDUCE", "KILL"]] = {"SOFT": "REDUCE", "HARD": "KILL"}


ECHOES_MAX = 16
"""Own halts remembered at most: a halt comes back after a second, and after one of each kind only
RESUME makes room for another."""


class Breach(NamedTuple):
    """The strictest loss limit that is broken."""

    halt: Halt
    reason: Reason


def breach(account: Account, equity_e4: int, loss: Loss) -> Breach:
    """Strictest loss limit that an equity breaks; drawdown is named before the day's loss."""
    below_peak = (account.peak_e4 - equity_e4) * BP
    day_loss_e4 = account.day_start_e4 - equity_e4
    rules = (
        ("HARD", Reason.DRAWDOWN_HALT, below_peak > account.peak_e4 * loss.hard_drawdown_bp),
        ("HARD", Reason.DAY_LOSS_HALT, day_loss_e4 > loss.hard_day_e4),
        ("SOFT", Reason.DRAWDOWN_HALT, below_peak > account.peak_e4 * loss.max_drawdown_bp),
        ("SOFT", Reason.DAY_LOSS_HALT, day_loss_e4 > loss.max_day_e4),
    )
    for halt, reason, broken in rules:
        if broken:
            return Breach(halt, reason)  # type: ignore[arg-type]
    return Breach("NONE", Reason.OK)


def watch_losses(state: State, now_ns: int, settings: Settings) -> list[Output]:
    """Raises the peak, or halts: to be called whenever the equity has changed."""
    account, equity_e4 = state.account, state.equity_e4()
    if equity_e4 > account.peak_e4:
        state.put("account", replace(account, peak_e4=equity_e4))
        return []
    found = breach(account, equity_e4, state.budget.loss)
    if ORDER.index(found.halt) <= ORDER.index(account.halt):
        return []
    command = COMMAND[found.halt]
    state.put("account", replace(account, halt=found.halt))
    control = Control(
        at_ns=now_ns + settings.latency_ns,
        command=command,
        by=STAGE,
        reason=found.reason.value,
        key=None,
        value=None,
    )
    limits = state.limits
    echo = Echo(at_ns=control.at_ns, command=command, reason=control.reason)
    trading = commanded(limits.trading, command)
    echoes = (*limits.echoes, echo)[-ECHOES_MAX:]
    state.put("limits", replace(limits, trading=trading, echoes=echoes))
    return [Output("control", settings.account, control)]


def start_day(state: State, now_ns: int) -> None:
    """Measures the day's loss from now on, when `now_ns` lies in a new Indian calendar day."""
    day = ist_day(now_ns)
    account = state.account
    if day != account.day:
        state.put("account", replace(account, day=day, day_start_e4=state.equity_e4()))


def obey(state: State, control: Control) -> None:
    """Takes a control command; a SET that cannot be obeyed is counted and changes nothing."""
    limits = state.limits
    echoes = [e for e in limits.echoes if not _is_echo(e, control)]
    if len(echoes) < len(limits.echoes):
        # Decided here a second ago; RESUME may have come since.
        state.put("limits", replace(limits, echoes=tuple(echoes)))
        return
    if control.command == "SET":
        _set(state, control)
        return
    state.put("limits", replace(limits, trading=commanded(limits.trading, control.command)))
    account = state.account
    if control.command == "RESUME" and account.halt != "NONE":
        equity_e4 = state.equity_e4()
        fresh = replace(account, halt="NONE", peak_e4=equity_e4, day_start_e4=equity_e4)
        state.put("account", fresh)


def _is_echo(echo: Echo, control: Control) -> bool:
    """True for the very record that was written here. Its name alone would let anybody who gives
    that name be ignored."""
    written = (STAGE, echo.at_ns, echo.command, echo.reason)
    return written == (control.by, control.at_ns, control.command, control.reason)


def _set(state: State, control: Control) -> None:
    limits = state.limits
    try:
        budget, overrides = with_control(
            state.initial, limits.overrides, control.key, control.value
        )
    except SettingsError as error:
        refused = replace(
            limits,
            control_rejections=limits.control_rejections + 1,
            last_rejection=str(error)[:400],
        )
        state.put("limits", refused)
        return
    state.budget = budget
    state.put("limits", replace(limits, overrides=overrides))
