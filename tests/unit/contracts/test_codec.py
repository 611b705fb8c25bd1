"""The border: what is accepted survives unchanged, what is not is refused with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
from tapeline.contracts import codec
from tapeline.contracts.codec import MESSAGES, RECORD_BYTES_MAX, BadRecordError
from tapeline.contracts.messages import Dead, Journal

SIZES = st.integers(0, 2**63 - 1)
PRICES = st.integers(1, 10**13)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=32)


def accepted(topic: str, value: bytes) -> Any:
    """The message, None when it is refused; any other error than BadRecordError is a bug."""
    try:
        return codec.decode(topic, value)
    except BadRecordError:
        return None


@settings(deadline=None)
@given(TEXT, SIZES, PRICES, st.one_of(st.none(), SIZES), st.booleans())
def test_a_message_survives_the_wire(
    symbol: str, at_ns: int, price_e4: int, volume: int | None, trade: bool
) -> None:
    tick = builders.tick(
        symbol=symbol, at_ns=at_ns, last_price_e4=price_e4, day_volume=volume, trade=trade
    )
    value = codec.encode(tick)

    assert codec.decode("ticks", value) == tick
    assert codec.encode(codec.decode("ticks", value)) == value


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(MESSAGES)), st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_bad_record(topic: str, value: bytes) -> None:
    message = accepted(topic, value)

    assert message is None or codec.decode(topic, codec.encode(message)) == message


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(json.loads(codec.encode(builders.tick())))), JSON)
def test_one_field_of_another_type_never_gets_further_than_the_border(
    field: str, value: Any
) -> None:
    record = json.loads(codec.encode(builders.tick())) | {field: value}
    message = accepted("ticks", json.dumps(record).encode())

    assert message is None or json.loads(codec.encode(message)) == record


BAD = {
    "nothing": b"",
    "half a record": codec.encode(builders.tick())[:-1],
    "two records": codec.encode(builders.tick()) * 2,
    "bytes that are no UTF-8": b'{"kind":"tick","symbol":"\xc3\x28"}',
    "half of a surrogate pair": b'{"kind":"tick","symbol":"\\ud800"}',
    "NaN": b'{"kind":"tick","at_ns":NaN}',
    "a list": b"[]",
    "another kind": b'{"kind":"tock"}',
    "deep nesting": b"[" * 10_000,
}


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_bad_bytes_are_refused(value: bytes) -> None:
    with pytest.raises(BadRecordError) as caught:
        codec.decode("ticks", value)
    assert caught.value.reason == "SCHEMA"
    assert caught.value.detail == "these bytes are no record of ticks"
    assert caught.value.why not in ("", caught.value.detail)


def nested(levels: int, padding: str = "") -> bytes:
    """A tick with an unknown field, so that the whole is nested that deep."""
    inner = "[" * (levels - 1) + padding + "]" * (levels - 1)
    return codec.encode(builders.tick())[:-1] + f',"unknown":{inner}}}'.encode()


@pytest.mark.parametrize("padding", ["", "1", '"[[\\"{{"'])
def test_the_limit_of_nesting_is_ours_and_not_the_interpreters(padding: str) -> None:
    assert codec.decode("ticks", nested(codec.NESTING_MAX, padding)) == builders.tick()

    for levels in (codec.NESTING_MAX + 1, 20_000):
        with pytest.raises(BadRecordError) as caught:
            codec.decode("ticks", nested(levels, padding))
        assert caught.value.why == "nested deeper than 256"


def test_a_record_with_many_brackets_side_by_side_is_not_nested() -> None:
    wide = codec.encode(builders.tick())[:-1] + b',"unknown":[' + b"[]," * 999 + b'"]"]}'

    assert codec.decode("ticks", wide) == builders.tick()


def test_the_size_is_checked_before_anything_is_read() -> None:
    padded = codec.encode(builders.tick()).ljust(RECORD_BYTES_MAX)
    assert codec.decode("ticks", padded) == builders.tick()

    with pytest.raises(BadRecordError, match=r"^OVERSIZED: 65537 bytes, at most 65536$"):
        codec.decode("ticks", padded + b" ")


def test_dead_letters_and_journals_have_one_type_whatever_their_topic() -> None:
    assert codec.decoder("ticks.dead").type is codec.decoder("fills.dead").type is Dead
    assert codec.decoder("journal.oms").type is Journal


def test_an_unknown_topic_is_a_bug() -> None:
    with pytest.raises(KeyError):
        codec.decoder("bars.2m")
