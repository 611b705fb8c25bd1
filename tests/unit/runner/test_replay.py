"""The ndjson shell: lines in, lines out, and errors that name the line."""

from __future__ import annotations

import json
from pathlib import Path
from sys import path as sys_path
from typing import Any

import pytest

sys_path.insert(0, str(Path(__file__).parent))

import toy

from tapeline.contracts import codec
from tapeline.runner.replay import ReplayInputError, replay


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
    "no value": (b'{"topic":"control"}', r"line 3: Object missing required field `value`"),
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
