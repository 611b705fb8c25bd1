"""The JSON Schemas as documents: validators, valid values, values with one place changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "schemas"

Schema = dict[str, Any]
Json = Any


class ObjectSchema(NamedTuple):
    """One object schema: a file's own, or one of its $defs."""

    file: str
    """Path below schemas/."""
    title: str
    schema: Schema
    document: Schema
    """The file that holds it, against which "#/$defs/X" resolves."""


@cache
def documents() -> dict[str, Schema]:
    """Every schema file by its path below schemas/."""
    paths = sorted(SCHEMAS.rglob("*.schema.json"))
    return {str(p.relative_to(SCHEMAS)): json.loads(p.read_text()) for p in paths}


@cache
def objects() -> tuple[ObjectSchema, ...]:
    """Every object schema of every file."""
    found = []
    for file, document in documents().items():
        own = {"": document, **document.get("$defs", {})}
        found += [ObjectSchema(file, s["title"], s, document) for s in own.values()]
    return tuple(found)


@cache
def registry() -> Registry[Schema]:
    """Resolves "name.schema.json", as the schemas refer to each other."""
    resources = [(file, Resource.from_contents(doc)) for file, doc in documents().items()]
    return Registry().with_resources(resources)


def generated_type(of: ObjectSchema) -> Any:
    """The Struct that stands for an object schema."""
    module = "messages"
    if of.file.startswith("state/"):
        module = f"states.{of.file.removeprefix('state/').removesuffix('.schema.json')}"
    return getattr(import_module(f"tapeline.contracts.{module}"), of.title)


_VALIDATORS: dict[tuple[str, str], Draft202012Validator] = {}


def validator(of: ObjectSchema) -> Draft202012Validator:
    """Validator of one object schema."""
    made = _VALIDATORS.get((of.file, of.title))
    return made or _VALIDATORS.setdefault((of.file, of.title), _validator(of))


def _validator(of: ObjectSchema) -> Draft202012Validator:
    return field_validator(of.schema, of.document)


def field_validator(schema: Schema, document: Schema) -> Draft202012Validator:
    """Validator of one node of a document."""
    whole = {**schema, "$defs": document.get("$defs", {})}
    whole.pop("$id", None)
    return Draft202012Validator(whole, registry=registry())


def nodes(schema: Json) -> Iterator[Schema]:
    """Every mapping inside a schema."""
    if isinstance(schema, dict):
        yield schema
        for child in schema.values():
            yield from nodes(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from nodes(child)


def values(schema: Schema, document: Schema) -> st.SearchStrategy[Json]:
    """Values that a schema accepts; optional fields are there or not."""
    if "$ref" in schema:
        return values(*target(schema["$ref"], document))
    if "oneOf" in schema:
        return st.one_of([values(option, document) for option in schema["oneOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_plain(kind, schema, document) for kind in kinds])


def target(reference: str, document: Schema) -> tuple[Schema, Schema]:
    """What a $ref leads to, and the file that holds it."""
    if reference.startswith("#/$defs/"):
        return document["$defs"][reference.rsplit("/", 1)[1]], document
    return documents()[reference], documents()[reference]


def _plain(kind: str, schema: Schema, document: Schema) -> st.SearchStrategy[Json]:
    if kind == "null":
        return st.none()
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        low, high = schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1)
        return st.integers(low, high)
    if kind == "number":
        return st.floats(allow_nan=False, allow_infinity=False)
    if kind == "string":
        return _text(schema)
    if kind == "array":
        low, high = schema.get("minItems", 0), min(schema.get("maxItems", 3), 3)
        return st.lists(values(schema["items"], document), min_size=low, max_size=max(low, high))
    assert kind == "object", kind
    return _object(schema, document)


def _text(schema: Schema) -> st.SearchStrategy[str]:
    low, high = schema.get("minLength", 0), schema.get("maxLength", 12)
    if "pattern" in schema:
        (body,) = re.findall(r"^\^(\[.*\])\+\$$", schema["pattern"])
        return st.from_regex(f"{body}{{{max(low, 1)},{high}}}", fullmatch=True)
    alphabet = st.characters(exclude_categories=["Cs"])
    return st.text(alphabet, min_size=low, max_size=min(high, low + 8))


def _object(schema: Schema, document: Schema) -> st.SearchStrategy[Json]:
    if "properties" not in schema:
        free = schema.get("additionalProperties", {"type": ["integer", "null"]})
        return st.dictionaries(st.text("ab_.", max_size=4), values(free, document), max_size=2)
    fields = {name: values(node, document) for name, node in schema["properties"].items()}
    required = {name: fields[name] for name in fields if name in schema["required"]}
    optional = {name: fields[name] for name in fields if name not in schema["required"]}
    return st.fixed_dictionaries(required, optional=optional)


def example(schema: Schema, document: Schema) -> Json:
    """One value that a schema accepts, as small as it allows."""
    if "$ref" in schema:
        return example(*target(schema["$ref"], document))
    if "oneOf" in schema:
        return example(schema["oneOf"][0], document)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"][0] if isinstance(schema["type"], list) else schema["type"]
    if kind == "string":
        return "A" * max(schema.get("minLength", 0), 1)
    if kind == "array":
        return [example(schema["items"], document)] * schema.get("minItems", 0)
    if kind == "object":
        fields = schema.get("properties", {})
        return {name: example(fields[name], document) for name in schema.get("required", ())}
    return {"integer": schema.get("minimum", 0), "number": 0.5, "boolean": True, "null": None}[kind]


def edges(schema: Schema, document: Schema) -> list[Json]:
    """Values of one field at and beyond each of its bounds, and values of other kinds."""
    found: list[Json] = [*STRANGE]
    for bound in ("minimum", "maximum"):
        if bound in schema:
            found += [schema[bound] + step for step in (-1, 0, 1)]
    for bound in ("minLength", "maxLength"):
        if bound in schema:
            found += ["A" * max(schema[bound] + step, 0) for step in (-1, 0, 1)]
    for bound in ("minItems", "maxItems"):
        if bound in schema:
            item = example(schema["items"], document)
            found += [[item] * max(schema[bound] + step, 0) for step in (-1, 0, 1)]
    if "items" in schema:
        found += [[value] for value in edges(schema["items"], document)]
    if "additionalProperties" in schema:
        inner = edges(schema["additionalProperties"], document)
        found += [{"name": value} for value in inner]
    words = [word for word in schema.get("enum", ()) if word is not None]
    return [*found, *words, *(word.lower() for word in words)]


STRANGE: tuple[Json, ...] = (
    None,
    True,
    False,
    -1,
    0,
    1,
    2,
    10**14,
    2**63,
    -(2**70),
    10**30,
    1.5,
    -0.25,
    "",
    "0",
    "x",
    "BUY",
    "bar",
    "tick",
    "signal",
    "INFY",
    "infy",
    "A" * 20,
    "A" * 33,
    "é" * 64,
    "é" * 65,
    "\U0001f4c8" * 128,
    "x" * 1001,
    [],
    {},
    [1],
    [1] * 11,
    ["INFY", "TCS", "SBIN"],
    [{}],
    {"a": 1},
    {"a": 0.5},
    {"a": "x"},
)
"""What a changed value may become."""


@st.composite
def changed(draw: st.DrawFn, whole: Json) -> Json:
    """A value with one place of it changed: replaced, left out, or with a field too many."""
    copy = json.loads(json.dumps(whole))
    places = list(_places(copy))
    if not places:
        return draw(st.sampled_from(STRANGE))
    parent, key = draw(st.sampled_from(places))
    act = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add"]))
    if act == "remove":
        del parent[key]
    elif act == "add" and isinstance(parent, dict):
        parent["no_such_field"] = draw(st.sampled_from(STRANGE))
    else:
        parent[key] = draw(st.sampled_from(STRANGE))
    return copy


def _places(value: Json) -> Iterator[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for key, child in pairs:
        yield value, key
        yield from _places(child)
