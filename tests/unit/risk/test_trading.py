"""The trading state under every command."""

import pytest

from tapeline.risk.trading import commanded

CASES = {
    "pause stops entries": ("ACTIVE", "PAUSE", "PAUSED"),
    "reduce is stricter than pause": ("PAUSED", "REDUCE", "REDUCING"),
    "pause does not loosen a reduction": ("REDUCING", "PAUSE", "REDUCING"),
    "kill is the strictest": ("REDUCING", "KILL", "HALTED"),
    "reduce does not loosen a kill": ("HALTED", "REDUCE", "HALTED"),
    "resume lifts all": ("HALTED", "RESUME", "ACTIVE"),
    "set changes nothing": ("PAUSED", "SET", "PAUSED"),
}


@pytest.mark.parametrize("case", CASES)
def test_command(case: str) -> None:
    before, command, after = CASES[case]
    assert commanded(before, command) == after  # type: ignore[arg-type]
