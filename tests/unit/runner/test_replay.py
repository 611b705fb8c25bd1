"""The ndjson shell: lines in, lines out, and errors that name the line."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from sys import path as sys_path
from typing import Any

import pytest

sys_path.insert(0, str(Path(__file__).parent))

import toy

from tapeline.contracts import codec
from tapeline.runner.replay import Replay, ReplayInputError, replay
from tapeline.runner.snapshot import StateVersionError


def line(time_ns: int, number: int = 1, **changes: Any) -> bytes:
    message = json.loads(codec.encode(toy.control(time_ns, number)))
    return json.dumps({"topic": "control", "key": "A", "value": message, **changes}).encode()


def outputs(lines: list[bytes], until_ns: int = 10_000) -> list[dict[str, Any]]:
    return [json.loads(text) for text in replay(toy.app(), lines, until_ns)]


def times(found: list[dict[str, Any]]) -> list[int]:
    return [each["value"]["at_ns"] for each in found]


def test_a_stage_answers_lines_with_lines() -> None:
    found = outputs([line(10), line(20, 2)])

    assert [(o["topic"], o["key"], o["value"]["detail"]) for o in found] == [
        ("recon", "A", "control"),
        ("recon", "A", "control"),
        ("recon", "A", "alarm"),
    ]
    assert times(found) == [10, 20, 120]


def test_timers_fire_up_to_the_given_time() -> None:
    assert times(outputs([line(10)], until_ns=110)) == [10, 110]
    assert times(outputs([line(10)], until_ns=109)) == [10]


def test_a_line_may_say_when_the_stage_takes_it() -> None:
    assert times(outputs([line(10, at_ns=500)], until_ns=0)) == [500]


def test_blank_lines_and_a_missing_key_are_fine() -> None:
    text = json.loads(line(10))
    del text["key"]

    found = outputs([b"", b" \n", json.dumps(text).encode() + b"\n"], until_ns=0)
    assert [each["key"] for each in found] == [""]


def test_the_same_lines_give_the_same_bytes() -> None:
    lines = [line(n * 10, n) for n in range(50)]

    assert list(replay(toy.app(), lines, 900)) == list(replay(toy.app(), iter(lines), 900))


BAD = {
    "no JSON": (b"{oops", r"line 3: .*malformed|line 3: .*invalid"),
    "not UTF-8": (b'{"topic":"\xff"}', r"line 3: "),
    "no topic": (b'{"value":{}}', r"line 3: Object missing required field `topic`"),
    "no value": (b'{"topic":"control"}', r"line 3: exactly one of value and value_b64"),
    "a value twice": (line(10, value_b64="e30="), r"line 3: exactly one of value and value_b64"),
    "no base64": (b'{"topic":"control","value_b64":"e3"}', r"line 3: Incorrect padding"),
    "an unknown topic": (
        line(10, topic="orderz"),
        r"line 3: 'orderz' is no topic of configs/pipeline\.yaml",
    ),
    "a record of another topic": (line(10, topic="fills"), r"line 3: SCHEMA: .*missing"),
    "a wrong type": (line(10, value={"at_ns": "now"}), r"line 3: SCHEMA: .*Expected `int`"),
    "an oversized record": (
        line(10, value={"reason": "x" * 70_000}),
        r"line 3: OVERSIZED: \d+ bytes, at most 65536",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named(text: bytes, message: str) -> None:
    with pytest.raises(ReplayInputError, match=message):
        outputs([line(10), b"", text])


def test_what_came_before_a_bad_line_has_been_answered() -> None:
    found = replay(toy.app(), [line(10), b"junk"], 10_000)

    assert json.loads(next(found))["value"]["at_ns"] == 10
    with pytest.raises(ReplayInputError, match="line 2"):
        next(found)


def in_log(value: bytes, **more: Any) -> bytes:
    """A line with the bytes of a record as they stand in the log."""
    encoded = base64.b64encode(value).decode()
    return json.dumps({"topic": "control", "key": "A", "value_b64": encoded, **more}).encode()


def test_bytes_of_the_log_are_taken_like_a_value() -> None:
    value = codec.encode(toy.control(10, 1))

    assert list(replay(toy.app(), [in_log(value)], 500)) == list(replay(toy.app(), [line(10)], 500))


def test_bytes_that_are_no_record_make_the_dead_letter_of_the_runner() -> None:
    lines = [in_log(b"junk"), line(10), in_log(b"{\xff", offset=77), in_log(b"x" * 70_000, at_ns=5)]
    found = [o for o in outputs(lines, until_ns=0) if o["topic"] == "control.dead"]

    assert {o["key"] for o in found} == {""}
    assert [(o["value"]["at_ns"], o["value"]["offset"]) for o in found] == [
        (0, 0),
        (10, 77),
        (5, 3),
    ]
    assert [o["value"]["reason"] for o in found] == ["SCHEMA", "SCHEMA", "OVERSIZED"]
    first = found[0]["value"]
    assert first["detail"] == "these bytes are no record of control"
    assert (first["stage"], first["partition"]) == ("adder", 0)
    assert base64.b64decode(first["payload_b64"]) == b"junk"


@pytest.mark.parametrize("cut", [0, 1, 7, 12])
def test_a_state_goes_on_where_it_was_written(cut: int) -> None:
    lines = [line(n * 10, n, key=f"K{n % 3}") for n in range(12)]
    whole = Replay(toy.app())
    expected = list(whole.run(lines, 900))

    first = Replay(toy.app())
    before = list(first.run(lines[:cut], -1))
    entries = list(first.entries())
    second = Replay(toy.app(), reversed(entries))
    after = list(second.run(lines[cut:], 900))

    assert before + after == expected
    assert list(second.entries()) == list(whole.entries())
    assert second.state_hash() == whole.state_hash()
    assert [json.loads(entry)["key"] for entry in entries] == sorted(
        json.loads(entry)["key"] for entry in entries
    )


@pytest.mark.parametrize("every", [1, 5, 100])
def test_the_log_of_a_state_holds_what_changed_and_restores_it(every: int) -> None:
    log: list[bytes] = []
    first = Replay(toy.app(), log=log.append, every=every)
    list(first.run([line(n * 10, n, key=f"K{n % 3}") for n in range(12)], 900))

    assert Replay(toy.app(), log).state_hash() == first.state_hash()
    assert len(log) == {1: 12 + 3, 5: 6 + 3, 100: 3}[every]


def test_an_entry_that_is_gone_is_null_in_the_log() -> None:
    class Forgetful(toy.Adder):
        def entry(self, key: str) -> toy.Total | None:
            return None

    app = replace(toy.app(), new_state=Forgetful)
    log: list[bytes] = []
    list(Replay(app, log=log.append).run([line(10)], 0))

    assert json.loads(log[0]) == {"stage": "adder", "key": "A", "version": 1, "entry": None}
    kept = b'{"stage":"adder","key":"A","version":1,"entry":{"total":1,"alarm_ns":null}}'
    assert list(Replay(toy.app(), [kept]).entries()) == [kept]
    assert list(Replay(toy.app(), [kept, b" ", log[0]]).entries()) == []


BAD_ENTRIES = {
    "no JSON": (b"oops", ReplayInputError, "line 1: state: "),
    "no key": (b'{"stage":"adder"}', ReplayInputError, "line 1: state: .*`key`"),
    "of another stage": (
        b'{"stage":"oms","key":"A","version":1,"entry":{}}',
        ReplayInputError,
        "line 1: state: of stage oms, not adder",
    ),
    "of newer code": (
        b'{"stage":"adder","key":"A","version":2,"entry":{}}',
        StateVersionError,
        "version 2, this code reads up to 1",
    ),
}


@pytest.mark.parametrize(("text", "kind", "message"), BAD_ENTRIES.values(), ids=BAD_ENTRIES)
def test_a_state_that_cannot_be_used_is_refused(
    text: bytes, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        Replay(toy.app(), [text])
