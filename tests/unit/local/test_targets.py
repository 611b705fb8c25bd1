"""The files by which Prometheus finds the processes of a session."""

from __future__ import annotations

import json
from pathlib import Path

from tapeline.local.targets import remove_targets, write_targets


def test_a_session_has_one_file_that_is_replaced_and_removed(tmp_path: Path) -> None:
    folder = tmp_path / "targets"
    write_targets("paper", [("oms.0", 21_001)], folder)
    write_targets("paper", [("oms.0", 21_002), ("recon.0", 21_003)], folder)

    assert [path.name for path in folder.iterdir()] == ["paper.json"]
    assert json.loads((folder / "paper.json").read_text()) == [
        {"targets": ["127.0.0.1:21002"], "labels": {"process": "oms.0"}},
        {"targets": ["127.0.0.1:21003"], "labels": {"process": "recon.0"}},
    ]
    remove_targets("paper", folder)
    remove_targets("paper", folder)
    assert list(folder.iterdir()) == []
