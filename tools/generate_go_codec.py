"""Generates the Go encoders and decoders of the contract types.

A decoder expects the fields in the order of the schema without white space, as both languages write
them; whatever differs is read again from the start by the general way, which takes any order.
"""

from __future__ import annotations

import json

from go_model import INT_MAX, INT_MIN, Field, Kind, Struct


def append_methods(every: tuple[Struct, ...]) -> str:
    """AppendJSON, and At where a type has a time, of each struct."""
    return "".join(_append_method(struct) + _at_method(struct) for struct in every)


def _at_method(struct: Struct) -> str:
    if not any(field.name == "at_ns" for field in struct.fields):
        return ""
    return (
        "\n// At is the session time at which the record exists.\n"
        f"func (m *{struct.title}) At() int64 {{ return m.AtNs }}\n"
    )


def _append_method(struct: Struct) -> str:
    lines = []
    for literal, field in zip(_literals(struct), struct.fields, strict=True):
        lines.append(f"\tdst = append(dst, `{literal}`...)\n")
        lines.append(_append_value(field.kind, f"m.{field.go}", "\t"))
    return (
        "\n// AppendJSON appends the fields in the order of the schema.\n"
        f"func (m *{struct.title}) AppendJSON(dst []byte) []byte {{\n"
        f"{''.join(lines)}\treturn append(dst, '}}')\n}}\n"
    )


def _literals(struct: Struct) -> list[str]:
    """What stands before the value of each field: the key, and what comes before it."""
    starts = ["{", *[","] * (len(struct.fields) - 1)]
    if struct.tag is not None:
        starts[0] = f'{{"kind":"{struct.tag}",'
    return [f'{start}"{field.name}":' for start, field in zip(starts, struct.fields, strict=True)]


def _append_value(kind: Kind, value: str, tab: str) -> str:
    if kind.form == "list":
        assert kind.item is not None
        item = _append_value(kind.item, f"{value}[{_index(tab)}]", tab + "\t")
        return _append_entries(value, "[]", item, tab)
    if kind.form == "map":
        assert kind.item is not None
        entry = f"{value}[{_index(tab)}]"
        inner = f"{tab}\tdst = wire.AppendString(dst, {entry}.Key)\n"
        inner += f"{tab}\tdst = append(dst, ':')\n"
        inner += _append_value(kind.item, f"{entry}.Value", tab + "\t")
        return _append_entries(value, "{}", inner, tab)
    if kind.form in ("struct", "union"):
        return f"{tab}dst = {value}.AppendJSON(dst)\n"
    names = {"int": "Int", "str": "String", "enum": "String", "float": "Float", "bool": "Bool"}
    name = names.get(kind.form, "Raw")
    optional = "Opt" if kind.nullable and kind.form != "raw" else ""
    return f"{tab}dst = wire.Append{optional}{name}(dst, {value})\n"


def _index(tab: str) -> str:
    return "ijk"[len(tab) - 1]


def _append_entries(value: str, brackets: str, inner: str, tab: str) -> str:
    index = _index(tab)
    return (
        f"{tab}dst = append(dst, '{brackets[0]}')\n"
        f"{tab}for {index} := range {value} {{\n"
        f"{tab}\tif {index} > 0 {{\n{tab}\t\tdst = append(dst, ',')\n{tab}\t}}\n"
        f"{inner}{tab}}}\n"
        f"{tab}dst = append(dst, '{brackets[1]}')\n"
    )


def read_methods(every: tuple[Struct, ...], unions: tuple[Kind, ...]) -> str:
    """Read of each struct, readers of unions, and the values of the enums."""
    tags = {struct.title: struct.tag for struct in every}
    text = "".join(_values(struct) + _entry_readers(struct) for struct in every)
    text += "".join(_read_method(struct) + _any_method(struct) for struct in every)
    return text + "".join(_union_reader(kind, tags) for kind in unions)


def _values(struct: Struct) -> str:
    text = ""
    for field in struct.fields:
        if field.kind.form == "enum":
            values = "".join(f"\t{json.dumps(value)},\n" for value in field.kind.values)
            text += f"\nvar {_values_name(struct, field)} = []string{{\n{values}}}\n"
    return text


def _values_name(struct: Struct, field: Field) -> str:
    return f"values{struct.title}{field.go}"


def _read_method(struct: Struct) -> str:
    steps = []
    for number, (literal, field) in enumerate(zip(_literals(struct), struct.fields, strict=True)):
        steps.append(f"r.{'Lit' if number else 'Begin'}(`{literal}`)")
        steps.append(_read_value(struct, field))
    chain = " &&\n\t\t".join([*steps, "r.Close()"])
    return (
        "\n// Read replaces all fields by what is read.\n"
        f"func (m *{struct.title}) Read(r *wire.Reader) bool {{\n"
        "\tstart := r.Mark()\n"
        f"\tif {chain} {{\n\t\treturn true\n\t}}\n"
        "\tr.Back(start)\n"
        "\treturn m.readAny(r)\n}\n"
    )


def _any_method(struct: Struct) -> str:
    needed = sum(1 << n for n, field in enumerate(struct.fields) if field.default is None)
    defaults = ", ".join(
        f"{field.go}: {json.dumps(field.default)}"
        for field in struct.fields
        if field.default is not None
    )
    cases = "".join(
        f'\t\tcase "{field.name}":\n\t\t\tok = {_read_value(struct, field)}\n'
        f"\t\t\tseen |= {1 << number:#x}\n"
        for number, field in enumerate(struct.fields)
    )
    if struct.tag is not None:
        cases += f'\t\tcase "kind":\n\t\t\tok = r.Tag("{struct.tag}")\n'
    return (
        f"\nfunc (m *{struct.title}) readAny(r *wire.Reader) bool {{\n"
        f"\t*m = {struct.title}{{{defaults}}}\n"
        "\tif !r.Object() {\n\t\treturn false\n\t}\n"
        "\tseen := uint64(0)\n"
        "\tfor more := r.First('}'); more; more = r.Next('}') {\n"
        "\t\tkey, ok := r.Key()\n"
        "\t\tif !ok {\n\t\t\treturn false\n\t\t}\n"
        "\t\tswitch string(key) {\n"
        f"{cases}"
        "\t\tdefault:\n\t\t\tok = r.Skip()\n\t\t}\n"
        "\t\tif !ok {\n\t\t\treturn false\n\t\t}\n"
        "\t}\n"
        f"\treturn r.All(seen, {needed:#x})\n}}\n"
    )


def _read_value(struct: Struct, field: Field) -> str:
    """An expression that reads a field, and is false when it cannot."""
    kind, place = field.kind, f"&m.{field.go}"
    values = _values_name(struct, field)
    if _is_ints(kind):
        assert kind.item is not None
        return f"r.Ints({place}, {_bounds(kind.item)}, {_bounds(kind)})"
    if kind.form == "list":
        return f"wire.List(r, {place}, {_bounds(kind)}, {_entry(struct, field)})"
    if kind.form == "map":
        return f"wire.Map(r, {place}, {_entry(struct, field)})"
    return _read_one(kind, place, f"m.{field.go}", values)


def _read_one(kind: Kind, place: str, value: str, values: str) -> str:
    optional = "Opt" if kind.nullable else ""
    match kind.form:
        case "int":
            return f"r.{optional}Int({place}, {_bounds(kind)})"
        case "str":
            text = f"r.{optional}Str({place}, {_bounds(kind)})"
            return text + (f" && r.Letters({value})" if _letters(kind) else "")
        case "enum":
            return f"r.{optional}Enum({place}, {values})"
        case "float":
            return f"r.Float({place})"
        case "bool":
            return f"r.Bool({place})"
        case "raw":
            return f"r.Raw({place}, {'true' if kind.nullable else 'false'})"
        case "struct":
            return f"{value}.Read(r)"
    return f"read{kind.go}({place}, r)"


def _letters(kind: Kind) -> bool:
    if kind.pattern in ("", "^[A-Za-z0-9]+$"):
        assert not (kind.pattern and kind.nullable)
        return bool(kind.pattern)
    raise SystemExit(f"no Go check for the pattern {kind.pattern}; add one to contracts/wire")


def _entry_readers(struct: Struct) -> str:
    """Functions that read the entries of lists and maps."""
    return "".join(
        _entry_reader(field.kind.item, f"read{struct.title}{field.go}")
        for field in struct.fields
        if field.kind.item is not None and not _is_ints(field.kind)
    )


def _is_ints(kind: Kind) -> bool:
    return kind.form == "list" and kind.item is not None and kind.item.form == "int"


def _entry_reader(kind: Kind, name: str) -> str:
    if kind.form == "struct":
        return ""
    more = ""
    if kind.form == "list":
        assert kind.item is not None
        more = _entry_reader(kind.item, f"{name}Item")
        body = f"wire.List(r, value, {_bounds(kind)}, {name}Item)"
    else:
        assert kind.form in ("int", "str", "float"), kind
        assert not kind.pattern, kind
        body = _read_one(kind, "value", "", "")
    head = f"func {name}(value *{kind.go}, r *wire.Reader) bool"
    return f"{more}\n{head} {{\n\treturn {body}\n}}\n"


def _entry(struct: Struct, field: Field) -> str:
    """The function that reads an entry of this list or map."""
    kind = field.kind.item
    assert kind is not None
    return f"(*{kind.go}).Read" if kind.form == "struct" else f"read{struct.title}{field.go}"


def _bounds(kind: Kind) -> str:
    """Least and most, as arguments."""
    names = {INT_MAX: "math.MaxInt64", INT_MIN: "math.MinInt64", None: "-1"}
    return f"{names.get(kind.low, kind.low)}, {names.get(kind.high, kind.high)}"


def _union_reader(kind: Kind, tags: dict[str, str | None]) -> str:
    cases = "".join(
        f'\tcase "{tags[name]}":\n\t\tm := new({name})\n\t\t*value = m\n\t\treturn m.Read(r)\n'
        for name in kind.names
    )
    return (
        f"\nfunc read{kind.go}(value *{kind.go}, r *wire.Reader) bool {{\n"
        '\ttag, ok := r.FindTag("kind")\n'
        "\tif !ok {\n\t\treturn false\n\t}\n"
        f"\tswitch string(tag) {{\n{cases}\t}}\n"
        "\treturn r.Unknown()\n}\n"
    )
