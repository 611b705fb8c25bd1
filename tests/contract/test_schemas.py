"""schemas/ is valid JSON Schema, keeps to the subset of its README, and is what was generated."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from jsonschema import Draft202012Validator

import generate
import schema_documents as documents

KEYWORDS = {
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "oneOf",
    "enum",
    "const",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
}
"""The subset that tools/generate.py understands."""


@pytest.mark.parametrize("file", documents.documents())
def test_a_schema_file_is_valid_json_schema_2020_12(file: str) -> None:
    document = documents.documents()[file]

    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_ids_of_the_schema_files_are_unique() -> None:
    ids = [document["$id"] for document in documents.documents().values()]

    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("of", documents.objects(), ids=lambda of: f"{of.file}-{of.title}")
def test_an_object_schema_keeps_to_the_subset_and_describes_every_property(
    of: documents.ObjectSchema,
) -> None:
    inside = {k: v for k, v in of.schema.items() if k != "$defs"}
    names = {name for node in documents.nodes(inside) for name in node.get("properties", {})}
    keywords = {key for node in documents.nodes(inside) for key in node} - names

    assert keywords <= KEYWORDS
    assert of.schema.get("description"), f"{of.file}: {of.title} has no description"
    for name, node in of.schema["properties"].items():
        explained = {"description", "$ref", "const", "oneOf"} & node.keys()
        assert explained, f"{of.file}: {of.title}.{name} has no description"
    assert set(of.schema["required"]) <= set(of.schema["properties"])
    optional = set(of.schema["properties"]) - set(of.schema["required"])
    for name in optional:
        assert "default" in of.schema["properties"][name], f"{of.file}: {of.title}.{name}"


def test_titles_are_unique_among_messages_and_within_each_state() -> None:
    counts = Counter(
        (of.file if of.file.startswith("state/") else "messages", of.title)
        for of in documents.objects()
    )

    assert [title for title, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("of", documents.objects(), ids=lambda of: f"{of.file}-{of.title}")
def test_fields_stand_in_the_order_of_the_schema(of: documents.ObjectSchema) -> None:
    """The order of the fields is the order of the bytes, in every language."""
    info = msgspec.inspect.type_info(documents.generated_type(of))
    assert isinstance(info, msgspec.inspect.StructType)
    names = [field.encode_name for field in info.fields]
    tag = [info.tag_field] if info.tag_field else []

    assert [*tag, *names] == list(of.schema["properties"])


def test_generated_files_are_up_to_date() -> None:
    stale = [
        str(path.relative_to(generate.ROOT))
        for path, content in generate.generated().items()
        if not path.exists() or path.read_text() != content
    ]

    assert stale == [], "run `make generate`"
