"""The Go contracts take the same bytes as the Python ones, give the same values and write the same.

`GO_CONTRACTS_RECORDS=20000` makes the comparison of random records longer: so many of each type.
`GO_CONTRACTS_SEED=n` gives other records.
"""

from __future__ import annotations

import json
import os
import random
from itertools import islice
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders_risk
import go_parity
import json_noise
import schema_documents as documents
from go_parity import Question
from schema_documents import ObjectSchema
from tapeline.contracts import codec, order_states
from tapeline.contracts import messages as m
from tapeline.contracts.ids import derive, tag
from tapeline.contracts.reasons import Reason
from tapeline.runner.log import lane_of

RECORDS = int(os.environ.get("GO_CONTRACTS_RECORDS", "300"))
SEED = int(os.environ.get("GO_CONTRACTS_SEED", "1"))

TYPES = {(of.file, of.title): of for of in documents.objects()}


def go_name(of: ObjectSchema) -> str:
    """How the parity command names a type."""
    if of.file.startswith("state/"):
        return f"{of.file.removeprefix('state/').removesuffix('.schema.json')}.{of.title}"
    return f"contracts.{of.title}"


def again(kind: Any, value: bytes) -> bytes | None:
    """The bytes of the value in `value`; None when the type refuses them."""
    try:
        return msgspec.json.encode(msgspec.json.decode(value, type=kind))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def again_of_topic(topic: str, value: bytes) -> bytes | None:
    try:
        return codec.encode(codec.decode(topic, value))
    except codec.BadRecordError:
        return None


def compare(asked: list[Question], expected: list[bytes | None]) -> int:
    """Fails at the first difference; how many records both took."""
    for question, want, answer in zip(asked, expected, go_parity.ask(asked), strict=True):
        got = answer.text if answer.accepted else None
        if got is not None and question.name == "contracts.StateEntry":
            # Go keeps the bytes of the entry as they are.
            got = again(m.StateEntry, got) or b"bytes that Python refuses"
        assert got == want, (question, answer)
    return sum(want is not None for want in expected)


@pytest.mark.parametrize("of", TYPES.values(), ids=go_name)
def test_random_records_of_a_type_are_taken_or_refused_alike(of: ObjectSchema) -> None:
    dice = random.Random(f"{SEED} {go_name(of)}")
    kind = documents.generated_type(of)
    values = list(islice(json_noise.records(of.schema, of.document, dice), RECORDS))

    asked = [Question("type", go_name(of), value) for value in values]
    taken = compare(asked, [again(kind, value) for value in values])

    assert RECORDS * 0.2 < taken < RECORDS * 0.95


TOPICS = {
    **codec.MESSAGES,
    "ticks.dead": m.Dead,
    "journal.oms": m.Journal,
}


@pytest.mark.parametrize("topic", TOPICS)
def test_random_records_of_a_topic_are_taken_or_refused_alike(topic: str) -> None:
    dice = random.Random(f"{SEED} {topic}")
    info = msgspec.inspect.type_info(TOPICS[topic])
    kinds = info.types if isinstance(info, msgspec.inspect.UnionType) else (info,)
    own = {kind.cls.__name__ for kind in kinds if isinstance(kind, msgspec.inspect.StructType)}
    sources = [
        json_noise.records(of.schema, of.document, dice)
        for of in TYPES.values()
        if of.title in own and not of.file.startswith("state/")
    ]
    values = [next(dice.choice(sources)) for _ in range(RECORDS)]

    asked = [Question("topic", topic, value) for value in values]
    taken = compare(asked, [again_of_topic(topic, value) for value in values])

    assert RECORDS * 0.2 < taken < RECORDS * 0.95


@pytest.mark.parametrize("of", TYPES.values(), ids=go_name)
def test_the_edges_of_every_field_are_taken_or_refused_alike(of: ObjectSchema) -> None:
    whole = documents.example(of.schema, of.document)
    kind = documents.generated_type(of)
    changed: list[Any] = [whole, {}, {**whole, "kind": "tock"}]
    for name, node in of.schema["properties"].items():
        changed.append({key: value for key, value in whole.items() if key != name})
        changed += [{**whole, name: value} for value in documents.edges(node, of.document)]
    values = [msgspec.json.encode(each) for each in changed]

    asked = [Question("type", go_name(of), value) for value in values]
    compare(asked, [again(kind, value) for value in values])


@pytest.mark.parametrize("of", TYPES.values(), ids=go_name)
def test_whatever_stands_in_a_field_is_taken_or_refused_alike(of: ObjectSchema) -> None:
    kind = documents.generated_type(of)
    example = documents.example(of.schema, of.document)
    whole = msgspec.json.encode({**example, "nobody": None})
    members = {
        name: msgspec.json.encode(value) for name, value in {**example, "nobody": None}.items()
    }
    values = []
    for name, text in members.items():
        place = b'"' + name.encode() + b'":'
        for strange in json_noise.STRANGE:
            inner = {b"[": b"[%b]", b"{": b'{"x":%b}'}.get(text[:1], b"%b") % strange
            puts = (strange, inner)
            values += [whole.replace(place + text, place + put) for put in puts]
    values += [whole[:-1] + b"," + strange + b":1}" for strange in json_noise.STRANGE]

    asked = [Question("type", go_name(of), value) for value in values]
    compare(asked, [again(kind, value) for value in values])


def test_repeated_names_of_a_large_map_are_read_alike() -> None:
    signal = documents.example(TYPES["signal.schema.json", "Signal"].schema, {})
    dice = random.Random(SEED)
    values = []
    for size in range(1, 40):
        names = [f"n{dice.randrange(size)}" for _ in range(2 * size)]
        votes = ",".join(f'"{name}":{n}' for n, name in enumerate(names))
        text = msgspec.json.encode({**signal, "votes": {}})
        values.append(text.replace(b'"votes":{}', b'"votes":{' + votes.encode() + b"}"))

    asked = [Question("type", "contracts.Signal", value) for value in values]
    assert compare(asked, [again(m.Signal, value) for value in values]) == len(values)


def test_any_bytes_at_all() -> None:
    dice = random.Random(SEED)
    values = [dice.randbytes(dice.randint(0, 12)) for _ in range(1000)]
    values += [b"", b" ", b"null", b"{}", b"[]", b"{", b'{"kind"', b'{"kind":', b'{"kind":"tick"']
    asked = [Question("topic", "ticks", value) for value in values]

    assert compare(asked, [again_of_topic("ticks", value) for value in values]) == 0


def nested(levels: int, opening: bytes) -> bytes:
    """A control record that is nested that deep by a field that nobody knows."""
    closing = {b"[": b"]", b'{"":': b"}"}[opening]
    inner = opening * (levels - 1) + b"1" + closing * (levels - 1)
    return codec.encode(builders_risk.control("KILL"))[:-1] + b',"nobody":' + inner + b"}"


def test_nesting_ends_at_the_same_depth() -> None:
    depths = (2, codec.NESTING_MAX - 1, codec.NESTING_MAX, codec.NESTING_MAX + 1, 9_000)
    values = [nested(levels, opening) for levels in depths for opening in (b"[", b'{"":')]
    asked = [Question("topic", "control", value) for value in values]

    assert compare(asked, [again_of_topic("control", value) for value in values]) == 6


def test_the_size_ends_at_the_same_byte_and_a_dead_letter_says_the_same() -> None:
    control = codec.encode(builders_risk.control("KILL"))
    values = [control.ljust(codec.RECORD_BYTES_MAX + more) for more in (-1, 0, 1)] + [b"{"]
    answers = go_parity.ask([Question("topic", "control", value) for value in values])

    assert [answer.accepted for answer in answers] == [True, True, False, False]
    for value, answer in list(zip(values, answers, strict=True))[2:]:
        with pytest.raises(codec.BadRecordError) as refused:
            codec.decode("control", value)
        said = f"{refused.value.reason}: {refused.value.detail} ("
        assert answer.text.decode().startswith(said)


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=20)
@given(st.lists(FLOATS, min_size=100, max_size=100))
def test_floats_are_written_alike(numbers: list[float]) -> None:
    signal = documents.example(TYPES["signal.schema.json", "Signal"].schema, {})
    votes = {f"n{i}": number for i, number in enumerate(numbers)}
    value = msgspec.json.encode({**signal, "indicators": votes})

    compare([Question("type", "contracts.Signal", value)], [again(m.Signal, value)])


PARTS = st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))


@settings(deadline=None, max_examples=20)
@given(st.lists(PARTS, min_size=5, max_size=5))
def test_ids_are_derived_alike(rows: list[list[str | int]]) -> None:
    asked = [Question("id", "-", json.dumps([str(p) for p in parts]).encode()) for parts in rows]

    assert [a.text.decode() for a in go_parity.ask(asked)] == [derive(*parts) for parts in rows]


def test_tags_are_the_same() -> None:
    ids = [derive("order", n) for n in range(100)]
    asked = [Question("tag", "-", each.encode()) for each in ids]

    assert [answer.text.decode() for answer in go_parity.ask(asked)] == [tag(each) for each in ids]


def test_lanes_of_keys_are_the_same() -> None:
    keys = ["", "INFY", "M&M", "é", *(f"S{n}" for n in range(100))]
    pairs = [(key, lanes) for key in keys for lanes in (1, 2, 4, 7)]
    asked = [Question("lane", str(lanes), key.encode()) for key, lanes in pairs]

    assert [int(answer.text) for answer in go_parity.ask(asked)] == [lane_of(*p) for p in pairs]


def test_reasons_and_order_states_are_the_same_pair_by_pair() -> None:
    (answer,) = go_parity.ask([Question("tables", "-", b"")])
    tables = json.loads(answer.text)

    assert tables["reasons"] == list(Reason)
    assert tables["states"] == list(order_states.OrderState)
    assert tables["events"] == list(order_states.OrderEvent)
    assert tables["terminal"] == list(order_states.TERMINAL)
    assert tables["late_truths"] == list(order_states.LATE_TRUTHS)
    for state in order_states.OrderState:
        for event in order_states.OrderEvent:
            expected = order_states.next_state(state, event)
            assert tables["next"].get(f"{state} {event}") == expected, (state, event)
