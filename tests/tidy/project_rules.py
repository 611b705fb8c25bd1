"""Rules on which files there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from tidy.violation import Violation

STAGE_FILES = ("logic.py", "settings.py", "app.py", "README.md")

EXCEPTIONS: Mapping[str, Mapping[str, str]] = {
    "ingestion": {"logic.py": "source.py"},
    "store": {"settings.py": "", "app.py": ""},
}
"""Stages whose files differ: by stage, which file stands for another ("" = none is needed).

ingestion reads no topic, so it is a source and no step. store is outside the merge: the runner's
sink calls its pure `rows`, and it needs no settings (docs/adr/0009-sinks-outside-the-merge.md).
"""

APP_LINES_MAX = 40


def missing_stage_files(stages: Mapping[str, str], files: Collection[str]) -> Iterator[Violation]:
    """Stage packages without the files that every stage has.

    Args:
        stages: folder of each stage, relative to the root.
        files: all tracked paths.
    """
    for stage, folder in stages.items():
        for name in STAGE_FILES:
            needed = EXCEPTIONS.get(stage, {}).get(name, name)
            if needed and f"{folder}/{needed}" not in files:
                what = f"the stage {stage} has no {needed}"
                yield Violation(folder, what, "add it: every stage has the same files")


def long_app(path: str, source: str) -> Iterator[Violation]:
    """Wiring that has become logic."""
    lines = len(source.splitlines())
    if lines >= APP_LINES_MAX:
        what = f"has {lines} lines, under {APP_LINES_MAX} are allowed"
        yield Violation(path, what, "move logic into logic.py")


def operator_package(files: Collection[str]) -> Iterator[Violation]:
    """operator/ as a package would shadow the standard library's operator."""
    if "operator/__init__.py" in files:
        yield Violation(
            "operator/__init__.py", "makes operator/ a package", "remove it; it is a source root"
        )


def unlisted(page: str, text: str, files: Collection[str]) -> Iterator[Violation]:
    """Files that an index page does not link to.

    Args:
        page: path of the index.
        text: its content.
        files: names beside it that it must link to.
    """
    for name in sorted(files):
        if f"({name})" not in text:
            yield Violation(page, f"does not link to {name}", "add a line for it")
