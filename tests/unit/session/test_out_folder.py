"""Who may write into an output folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline.session.out_folder import OutFolderError, claimed


def test_an_empty_folder_and_an_earlier_run_may_be_used(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    for _ in range(2):
        with claimed(folder):
            (folder / "summary.json").write_text("{}")

    assert folder.is_dir()


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with (
        pytest.raises(OutFolderError, match="holds files that are no earlier run's"),
        claimed(tmp_path),
    ):
        pass

    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with (
        claimed(tmp_path),
        pytest.raises(OutFolderError, match="another run writes into it"),
        claimed(tmp_path),
    ):
        pass


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutFolderError, match="choose another with --out"), claimed(path):
            pass
