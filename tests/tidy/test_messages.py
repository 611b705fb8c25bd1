"""The rules find what they are for, and say what is wrong, where, and what to do."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tidy import project_rules, python_rules, text_rules
from tidy.violation import Violation

SPLIT_MODULE = "move a part that has a name of its own into a module"


def said(found: object) -> list[str]:
    return [str(violation) for violation in found]  # type: ignore[attr-defined]


def tree(source: str) -> ast.Module:
    return ast.parse(dedent(source))


def test_a_violation_reads_as_one_sentence() -> None:
    assert str(Violation("a.py:1", "is wrong", "mend it")) == "a.py:1: is wrong; mend it"


def test_long_functions() -> None:
    body = "\n".join(["def f():", *["    pass"] * 70])
    assert said(python_rules.long_functions("a.py", ast.parse(body))) == [
        "a.py:1: f has 71 lines, at most 70 are allowed; split it by what its parts do"
    ]
    body = body.removesuffix("\n    pass")
    assert said(python_rules.long_functions("a.py", ast.parse(body))) == []


@pytest.mark.parametrize(("path", "most"), [("services/a.py", 400), ("tests/a.py", 600)])
def test_long_modules(path: str, most: int) -> None:
    assert said(python_rules.long_module(path, "\n" * most)) == []
    assert said(python_rules.long_module(path, "\n" * (most + 1))) == [
        f"{path}: has {most + 1} lines, at most {most} are allowed; {SPLIT_MODULE}"
    ]


IMPURE = {
    "from datetime import datetime\nx = datetime.now()": (
        "a.py:2: pure code uses datetime.datetime.now; take the time from event.at_ns"
    ),
    "import datetime as d\nx = d.date.today()": (
        "a.py:2: pure code uses datetime.date.today; "
        "take the day from event.at_ns by contracts.clock.ist"
    ),
    "import time\n\nx = time.time()": (
        "a.py:3: pure code uses time.time; take the time from event.at_ns"
    ),
    "from time import perf_counter as clock\nx = clock()": (
        "a.py:2: pure code uses time.perf_counter; take the time from event.at_ns"
    ),
    "import random\nx = random.choice([1])": (
        "a.py:2: pure code uses random.choice; "
        "derive what must look random from (seed, ids) by hashlib.blake2b"
    ),
    "import os\nx = os.environ['A']": (
        "a.py:2: pure code uses os.environ; make it a field of the settings"
    ),
    "x = open('a')": "a.py:1: pure code calls open(); leave I/O to the runner",
    "print(1)": "a.py:1: pure code calls print(); return an output",
}


@pytest.mark.parametrize(("source", "message"), IMPURE.items())
def test_impure_code(source: str, message: str) -> None:
    assert said(python_rules.impure_uses("a.py", tree(source))) == [message]


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import time\nx = time(9, 15)",
        "from random import Random\nx = Random(1).random()",
        "import random\nx = random.Random(1)",
        "x = event.time.now()",
        "def open_orders(): pass",
    ],
)
def test_pure_code(source: str) -> None:
    assert said(python_rules.impure_uses("a.py", tree(source))) == []


def test_missing_docstrings() -> None:
    source = '''
    class Log(Protocol):
        """A log."""
        def poll(self): ...
    class Memory:
        def poll(self): pass
        def other(self): pass
        def _own(self): pass
    def run(): pass
    def _helper(): pass
    '''
    module = tree(source)
    promised = python_rules.interface_methods([module])

    assert said(python_rules.missing_docstrings("a.py", module, promised)) == [
        "a.py: the module has no docstring; say in one line what it is for",
        "a.py:5: Memory has no docstring; say in one line what it is for",
        "a.py:9: run has no docstring; say in one line what it is for",
        "a.py:7: Memory.other has no docstring; say in one line what it is for",
    ]


def test_wide_lines() -> None:
    link = "https://example.org/" + "z" * 100
    remark = "z" * 90 + "  # type: ignore[attr-defined]"
    text = "\n".join(["x" * 100, "y" * 101, f"see {link}", remark])
    assert said(text_rules.wide_lines("a.py", text)) == [
        "a.py:2: has 101 columns, at most 100 are allowed; break the line"
    ]


def test_leftovers() -> None:
    mark = "TO" + "DO"
    assert said(text_rules.leftovers("a.py", f"x\n# {mark}: later\nmas{mark}n")) == [
        f"a.py:2: holds {mark}; do it now, or open an issue and remove it"
    ]


def test_machine_names() -> None:
    home, index = "/".join(["", "home", "ada"]), "--index" + "-url"
    host = ".".join(["files", "pythonhosted", "org"])
    text = f"cd {home}/x\npip {index} x\nhttps://{host}/a\nsee docs/work/a and ./home/b"
    assert said(text_rules.machine_names("a", text)) == [
        f"a:1: names the path {home} of one machine; make it relative to the project",
        f"a:2: names a package registry ({index}); leave the choice to the installer's settings",
        f"a:3: names a package registry ({host}); leave the choice to the installer's settings",
    ]


def test_names_that_say_nothing() -> None:
    assert said(text_rules.banned_name("risk/utils.py")) == [
        "risk/utils.py: the name utils says nothing; name the subject of its functions"
    ]
    assert said(text_rules.banned_name("common/money.py")) != []
    assert said(text_rules.banned_name("docs/commonplace.md")) == []


def test_titles() -> None:
    fenced = "# One\n```sh\n# a comment\n```\n"
    assert said(text_rules.titles("a.md", fenced)) == []
    assert said(text_rules.titles("a.md", "# One\n# Two\n")) == [
        "a.md: has 2 titles (lines that start with '# '); give it exactly one"
    ]
    assert said(text_rules.titles("a.md", "text\n# One\n")) == [
        "a.md:2: the title is not the first line; move it up"
    ]


def test_broken_links() -> None:
    known = {"docs/a.md": {"one-two"}, "LICENSE": set[str]()}
    text = """# A
    [1](b.md) [2](#three) [3](../LICENSE) [4](#one-two) [5](https://example.org/x) `[6](c.md)`
    """
    assert said(text_rules.broken_links("docs/a.md", dedent(text), known.get)) == [
        "docs/a.md:2: links to b.md, but there is no docs/b.md; mend the link or add the file",
        "docs/a.md:2: links to #three, but docs/a.md has no heading of that name; mend the anchor",
    ]


def test_anchors() -> None:
    assert text_rules.anchors("# A `b` (c): d\n## E-f\n") == {"a-b-c-d", "e-f"}


def test_makefile_targets() -> None:
    text = "A := 1\n.PHONY: help\nhelp: ## List\nrun: help\n\techo a: b\nout/x: run\n"
    assert said(text_rules.undocumented_targets("Makefile", text)) == [
        "Makefile:4: the target run has no description; add `## what it does` to its line"
    ]
    assert said(text_rules.phony_targets("Makefile", text)) == [
        "Makefile:4: the target run is not phony; add it to .PHONY"
    ]


def test_stage_files() -> None:
    stages = {"oms": "x/oms", "store": "x/store", "ingestion": "x/ingestion"}
    files = {"x/oms/logic.py", "x/oms/settings.py", "x/oms/app.py", "x/store/logic.py"}
    assert said(project_rules.missing_stage_files(stages, files)) == [
        "x/oms: the stage oms has no README.md; add it: every stage has the same files",
        "x/store: the stage store has no README.md; add it: every stage has the same files",
        *(
            f"x/ingestion: the stage ingestion has no {name}; "
            "add it: every stage has the same files"
            for name in ("source.py", "settings.py", "app.py", "README.md")
        ),
    ]


def test_long_wiring() -> None:
    assert said(project_rules.long_app("a/app.py", "\n" * 39)) == []
    assert said(project_rules.long_app("a/app.py", "\n" * 40)) == [
        "a/app.py: has 40 lines, under 40 are allowed; move logic into logic.py"
    ]


def test_operator_package() -> None:
    assert said(project_rules.operator_package({"operator/__init__.py"})) == [
        "operator/__init__.py: makes operator/ a package; remove it; it is a source root"
    ]
    assert said(project_rules.operator_package({"operator/x/__init__.py"})) == []


def test_index_pages() -> None:
    assert said(project_rules.unlisted("docs/README.md", "[a](a.md)", {"a.md", "b.md"})) == [
        "docs/README.md: does not link to b.md; add a line for it"
    ]


def test_paths_in_documents() -> None:
    text = "see `docs/a.md`, `docs/gone.md`, `orders/x` and `docs/`"
    there = {"docs/a.md", "docs/"}
    assert said(text_rules.missing_paths("a.md", text, there.__contains__)) == [
        "a.md:1: names docs/gone.md, which is not there; mend the path"
    ]
