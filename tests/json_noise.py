"""Seeded records of a schema, written in odd but valid ways or with something wrong in them."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterator
from typing import Any

import schema_documents as documents
from schema_documents import Schema

NUMBERS = (
    *("0", "-0", "1", "-1", "01", "-01", "+1", "1.0", "-0.0", "0.0", "1.", ".5", "1e0", "1E+2"),
    *("1e", "1e+", "-", "--1", "0x10", "1_0", "NaN", "-Infinity", "Infinity", "nan", "1e400"),
    *("1e308", "1.8e308", "-1e309", "5e-324", "2e-324", "1e-400", "0e999999", "1e-999999999999"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775808"),
    *("-9223372036854775809", "18446744073709551615", "18446744073709551616"),
    *("10000000000000000000", "99999999999999999999", "9007199254740993", "1e16", "123456789e-5"),
    *("10000000000000", "10000000000001", "9999999999999999.5", "0.1e1", "1e22", "1e23"),
    *("0.000001", "1e-5", "9.999e-6", "1" + "0" * 30, "1" * 400 + ".5e-399", "0." + "0" * 30 + "7"),
    *("7" * 900, "0." + "3" * 900, "1" + "0" * 308, "1" + "0" * 309, "9" * 4300, "9" * 4301),
)

TEXTS = (
    *(b'""', b'"x"', b'"A\\u0041"', b'"\\ud83d\\ude00"', b'"\\ud83d"', b'"\\ude00"', b'"\\ud83dx"'),
    *(
        b'"\\ud83d\\u0041"',
        b'"\\x41"',
        b'"\\u00g0"',
        b'"\\u12"',
        b'"\xff"',
        b'"\xc3\xa9"',
        b'"\xc3"',
    ),
    *(b'"\xed\xa0\x80"', b'"\xc0\x80"', b'"\xf0\x9f\x98\x80"', b'"\xf4\x90\x80\x80"', b'"\x1f"'),
    *(b'"\x00"', b'"\n"', b'"\x7f"', b'"\\/\\b\\f\\n\\r\\t\\"\\\\"', b'"open', b"'x'", b'"ABC\\n"'),
    *(
        b'"\\udfff"',
        b'"\\ud800\\udc00"',
        b'"\\udbff\\udfff"',
        b'"\\ud800\\ue000"',
        b'"\\ud7ff\\ue000"',
    ),
    *(b'"ABC\\n\\n"', b'"\\nABC"', b'"' + b"A" * 33 + b'"', b'"' + "é".encode() * 32 + b'"'),
    *(b'"' + "\U0001f4c8".encode() * 33 + b'"', b'"BUY"', b'"buy"', b'"1s"', b'"SIGNAL"', b'"\\"'),
    *(b'"tick"', b'"heartbeat"', b'"bar"', b'"signal"', b'"pair"', b'"t\\u0069ck"', b'"live"'),
)

OTHERS = (
    *(b"null", b"true", b"false", b"nul", b"nulll", b"True", b"[]", b"{}", b"[1]", b"[1,]", b"[,]"),
    *(b'{"a":1}', b'{"a":1,}', b'{"a"}', b'{"a":}', b"{1:2}", b'{"a":1 "b":2}', b'{"\xff":1}'),
    *(
        b'{"a":1,"a":2}',
        b'{"a":"\xff"}',
        b'["\xff"]',
        b"[[[[]]]]",
        b"[1 2]",
        b"{",
        b"[",
        b"]",
        b"}",
    ),
    *(
        b"",
        b",",
        b":",
        b"[1e999]",
        b'{"a":1e999}',
        b"[" * 60 + b"]" * 60,
        b'{"a":' * 30 + b"1" + b"}" * 30,
    ),
    *(b"[" * 250 + b"]" * 250, b'{"":[{"\\u0000":null}]}', b'{"kind":"tick"}', b"\xef\xbb\xbf1"),
)

STRANGE = (*(text.encode() for text in NUMBERS), *TEXTS, *OTHERS)
"""What may stand where something else belongs."""

SPACES = (b" ", b"\n", b"\t", b"\r", b"  \r\n\t", b"\x0b", b"\xc2\xa0", b"\x00")
"""Mostly white space."""


def values(schema: Schema, document: Schema, dice: random.Random) -> Any:
    """A random value that a schema accepts, often at one of its bounds."""
    if "$ref" in schema:
        return values(*documents.target(schema["$ref"], document), dice)
    if "oneOf" in schema:
        return values(dice.choice(schema["oneOf"]), document, dice)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return dice.choice(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = dice.choice(kinds)
    if kind == "object":
        return _object(schema, document, dice)
    if kind == "array":
        low = schema.get("minItems", 0)
        count = dice.randint(low, max(low, min(schema.get("maxItems", 12), 12)))
        return [values(schema["items"], document, dice) for _ in range(count)]
    if kind == "integer":
        return _integer(schema["minimum"], schema["maximum"], dice)
    if kind == "string":
        return _text(schema, dice)
    return {"null": None, "boolean": dice.random() < 0.5}.get(kind, _float(dice))


def _object(schema: Schema, document: Schema, dice: random.Random) -> dict[str, Any]:
    if "properties" in schema:
        return {
            name: values(node, document, dice)
            for name, node in schema["properties"].items()
            if name in schema["required"] or dice.random() < 0.5
        }
    free = schema.get("additionalProperties", {"type": ["number", "null", "boolean"]})
    count = dice.choice((0, 1, 2, 3, 20))
    return {_text({"maxLength": 20}, dice): values(free, document, dice) for _ in range(count)}


def _integer(low: int, high: int, dice: random.Random) -> int:
    edge = dice.choice((low, high, low + 1, high - 1, 0, 1))
    digits = dice.randint(1, 19)
    free = dice.randint(-(10**digits), 10**digits)
    return min(max(dice.choice((edge, free, free, free)), low), high)


def _float(dice: random.Random) -> float:
    kind = dice.randrange(4)
    if kind == 0:
        (number,) = struct.unpack("<d", dice.randbytes(8))
        return number if number - number == 0 else 0.0
    if kind == 1:
        return float(round(dice.uniform(-1e6, 1e6), dice.randint(0, 8)))
    if kind == 2:
        return dice.choice((0.0, -0.0, 1e16, 1e-5, 9.999999e-6, 123456789012345680.0, 5e-324))
    return dice.uniform(-10, 10) * 10.0 ** dice.randint(-30, 30)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
MORE = LETTERS + '-_&. "\\/\b\f\n\r\t\x00\x1f\x7féßλ€中\ud7ff\ue000\U0001f600\U0010ffff'


def _text(schema: Schema, dice: random.Random) -> str:
    low, high = schema.get("minLength", 0), schema.get("maxLength", 30)
    length = dice.choice((low, high, dice.randint(low, min(high, low + 12))))
    plain = "pattern" in schema or dice.random() < 0.6
    return "".join(dice.choices(LETTERS if plain else MORE, k=length))


class Writer:
    """Writes a value as JSON with some odd but valid turns, and rarely with wrong ones."""

    def __init__(self, dice: random.Random, odd: float, wrong: float) -> None:
        self._dice = dice
        self._odd = odd
        self._wrong = wrong

    def write(self, value: Any) -> bytes:
        """The bytes of a value."""
        return b"".join(self._value(value))

    def _happens(self, chance: float) -> bool:
        return self._dice.random() < chance

    def _space(self) -> bytes:
        return self._dice.choice(SPACES[:5]) if self._happens(self._odd / 4) else b""

    def _value(self, value: Any) -> Iterator[bytes]:
        yield self._space()
        if self._happens(self._wrong):
            yield self._dice.choice(STRANGE)
        elif isinstance(value, dict):
            yield from self._members(value)
        elif isinstance(value, list):
            yield b"["
            for number, item in enumerate(value):
                yield b"," if number else b""
                yield from self._value(item)
            yield self._space() + b"]"
        elif isinstance(value, str):
            yield self._text(value)
        elif isinstance(value, float) and self._happens(self._odd):
            yield f"{value:.{self._dice.randint(1, 30)}{self._dice.choice('efEg')}}".encode()
        else:
            yield json.dumps(value).encode()
        yield self._space()

    def _members(self, value: dict[str, Any]) -> Iterator[bytes]:
        members: list[tuple[str, Any]] = list(value.items())
        if self._happens(self._odd):
            self._dice.shuffle(members)
        if members and self._happens(self._odd / 2):
            members.insert(self._dice.randrange(len(members)), self._dice.choice(members))
        if members and self._happens(self._odd / 4):
            name = self._dice.choice(members)[0]
            members.insert(self._dice.randrange(len(members)), (name, _Bytes(self._dice)))
        if self._happens(self._odd / 2):
            place = self._dice.randint(0, len(members))
            members.insert(place, ("kind_", _Bytes(self._dice)))
        if members and self._happens(self._wrong):
            del members[self._dice.randrange(len(members))]
        yield b"{"
        for number, (name, item) in enumerate(members):
            yield (b"," if number else b"") + self._space()
            yield self._text(name) + self._space() + b":"
            yield from (item.value,) if isinstance(item, _Bytes) else self._value(item)
        yield self._space() + b"}"

    def _text(self, text: str) -> bytes:
        if self._happens(self._odd / 4):
            return json.dumps(text).encode()
        if self._happens(self._odd / 8):
            return b'"' + b"".join(self._escaped(c) for c in text) + b'"'
        return json.dumps(text, ensure_ascii=False).encode()

    def _escaped(self, character: str) -> bytes:
        units = character.encode("utf-16-be", "surrogatepass")
        numbers = struct.unpack(f">{len(units) // 2}H", units)
        pattern = self._dice.choice(("\\u%04x", "\\u%04X"))
        return "".join(pattern % number for number in numbers).encode()


class _Bytes:
    """Something strange, as it is."""

    def __init__(self, dice: random.Random) -> None:
        self.value = dice.choice(STRANGE)


def damaged(value: bytes, dice: random.Random) -> bytes:
    """The bytes with one to three small damages."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        start = dice.randint(0, len(value))
        end = min(len(value), start + dice.choice((0, 1, 1, 2, 8)))
        put = dice.choice(
            (b"", b"", bytes([dice.randrange(256)]), dice.choice(STRANGE), dice.choice(SPACES))
        )
        value = value[:start] + put + value[end:]
    return value


def records(schema: Schema, document: Schema, dice: random.Random) -> Iterator[bytes]:
    """Endless records of a schema: canonical, odd, with something wrong, damaged."""
    while True:
        value = values(schema, document, dice)
        odd, wrong = dice.choice(((0.0, 0.0), (0.2, 0.0), (0.5, 0.0), (0.0, 0.02), (0.4, 0.02)))
        text = Writer(dice, odd, wrong).write(value)
        yield damaged(text, dice) if dice.random() < 0.3 else text
