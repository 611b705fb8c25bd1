"""Recorded ticks: every line is played or becomes a dead letter with its bytes."""

from __future__ import annotations

import base64
from datetime import time

import pytest

import ingestion_sessions as build
from tapeline.contracts import codec
from tapeline.contracts.clock import SECOND_NS, ist_ns
from tapeline.contracts.messages import Dead, Heartbeat, Tick
from tapeline.ingestion.app import source
from tapeline.ingestion.source import SourceError

ALL_TIME_NS = 2**62
SHARE = build.instrument("INFY")
TEN_NS = ist_ns(build.DAY, time(10))


def tick(after_s=1, symbol="INFY", **changes):
    at_ns = TEN_NS + after_s * SECOND_NS
    fields = {
        "at_ns": at_ns,
        "symbol": symbol,
        "seq": 0,
        "event_ns": at_ns - 50_000_000,
        "last_price_e4": 14_800_000,
        "last_qty": 1,
        "day_volume": 1,
        "trade": True,
        "bids": (),
        "asks": (),
    }
    return Tick(**(fields | changes))


def play(tmp_path, *lines):
    body = b"".join(
        (line if isinstance(line, bytes) else codec.encode(line)) + b"\n" for line in lines
    )
    (tmp_path / "ticks.ndjson").write_bytes(body)
    return source(
        build.session(
            {"type": "replay", "format": "ticks", "files": {"ticks": "ticks.ndjson"}},
            instruments=(SHARE,),
            plan=build.ONE_HOUR,
            base_dir=tmp_path,
        )
    ).slice(ALL_TIME_NS)


def test_ticks_are_played_as_they_were_with_heartbeats_added(tmp_path):
    recorded = [tick(1), tick(1, event_ns=TEN_NS), tick(90)]
    found = play(tmp_path, *recorded)

    assert build.ticks_of(found) == recorded
    beats = [each.message for each in found if isinstance(each.message, Heartbeat)]
    assert [beat.at_ns for beat in beats] == [TEN_NS + s * SECOND_NS for s in range(3606)]
    assert [type(each.message) for each in found[1:4]] == [Heartbeat, Tick, Tick]


def test_a_recording_that_begins_with_a_heartbeat_brings_its_own(tmp_path):
    recorded = [
        Heartbeat(at_ns=TEN_NS, complete_ns=TEN_NS, feed="live"),
        tick(1),
        Heartbeat(at_ns=TEN_NS + SECOND_NS, complete_ns=TEN_NS + SECOND_NS, feed="stale"),
    ]
    found = play(tmp_path, b"junk", *recorded)
    assert [each.message for each in found[1:]] == recorded
    assert [each.key for each in found[1:]] == ["", "INFY", ""]


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    {
        "not JSON": (b"{oops", "SCHEMA", "ticks.ndjson:2: "),
        "not UTF-8": (b'{"kind":"\xff"}', "SCHEMA", "ticks.ndjson:2: "),
        "NaN": (b'{"kind":"tick","at_ns":NaN}', "SCHEMA", "ticks.ndjson:2: "),
        "a negative price": (
            codec.encode(tick(2)).replace(b"14800000", b"-1"),
            "SCHEMA",
            "ticks.ndjson:2: these bytes are no record of ticks",
        ),
        "an oversized line": (b" " * 70_000 + b"x", "OVERSIZED", "at most"),
        "a symbol of nobody": (tick(2, "TCS"), "UNKNOWN_SYMBOL", "TCS is not in spec.symbols"),
        "before the session": (tick(-5), "TICK_OUTSIDE_SESSION", "outside the session's time"),
        "after the session": (tick(9_999), "TICK_OUTSIDE_SESSION", "outside the session's time"),
        "time that goes back": (tick(0), "SCHEMA", "at_ns goes back"),
    }.values(),
)
def test_a_bad_line_is_a_dead_letter_with_its_bytes(tmp_path, line, reason, detail):
    found = play(tmp_path, tick(1), line, tick(3))

    dead = [each for each in found if isinstance(each.message, Dead)]
    assert len(dead) == 1
    letter = dead[0].message
    assert (dead[0].topic, dead[0].key) == ("ticks.dead", "ticks.ndjson")
    assert (letter.reason, letter.offset, letter.stage) == (reason, 2, "ingestion")
    assert letter.at_ns == TEN_NS + SECOND_NS
    assert detail in letter.detail
    payload = line if isinstance(line, bytes) else codec.encode(line)
    assert base64.b64decode(letter.payload_b64) == payload
    assert build.ticks_of(found) == [tick(1), tick(3)]


def test_an_empty_recording_plays_heartbeats_only(tmp_path):
    assert {type(each.message) for each in play(tmp_path, b"", b"  ")} == {Heartbeat}


@pytest.mark.parametrize(
    ("files", "complaint"),
    [({"INFY": "a"}, "takes one entry, `ticks: FILE`"), ({"ticks": "a"}, "cannot be read")],
)
def test_the_recording_must_be_there(tmp_path, files, complaint):
    replay = {"type": "replay", "format": "ticks", "files": files}
    with pytest.raises(SourceError) as error:
        source(build.session(replay, instruments=(SHARE,), base_dir=tmp_path))
    assert complaint in str(error.value)
