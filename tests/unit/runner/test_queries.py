"""Named SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline.runner.queries import load_queries, sql_dir

TEXT = """-- Statements of a test.

-- name: first
SELECT 1
FROM a
;

-- name: second
SELECT 2;
"""


def test_statements_have_the_name_above_them(tmp_path: Path) -> None:
    path = tmp_path / "q.sql"
    path.write_text(TEXT)

    assert load_queries(path) == {"first": "SELECT 1\nFROM a\n;", "second": "SELECT 2;"}


def test_a_name_that_appears_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "q.sql"
    path.write_text(TEXT + "-- name: first\nSELECT 3;\n")

    with pytest.raises(ValueError, match=r"q\.sql: query first is defined twice"):
        load_queries(path)


def test_a_file_without_names_holds_no_statements(tmp_path: Path) -> None:
    path = tmp_path / "q.sql"
    path.write_text("SELECT 1;\n")

    assert load_queries(path) == {}


FILES = sorted((sql_dir() / "queries").glob("*.sql"))


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_shipped_file_holds_statements(path: Path) -> None:
    queries = load_queries(path)

    assert queries
    assert all(queries.values())
