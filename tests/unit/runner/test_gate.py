"""The gate at which a successor waits for its predecessor's end."""

from __future__ import annotations

from pathlib import Path

from tapeline.runner.gate import wait_at, waiting_file


def test_it_says_that_it_waits_and_goes_on_when_the_gate_opens(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    looks: list[bool] = []

    def keep_on() -> bool:
        looks.append(waiting_file(gate, 3).exists())
        if len(looks) == 2:
            gate.touch()
        return True

    assert wait_at(gate, 3, keep_on)
    assert looks == [True, True]


def test_an_open_gate_holds_nobody_back(tmp_path: Path) -> None:
    """A process that is started again finds the gate that its first life went through."""
    gate = tmp_path / "gate"
    gate.touch()

    assert wait_at(gate, 0, lambda: False)


def test_it_gives_up_when_asked_to_stop(tmp_path: Path) -> None:
    assert not wait_at(tmp_path / "gate", 0, lambda: False)


def test_each_replica_has_a_sign_of_its_own(tmp_path: Path) -> None:
    gate = tmp_path / "gate"

    assert waiting_file(gate, 0) != waiting_file(gate, 1)
    assert waiting_file(gate, 0).parent == tmp_path
