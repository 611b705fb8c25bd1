"""Rules on any text file: leftovers, machine names, Markdown, the Makefile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tidy.violation import Violation

COLUMNS_MAX = 100

LEFTOVERS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")

MACHINE_PATH = re.compile(r"(?<![\w.~<-])/(?:root|home|Users|work|workspace|mnt|private)/[\w.-]+")

REGISTRY_HOST = re.compile(
    r"\b(?:[\w-]+\.)*(?:pypi|pythonhosted|npmjs|crates|artifactory|nexus)"
    r"(?:\.[\w-]+)*\.(?:org|com|io|net|internal|local)\b"
    r"|--(?:extra-)?index[-]url|--find[-]links"
)

BANNED_MODULES = {
    "utils": "the subject of its functions",
    "util": "the subject of its functions",
    "helpers": "the subject of its functions",
    "helper": "the subject of its functions",
    "common": "what its parts have in common",
    "manager": "what it does",
    "misc": "the subject of its functions",
    "base_classes": "what the classes stand for",
}

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_FENCE = re.compile(r"^(```|~~~)")
_TARGET = re.compile(r"^([A-Za-z0-9_./$()-]+):(?!=)(.*)$")


def wide_lines(path: str, source: str) -> Iterator[Violation]:
    """Lines that do not fit beside another file.

    A link may be as long as it is, and a remark for a tool at the end of a line does not count.
    """
    for number, whole in enumerate(source.splitlines(), 1):
        line = re.sub(r"\s+# (?:noqa|type: ignore).*$", "", whole)
        if len(line) > COLUMNS_MAX and "://" not in line:
            what = f"has {len(line)} columns, at most {COLUMNS_MAX} are allowed"
            yield Violation(f"{path}:{number}", what, "break the line")


def leftovers(path: str, source: str) -> Iterator[Violation]:
    """Marks of unfinished work."""
    for number, line in enumerate(source.splitlines(), 1):
        found = LEFTOVERS.search(line)
        if found:
            yield Violation(
                f"{path}:{number}", f"holds {found[1]}", "do it now, or open an issue and remove it"
            )


def machine_names(path: str, source: str) -> Iterator[Violation]:
    """Names that hold on one machine or in one network only."""
    for number, line in enumerate(source.splitlines(), 1):
        found = MACHINE_PATH.search(line)
        if found:
            what = f"names the path {found[0]} of one machine"
            yield Violation(f"{path}:{number}", what, "make it relative to the project")
        found = REGISTRY_HOST.search(line)
        if found:
            what = f"names a package registry ({found[0]})"
            yield Violation(
                f"{path}:{number}", what, "leave the choice to the installer's settings"
            )


def banned_name(path: str) -> Iterator[Violation]:
    """Modules and folders whose name says nothing."""
    for part in path.removesuffix(".py").split("/"):
        if part in BANNED_MODULES:
            yield Violation(path, f"the name {part} says nothing", f"name {BANNED_MODULES[part]}")


def titles(path: str, source: str) -> Iterator[Violation]:
    """A Markdown file has one title, on its first line."""
    found = [number for number, line in _prose(source) if line.startswith("# ")]
    if len(found) != 1:
        what = f"has {len(found)} titles (lines that start with '# ')"
        yield Violation(path, what, "give it exactly one")
    elif found[0] != 1:
        yield Violation(f"{path}:{found[0]}", "the title is not the first line", "move it up")


def broken_links(
    path: str, source: str, headings: Callable[[str], set[str] | None]
) -> Iterator[Violation]:
    """Relative links that lead nowhere.

    Args:
        path: of the Markdown file, relative to the root.
        source: its content.
        headings: anchors of a path relative to the root; an empty set for a file without any,
            None when there is nothing at that path.
    """
    folder = path.rpartition("/")[0]
    for number, line in _prose(source):
        for target in _LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            resolved = _normal(f"{folder}/{file}") if file else path
            known = headings(resolved)
            if known is None:
                what = f"links to {target}, but there is no {resolved}"
                yield Violation(f"{path}:{number}", what, "mend the link or add the file")
            elif anchor and anchor not in known:
                what = f"links to {target}, but {resolved} has no heading of that name"
                yield Violation(f"{path}:{number}", what, "mend the anchor")


def anchors(source: str) -> set[str]:
    """Anchors of the headings of a Markdown file, as GitHub makes them."""
    headings = [line.lstrip("#") for _, line in _prose(source) if re.match(r"#+ ", line)]
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().replace("`", "").lower()).replace(" ", "-")
        for heading in headings
    }


def undocumented_targets(path: str, source: str) -> Iterator[Violation]:
    """Targets of the Makefile that `make help` does not list."""
    for number, line in enumerate(source.splitlines(), 1):
        found = _TARGET.match(line)
        if found is None:
            continue
        name, rest = found[1], found[2]
        is_file = "/" in name or "." in name or "$" in name
        if not is_file and not re.search(r"## \S", rest):
            what = f"the target {name} has no description"
            yield Violation(f"{path}:{number}", what, "add `## what it does` to its line")


def phony_targets(path: str, source: str) -> Iterator[Violation]:
    """Targets that name no file must be phony, or a file of that name would switch them off."""
    phony = {
        name
        for names in re.findall(r"^\.PHONY:(.*)$", source, re.MULTILINE)
        for name in names.split()
    }
    for number, line in enumerate(source.splitlines(), 1):
        found = _TARGET.match(line)
        if found and re.fullmatch(r"[a-z0-9-]+", found[1]) and found[1] not in phony:
            what = f"the target {found[1]} is not phony"
            yield Violation(f"{path}:{number}", what, "add it to .PHONY")


def _prose(source: str) -> Iterator[tuple[int, str]]:
    """Numbered lines outside of code blocks."""
    fence = ""
    for number, line in enumerate(source.splitlines(), 1):
        mark = _FENCE.match(line.strip())
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip().startswith(fence):
            fence = ""
        elif not fence:
            yield number, line


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


_PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+/?)`")
_ROOTS = (
    "configs",
    "docs",
    "requirements",
    "schemas",
    "services",
    "sql",
    "tests",
    "tools",
    ".ci",
)
"""Folders of the project; a path that starts with another name is no path of ours."""


def missing_paths(path: str, source: str, exists: Callable[[str], bool]) -> Iterator[Violation]:
    """Files and folders that a document names in backticks and that are not there."""
    for number, line in _prose(source):
        for named in _PATH.findall(line):
            if named.split("/")[0] in _ROOTS and not exists(named):
                what = f"names {named}, which is not there"
                yield Violation(f"{path}:{number}", what, "mend the path")
