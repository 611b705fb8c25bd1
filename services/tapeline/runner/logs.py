"""Structured logs: constant event names with fields, to standard error; info for state changes."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(*, as_json: bool, verbose: bool = False) -> None:
    """Sets up structlog for the process.

    Args:
        as_json: one JSON object a line, for machines; otherwise for people.
        verbose: debug events too.
    """
    renderer = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if verbose else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
