"""The log in memory: transactions, partitions, fencing, watermarks and what may be dropped."""

from __future__ import annotations

import pytest

from tapeline.runner import memory
from tapeline.runner.log import Batch, Committed, FencedError, lane_of
from tapeline.runner.memory import Keyed, MemoryLog, MemoryTransaction


def begin(log: MemoryLog, producer: str = "p") -> MemoryTransaction:
    return log.transaction(producer, log.register(producer))


def append(log: MemoryLog, topic: str, values: list[bytes], partition: int = 0) -> None:
    transaction = begin(log)
    for value in values:
        transaction.produce(topic, partition, "K", value)
    transaction.commit()


def save(
    log: MemoryLog, group: str, offset: int, retain: int | None = None, topic: str = "ticks"
) -> None:
    transaction = begin(log, group)
    kept = None if retain is None else Committed({(topic, 0): retain}, 0)
    transaction.save(group, Committed({(topic, 0): offset}, 0), kept)
    transaction.commit()


def test_a_transaction_is_visible_at_once_or_not_at_all() -> None:
    log = MemoryLog({})
    transaction = begin(log)
    transaction.produce("ticks", 0, "A", b"1")
    transaction.advance("ticks", 0, 50)
    transaction.put_state("oms", "order", b"{}")
    transaction.save("g", Committed({("ticks", 0): 1}, 7), None)

    assert log.poll("ticks", 0, 0, 10) == Batch([], -1, 0)
    assert (log.state("oms"), log.committed("g"), log.end("ticks", 0)) == ({}, None, 0)

    transaction.commit()

    batch = log.poll("ticks", 0, 0, 10)
    assert [(r.offset, r.key, r.value) for r in batch.records] == [(0, "A", b"1")]
    assert (batch.watermark_ns, batch.next_offset) == (50, 1)
    assert log.state("oms") == {"order": b"{}"}
    assert log.committed("g") == Committed({("ticks", 0): 1}, 7)
    assert log.end("ticks", 0) == 1


def test_each_partition_counts_its_own_offsets() -> None:
    log = MemoryLog({"ticks": 3})
    append(log, "ticks", [b"a", b"b"], partition=2)
    append(log, "ticks", [b"c"], partition=0)

    assert log.partitions("ticks") == 3
    assert log.partitions("fills") == 1
    assert [log.end("ticks", n) for n in range(3)] == [1, 0, 2]
    assert [r.value for r in log.records("ticks")] == [b"c", b"a", b"b"]
    assert [r.value for r in log.held("ticks", 2)] == [b"a", b"b"]
    assert log.topics() == ["ticks"]


def test_a_watermark_counts_once_everything_before_it_was_polled() -> None:
    log = MemoryLog({})
    append(log, "ticks", [b"%d" % n for n in range(5)])
    transaction = log.transaction("g", log.register("g"))
    transaction.advance("ticks", 0, 50)
    transaction.commit()

    assert [r.value for r in log.poll("ticks", 0, 1, 2).records] == [b"1", b"2"]
    assert log.poll("ticks", 0, 1, 2).watermark_ns == -1
    assert log.poll("ticks", 0, 1, 4).watermark_ns == 50
    assert log.poll("ticks", 0, 5, 4).records == []


def test_a_watermark_never_goes_back() -> None:
    log = MemoryLog({})
    for watermark_ns in (50, 20, 60, 0):
        transaction = begin(log)
        transaction.advance("ticks", 0, watermark_ns)
        transaction.commit()

    assert log.poll("ticks", 0, 0, 1).watermark_ns == 60


def test_a_newer_owner_of_the_id_fences_the_older_one_and_nobody_else() -> None:
    log = MemoryLog({})
    zombie, other = begin(log), begin(log, "other")
    owner = begin(log)
    zombie.produce("ticks", 0, "A", b"zombie")
    zombie.put_state("oms", "order", b"zombie")

    with pytest.raises(FencedError, match="p has a newer owner"):
        zombie.commit()
    owner.produce("ticks", 0, "A", b"owner")
    owner.commit()
    other.produce("ticks", 0, "A", b"other")
    other.commit()

    assert [r.value for r in log.records("ticks")] == [b"owner", b"other"]
    assert log.state("oms") == {}


def test_an_id_that_was_never_registered_may_not_write() -> None:
    log = MemoryLog({})

    with pytest.raises(FencedError):
        log.transaction("stranger", 0).commit()


def test_state_keeps_the_last_value_of_each_key_and_forgets_tombstones() -> None:
    log = MemoryLog({})
    transaction = begin(log)
    for key, value in [("a", b"1"), ("b", b"2"), ("a", b"3"), ("b", None), ("c", None)]:
        transaction.put_state("oms", key, value)
    transaction.commit()
    held = log.state("oms")

    assert held == {"a": b"3"}
    assert log.state("recon") == {}

    transaction = begin(log)
    transaction.put_state("oms", "a", None)
    transaction.commit()
    assert held == {"a": b"3"}, "a reader's copy must not change below it"


def test_a_group_that_confirms_some_partitions_keeps_its_place_in_the_others() -> None:
    log = MemoryLog({})
    save(log, "store", 5, topic="fills")
    save(log, "store", 9)

    committed = log.committed("store")
    assert committed is not None
    assert committed.offsets == {("fills", 0): 5, ("ticks", 0): 9}


GROUPS = {"ticks": ("fast", "slow")}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> MemoryLog:
    """A log that trims ten records at a time, with 100 of them."""
    monkeypatch.setattr(memory, "TRIM_AT", 10)
    log = MemoryLog({}, GROUPS)
    append(log, "ticks", [b"%d" % n for n in range(100)])
    return log


def test_what_a_slow_group_has_not_read_is_kept(small: MemoryLog) -> None:
    save(small, "fast", 100)
    assert small.backlog("ticks") == 100

    save(small, "slow", 35)
    assert small.backlog("ticks") == 65
    assert small.poll("ticks", 0, 35, 1).records[0].value == b"35"
    assert small.end("ticks", 0) == 100


def test_what_a_group_would_replay_is_kept(small: MemoryLog) -> None:
    save(small, "fast", 100)
    save(small, "slow", 100, retain=20)

    assert small.backlog("ticks") == 80
    assert small.poll("ticks", 0, 20, 1).records[0].value == b"20"


def test_trimming_waits_until_it_is_worth_it(small: MemoryLog) -> None:
    save(small, "fast", 100)
    save(small, "slow", 9)
    assert small.backlog("ticks") == 100

    save(small, "slow", 10)
    assert small.backlog("ticks") == 90


def test_a_group_that_does_not_read_the_partition_holds_nothing_back(small: MemoryLog) -> None:
    save(small, "slow", 0, topic="fills")
    save(small, "fast", 60)

    assert small.backlog("ticks") == 40


def test_a_dropped_offset_cannot_be_read(small: MemoryLog) -> None:
    save(small, "slow", 50)
    save(small, "fast", 50)

    with pytest.raises(AssertionError, match=r"ticks/0: offset 49 was dropped \(base 50\)"):
        small.poll("ticks", 0, 49, 1)


def test_a_topic_that_nobody_reads_takes_no_memory_but_counts_its_offsets() -> None:
    seen: list[tuple[str, int, list[Keyed]]] = []
    log = MemoryLog({}, GROUPS, lambda *record: seen.append(record))
    append(log, "recon", [b"1", b"2"])

    assert (log.backlog("recon"), log.end("recon", 0), log.topics()) == (0, 2, ["recon"])
    assert seen == [("recon", 0, [("K", b"1"), ("K", b"2")])]
    assert log.poll("recon", 0, 2, 5).records == []


def test_the_archive_sees_only_what_became_visible() -> None:
    seen: list[tuple[str, int, list[Keyed]]] = []
    log = MemoryLog({}, None, lambda *record: seen.append(record))
    abandoned = begin(log)
    abandoned.produce("ticks", 0, "A", b"1")
    append(log, "ticks", [b"2"])

    with pytest.raises(FencedError):
        abandoned.commit()
    assert seen == [("ticks", 0, [("K", b"2")])]


def test_a_key_has_one_lane_and_lanes_are_used() -> None:
    keys = [f"SYMBOL{n}" for n in range(200)]

    assert {lane_of(key, 1) for key in keys} == {0}
    assert {lane_of(key, 4) for key in keys} == {0, 1, 2, 3}
    assert lane_of("RELIANCE", 4) == lane_of("RELIANCE", 4)


def test_lanes_are_those_of_librdkafka() -> None:
    """CRC-32 of the key, as `consistent` gives it: check value of the polynomial."""
    assert lane_of("123456789", 2**32) == 0xCBF43926
