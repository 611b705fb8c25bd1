"""Fills the generated blocks of docs/ from configs/pipeline.yaml and schemas/reasons.yaml.

Usage: python tools/generate_docs.py [--check]. With --check nothing is written and a difference
fails. A block stands between `<!-- generated: NAME -->` and `<!-- end -->`; the text around it is
written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import yaml

from tapeline.cli.pipeline import mermaid
from tapeline.contracts import codec
from tapeline.session.pipeline import Pipeline, load_pipeline

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REASONS = ROOT / "schemas" / "reasons.yaml"

_BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

Row = tuple[str, ...]


def main() -> None:
    """Writes the pages, or checks them."""
    check = "--check" in sys.argv[1:]
    stale = []
    for path, content in pages().items():
        if path.read_text() == content:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if not check:
            path.write_text(content)
    if check and stale:
        raise SystemExit(f"{stale} are out of date; run `python tools/generate_docs.py`")
    print("\n".join(stale) or "documents are up to date")


def pages() -> dict[Path, str]:
    """Every page that holds a generated block, with the content it should have.

    Raises:
        ValueError: for a block of an unknown name.
    """
    known = blocks()
    found = {}
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text()
        for _, name, _ in _BLOCK.findall(text):
            if name not in known:
                raise ValueError(f"{path}: unknown block {name}; use one of {', '.join(known)}")
        filled = _BLOCK.sub(lambda m: f"{m[1]}\n{known[m[2]]}\n\n{m[3]}", text)
        if _BLOCK.search(text):
            found[path] = filled
    return found


def blocks() -> dict[str, str]:
    """Content of each block by its name."""
    pipeline = load_pipeline(ROOT / "configs" / "pipeline.yaml")
    groups = reason_groups(REASONS.read_text())
    return {
        "pipeline-diagram": f"```mermaid\n{mermaid(pipeline)}\n```",
        "stages": stages_table(pipeline),
        "topics": topics_table(pipeline),
        **{f"reasons-{name}": reasons_table(codes) for name, codes in groups.items()},
    }


def stages_table(pipeline: Pipeline) -> str:
    """The stages in the order of the flow; ~ marks a feedback edge."""
    rows = [
        (
            f"`{name}`",
            ", ".join(f"~{r.topic}" if r.feedback else r.topic for r in stage.reads) or "none",
            ", ".join(stage.writes) or "none",
            ", ".join(stage.modes),
            "yes" if stage.scales else "no",
            f"{stage.latency_us} µs",
        )
        for name, stage in pipeline.stages.items()
    ]
    return table(("stage", "reads", "writes", "modes", "replicas", "latency"), rows)


def topics_table(pipeline: Pipeline) -> str:
    """The topics in the order of their rank."""
    rows = [
        (f"`{name}`", topic.key, ", ".join(pipeline.writers(name)), _records(name))
        for name, topic in pipeline.topics.items()
    ]
    return table(("topic", "key", "written by", "records"), rows)


def _records(topic: str) -> str:
    kinds = get_args(codec.MESSAGES[topic]) or (codec.MESSAGES[topic],)
    return ", ".join(kind.__name__ for kind in kinds)


def reason_groups(text: str) -> dict[str, list[str]]:
    """Codes of schemas/reasons.yaml by the comment line above them, as a file name.

    Codes before the first comment that stands alone belong to the group `general`.
    """
    groups: dict[str, list[str]] = {"general": []}
    group, seen_code = "general", False
    for line in text.splitlines():
        code = re.match(r"([A-Z][A-Z0-9_]*): ", line)
        if code:
            groups[group].append(code[1])
            seen_code = True
        elif line.startswith("# ") and seen_code:
            group = line.removeprefix("# ").lower().replace(" ", "-")
            groups.setdefault(group, [])
    return groups


def reasons_table(codes: list[str]) -> str:
    """Meaning and action of each code."""
    rows = yaml.safe_load(REASONS.read_text())
    return table(
        ("code", "meaning", "action"),
        [(f"`{code}`", rows[code]["meaning"], rows[code]["action"]) for code in codes],
    )


def table(head: Row, rows: Sequence[Row]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
