"""The bar stages in Python and Go: the cases, and a short form of `make parity`."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from parity import cases, markets, shells, shrink, streams
from parity.compare import Comparison, compare
from parity.seeds import run_seed
from parity.shells import NOTHING_FIRES_NS, Answer, Split

SEED = 90_000
"""Far from those of `make parity`, which begins at 1."""
LINES = 2_500
SEEDS = 4

CASES = cases.read()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_languages_give_what_a_case_says(case: cases.Case) -> None:
    assert case.agrees(shells.python(case.plan, case.lines).whole), "Python"
    assert case.agrees(shells.go(case.plan, case.lines)), "Go"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_python_goes_on_from_its_state_at_every_line_of_a_case(case: cases.Case) -> None:
    for cut in case.cuts():
        first = shells.python(case.plan, case.lines[:cut], until_ns=NOTHING_FIRES_NS).whole
        second = shells.python(case.plan, case.lines[cut:], state=first.state).whole
        assert (first.out + second.out, second.state) == (case.out, case.state), cut


def test_every_stage_has_cases() -> None:
    assert {case.plan["stage"] for case in CASES} == set(markets.STAGES)


@pytest.mark.parametrize("seed", range(SEED, SEED + SEEDS))
def test_random_streams_give_the_same_bytes_in_both_languages(seed: int) -> None:
    done = run_seed(seed, LINES)
    assert done.difference is None, f"seed {seed}: {done.difference[1]}"
    assert done.bytes > 0
    assert min(done.events.values()) >= LINES


def test_a_stream_is_the_same_whenever_it_is_made() -> None:
    assert streams.tick_stream(SEED, 300) == streams.tick_stream(SEED, 300)
    assert streams.bar_stream(SEED, 300) == streams.bar_stream(SEED, 300)


def test_the_streams_reach_every_outcome() -> None:
    """So that a change of the generator cannot make the comparison an easy one."""
    found: set[Any] = set()
    for seed in range(SEED, SEED + 12):
        ticks, empty = streams.tick_stream(seed, LINES)
        for stream in (
            ticks,
            streams.built_stream(empty, ticks, seed),
            streams.bar_stream(seed, LINES),
        ):
            for text in shells.python(stream.plan, stream.lines).whole.out.splitlines():
                record = msgspec.json.decode(text)
                value = record["value"]
                found.add((record["topic"], value.get("reason") or value.get("cause")))
    causes = ("WATERMARK", "LATE_TICK", "FEED_END")
    reasons = (
        *("UNKNOWN_SYMBOL", "TICK_OUTSIDE_SESSION", "TICK_FROM_FUTURE", "TICK_WITHOUT_VOLUME"),
        *("PRICE_OUT_OF_BAND", "DUPLICATE_TICK", "SCHEMA", "OVERSIZED"),
    )
    of_bars = ("UNKNOWN_SYMBOL", "BAR_OUTSIDE_SESSION", "STALE_REVISION", "BAR_TOO_LATE", "SCHEMA")
    assert found >= {
        *(("ticks.dead", reason) for reason in reasons),
        *(("bars.1s.dead", reason) for reason in of_bars),
        *((f"bars.{tf}", cause) for tf in ("1s", "1m", "3m", "5m", "15m") for cause in causes),
        ("ticks.late", None),
    }


def _differs_from(line: bytes) -> Any:
    """A Go stage with a bug: it forgets what came of one line."""
    go = shells.go

    def wrong(plan: dict[str, Any], lines: list[bytes], **options: Any) -> Answer:
        return go(plan, [text for text in lines if text != line], **options)

    return wrong


def test_a_difference_is_found_and_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, _ = streams.tick_stream(SEED + 1, 400)
    dice = random.Random(1)
    lines = [text for text in stream.lines if b'"trade":true' in text and b'"key":"' in text]
    culprit = dice.choice(lines)
    monkeypatch.setattr(shells, "go", _differs_from(culprit))

    found = compare(stream.plan, stream.lines, stream.cut)
    assert found.finding is not None
    small = shrink.shrink(stream.plan, stream.lines, stream.cut)
    assert small.lines == [culprit]


def test_a_difference_after_the_change_of_language_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A Go stage that loses the feed's entry when it takes over."""
    go = shells.go

    def forgetful(plan: dict[str, Any], lines: list[bytes], **options: Any) -> Answer:
        state = options.pop("state", b"")
        kept = [text for text in state.splitlines(keepends=True) if b'"key":"feed"' not in text]
        return go(plan, lines, state=b"".join(kept), **options)

    monkeypatch.setattr(shells, "go", forgetful)
    case = next(case for case in CASES if case.name == "bar_builder_1s/feed")
    found = compare(case.plan, case.lines, 20).finding
    assert found is not None
    assert found.what.startswith("Go from Python's state: ")


def test_a_program_that_fails_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[0]
    wrong = case.plan | {"settings": case.plan["settings"] | {"end_ns": None}}
    python = shells.python(case.plan, case.lines)
    answers: list[Split] = [python]
    monkeypatch.setattr(shells, "python", lambda *_args, **_options: answers[0])

    found: Comparison = compare(wrong, case.lines, 0)
    assert found.finding is not None
    assert b"settings.end_ns: must not be null" in shells.go(wrong, case.lines).log
