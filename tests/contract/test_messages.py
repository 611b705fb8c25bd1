"""A record is accepted by its JSON Schema if and only if the generated type accepts it.

Differences that are allowed, since both sides of the wire are generated here:

- `1.0` is an integer for JSON Schema; the types refuse it. Nothing of ours writes it.
- The tag `kind` may be missing where a topic holds one type only (`bars.1m`, `ticks.late`): msgspec
  needs a tag only to choose. A wrong tag is refused.
- Text with half of a surrogate pair is no Unicode; the decoder refuses it, a schema cannot say so.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import builders_risk
import run_folder
import schema_documents as documents
from schema_documents import ObjectSchema
from tapeline.contracts import codec
from tapeline.contracts import messages as m

PLAIN = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failure is small as it is
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

BY_TITLE = {of.title: of for of in documents.objects() if not of.file.startswith("state/")}


def built() -> list[tuple[str, msgspec.Struct]]:
    """(topic, message) of every topic, as the builders of the other tests make them."""
    pair = run_folder.topics(("HDFCBANK", "ICICIBANK"))
    found = [(t, x) for t, each in run_folder.topics(tf="3m").items() for x in each]
    found += [(t, x) for t, each in pair.items() for x in each]
    late = next(x for t, x in found if t == "ticks" and isinstance(x, m.Tick))
    dead = m.Dead(
        at_ns=1,
        topic="ticks",
        partition=0,
        offset=3,
        stage="bar_builder_1s",
        reason="SCHEMA",
        detail="",
        payload_b64="",
    )
    return [
        *found,
        ("ticks.late", late),
        ("bars.5m", next(x for t, x in found if t == "bars.3m")),
        ("bars.15m", next(x for t, x in found if t == "bars.3m")),
        ("control", builders_risk.control("KILL")),
        ("control", builders_risk.control("SET", key="sizing.max_symbol_qty", value=5)),
        ("ticks.dead", dead),
        ("journal.oms", m.Journal(at_ns=1, topic="fills", partition=0, offset=2)),
    ]


def test_the_builders_cover_every_topic() -> None:
    assert {topic for topic, _ in built()} >= set(codec.MESSAGES)


def test_messages_of_builders_pass_their_schema_and_come_back_the_same() -> None:
    for topic, message in built():
        value = codec.encode(message)
        problems = list(
            documents.validator(BY_TITLE[type(message).__name__]).iter_errors(json.loads(value))
        )

        assert problems == [], f"{topic}: {problems}"
        assert codec.decode(topic, value) == message
        assert codec.encode(codec.decode(topic, value)) == value


def accepts(kind: Any, value: bytes) -> bool:
    try:
        msgspec.json.decode(value, type=kind)
    except msgspec.MsgspecError:
        return False
    return True


def compare(of: ObjectSchema, value: Any) -> None:
    """Fails when schema and type disagree on a value, but for the differences named above."""
    if isinstance(value, dict) and "kind" in of.schema["properties"] and "kind" not in value:
        return
    errors = [e.message for e in documents.validator(of).iter_errors(value)]
    text = json.dumps(value).encode()
    assert accepts(documents.generated_type(of), text) == (not errors), (of.title, errors, text)


@pytest.mark.parametrize("of", documents.objects(), ids=lambda of: f"{of.file}-{of.title}")
def test_schema_and_type_agree_at_the_edges_of_every_field(of: ObjectSchema) -> None:
    whole = documents.example(of.schema, of.document)
    kind = documents.generated_type(of)
    compare(of, whole)
    for name, node in of.schema["properties"].items():
        compare(of, {key: value for key, value in whole.items() if key != name})
        field = documents.field_validator(node, of.document)
        for value in documents.edges(node, of.document):
            taken = accepts(kind, json.dumps({**whole, name: value}).encode())
            assert taken == field.is_valid(value), (of.title, name, value)


@pytest.mark.parametrize("of", documents.objects(), ids=lambda of: f"{of.file}-{of.title}")
def test_schema_and_type_agree_on_valid_values_and_on_those_with_one_place_changed(
    of: ObjectSchema,
) -> None:
    kind = documents.generated_type(of)
    examples = 4 if of.file.startswith("state/") else 10

    @settings(PLAIN, max_examples=examples)
    @given(documents.values(of.schema, of.document), st.data())
    def agree(value: Any, data: st.DataObject) -> None:
        compare(of, value)
        message = msgspec.json.decode(json.dumps(value).encode(), type=kind)
        text = msgspec.json.encode(message)
        assert msgspec.json.decode(text, type=kind) == message
        compare(of, json.loads(text))
        for _ in range(3):
            compare(of, data.draw(documents.changed(value)))

    agree()


def test_one_point_zero_is_no_integer_for_the_types() -> None:
    control = {**msgspec.to_builtins(builders_risk.control("SET")), "key": "k", "value": 1.0}

    assert documents.validator(BY_TITLE["Control"]).is_valid(control)
    assert not accepts(m.Control, json.dumps(control).encode())


@pytest.mark.parametrize(("topic", "taken"), [("bars.1m", True), ("bars.1s", False)])
def test_the_tag_may_be_missing_only_where_a_topic_holds_one_type(topic: str, taken: bool) -> None:
    bar = msgspec.to_builtins(run_folder.topics()["bars.1m"][0])
    del bar["kind"]

    assert not documents.validator(BY_TITLE["Bar"]).is_valid(bar)
    assert accepts(codec.MESSAGES[topic], json.dumps(bar).encode()) is taken


def test_a_wrong_tag_is_refused_everywhere() -> None:
    bar = {**msgspec.to_builtins(run_folder.topics()["bars.1m"][0]), "kind": "tick"}

    assert not accepts(m.Bar, json.dumps(bar).encode())


def test_half_a_surrogate_pair_is_refused() -> None:
    control = codec.encode(builders_risk.control("KILL")).replace(b'"person"', b'"\\ud800"')

    assert not accepts(m.Control, control)
