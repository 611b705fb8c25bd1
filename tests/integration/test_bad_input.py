"""Bad ticks through the whole flow: every line ends in exactly one place, with its bytes."""

from __future__ import annotations

import base64
import csv
import json
from collections import Counter
from datetime import date, time
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
import yaml

import builders
from tapeline.contracts import codec
from tapeline.contracts.clock import MINUTE_NS, MS_NS, SECOND_NS, ist_ns
from tapeline.contracts.messages import Bar, Dead, Fill, Tick
from tapeline.monitoring.store.logic import TABLES, rows
from tapeline.runner.memory import MemoryLog
from tapeline.runner.postgres import PostgresDatabase
from tapeline.runner.sink import SinkRunner
from tapeline.runner.wiring import Input, Wiring
from tapeline.session.load import load_session
from tapeline.session.run import RunOptions, run_session
from tapeline.session.summary import RunSummary

DAY = date(2026, 11, 20)
START_NS = ist_ns(DAY, time(9, 15))
END_NS = ist_ns(DAY, time(9, 45))
PREV_CLOSE_E4 = {"HDFCBANK": 9_854_000, "INFY": 15_383_000}
ABSENT = "TCS"
EVERY_S = 2


def price_e4(symbol: str, second: int) -> int:
    """Falls for eleven minutes, then rises: the averages cross while entries are allowed."""
    moved = -second if second < 660 else second - 1_320
    return PREV_CLOSE_E4.get(symbol, 30_000_000) // 500 * 500 + moved * 500


def tick(second: float, symbol: str = "INFY", **changes: Any) -> Tick:
    """A good tick, received 40 ms after its exchange time, with a volume that grows."""
    at_ns = START_NS + int(second * SECOND_NS)
    whole = int(second)
    price = price_e4(symbol, whole)
    fields: dict[str, Any] = {
        "at_ns": at_ns + 40 * MS_NS,
        "symbol": symbol,
        "seq": abs(whole),
        "event_ns": at_ns,
        "last_price_e4": price,
        "last_qty": 5,
        "day_volume": 1_000 + 10 * whole,
        "trade": True,
        "bids": (price - 500, 5_000),
        "asks": (price + 500, 5_000),
    }
    return Tick(**(fields | changes))


def edited(second: float, **fields: Any) -> bytes:
    """A tick with fields that its type would not hold."""
    return json.dumps(json.loads(codec.encode(tick(second))) | fields).encode()


LAST_S = int((END_NS - START_NS) / SECOND_NS)

BAD_LINES: dict[str, tuple[float, bytes | Tick, str, str]] = {
    # what: (session second at which it is received, the line, reason, stage that refuses it)
    "malformed JSON": (11, b'{"kind":"tick","at_ns":', "SCHEMA", "ingestion"),
    "bytes that are no UTF-8": (13, b'{"kind":"tick","symbol":"\xff\xfe"}', "SCHEMA", "ingestion"),
    "a line of 100 KB": (15, edited(15, note="x" * 100_000), "OVERSIZED", "ingestion"),
    "a price that is text": (17, edited(17, last_price_e4="154"), "SCHEMA", "ingestion"),
    "no time": (19, edited(19, at_ns=None), "SCHEMA", "ingestion"),
    "a list": (21, b"[1, 2]", "SCHEMA", "ingestion"),
    "a price below zero": (23, edited(23, last_price_e4=-15_383_000), "SCHEMA", "ingestion"),
    "a price of zero": (25, edited(25, last_price_e4=0), "SCHEMA", "ingestion"),
    "NaN": (27, edited(27, last_price_e4=float("nan")), "SCHEMA", "ingestion"),
    "a price 100 times too high": (
        901,
        tick(901, last_price_e4=100 * price_e4("INFY", 901)),
        "PRICE_OUT_OF_BAND",
        "bar_builder_1s",
    ),
    "a price 100 times too low": (
        903,
        tick(903, last_price_e4=price_e4("INFY", 903) // 100),
        "PRICE_OUT_OF_BAND",
        "bar_builder_1s",
    ),
    "a symbol of nobody": (33, tick(33, ABSENT), "UNKNOWN_SYMBOL", "ingestion"),
    "a tick that came twice": (36.5, tick(36), "DUPLICATE_TICK", "bar_builder_1s"),
    "a tick from the far future": (
        39,
        tick(39, event_ns=START_NS + 3_000 * SECOND_NS),
        "TICK_FROM_FUTURE",
        "bar_builder_1s",
    ),
    "a tick of before the open": (
        41,
        tick(41, event_ns=START_NS - MINUTE_NS),
        "TICK_OUTSIDE_SESSION",
        "bar_builder_1s",
    ),
    "a share without volume": (
        43,
        tick(43, day_volume=None),
        "TICK_WITHOUT_VOLUME",
        "bar_builder_1s",
    ),
    "received before the session": (45, tick(-90), "TICK_OUTSIDE_SESSION", "ingestion"),
    "received a year later": (
        47,
        tick(47, at_ns=START_NS + 365 * 86_400 * SECOND_NS),
        "TICK_OUTSIDE_SESSION",
        "ingestion",
    ),
    "a receipt that goes back": (49, tick(12), "SCHEMA", "ingestion"),
}
LATE = {
    "a tick of seven minutes ago": (620, tick(201, at_ns=START_NS + 620_500 * MS_NS)),
    "a tick of a quarter of an hour ago": (1_200, tick(301, at_ns=START_NS + 1_200_500 * MS_NS)),
}
CORRECTION = (70, tick(61, at_ns=START_NS + 70_500 * MS_NS))
"""A tick that is nine seconds late: it joins the bar of its second, as a revision."""
DEPTH_ONLY = (72, tick(72, trade=False))


class Line(NamedTuple):
    second: float
    line: bytes


def recording() -> list[bytes]:
    """Good ticks of both symbols for half an hour, with everything above in its place."""
    found = [
        Line(second, codec.encode(tick(second, symbol)))
        for second in range(0, LAST_S, EVERY_S)
        for symbol in PREV_CLOSE_E4
    ]
    odd: list[tuple[float, bytes | Tick]] = [bad[:2] for bad in BAD_LINES.values()]
    odd += [*LATE.values(), CORRECTION, DEPTH_ONLY]
    found += [Line(s, x if isinstance(x, bytes) else codec.encode(x)) for s, x in odd]
    return [each.line for each in sorted(found, key=lambda each: each.second)]


MANIFEST: dict[str, Any] = {
    "apiVersion": "tapeline.dev/v1alpha1",
    "kind": "TradingSession",
    "metadata": {"name": "bad-input"},
    "spec": {
        "mode": "paper",
        "dates": [DAY],
        "window": {"from": "09:15", "to": "09:45"},
        "symbols": sorted(PREV_CLOSE_E4),
        "source": {"type": "replay", "format": "ticks", "files": {"ticks": "ticks.ndjson"}},
        "strategies": ["sma_cross"],
        "risk": {"overrides": {"hours.no_entry_before_close_s": 60}},
    },
}


class Ran(NamedTuple):
    folder: Path
    summary: RunSummary

    def messages(self, topic: str) -> list[Any]:
        path = self.folder / "topics" / f"{topic}.ndjson"
        lines = path.read_bytes().splitlines() if path.is_file() else []
        return [codec.decode(topic, line) for line in lines]

    def bars(self) -> list[Bar]:
        """The last revision of each 1s bar."""
        found: dict[tuple[str, int], Bar] = {}
        for message in self.messages("bars.1s"):
            if isinstance(message, Bar):
                found[message.symbol, message.start_ns] = message
        return list(found.values())


def play(folder: Path, lines: list[bytes], **options: Any) -> Ran:
    (folder / "ticks.ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
    (folder / "bad-input.yaml").write_text(yaml.safe_dump(MANIFEST))
    context = load_session(folder / "bad-input.yaml", configs_dir=Path("configs"))
    out = folder / "out"
    return Ran(out, run_session(context, RunOptions(out, **{"database": False, **options})))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return play(tmp_path_factory.mktemp("bad-input"), recording())


@pytest.mark.parametrize(("received", "line", "reason", "stage"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_a_dead_letter_with_its_reason_and_its_very_bytes(
    ran: Ran, received: float, line: bytes | Tick, reason: str, stage: str
) -> None:
    payload = base64.b64encode(line if isinstance(line, bytes) else codec.encode(line)).decode()
    letters: list[Dead] = [d for d in ran.messages("ticks.dead") if d.payload_b64 == payload]

    assert [(d.topic, d.reason, d.stage) for d in letters] == [("ticks", reason, stage)]
    (letter,) = letters
    assert letter.detail
    behind_ns = START_NS + int(received * SECOND_NS) - letter.at_ns
    assert -SECOND_NS <= behind_ns <= EVERY_S * SECOND_NS


def test_nothing_else_is_dead(ran: Ran) -> None:
    files = sorted(path.stem for path in (ran.folder / "topics").glob("*.dead.ndjson"))

    assert files == ["ticks.dead"]
    assert ran.summary.dead == Counter(reason for _, _, reason, _ in BAD_LINES.values())


def test_very_late_ticks_are_kept_apart(ran: Ran) -> None:
    late = ran.messages("ticks.late")

    assert [m.event_ns for m in late] == [line.event_ns for _, line in LATE.values()]
    assert [m.last_price_e4 for m in late] == [line.last_price_e4 for _, line in LATE.values()]


def test_a_tick_that_is_a_little_late_corrects_its_bar(ran: Ran) -> None:
    _, line = CORRECTION
    (bar,) = [b for b in ran.bars() if (b.symbol, b.start_ns) == ("INFY", line.event_ns)]

    assert (bar.n_ticks, bar.close_e4, bar.cause) == (1, line.last_price_e4, "LATE_TICK")


def test_every_line_ends_in_exactly_one_place(ran: Ran) -> None:
    in_bars = sum(bar.n_ticks for bar in ran.bars())
    dead = len(ran.messages("ticks.dead"))
    late = len(ran.messages("ticks.late"))
    depth_only = sum(not m.trade for m in ran.messages("ticks") if isinstance(m, Tick))

    assert (dead, late, depth_only) == (len(BAD_LINES), len(LATE), 1)
    assert in_bars + dead + late + depth_only == len(recording())


def test_the_session_trades_on_and_never_at_an_absurd_price(ran: Ran) -> None:
    fills: list[Fill] = ran.messages("fills")

    assert ran.summary.fills == len(fills) > 0
    for fill in fills:
        close_e4 = PREV_CLOSE_E4[fill.symbol]
        assert close_e4 * 8 < fill.price_e4 * 10 < close_e4 * 12
    assert ran.summary.recon_breaks == 0
    assert ran.summary.open_positions == {}


def test_good_lines_alone_give_the_same_fills(ran: Ran, tmp_path: Path) -> None:
    bad = {
        codec.encode(x) if isinstance(x, Tick) else x
        for name, (_, x, _, _) in BAD_LINES.items()
        if name != "a tick that came twice"
    }
    good = [line for line in recording() if line not in bad]

    assert play(tmp_path, good).summary.fills_digest == ran.summary.fills_digest


@pytest.mark.postgres
def test_the_same_with_a_database(ran: Ran, tmp_path: Path, postgres_folder: Path) -> None:
    stored = play(tmp_path, recording(), database=True, data_dir=postgres_folder)

    assert stored.summary.fills_digest == ran.summary.fills_digest
    assert (stored.summary.bar_differences, stored.summary.position_differences) == (0, 0)
    with (stored.folder / "tables" / "bars_1s.csv").open() as file:
        kept: Counter[str] = Counter()
        for row in csv.DictReader(file):
            kept[row["symbol"]] += int(row["n_ticks"])
    issued: Counter[str] = Counter()
    for bar in ran.bars():
        issued[bar.symbol] += bar.n_ticks
    assert kept == issued


@pytest.mark.postgres
def test_text_that_postgres_cannot_hold_does_not_stop_the_store(database: str) -> None:
    wiring = Wiring("s", "store", 0, (Input("live_orders", 0, (0,), feedback=False),), {})
    log, target = MemoryLog({}), PostgresDatabase(database, TABLES)
    transaction = log.transaction("test", log.register("test"))
    for n, reason in enumerate(["a\0b", "c\\u0000d", "e\\\0f\n\t"]):
        event = builders.live_order(n=n, reason=reason, hash=str(n) * 64)
        transaction.produce("live_orders", 0, "A1", codec.encode(event))
    transaction.commit()
    sink = SinkRunner(wiring, log, target, lambda m, n: rows(m, "A1", n))
    sink.flush()
    sink.close()
    target.close()

    with psycopg.connect(database) as connection:
        query = b"SELECT reason, payload->>'reason' FROM order_events ORDER BY n"
        found = connection.execute(query).fetchall()
    assert found == [(text, text) for text in ("a\ufffdb", "c\\u0000d", "e\\\ufffdf\n\t")]
