"""What has arrived of a partition: records, and watermarks at their place between them."""

from __future__ import annotations

import pytest

from tapeline.runner.kafka_queue import TEXTS_MAX, Queue


class Message:
    """As the client hands it out."""

    def __init__(self, offset: int, key: bytes | None, value: bytes | None) -> None:
        self._content = offset, key, value

    def offset(self) -> int:
        return self._content[0]

    def key(self) -> bytes | None:
        return self._content[1]

    def value(self) -> bytes | None:
        return self._content[2]


def queue(*content: tuple[int, bytes | None, bytes | None]) -> Queue:
    made = Queue()
    made.put([Message(*message) for message in content])
    return made


def test_records_keep_their_order_and_offsets_with_gaps() -> None:
    batch = queue((3, b"A", b"1"), (7, b"B", b"2")).take(0, 10)

    assert [(r.offset, r.key, r.value) for r in batch.records] == [(3, "A", b"1"), (7, "B", b"2")]
    assert (batch.watermark_ns, batch.next_offset) == (-1, 8)


def test_a_watermark_counts_once_everything_before_it_was_taken() -> None:
    made = queue((0, b"A", b"1"), (1, b"A", b"2"), (2, b"@50", None), (3, b"A", b"3"))

    first = made.take(0, 1)
    assert (len(first.records), first.watermark_ns, first.next_offset) == (1, -1, 1)
    second = made.take(1, 1)
    assert (len(second.records), second.watermark_ns, second.next_offset) == (1, 50, 3)
    third = made.take(3, 1)
    assert (len(third.records), third.watermark_ns, third.next_offset) == (1, 50, 4)
    assert made.watermark_ns == 50


def test_watermarks_alone_move_the_offset() -> None:
    batch = queue((4, b"@10", None), (6, b"@20", None)).take(4, 10)

    assert (batch.records, batch.watermark_ns, batch.next_offset) == ([], 20, 7)


def test_an_older_watermark_does_not_turn_time_back() -> None:
    """A process that was started again writes the one of its last commit once more."""
    made = queue((0, b"@20", None), (1, b"@10", None))

    assert made.take(0, 10).watermark_ns == 20


MARKED: dict[str, tuple[tuple[tuple[int, bytes, bytes | None], ...], int]] = {
    "no watermark": (((0, b"A", b"1"),), -1),
    "one behind the records": (((0, b"A", b"1"), (1, b"@10", None)), 1),
    "one before a record, which says more": (((0, b"@10", None), (1, b"A", b"1")), -1),
    "two": (((0, b"@10", None), (1, b"@20", None)), 1),
    "the newer one first, after a restart": (((0, b"@20", None), (1, b"@10", None)), 0),
}


@pytest.mark.parametrize("case", MARKED)
def test_a_watermark_that_the_next_owner_must_read_again_has_its_offset(case: str) -> None:
    content, marked_at = MARKED[case]

    assert queue(*content).take(0, 10).marked_at == marked_at


def test_the_offset_of_a_watermark_holds_until_a_record_is_behind_it() -> None:
    made = queue((0, b"A", b"1"), (1, b"@10", None))

    assert made.take(0, 10).marked_at == 1
    assert made.take(2, 10).marked_at == 1
    made.put([Message(2, b"A", b"2")])
    assert made.take(2, 10).marked_at == -1


def test_nothing_to_take_leaves_the_reader_where_it_is() -> None:
    batch = Queue().take(41, 10)

    assert (batch.records, batch.watermark_ns, batch.next_offset) == ([], -1, 41)


def test_a_record_without_a_value_that_is_no_watermark_is_a_bad_record() -> None:
    for key in (b"INFY", b"@", b"@x", b"@-5", None):
        (record,) = queue((0, key, None)).take(0, 10).records
        assert record.value == b"", key


def test_a_key_that_is_no_text_routes_nothing_but_keeps_its_record() -> None:
    (record,) = queue((0, b"\xff\xfe", b"1")).take(0, 10).records

    assert (record.key, record.value) == ("", b"1")


def test_strange_keys_do_not_fill_memory() -> None:
    made = queue(*((n, b"K%d" % n, b"1") for n in range(TEXTS_MAX + 5)))

    assert [r.key for r in made.take(0, TEXTS_MAX + 5).records][-1] == f"K{TEXTS_MAX + 4}"
    assert len(made._texts) == TEXTS_MAX


def test_the_end_is_behind_what_has_arrived_and_the_length_counts_records() -> None:
    made = queue((0, b"A", b"1"), (5, b"@50", None))

    assert (made.end, len(made)) == (6, 1)
