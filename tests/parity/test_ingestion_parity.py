"""The Go source plays what the Python source plays: whole sessions, byte for byte.

Where a session cannot be played, both say why in the same words.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

import ingestion_sessions as build
from tapeline.contracts import codec
from tapeline.contracts.clock import MINUTE_NS
from tapeline.contracts.exit_codes import REFUSED
from tapeline.ingestion import metrics
from tapeline.ingestion.app import source
from tapeline.ingestion.replay_bars import COLUMNS
from tapeline.ingestion.smoke_market import bell, seeded
from tapeline.ingestion.source import SourceError
from tapeline.session.compose import Lanes
from tapeline.session.context import SessionContext
from tapeline.session.load import load_session
from tapeline.session.plan import write_plan

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "go" / "ingestion" / "ws_bridge"
PROGRAMS = ROOT / "build" / "test" / "bin"
ALL_TIME_NS = 2**62
"""Exit code for settings or files that cannot be played."""

EVERYONE = (*build.LIQUID, build.ILLIQUID, build.INDEX)
NEAR_ZERO = build.instrument("PENNY", prev_close_e4=500, band_bp=9_000, adv_shares=10**10)
AT_THE_GRID = build.instrument("GRID", prev_close_e4=2_500_500, lot=25, adv_shares=3_000_000)


@pytest.fixture(scope="module")
def play() -> Path:
    """The program that prints what the Go source plays; Go's cache makes the build fast."""
    assert shutil.which("go"), "Go is missing: see `make doctor`"
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    # Processes of the tests may build at the same time: each writes its own file first.
    own = PROGRAMS / f"play.{os.getpid()}"
    subprocess.run(["go", "build", "-o", own, "./play"], cwd=PACKAGE, check=True)
    return own.rename(PROGRAMS / "play")


def by_python(context: SessionContext, until_ns: int) -> bytes:
    return b"".join(
        msgspec.json.encode({"topic": o.topic, "key": o.key, "value": o.message}) + b"\n"
        for o in source(context).slice(until_ns)
    )


def by_go(
    play: Path, folder: Path, context: SessionContext, until_ns: int
) -> subprocess.CompletedProcess[bytes]:
    lanes = Lanes(context.pipeline, context.spec.mode, context.name, 1, {})
    (folder / "plan.json").write_bytes(write_plan(context, lanes, "ingestion"))
    command = [play, "--plan", folder / "plan.json", "--until", str(until_ns)]
    return subprocess.run(command, capture_output=True, check=False)


def assert_same(
    play: Path, folder: Path, context: SessionContext, until_ns: int = ALL_TIME_NS
) -> int:
    """Number of records that both played.

    Raises:
        AssertionError: with the first line that differs.
    """
    found = by_go(play, folder, context, until_ns)
    assert (found.returncode, found.stderr) == (0, b"")
    expected = by_python(context, until_ns)
    if expected != found.stdout:
        ours, theirs = expected.splitlines(), found.stdout.splitlines()
        lines = enumerate(zip(ours, theirs, strict=False))
        place = next((n for n, (a, b) in lines if a != b), min(len(ours), len(theirs)))
        raise AssertionError((place, ours[place : place + 1], theirs[place : place + 1]))
    return expected.count(b"\n")


@pytest.mark.parametrize("seed", [42, 1, 2**63 - 1])
def test_the_short_session_is_the_same_with_any_seed(play, tmp_path, seed):
    context = load_session(Path("configs/sessions/paper-short.yaml"), seed=seed)
    assert assert_same(play, tmp_path, context) > 30_000


def test_the_first_hour_and_a_half_of_the_full_day_is_the_same(play, tmp_path):
    context = load_session(Path("configs/sessions/paper-smoke.yaml"))
    until_ns = context.start_ns + 90 * MINUTE_NS
    assert assert_same(play, tmp_path, context, until_ns) > 70_000


@pytest.mark.parametrize(
    ("source", "changes"),
    {
        "two days with a night, auctions and a close": (
            {},
            {"days": (build.DAY, build.NEXT_DAY)},
        ),
        "everything that can go wrong, often": (
            {"late_bp": 1000, "duplicate_bp": 1000, "gap_every_min": 1},
            {"seed": 3},
        ),
        "ticks as fast as a manifest allows": (
            {"ticks_per_s": 20.0},
            {"plan": build.HALF_HOUR, "seed": 0},
        ),
        "a phase that ends within a minute, and no gaps": (
            {"gap_every_min": 0},
            {"plan": dict.fromkeys(build.FULL_DAY, (("continuous", "10:00:07", "10:41:33"),))},
        ),
        "prices near zero and where the tick size changes": (
            {"ticks_per_s": 2.0},
            {"instruments": (NEAR_ZERO, AT_THE_GRID), "plan": build.ONE_HOUR},
        ),
        "drills, some of one time": (
            {},
            {
                "plan": build.HALF_HOUR,
                "drills": [
                    {"at": time(9, 20), "command": "KILL"},
                    {"at": time(9, 20), "command": "RESUME"},
                    {"at": time(9, 21), "command": "SET", "key": "a.b", "value": -(2**63)},
                    {"at": time(23), "command": "PAUSE"},
                ],
            },
        ),
    }.values(),
)
def test_smoke_sessions_of_other_kinds_are_the_same(play, tmp_path, source, changes):
    context = build.session({"type": "smoke", **source}, **{"instruments": EVERYONE} | changes)
    assert assert_same(play, tmp_path, context) > 1_000


def test_real_minute_bars_are_the_same(play, tmp_path):
    context = load_session(Path("configs/sessions/replay-nse-2019.yaml"))
    assert assert_same(play, tmp_path, context) > 180_000


def minutes(dice: random.Random) -> list[str]:
    """Lines of a file of good minute bars, most of them within QUARTER."""
    lines = [",".join(COLUMNS)]
    for minute in sorted(dice.sample(range(595, 620), dice.randint(1, 12))):
        prices = [dice.choice((dice.randint(1, 10**9), 10**13 - 10_001)) for _ in range(4)]
        bar = (prices[0], max(prices), min(prices), prices[1])
        cells = [f"{price // 10_000}.{price % 10_000:04}".rstrip(".0") or "0" for price in bar]
        start = f"{build.DAY}T{minute // 60:02}:{minute % 60:02}{dice.choice(('', ':00'))}"
        lines.append(",".join([start, *cells, str(dice.choice((0, 1, 2, 10**14 + 1)))]))
    return lines


CELLS = ["", " ", '"', '""', "'", "\r", "\n", "\r\n", ",", "0", "-1", "1e3", "é", "\x00", "\u2028"]
CELLS += ["9" * 16, "2026-11-20T10:00:00Z", "0000-01-01T10:00", "9999-01-01T10:00", "\\", '"\n"']


def spoilt(dice: random.Random, lines: list[str]) -> bytes:
    """A file of these lines in which something may be wrong."""
    text = dice.choice(("\n", "\r\n", "\r")).join(lines) + dice.choice(("", "\n"))
    if dice.random() < 0.05:
        # Python looks for such bytes before it looks at any row, so nothing else may be wrong.
        return text.encode() + b"\xff"
    for _ in range(dice.choice((0, 0, 1, 2))):
        place = dice.randrange(len(text) + 1)
        text = text[:place] + dice.choice(CELLS) + text[place + dice.randrange(3) :]
    if dice.random() < 0.2:
        text = re.sub(r"(?m)^[^,\n]*", lambda found: f'"{found[0]}"', text)
    return text.encode()


def refusal(context: SessionContext) -> str | None:
    """Why Python does not play a session; None when it does."""
    try:
        source(context)
    except SourceError as error:
        # Each language names bytes that are no UTF-8 in its own words.
        return re.sub(r"('utf-8' codec can't decode).*", "", str(error))
    return None


@pytest.mark.parametrize("seed", range(4))
def test_files_of_bars_are_played_or_refused_alike(play, tmp_path, seed):
    dice = random.Random(seed)
    refused = 0
    for _ in range(60):
        (tmp_path / "bars.csv").write_bytes(spoilt(dice, minutes(dice)))
        context = build.session(
            {"type": "replay", "format": "bars-1m", "files": {"AAA": "bars.csv"}},
            instruments=(build.instrument("AAA", dice.choice(("cash_fno", "index"))),),
            plan=build.QUARTER,
            base_dir=tmp_path,
            window=dice.choice(({}, {"from": time(9, 59), "to": time(10, 12, 30, 5)})),
        )
        why = refusal(context)
        if why is None:
            assert_same(play, tmp_path, context)
            continue
        refused += 1
        found = by_go(play, tmp_path, context, ALL_TIME_NS)
        said = found.stderr.decode().replace("a line has bytes that are none", "")
        assert (found.returncode, said) == (REFUSED, why + "\n")
    assert 10 < refused < 55


@pytest.mark.parametrize(
    ("form", "files"),
    {
        "symbols without a file": ("bars-1m", {}),
        "files without a symbol": ("bars-1m", {"INFY": "a", "TCS": "b", "O'K": "c", '"\n': "d"}),
        "a file of bars that is not there": ("bars-1m", {"INFY": "./x/../a.csv"}),
        "a folder": ("bars-1m", {"INFY": "."}),
        "a recording that is not there": ("ticks", {"ticks": "a.ndjson"}),
        "two recordings": ("ticks", {"ticks": "a", "more": "b"}),
    }.values(),
)
def test_files_that_cannot_be_played_are_refused_in_the_same_words(play, tmp_path, form, files):
    context = build.session(
        {"type": "replay", "format": form, "files": files},
        instruments=(build.instrument("INFY"),),
        base_dir=tmp_path,
    )
    found = by_go(play, tmp_path, context, ALL_TIME_NS)
    assert (found.returncode, found.stderr.decode()) == (REFUSED, f"{refusal(context)}\n")


def lines_of(context: SessionContext, *, beats: bool) -> list[bytes]:
    """A recording of the topic ticks."""
    return [
        codec.encode(each.message)
        for each in source(context).slice(ALL_TIME_NS)
        if each.topic == "ticks" and (beats or each.key)
    ]


def damaged(dice: random.Random, lines: list[bytes]) -> Iterator[bytes]:
    """The lines, some of them cut, changed, moved or repeated."""
    for line in lines:
        roll = dice.random()
        if roll < 0.01:
            yield line[: dice.randrange(len(line))]
        elif roll < 0.02:
            place = dice.randrange(len(line))
            yield line[:place] + dice.randbytes(2) + line[place + dice.randrange(3) :]
        elif roll < 0.03:
            yield dice.choice(lines)
        elif roll < 0.04:
            yield dice.choice((b"", b" \t", b"\v\f", b"\r", b'{"a":' + b" " * 70_000 + b"1}"))
        elif roll < 0.05:
            yield line.replace(dice.choice((b"INFY", b"HDFC")), dice.choice((b"X", b"\xff", b"")))
        yield line + dice.choice((b"", b"", b"\r"))


@pytest.mark.parametrize(("seed", "beats"), [(1, True), (2, False), (3, True), (4, False)])
def test_recorded_ticks_are_played_alike_however_damaged(play, tmp_path, seed, beats):
    dice = random.Random(seed)
    smoke = build.session({"type": "smoke", "gap_every_min": 5}, plan=build.QUARTER, seed=seed)
    recording = b"\n".join(damaged(dice, lines_of(smoke, beats=beats)))
    (tmp_path / "ticks.ndjson").write_bytes(recording)
    context = build.session(
        {"type": "replay", "format": "ticks", "files": {"ticks": "ticks.ndjson"}},
        plan=build.QUARTER,
        base_dir=tmp_path,
        drills=[{"at": time(10, 5), "command": "KILL"}],
    )
    assert assert_same(play, tmp_path, context) > 2_000


def draws(dice: random.Random) -> dict[str, Any]:
    """Draws of each kind that the smoke source makes, and one far away."""
    return {
        "words": [dice.getrandbits(32) for _ in range(5)],
        "floats": [dice.random().hex() for _ in range(5)],
        "bits7": [dice.getrandbits(7) for _ in range(5)],
        "between": [dice.randint(5, 20) for _ in range(10)],
        "bell": [bell(dice).hex() for _ in range(3)],
        "far": [dice.getrandbits(32) for _ in range(1300)][-1],
    }


def test_the_golden_draws_of_the_go_tests_are_those_of_python():
    golden = json.loads((PACKAGE / "testdata" / "random.json").read_text())
    for case in golden["numbers"]:
        assert case == {"number": case["number"], **draws(random.Random(int(case["number"], 16)))}
    for case in golden["names"]:
        dice = seeded(case["seed"], *case["names"])
        assert case == {"seed": case["seed"], "names": case["names"], **draws(dice)}
    assert (len(golden["numbers"]), len(golden["names"])) == (7, 3)


def test_metrics_have_the_same_names_in_both_languages():
    text = (PACKAGE / "metrics.go").read_text()
    names = {name.removesuffix("_total") for name in re.findall(r'= "(tapeline_\w+)"', text)}
    assert names == {
        metrics.DEPTH,
        metrics.HIGH_WATER,
        metrics.PUT,
        metrics.DROPPED,
        metrics.AGE,
        metrics.LAG,
    }
