"""A bare confluent-kafka loop: ticks in, 1-second bars out, and nothing else. The yardstick.

It keeps its open windows in memory, so that a crash loses them, and knows no late, doubled or wrong
ticks, no phases, no revisions. It reads and writes the same bytes as bar_builder_1s, checked
against the same types. With `--rules` it calls the pure step of bar_builder_1s instead, so that
what remains between it and the runner is the runner.

Tuned: `fetch.queue.backoff.ms` (its default, a second, lets the loop starve), `retry.backoff.ms`,
one poll and then whatever waits, no garbage collection.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from confluent_kafka import Consumer, Producer, TopicPartition

from tapeline.compute.bar_builder_1s.logic import State, step
from tapeline.compute.bar_builder_1s.settings import Settings
from tapeline.contracts.clock import SECOND_NS
from tapeline.contracts.messages import Bar, Heartbeat, Tick
from tapeline.runner.stage import BROADCAST, TIMER, Event
from tapeline.session.load import load_session

STARTED = "partitions assigned"
"""Said when reading begins: the benchmark's clock starts here."""

BATCH = 10_000
"""Messages of a transaction; the runner's are as large."""

GATHER_S = 0.01
"""Longest wait for a batch to fill: it is full long before, but for the last one."""

Send = Callable[[bytes, str], None]


class PlainBars:
    """One window for each symbol; the next window's first tick closes it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._windows: dict[str, list[Any]] = {}
        self._encode = msgspec.json.Encoder().encode

    def take(self, ticks: list[Tick | Heartbeat]) -> None:
        windows = self._windows
        for tick in ticks:
            if type(tick) is not Tick:
                continue
            symbol, event_ns, price_e4 = tick.symbol, tick.event_ns, tick.last_price_e4
            start_ns = event_ns // SECOND_NS * SECOND_NS
            window = windows.get(symbol)
            if window is not None and window[0] == start_ns:
                if price_e4 > window[2]:
                    window[2] = price_e4
                elif price_e4 < window[3]:
                    window[3] = price_e4
                window[4] = price_e4
                window[5] = tick.day_volume
                window[6] += 1
                window[8] = event_ns
                continue
            before = 0
            if window is not None:
                self._close(symbol, window, tick.at_ns)
                before = window[5]
            windows[symbol] = [
                start_ns, price_e4, price_e4, price_e4, price_e4,
                tick.day_volume, 1, event_ns, event_ns, before,
            ]  # fmt: skip

    def end(self) -> None:
        for symbol, window in self._windows.items():
            self._close(symbol, window, window[8])

    def _close(self, symbol: str, window: list[Any], at_ns: int) -> None:
        start_ns, opened, high, low, close, volume, count, first_ns, last_ns, before = window
        bar = Bar(
            at_ns=at_ns,
            symbol=symbol,
            tf="1s",
            start_ns=start_ns,
            end_ns=start_ns + SECOND_NS,
            phase="continuous",
            open_e4=opened,
            high_e4=high,
            low_e4=low,
            close_e4=close,
            volume=volume - before,
            n_ticks=count,
            cum_open=before,
            cum_close=volume,
            first_ns=first_ns,
            last_ns=last_ns,
            rev=0,
            final=True,
            partial=False,
            cause="WATERMARK",
        )
        self._send(self._encode(bar), symbol)


class RuleBars:
    """The pure step of bar_builder_1s: late ticks, corrections, duplicates, phases, bands."""

    def __init__(self, send: Send, manifest: Path) -> None:
        self._send = send
        self._settings = Settings.from_session(load_session(manifest))
        self._state = State(self._settings)
        self._encode = msgspec.json.Encoder().encode
        self._place = 0

    def take(self, ticks: list[Tick | Heartbeat]) -> None:
        state, settings = self._state, self._settings
        for tick in ticks:
            key = tick.symbol if type(tick) is Tick else BROADCAST
            self._place += 1
            event = Event(tick.at_ns, 4, key, self._place, "ticks", tick)
            for output in step(state, event, settings):
                self._send(self._encode(output.message), output.key)

    def end(self) -> None:
        event = Event(self._settings.end_ns, -1, "", 0, TIMER, None)
        for output in step(self._state, event, self._settings):
            self._send(self._encode(output.message), output.key)


def main() -> None:
    """Reads the topic to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--transactions", action="store_true")
    parser.add_argument("--rules", type=Path, help="manifest of the session, for the pure step")
    parser.add_argument("--batch", type=int, default=BATCH)
    options = parser.parse_args()
    gc.disable()
    producer = Producer(_producer(options))
    if options.transactions:
        producer.init_transactions(30)
    topic = f"{options.prefix}.bars.1s"

    def send(value: bytes, key: str) -> None:
        producer.produce(topic, value, key, 0)

    bars = RuleBars(send, options.rules) if options.rules else PlainBars(send)
    _loop(options, producer, bars)


def _producer(options: argparse.Namespace) -> dict[str, Any]:
    own = {"transactional.id": f"{options.prefix}.bare"} if options.transactions else {}
    return {
        "bootstrap.servers": options.kafka,
        "linger.ms": 5,
        "batch.size": 1_000_000,
        "queue.buffering.max.messages": 1_000_000,
        # Pause when the transaction before is still being ended; the default is 100 ms.
        "retry.backoff.ms": 2,
        **own,
    }


def _consumer(options: argparse.Namespace) -> Consumer:
    consumer = Consumer(
        {
            "bootstrap.servers": options.kafka,
            "group.id": f"{options.prefix}.bare",
            "isolation.level": "read_committed",
            "enable.auto.commit": not options.transactions,
            "fetch.queue.backoff.ms": 1,
        }
    )

    def on_assign(_consumer: Consumer, partitions: list[TopicPartition]) -> None:
        assert not consumer.assignment(), "the loop was sent back to its group: run it again"
        for partition in partitions:
            partition.offset = 0
        consumer.assign(partitions)
        print(STARTED, flush=True)

    consumer.subscribe([f"{options.prefix}.ticks"], on_assign=on_assign)
    return consumer


def _loop(options: argparse.Namespace, producer: Producer, bars: PlainBars | RuleBars) -> None:
    consumer = _consumer(options)
    decode = msgspec.json.Decoder(Tick | Heartbeat).decode
    ended = False
    while not ended:
        first = consumer.poll(0.1)
        if first is None:
            continue
        messages = [first, *consumer.consume(options.batch - 1, GATHER_S)]
        if options.transactions:
            producer.begin_transaction()
        values: list[Any] = [message.value() for message in messages]
        if values[-1] is None:
            ended = True
            values.pop()
        bars.take([decode(value) for value in values])
        if ended:
            bars.end()
        if options.transactions:
            positions = consumer.position(consumer.assignment())
            producer.send_offsets_to_transaction(positions, consumer.consumer_group_metadata())
            producer.commit_transaction()
        else:
            producer.poll(0)
    producer.flush()
    consumer.close()


if __name__ == "__main__":
    main()
