"""Reading configs: every mistake names the file and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline.contracts.errors import SettingsError
from tapeline.market.documents import FactsModel, read_document, read_yaml


class Pair(FactsModel):
    left: int
    right: int


BAD = {
    "a key that appears twice": ("left: 1\nleft: 2\n", "'left' appears twice"),
    "text that is not YAML": ("left: [1\n", "is not valid YAML"),
    "several wrong values": ("left: a\nright: b\n", "left: .*and 1 more"),
    "an unknown key": ("left: 1\nright: 2\nmiddle: 3\n", "middle: .*check its spelling"),
    "something that is no mapping": ("- 1\n", r"\(top\)"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_document_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "pair.yaml"
    path.write_text(text)

    with pytest.raises(SettingsError, match=f"pair.yaml: .*{message}"):
        read_document(path, Pair)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.yaml: .*No such file.*check the path"):
        read_yaml(tmp_path / "none.yaml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pair.yaml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match="is not UTF-8"):
        read_yaml(path)


def test_anchors_and_merges_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pair.yaml"
    path.write_text("base: &base {left: 1}\npair: {<<: *base, right: 2}\n")

    assert read_yaml(path)["pair"] == {"left": 1, "right": 2}
