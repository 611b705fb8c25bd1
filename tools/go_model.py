"""The schemas as the Go generators see them: structs, fields and the kind of each value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

INT_MIN, INT_MAX = -(2**63), 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a value may be."""

    form: str
    """int, float, str, enum, bool, list, map, raw, struct or union."""
    nullable: bool = False
    low: int = 0
    """int: smallest value. str, list: shortest length."""
    high: int | None = None
    """int: largest value. str, list: longest length, None for any."""
    pattern: str = ""
    values: tuple[str, ...] = ()
    """enum: what it may be."""
    item: Kind | None = None
    """list, map: what it holds."""
    names: tuple[str, ...] = ()
    """struct: its name. union: the names of its structs."""

    @property
    def go(self) -> str:
        """The Go type."""
        if self.form in ("str", "enum"):
            return "wire.OptString" if self.nullable else "string"
        if self.form == "int":
            return "wire.OptInt64" if self.nullable else "int64"
        if self.form == "list":
            assert self.item is not None
            return f"[]{self.item.go}"
        if self.form == "map":
            assert self.item is not None
            return f"[]wire.Pair[{self.item.go}]"
        if self.form in ("struct", "union"):
            return "Or".join(self.names)
        return {"float": "float64", "bool": "bool", "raw": "wire.Raw"}[self.form]


@dataclass(frozen=True)
class Field:
    """One property of a struct."""

    name: str
    kind: Kind
    description: str
    default: str | None
    """Value when it is missing; None when it must not be."""

    @property
    def go(self) -> str:
        """The name in Go."""
        return camel(self.name)


@dataclass(frozen=True)
class Struct:
    """One object schema."""

    title: str
    description: str
    tag: str | None
    """Value of `kind`, which comes first."""
    fields: tuple[Field, ...]


def camel(text: str) -> str:
    """CamelCase of snake_case, SHOUTING_CASE and SL-M."""
    parts = text.replace("-", "_").split("_")
    return "".join(part[:1].upper() + part[1:].lower() for part in parts)


def load(folder: Path) -> dict[str, Schema]:
    """Schemas of a folder by file name, in name order."""
    return {p.name: json.loads(p.read_text()) for p in sorted(folder.glob("*.schema.json"))}


def structs(files: dict[str, Schema]) -> tuple[Struct, ...]:
    """Every object schema of `files`, those of `$defs` before the one that holds them."""

    def title(reference: str) -> str:
        if reference.startswith("#/$defs/"):
            return reference.rsplit("/", 1)[1]
        return str(files[reference]["title"])

    return tuple(_struct(schema, title) for schema in _objects(files))


def _objects(files: dict[str, Schema]) -> Iterator[Schema]:
    for schema in files.values():
        yield from schema.get("$defs", {}).values()
        yield schema


def _struct(schema: Schema, title: Any) -> Struct:
    properties = dict(schema["properties"])
    tag = properties.pop("kind", {}).get("const")
    fields = tuple(
        Field(
            name=name,
            kind=_kind(node, title),
            description=node.get("description", ""),
            default=None if name in schema["required"] else node["default"],
        )
        for name, node in properties.items()
    )
    return Struct(schema["title"], schema["description"], tag, fields)


def _kind(node: Schema, title: Any) -> Kind:
    if "$ref" in node:
        return Kind(form="struct", names=(title(node["$ref"]),))
    if "oneOf" in node:
        return Kind(form="union", names=tuple(title(option["$ref"]) for option in node["oneOf"]))
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    nullable = "null" in types
    (name,) = [t for t in types if t != "null"]
    if "enum" in node:
        values = tuple(v for v in node["enum"] if v is not None)
        return Kind(form="enum", nullable=nullable, values=values)
    if name == "integer":
        low, high = node.get("minimum", INT_MIN), node.get("maximum", INT_MAX)
        return Kind(form="int", nullable=nullable, low=low, high=high)
    if name == "string":
        return Kind(
            form="str",
            nullable=nullable,
            low=node.get("minLength", 0),
            high=node.get("maxLength"),
            pattern=node.get("pattern", ""),
        )
    if name == "object" and "additionalProperties" not in node:
        return Kind(form="raw", nullable=nullable)
    if nullable:
        raise SystemExit(f"no Go type for {node['type']}; add one to tools/go_model.py")
    if name == "array":
        low, high = node.get("minItems", 0), node.get("maxItems")
        return Kind(form="list", item=_kind(node["items"], title), low=low, high=high)
    if name == "object":
        return Kind(form="map", item=_kind(node["additionalProperties"], title))
    return Kind(form={"number": "float", "boolean": "bool"}[name])
