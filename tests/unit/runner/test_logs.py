"""Structured logs: one event a line on standard error, for machines or for people."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from tapeline.runner import logs


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_as_json_each_event_is_an_object_with_its_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(as_json=True)
    structlog.get_logger().info("stage_started", stage="oms", events=3)

    text = capsys.readouterr()
    found = json.loads(text.err)
    assert text.out == ""
    assert found.pop("timestamp").endswith("Z")
    assert found == {"event": "stage_started", "level": "info", "stage": "oms", "events": 3}


def test_for_people_a_line_without_colours_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(as_json=False)
    structlog.get_logger().warning("stage_fenced", stage="oms")

    text = capsys.readouterr().err
    assert "stage_fenced" in text
    assert "stage=oms" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(("verbose", "lines"), [(False, 1), (True, 2)])
def test_debug_events_are_asked_for(
    verbose: bool, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=True, verbose=verbose)
    log = structlog.get_logger()
    log.debug("polled")
    log.info("stopped")

    assert len(capsys.readouterr().err.splitlines()) == lines


def test_a_context_and_an_exception_are_in_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    with structlog.contextvars.bound_contextvars(session="demo"):
        try:
            int("odd")
        except ValueError:
            structlog.get_logger().exception("stage_failed")

    found = json.loads(capsys.readouterr().err)
    assert (found["session"], found["level"]) == ("demo", "error")
    assert "ValueError: invalid literal" in found["exception"]
