"""State of the paper gateway: quotes, orders at the exchange, commands on their way, positions."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from tapeline.contracts.clock import MINUTE_NS, MS_NS
from tapeline.contracts.messages import Tick
from tapeline.contracts.states.gateway_paper import (
    PaperCommand,
    PaperCounters,
    PaperOrder,
    PaperPosition,
    PaperQuote,
)
from tapeline.execution.gateway_paper.matcher import Taken, same_snapshot
from tapeline.execution.gateway_paper.settings import Settings
from tapeline.market.phases import PhaseClock

WORKING = ("OPEN", "TRIGGER_PENDING")
"""Statuses in which an order may still trade."""

FAR_NS = 2**63 - 1
"""No timer is wanted."""

COUNTERS = "counters"


class State:
    """What the gateway knows; see schemas/state/gateway_paper.schema.json for its entries.

    `due_ns` is 0 when it must be computed anew, else the time of the next timer or FAR_NS. The
    entry of a quote has the symbol as its key: the hot path marks it without building a string.
    """

    def __init__(self, settings: Settings) -> None:
        self.dirty: set[str] = set()
        self.due_ns = 0
        self.ticks: dict[str, Tick] = {}
        self.taken: dict[str, Taken] = {}
        self.orders: dict[str, PaperOrder] = {}
        self.working: dict[str, list[str]] = {}
        """Ids of open orders by symbol, in price-time order of arrival; no empty lists."""
        self.commands: dict[tuple[int, str, int, str], PaperCommand] = {}
        self.queue: list[tuple[int, str, int, str]] = []
        """Heap of the keys of `commands`."""
        self.positions: dict[str, PaperPosition] = {}
        self.counters = PaperCounters(epoch=0, stale_commands=0, purged_ns=0, final_stated=False)
        self.symbols = frozenset(settings.instruments)
        self.ahead_ns_max = settings.clock_ahead_ms_max * MS_NS
        self.clocks = {name: PhaseClock(phases) for name, phases in settings.phases.items()}
        self._day_starts_ns = settings.day_starts_ns
        self._final_statement_ns = settings.final_statement_ns

    def entry(self, key: str) -> msgspec.Struct | None:
        """Present content of an entry, None when it does not exist."""
        kind, slash, name = key.partition("/")
        if key == COUNTERS:
            return self.counters
        if not slash:
            return self._quote(key)
        if kind == "order":
            return self.orders.get(name)
        if kind == "position":
            return self.positions.get(name)
        order_id, n, action = name.split("/")
        for command in self.commands.values():
            if (command.order_id, command.n, command.action) == (order_id, int(n), action):
                return command
        return None

    def load(self, key: str, entry: Any) -> None:
        """Restores one entry."""
        self.due_ns = 0
        if isinstance(entry, PaperCounters):
            self.counters = entry
        elif isinstance(entry, PaperQuote):
            self._load_quote(key, entry)
        elif isinstance(entry, PaperOrder):
            self.put_order(entry)
        elif isinstance(entry, PaperPosition):
            self.positions[entry.symbol] = entry
        else:
            assert isinstance(entry, PaperCommand), entry
            self.send(entry)
        self.dirty.discard(key)

    def keys(self) -> Iterator[str]:
        """Keys of all entries."""
        yield COUNTERS
        yield from self.ticks
        yield from (f"order/{order_id}" for order_id in self.orders)
        yield from (_command_key(command) for command in self.commands.values())
        yield from (f"position/{symbol}" for symbol in self.positions)

    def timer_ns(self) -> int | None:
        """When the next command arrives, order expires or statement is due."""
        if self.due_ns == 0:
            self.reschedule()
        return None if self.due_ns == FAR_NS else self.due_ns

    def reschedule(self) -> None:
        """Finds the next due time."""
        due = self.queue[0][0] if self.queue else FAR_NS
        for ids in self.working.values():
            for order_id in ids:
                expires_ns = self.orders[order_id].expires_ns
                assert expires_ns is not None, order_id
                due = min(due, expires_ns)
        for start_ns in self._day_starts_ns:
            if start_ns > self.counters.purged_ns:
                due = min(due, start_ns)
                break
        self.due_ns = min(due, self.statement_ns())

    def statement_ns(self) -> int:
        """When positions are next stated, FAR_NS when nothing is to be said."""
        changed = [p.changed_ns for p in self.positions.values() if p.changed_ns is not None]
        due = (min(changed) // MINUTE_NS + 1) * MINUTE_NS if changed else FAR_NS
        return due if self.counters.final_stated else min(due, self._final_statement_ns)

    def remember(self, tick: Tick, now_ns: int) -> Tick | None:
        """Keeps a tick as its symbol's last; returns the one before (at first the tick itself),
        None when it was not kept."""
        symbol = tick.symbol
        before = self.ticks.get(symbol)
        if before is None:
            if symbol not in self.symbols:
                return None
        elif tick.event_ns < before.event_ns:
            return None
        if tick.event_ns > now_ns + self.ahead_ns_max:
            return None
        self.ticks[symbol] = tick
        self.dirty.add(symbol)
        return before or tick

    def put_order(self, order: PaperOrder) -> None:
        """Keeps an order, and its place among the open ones of its symbol."""
        self.orders[order.order_id] = order
        self.dirty.add(f"order/{order.order_id}")
        ids = [i for i in self.working.pop(order.symbol, []) if i != order.order_id]
        if order.status in WORKING:
            bisect.insort(ids, order.order_id, key=self._place)
        if ids:
            self.working[order.symbol] = ids

    def drop_order(self, order_id: str) -> None:
        """Forgets a finished order."""
        order = self.orders.pop(order_id)
        assert order.status not in WORKING, order
        self.dirty.add(f"order/{order_id}")

    def send(self, command: PaperCommand) -> None:
        """Puts a command on its way."""
        key = (command.due_ns, command.order_id, command.n, command.action)
        assert key not in self.commands, key
        self.commands[key] = command
        heapq.heappush(self.queue, key)
        self.dirty.add(_command_key(command))

    def arrived(self, until_ns: int) -> PaperCommand | None:
        """Takes the next command that is due, None when none is."""
        if not self.queue or self.queue[0][0] > until_ns:
            return None
        command = self.commands.pop(heapq.heappop(self.queue))
        self.dirty.add(_command_key(command))
        return command

    def count(self, **changes: Any) -> None:
        """Changes counters."""
        self.counters = replace(self.counters, **changes)
        self.dirty.add(COUNTERS)

    def put_position(self, position: PaperPosition) -> None:
        """Keeps a position."""
        self.positions[position.symbol] = position
        self.dirty.add(f"position/{position.symbol}")

    def taken_of(self, tick: Tick) -> Taken:
        """What own orders have taken of a snapshot; the caller may change it."""
        taken = self.taken.get(tick.symbol)
        if taken is None or not same_snapshot(taken.tick, tick):
            taken = self.taken[tick.symbol] = Taken(tick)
        return taken

    def _place(self, order_id: str) -> tuple[int, str]:
        order = self.orders[order_id]
        assert order.accepted_ns is not None, order
        return order.accepted_ns, order_id

    def _quote(self, symbol: str) -> PaperQuote | None:
        tick = self.ticks.get(symbol)
        if tick is None:
            return None
        taken = self.taken.get(symbol)
        if taken is not None and not same_snapshot(taken.tick, tick):
            taken = None
        return PaperQuote(
            symbol=symbol,
            at_ns=tick.at_ns,
            seq=tick.seq,
            event_ns=tick.event_ns,
            last_price_e4=tick.last_price_e4,
            last_qty=tick.last_qty,
            day_volume=tick.day_volume,
            trade=tick.trade,
            bids=tick.bids,
            asks=tick.asks,
            taken_bids=tuple(taken.bids) if taken else (),
            taken_asks=tuple(taken.asks) if taken else (),
            taken_print=taken.printed if taken else 0,
        )

    def _load_quote(self, symbol: str, quote: PaperQuote) -> None:
        tick = Tick(
            at_ns=quote.at_ns,
            symbol=symbol,
            seq=quote.seq,
            event_ns=quote.event_ns,
            last_price_e4=quote.last_price_e4,
            last_qty=quote.last_qty,
            day_volume=quote.day_volume,
            trade=quote.trade,
            bids=quote.bids,
            asks=quote.asks,
        )
        self.ticks[symbol] = tick
        taken = Taken(tick)
        if quote.taken_bids or quote.taken_asks or quote.taken_print:
            taken.bids[:] = quote.taken_bids
            taken.asks[:] = quote.taken_asks
            taken.printed = quote.taken_print
        self.taken[symbol] = taken


def _command_key(command: PaperCommand) -> str:
    return f"command/{command.order_id}/{command.n}/{command.action}"


def entry_type(key: str) -> type[msgspec.Struct]:
    """Type of the entry with a key."""
    kinds: dict[str, type[msgspec.Struct]] = {
        "order": PaperOrder,
        "command": PaperCommand,
        "position": PaperPosition,
    }
    kind, slash, _ = key.partition("/")
    if key == COUNTERS:
        return PaperCounters
    return kinds[kind] if slash else PaperQuote
