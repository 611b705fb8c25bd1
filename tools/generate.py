"""Generates the contract types from schemas/, the only truth for messages, states and reasons.

Usage: python tools/generate.py [--check]. With --check nothing is written and a difference fails.
Supports the subset of JSON Schema 2020-12 that schemas/README.md names; anything else is an error.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from generate_go import go_files
from generate_order_states import order_state_files

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"
CONTRACTS = ROOT / "services" / "tapeline" / "contracts"
HEADER = '"""{what}\n\nGenerated from {source} by tools/generate.py: do not edit.\n"""\n'
BOUNDS = {
    "minimum": "ge",
    "maximum": "le",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "pattern": "pattern",
}
PRIMITIVES = {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}

Schema = dict[str, Any]


class Titles:
    """Finds the Python class that stands for a `$ref`."""

    def __init__(self, files: dict[str, Schema]) -> None:
        self._files = files

    def of(self, reference: str) -> str:
        """Class name for "#/$defs/X" or "name.schema.json"."""
        if reference.startswith("#/$defs/"):
            return reference.rsplit("/", 1)[1]
        return str(self._files[reference]["title"])


def annotation(schema: Schema, titles: Titles) -> str:
    """Python type for a JSON Schema node."""
    if "$ref" in schema:
        return titles.of(schema["$ref"])
    if "oneOf" in schema:
        return " | ".join(annotation(option, titles) for option in schema["oneOf"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    nullable = "null" in kinds
    (kind,) = [k for k in kinds if k != "null"]
    if "enum" in schema:
        values = ", ".join(json.dumps(v) for v in schema["enum"] if v is not None)
        text = f"Literal[{values}]"
    else:
        text = _bounded(_plain(kind, schema, titles), schema)
    return f"{text} | None" if nullable else text


def _plain(kind: str, schema: Schema, titles: Titles) -> str:
    if kind == "array":
        return f"tuple[{annotation(schema['items'], titles)}, ...]"
    if kind == "object":
        if "additionalProperties" in schema:
            return f"dict[str, {annotation(schema['additionalProperties'], titles)}]"
        return "dict[str, object]"
    return PRIMITIVES[kind]


def _bounded(text: str, schema: Schema) -> str:
    # msgspec limits ge/le to int64; the patterns and lengths are passed as they are.
    bounds = [f"{BOUNDS[k]}={schema[k]!r}" for k in BOUNDS if k in schema]
    if bounds in (["min_length=0"], []):
        return text
    return f"Annotated[{text}, Meta({', '.join(bounds)})]"


def struct(schema: Schema, titles: Titles) -> str:
    """A msgspec Struct class for an object schema."""
    # Immutable and without cycles, so the garbage collector need not look at them.
    options = ["frozen=True", "kw_only=True", "gc=False"]
    properties = dict(schema["properties"])
    if set(schema["required"]) == set(schema["properties"]):
        # Without defaults the order is fixed; arguments by place take a seventh of the time.
        options.remove("kw_only=True")
    kind = properties.pop("kind", None)
    if kind is not None:
        options += ['tag_field="kind"', f'tag="{kind["const"]}"']
    required = set(schema["required"])
    lines = [f"class {schema['title']}(Struct, {', '.join(options)}):"]
    lines += [f'    """{line}' for line in textwrap.wrap(schema["description"], 90)[:1]]
    lines += [f"    {line}" for line in textwrap.wrap(schema["description"], 90)[1:]]
    lines[-1] += '"""'
    lines.append("")
    for name, node in properties.items():
        default = "" if name in required else f" = {node.get('default')!r}"
        lines.append(f"    {name}: {annotation(node, titles)}{default}")
        if "description" in node:
            wrapped = textwrap.wrap(f'"""{node["description"]}"""', 94)
            lines += [f"    {line}" for line in wrapped]
    return "\n".join(lines) + "\n"


def _ordered(files: dict[str, Schema], titles: Titles) -> Iterator[Schema]:
    """Every object schema, each after the ones it refers to."""
    pending: list[Schema] = []
    for schema in files.values():
        pending += [*schema.get("$defs", {}).values(), schema]
    done: set[str] = set()
    while pending:
        ready = [s for s in pending if _references(s, titles) <= done]
        if not ready:
            raise SystemExit(f"circular $ref among {[s['title'] for s in pending]}")
        for schema in ready:
            done.add(schema["title"])
            yield schema
        pending = [s for s in pending if s not in ready]


def _references(node: Any, titles: Titles) -> set[str]:
    if isinstance(node, dict):
        own = {titles.of(node["$ref"])} if "$ref" in node else set()
        children = (v for k, v in node.items() if k != "$defs")
        return own.union(*(_references(v, titles) for v in children), set())
    if isinstance(node, list):
        return set[str]().union(*(_references(v, titles) for v in node), set())
    return set()


def module(what: str, source: str, files: dict[str, Schema]) -> str:
    """A Python module with one Struct for each schema of `files`."""
    titles = Titles(files)
    classes = [struct(schema, titles) for schema in _ordered(files, titles)]
    body = "\n\n".join(classes)
    typing = [n for n in ("Annotated", "Literal") if f"{n}[" in body]
    imports = [f"from typing import {', '.join(typing)}", ""] if typing else []
    names = ["Meta", "Struct"] if "Meta(" in body else ["Struct"]
    imports += [f"from msgspec import {', '.join(names)}", ""]
    return HEADER.format(what=what, source=source) + "\n" + "\n".join(imports) + "\n\n" + body


def reasons_module() -> str:
    """The enum of reason codes."""
    rows = yaml.safe_load((SCHEMAS / "reasons.yaml").read_text())
    lines = [
        HEADER.format(what="Reason codes of every decision.", source="schemas/reasons.yaml"),
        "from enum import StrEnum",
        "",
        "",
        "class Reason(StrEnum):",
        '    """Why something was decided, refused or given up; shared by every language."""',
        "",
    ]
    for code, row in rows.items():
        lines.append(f'    {code} = "{code}"')
        lines += [f"    {line}" for line in textwrap.wrap(f'"""{row["meaning"]}"""', 94)]
    return "\n".join(lines) + "\n"


def load(folder: Path) -> dict[str, Schema]:
    """Schemas of a folder by file name, in name order."""
    return {p.name: json.loads(p.read_text()) for p in sorted(folder.glob("*.schema.json"))}


def generated() -> dict[Path, str]:
    """Every generated file with its content."""
    files = {
        CONTRACTS / "messages.py": module(
            "Messages of every topic.", "schemas/*.schema.json", load(SCHEMAS)
        ),
        CONTRACTS / "reasons.py": reasons_module(),
    }
    for name, schema in load(SCHEMAS / "state").items():
        stage = name.removesuffix(".schema.json")
        files[CONTRACTS / "states" / f"{stage}.py"] = module(
            f"State entries of the stage {stage}.", f"schemas/state/{name}", {name: schema}
        )
    files.update(order_state_files(ROOT))
    files.update(go_files(ROOT))
    return files


def main() -> None:
    check = "--check" in sys.argv[1:]
    stale = []
    for path, content in generated().items():
        if path.exists() and path.read_text() == content:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
    if check and stale:
        raise SystemExit(f"generated files differ from schemas/: {stale}; run `make generate`")
    print("\n".join(stale) or "generated files are up to date")


if __name__ == "__main__":
    main()
