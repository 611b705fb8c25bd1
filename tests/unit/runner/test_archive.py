"""The archive: every record in the file of its topic, counts, observers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline.runner.archive import Archive


def test_each_topic_has_a_file_and_each_further_partition_its_own(tmp_path: Path) -> None:
    with Archive(tmp_path / "topics") as archive:
        archive("ticks", 0, [("A", b"1"), ("B", b"2")])
        archive("fills", 0, [("A", b"3")])
        archive("ticks", 2, [("C", b"4")])
        archive("ticks", 0, [("A", b"5")])

    files = {path.name: path.read_bytes() for path in (tmp_path / "topics").iterdir()}
    assert files == {
        "ticks.ndjson": b"1\n2\n5\n",
        "ticks.p2.ndjson": b"4\n",
        "fills.ndjson": b"3\n",
    }
    assert archive.counts == {"ticks": 4, "fills": 1}


def test_files_of_an_earlier_run_are_removed_and_others_are_left(tmp_path: Path) -> None:
    (tmp_path / "orders.ndjson").write_text("old\n")
    (tmp_path / "notes.txt").write_text("mine\n")

    with Archive(tmp_path) as archive:
        archive("ticks", 0, [("A", b"1")])

    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "ticks.ndjson"]


def test_without_a_folder_it_counts_and_tells_its_observers() -> None:
    seen: list[tuple[str, str, bytes]] = []
    with Archive(None, {"fills": lambda *record: seen.append(record)}) as archive:
        archive("fills", 0, [("A", b"1"), ("B", b"2")])
        archive("ticks", 0, [("A", b"3")])

    assert archive.counts == {"fills": 2, "ticks": 1}
    assert seen == [("fills", "A", b"1"), ("fills", "B", b"2")]


def test_a_run_that_fails_leaves_complete_files(tmp_path: Path) -> None:
    def fail() -> None:
        with Archive(tmp_path) as archive:
            archive("ticks", 0, [("A", b"1")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert (tmp_path / "ticks.ndjson").read_bytes() == b"1\n"
