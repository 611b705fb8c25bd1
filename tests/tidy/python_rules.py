"""Rules on Python source: size, purity, docstrings."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from tidy.violation import Violation

FUNCTION_LINES_MAX = 70
MODULE_LINES_MAX = 400
TEST_MODULE_LINES_MAX = 600
"""A table of cases may be long; a module of logic may not."""

IMPURE = {
    "datetime.datetime.now": "take the time from event.at_ns",
    "datetime.datetime.today": "take the time from event.at_ns",
    "datetime.datetime.utcnow": "take the time from event.at_ns",
    "datetime.date.today": "take the day from event.at_ns by contracts.clock.ist",
    "os.environ": "make it a field of the settings",
    "os.getenv": "make it a field of the settings",
    "uuid.uuid1": "use contracts.ids.derive",
    "uuid.uuid4": "use contracts.ids.derive",
}
"""What pure code may not use, and what it uses instead."""

IMPURE_MODULES = {
    "time": "take the time from event.at_ns",
    "random": "derive what must look random from (seed, ids) by hashlib.blake2b",
    "secrets": "derive what must look random from (seed, ids) by hashlib.blake2b",
    "socket": "leave I/O to the runner",
    "subprocess": "leave I/O to the runner",
    "logging": "return an output; the runner logs",
}
"""Modules of which pure code may call nothing; random.Random(seed) alone may be made."""

IMPURE_CALLS = {"open": "leave I/O to the runner", "print": "return an output"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_functions(path: str, tree: ast.Module) -> Iterator[Violation]:
    """Functions that do not fit a screen."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield Violation(
                    f"{path}:{node.lineno}",
                    f"{node.name} has {lines} lines, at most {FUNCTION_LINES_MAX} are allowed",
                    "split it by what its parts do",
                )


def long_module(path: str, source: str) -> Iterator[Violation]:
    """Modules that are more than one subject."""
    lines = len(source.splitlines())
    most = TEST_MODULE_LINES_MAX if path.startswith("tests/") else MODULE_LINES_MAX
    if lines > most:
        yield Violation(
            path,
            f"has {lines} lines, at most {most} are allowed",
            "move a part that has a name of its own into a module",
        )


def impure_uses(path: str, tree: ast.Module) -> Iterator[Violation]:
    """Clocks, environment, randomness and I/O in code that must be pure."""
    names = _imported(tree)
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    inner = {id(node.value) for node in attributes}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            found = _impure(_dotted(node, names))
            if found is not None:
                yield Violation(f"{path}:{node.lineno}", f"pure code uses {found[0]}", found[1])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            remedy = IMPURE_CALLS.get(node.func.id)
            if remedy is not None:
                what = f"pure code calls {node.func.id}()"
                yield Violation(f"{path}:{node.lineno}", what, remedy)


def _imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, dotted."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _impure(dotted: str) -> tuple[str, str] | None:
    for banned, remedy in IMPURE.items():
        if dotted == banned or dotted.startswith(banned + "."):
            return banned, remedy
    module, _, member = dotted.partition(".")
    if member and module in IMPURE_MODULES and not dotted.startswith("random.Random"):
        return dotted, IMPURE_MODULES[module]
    return None


def missing_docstrings(
    path: str, tree: ast.Module, promised: frozenset[str]
) -> Iterator[Violation]:
    """Public things without a docstring.

    A method that a Protocol or a base class of the project already describes needs none again, and
    neither does the stub of a method in a Protocol, whose class says what it is for.

    Args:
        path: of the module.
        tree: its source.
        promised: see `interface_methods`.
    """
    remedy = "say in one line what it is for"
    if not ast.get_docstring(tree):
        yield Violation(path, "the module has no docstring", remedy)
    for owner, node in _public(tree):
        if ast.get_docstring(node):
            continue
        if owner is not None and (_is_protocol(owner) or node.name in promised):
            continue
        name = node.name if owner is None else f"{owner.name}.{node.name}"
        yield Violation(f"{path}:{node.lineno}", f"{name} has no docstring", remedy)


def interface_methods(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Names of the methods that Protocols and base classes of the project describe."""
    classes = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    bases = {base.id for c in classes for base in c.bases if isinstance(base, ast.Name)}
    return frozenset(
        member.name
        for c in classes
        if _is_protocol(c) or c.name in bases
        for member in c.body
        if isinstance(member, Function) and not member.name.startswith("_")
    )


def _public(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, Function | ast.ClassDef]]:
    pending: list[tuple[ast.ClassDef | None, ast.stmt]] = [(None, node) for node in tree.body]
    while pending:
        owner, node = pending.pop(0)
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield owner, node
            if isinstance(node, ast.ClassDef):
                pending += [(node, member) for member in node.body]


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(isinstance(b, ast.Name) and b.id == "Protocol" for b in node.bases)
