"""Runs one replica of a stage: the numbered commit steps of docs/delivery.md.

    1 poll, 2 decode (bad bytes to <topic>.dead), 3 logic, 4 produce, 5 state, 6 offsets into the
    transaction, 7 commit

A crash after any of them loses nothing and doubles nothing: until step 7 nothing is visible, and
the next owner starts from the last commit. Where the order of the inputs can be had again (virtual
time, or one input) the state is saved now and then, and a restart replays silently from there;
otherwise (several inputs in real time) what changed is saved with every commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from tapeline.contracts import codec
from tapeline.runner import pace as paces
from tapeline.runner.dead_letters import dead_event
from tapeline.runner.decode import decode_into
from tapeline.runner.log import END_OF_TIME_NS, Committed, Log, Record, Transaction
from tapeline.runner.merge import Buffer, Order
from tapeline.runner.pace import Pace
from tapeline.runner.progress import Progress, Stats
from tapeline.runner.publish import Discarded, publish
from tapeline.runner.snapshot import (
    MARK,
    SNAPSHOT_KEY,
    StateError,
    entry_bytes,
    load_entries,
    origin,
    position_bytes,
    position_of,
    state_hash,
)
from tapeline.runner.stage import TIMER, Event, Output, StageApp
from tapeline.runner.wiring import Wiring

TIMERS_IN_A_ROW_MAX = 100_000
"""A stage that asks for this many timers without an event between them is stuck: a bug."""


AfterStep = Callable[[int], None]


@dataclass
class _Work:
    """What the next commit will hold."""

    transaction: Transaction
    since_s: float
    horizon_ns: int = -1
    taken: int = 0
    """Events."""
    good: int = 0
    """Of them, those that were records of their topic."""
    outputs: int = 0


class StageRunner:
    """One replica of a stage.

    Args:
        app: the stage.
        wiring: its inputs and outputs.
        log: the log that joins the stages.
        merge: the order in which it takes its inputs.
        after_step: called after each numbered step; the fault simulator crashes there.
        pace: how much it does at a time; None = as in memory.
    """

    def __init__(
        self,
        app: StageApp,
        wiring: Wiring,
        log: Log,
        merge: Order,
        after_step: AfterStep | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.app = app
        self.wiring = wiring
        self.stats = Stats()
        self.horizon_ns = -1
        self.state: Any = app.new_state()
        self._log = log
        self._merge = merge
        self._pace = pace or paces.MEMORY_PACE
        self._after = after_step or (lambda _step: None)
        self._epoch = log.register(wiring.group)
        self._snapshots = merge.replays or len(merge.buffers) == 1
        self._snapshot: Committed | None = None
        self._since_snapshot = 0
        self._unsaved: set[str] = set()
        self._clocked = not merge.replays
        """Real time: the clock alone can make a timer due."""
        self._bad = 0
        self._restless = True
        """Whether there may be something to do although no input has changed."""
        self._now_ns = -1
        self._work: _Work | None = None
        """Handled and not committed: events that caused nothing, in real time."""
        self._recover()

    @property
    def name(self) -> str:
        return self.app.name

    def cycle(self) -> Progress:
        """Runs the seven steps once."""
        if not (self._log.news(self.wiring.group) or self._restless or self._clocked):
            return Progress.NONE
        started_s = perf_counter()
        fetched, events, horizon_ns = self._take()
        if not events and not self._is_due(horizon_ns):
            self._restless = fetched > 0
            return self._rest(horizon_ns, Progress.WORK if fetched else Progress.NONE)
        self._restless = True
        if self._work is None:
            transaction = self._log.transaction(self.wiring.group, self._epoch)
            self._work = _Work(transaction, started_s)
        work = self._work
        self._handle(events, horizon_ns, work)
        # What else waits joins the commit, a portion at a time.
        portion = self._pace.portion
        while max(fetched, len(events)) >= portion and work.taken < self._pace.events_max:
            fetched, events, horizon_ns = self._take()
            self._handle(events, horizon_ns, work)
        if not self._may_wait(work):
            self._commit(work)
        self.stats.busy_s += perf_counter() - started_s
        return Progress.WORK

    def _take(self) -> tuple[int, list[Event], int]:
        """Steps 1 and 2. Returns the most records that came of one partition, events, and where
        time is behind them."""
        fetched = self._poll()
        self._after(1)
        self._decode(fetched)
        self._after(2)
        most = max((len(records) for _, records in fetched), default=0)
        return most, *self._merge.take(self._pace.portion)

    def _is_due(self, horizon_ns: int) -> bool:
        due = self.state.timer_ns()
        return due is not None and due <= horizon_ns and horizon_ns > self.horizon_ns

    def _handle(self, events: list[Event], horizon_ns: int, work: _Work) -> None:
        """Steps 3 and 4."""
        work.taken += len(events)
        work.horizon_ns = horizon_ns
        if self._bad:
            events = self._bury(events, work)
        work.good += len(events)
        outputs = self._logic(events, horizon_ns)
        work.outputs += len(outputs)
        self._after(3)
        self._journal(events, work.transaction)
        publish(outputs, self.wiring, work.transaction, self.stats.outputs)
        self._after(4)

    def _may_wait(self, work: _Work) -> bool:
        return (
            self._clocked
            and not work.outputs
            and work.taken < self._pace.events_max
            and perf_counter() - work.since_s < self._pace.patience_s
        )

    def _commit(self, work: _Work) -> None:
        """Steps 5 to 7."""
        self._work = None
        transaction = work.transaction
        self._advance(work.horizon_ns, transaction)
        self._save_state(work.taken, work.horizon_ns, transaction)
        self._after(5)
        transaction.save(self.wiring.group, self._position(work.horizon_ns), self._snapshot)
        self._after(6)
        transaction.commit()
        self._after(7)
        self.horizon_ns = self.stats.horizon_ns = work.horizon_ns
        self.stats.events += work.good
        self.stats.commits += 1

    def _rest(self, horizon_ns: int, progress: Progress) -> Progress:
        """Nothing to handle: only the watermarks move. Offsets and state stay as committed."""
        if self._work is not None:
            if not self._may_wait(self._work):
                self._commit(self._work)
            return progress
        if horizon_ns <= self.horizon_ns:
            return progress
        transaction = self._log.transaction(self.wiring.group, self._epoch)
        self._advance(horizon_ns, transaction)
        transaction.commit()
        self.horizon_ns = self.stats.horizon_ns = horizon_ns
        return max(progress, Progress.TIME)

    def flush(self) -> None:
        """Commits what waits for other events."""
        if self._work is not None:
            self._commit(self._work)

    def snapshot(self) -> None:
        """Saves the state at the last commit, so that the next owner has nothing to replay."""
        self.flush()
        if not self._snapshots or self.horizon_ns < 0:
            return
        transaction = self._log.transaction(self.wiring.group, self._epoch)
        self._since_snapshot = self._pace.snapshot_events
        self._save_state(0, self.horizon_ns, transaction)
        transaction.save(self.wiring.group, self._position(self.horizon_ns), self._snapshot)
        transaction.commit()

    def close(self) -> None:
        """Holds nothing but memory."""

    def next_ns(self) -> int | None:
        """Time of the earliest event or timer that waits; None when there is none."""
        times = (self._merge.head_ns(), self.state.timer_ns())
        return min((t for t in times if t is not None), default=None)

    def lift(self, until_ns: int) -> None:
        """See Merge.lift."""
        if self._merge.lift(until_ns):
            self._restless = True

    def state_hash(self) -> str:
        """SHA-256 over all entries of the state, in key order: equal for equal states."""
        return state_hash(self.app, self.state)

    # Step 1

    def _poll(self) -> list[tuple[Buffer, list[Record]]]:
        fetched = []
        for buffer in self._merge.buffers:
            if not buffer.is_full(self._pace.portion):
                records = self._fetch(buffer)
                if records:
                    fetched.append((buffer, records))
        return fetched

    def _fetch(self, buffer: Buffer) -> list[Record]:
        batch = self._log.poll(
            buffer.input.topic, buffer.partition, buffer.fetched, self._pace.portion
        )
        if batch.next_offset > buffer.fetched:
            buffer.fetched, buffer.marked_at = batch.next_offset, batch.marked_at
        if batch.watermark_ns >= 0:
            # END_OF_TIME is already the largest: plus a latency it would be no 64-bit number.
            watermark_ns = min(batch.watermark_ns, END_OF_TIME_NS - buffer.latency_ns)
            buffer.watermark_ns = max(buffer.watermark_ns, watermark_ns + buffer.latency_ns)
        return batch.records

    # Step 2

    def _decode(self, fetched: list[tuple[Buffer, list[Record]]]) -> None:
        for buffer, records in fetched:
            self._bad += decode_into(buffer, records)

    def _bury(self, events: list[Event], work: _Work) -> list[Event]:
        """Sends bytes that fail their schema to the dead-letter topic; returns the other events."""
        good = []
        for event in events:
            if type(event.message) is not Record:
                good.append(event)
                continue
            self._bad -= 1
            dead = dead_event(self.app.name, event)
            work.transaction.produce(f"{event.topic}.dead", 0, "", codec.encode(dead))
            work.outputs += 1
            self.stats.dead[dead.reason] = self.stats.dead.get(dead.reason, 0) + 1
        return good

    # Step 3

    def _logic(self, events: list[Event], horizon_ns: int) -> list[Output]:
        outputs: list[Output] = []
        state, step, settings = self.state, self.app.step, self.app.settings
        timer_ns = state.timer_ns
        if self.app.steps is not None and events:
            due = timer_ns()
            if due is None or due > events[-1].at_ns:
                outputs = self.app.steps(state, events, settings)
                self._now_ns = events[-1].at_ns
                events = []
        for event in events:
            at_ns = event.at_ns
            due = timer_ns()
            if due is not None and due <= at_ns:
                self._timers(at_ns, outputs)
            caused = step(state, event, settings)
            if caused:
                outputs += caused
            self._now_ns = at_ns
        self._timers(horizon_ns, outputs)
        return outputs

    def _timers(self, until_ns: int, outputs: list[Output]) -> None:
        """Fires what is due; a timer comes before records of the same time."""
        for _ in range(TIMERS_IN_A_ROW_MAX):
            due = self.state.timer_ns()
            if due is None or due > until_ns:
                return
            self._now_ns = max(due, self._now_ns)
            event = Event(self._now_ns, -1, "", 0, TIMER, None)
            outputs += self.app.step(self.state, event, self.app.settings)
        raise AssertionError(f"{self.app.name}: timers do not advance past {due}")

    # Step 4

    def _journal(self, events: list[Event], transaction: Transaction) -> None:
        """Real time: writes down the order in which the inputs were taken."""

    def _advance(self, horizon_ns: int, transaction: Transaction) -> None:
        watermark_ns = horizon_ns + self.app.latency_ns
        for target in self.wiring.targets.values():
            for partition in target.own:
                transaction.advance(target.topic, partition, watermark_ns)

    # Step 5

    def _save_state(self, events: int, horizon_ns: int, transaction: Transaction) -> None:
        self._unsaved |= self.state.dirty
        self.state.dirty.clear()
        self._since_snapshot += events
        if self._snapshots and self._since_snapshot < self._pace.snapshot_events:
            return
        for key in sorted(self._unsaved):
            transaction.put_state(self.wiring.state, key, entry_bytes(self.app, self.state, key))
        self._unsaved.clear()
        self._since_snapshot = 0
        if self._snapshots:
            self._snapshot = self._position(horizon_ns)
            transaction.put_state(self.wiring.state, SNAPSHOT_KEY, position_bytes(self._snapshot))

    # Step 6

    def _position(self, horizon_ns: int) -> Committed:
        offsets = {buffer.place: buffer.next_offset for buffer in self._merge.buffers}
        return Committed(offsets, horizon_ns)

    # Recovery

    def _recover(self) -> None:
        """Loads the saved state and replays, silently, what was handled since it was saved."""
        entries = self._log.state(self.wiring.state)
        load_entries(self.app, self.state, entries)
        committed = self._log.committed(self.wiring.group)
        if committed is None:
            if any(not key.startswith(MARK) for key in entries):
                raise StateError(
                    f"state.{self.app.name} holds entries, but the group has no offsets: they were "
                    "deleted or have expired; start the session anew with --fresh"
                )
            self._log.start({buffer.place: 0 for buffer in self._merge.buffers})
            return
        start = committed
        if self._snapshots:
            snapshot = entries.get(SNAPSHOT_KEY)
            start = position_of(snapshot) if snapshot else origin(committed)
            self._snapshot = start if snapshot else None
        for buffer in self._merge.buffers:
            buffer.fetched = start.offsets[buffer.place]
        self._log.start(start.offsets)
        self.horizon_ns = start.horizon_ns
        if self._snapshots:
            self._replay(committed)
        self.horizon_ns = committed.horizon_ns
        self.state.dirty.clear()

    def _replay(self, committed: Committed) -> None:
        """Feeds what was handled since the snapshot; outputs were published before: discarded."""
        handled: list[Event] = []
        for buffer in self._merge.buffers:
            stop = committed.offsets[buffer.place]
            while buffer.fetched < stop:
                fetched = self._fetch(buffer)
                if fetched:
                    self._decode([(buffer, fetched)])
                elif buffer.fetched < stop:
                    more = self._log.wait(*buffer.place)
                    assert more, f"{self.name}: {buffer.place} lacks records below {stop}"
            handled += [e for e in buffer.events if e.position < stop]
            buffer.events = [e for e in buffer.events if e.position >= stop]
        events = self._merge.ordered(handled)
        if self._bad:
            events = self._bury(events, _Work(Discarded(), 0.0))
        self._logic(events, committed.horizon_ns)
        self.stats.replayed = self._since_snapshot = len(events)
        self._unsaved |= self.state.dirty
