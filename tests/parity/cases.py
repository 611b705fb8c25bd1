"""Case files: streams with what must come of them, which both languages replay in their tests.

A case is a folder `cases/<stage>/<name>` with `plan.json`, `in.ndjson`, and what came of it:
`out.ndjson`, `state.ndjson` (at the end) and `log.ndjson` (the entries that changed, line by line).
Python wrote those; someone has looked at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from parity import shells
from parity.shells import Answer

FOLDER = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """One case."""

    folder: Path
    plan: dict[str, Any]
    lines: list[bytes]
    out: bytes
    state: bytes
    log: bytes

    @property
    def name(self) -> str:
        """Stage and name."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    def agrees(self, answer: Answer) -> bool:
        """Whether a replay gave what the case says."""
        return (self.out, self.state, self.log) == answer[:3]

    def cuts(self) -> Iterator[int]:
        """Places at which a replay may be parted: not before bytes that take the time before."""
        for place, text in enumerate(self.lines):
            if b'"value_b64"' not in text:
                yield place


def read() -> list[Case]:
    """All cases, by name."""
    return [_read(plan.parent) for plan in sorted(FOLDER.glob("*/*/plan.json"))]


def _read(folder: Path) -> Case:
    texts = [(folder / f"{name}.ndjson").read_bytes() for name in ("in", "out", "state", "log")]
    plan = msgspec.json.decode((folder / "plan.json").read_bytes())
    return Case(folder, plan, texts[0].splitlines(), *texts[1:])


def write(name: str, plan: dict[str, Any], lines: list[bytes]) -> Path:
    """Writes a case with what Python makes of it."""
    folder = FOLDER / plan["stage"] / name
    folder.mkdir(parents=True, exist_ok=True)
    answer = shells.python(plan, lines).whole
    text = msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"
    (folder / "plan.json").write_bytes(text)
    (folder / "in.ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
    (folder / "out.ndjson").write_bytes(answer.out)
    (folder / "state.ndjson").write_bytes(answer.state)
    (folder / "log.ndjson").write_bytes(answer.log)
    return folder
