"""Generates the Go contract types from schemas/: structs, constants, encoders and decoders."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from generate_go_codec import append_methods, read_methods
from generate_go_tables import comment, file_head, order_states_file, reasons_file
from generate_order_states import SOURCE, load_machine
from go_model import Kind, Struct, camel, load, structs

CONTRACTS = Path("go/pkg/shared/contracts")
PARITY = Path("go/internal/parity")
PACKAGE = "tapeline.dev/tapeline/pkg/shared/contracts"


def go_files(root: Path) -> dict[Path, str]:
    """Every generated Go file with its content, by path."""
    schemas = root / "schemas"
    out = root / CONTRACTS
    every = {"contracts": structs(load(schemas))}
    files = _package(out, "contracts", "schemas/*.schema.json", every["contracts"])
    for name, schema in load(schemas / "state").items():
        stage = name.removesuffix(".schema.json")
        source = f"schemas/state/{name}"
        every[stage] = structs({name: schema})
        files |= _package(out / "states" / stage, stage, source, every[stage])
    files[root / PARITY / "values.go"] = _values(every)
    reasons = yaml.safe_load((schemas / "reasons.yaml").read_text())
    files[out / "reasons.go"] = reasons_file(reasons)
    files[out / "order_states.go"] = order_states_file(load_machine(root / SOURCE))
    return files


def _package(folder: Path, package: str, source: str, every: tuple[Struct, ...]) -> dict[Path, str]:
    bodies = {
        "messages.go": types(every),
        "messages_append.go": append_methods(every),
        "messages_read.go": read_methods(every, union_kinds(every)),
    }
    return {folder / name: head(package, source, body) for name, body in bodies.items()}


def _values(every: dict[str, tuple[Struct, ...]]) -> str:
    """How the parity command makes a value of each type, by package and name."""
    paths = {name: f"{PACKAGE}/states/{name}" for name in every} | {"contracts": PACKAGE}
    imports = "".join(f'\t"{path}"\n' for path in sorted(paths.values()))
    names = [f"{package}.{each.title}" for package in every for each in every[package]]
    width = max(map(len, names)) + 3
    rows = "".join(
        f"\t{json.dumps(name) + ':':<{width}} func() value {{ return new({name}) }},\n"
        for name in names
    )
    return (
        f"{file_head('main', 'schemas/')}\nimport (\n{imports})\n\n"
        f"var values = map[string]func() value{{\n{rows}}}\n"
    )


def head(package: str, source: str, body: str) -> str:
    """A generated file around its body."""
    used = {"math": "math", f"{PACKAGE}/wire": "wire"}
    paths = [f'"{path}"' for path, name in used.items() if f"{name}." in body]
    imports = ""
    if len(paths) == 1:
        imports = f"\nimport {paths[0]}\n"
    elif paths:
        imports = "\nimport (\n\t" + "\n\n\t".join(paths) + "\n)\n"
    return file_head(package, source) + imports + body


def types(every: tuple[Struct, ...]) -> str:
    """Struct types with the constants of their enums."""
    return "".join(_type(struct) + _constants(struct) for struct in every) + _unions(every)


def _type(struct: Struct) -> str:
    lines = [f"\n{comment(f'{struct.title}: {struct.description}')}type {struct.title} struct {{\n"]
    for field in struct.fields:
        lines.append(comment(field.description or f"See {field.kind.go}.", "\t"))
        lines.append(f"\t{field.go} {field.kind.go}\n")
    return "".join(lines) + "}\n"


def _constants(struct: Struct) -> str:
    blocks = []
    for field in struct.fields:
        if field.kind.form != "enum":
            continue
        names = [f"{struct.title}{field.go}{camel(value)}" for value in field.kind.values]
        width = max(map(len, names))
        rows = zip(names, field.kind.values, strict=True)
        body = "".join(f'\t{name:<{width}} = "{value}"\n' for name, value in rows)
        blocks.append(f"\n// Values of {struct.title}.{field.go}.\nconst (\n{body})\n")
    return "".join(blocks)


def union_kinds(every: tuple[Struct, ...]) -> tuple[Kind, ...]:
    """The unions among the fields, each once."""
    kinds = [f.kind for struct in every for f in struct.fields if f.kind.form == "union"]
    return tuple(dict.fromkeys(kinds))


def _unions(every: tuple[Struct, ...]) -> str:
    text = ""
    for kind in union_kinds(every):
        names = " or ".join(f"*{name}" for name in kind.names)
        text += f"\n// {kind.go} is {names}.\ntype {kind.go} interface {{\n"
        text += f"\tAppendJSON(dst []byte) []byte\n\tis{kind.go}()\n}}\n"
        text += "".join(f"\nfunc (*{name}) is{kind.go}() {{}}\n" for name in kind.names)
    return text
