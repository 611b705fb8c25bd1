"""A stream of a stage from a seed: its plan and its lines."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from parity import markets, shells
from parity.bars import Bars
from parity.ticks import Ticks

BARS_OF = b'{"topic":"bars.1s",'
"""How a line begins that holds a record of bars.1s."""


class Stream(NamedTuple):
    """What both languages get."""

    plan: dict[str, Any]
    lines: list[bytes]
    cut: int
    """Place of the line at which the stage changes over to the other language."""
    every: int
    """Lines between two commits."""


def tick_stream(seed: int, count: int) -> tuple[Stream, Stream]:
    """A stream of bar_builder_1s, and one without lines for what comes out of it."""
    dice = random.Random(f"ticks {seed}")
    market = markets.market(dice)
    settings = markets.builder_values(market, dice)
    ticks = Ticks(market, settings, dice, rough=dice.choice((0.05, 0.3, 1.0)))
    lines = list(ticks.lines(count))
    first = _stream(markets.plan(markets.BUILDER, market, settings), lines, dice)
    values = markets.aggregator_values(market, dice)
    return first, Stream(markets.plan(markets.AGGREGATOR, market, values), [], 0, first.every)


def bar_stream(seed: int, count: int) -> Stream:
    """A stream of bar_aggregator_multi."""
    dice = random.Random(f"bars {seed}")
    market = markets.market(dice)
    bars = Bars(market, dice, rough=dice.choice((0.05, 0.3, 1.0)))
    plan = markets.plan(markets.AGGREGATOR, market, markets.aggregator_values(market, dice))
    return _stream(plan, list(bars.lines(count)), dice)


def built_stream(empty: Stream, ticks: Stream, seed: int) -> Stream:
    """The bars that Python's bar builder makes of ticks, as a stream of the aggregator."""
    out = shells.python(ticks.plan, ticks.lines, every=len(ticks.lines)).whole.out
    lines = [text for text in out.splitlines() if text.startswith(BARS_OF)]
    numbered = [text[:-1] + b',"offset":%d}' % place for place, text in enumerate(lines)]
    return _stream(empty.plan, numbered, random.Random(f"built {seed}"))


def _stream(plan: dict[str, Any], lines: list[bytes], dice: random.Random) -> Stream:
    cut = dice.randint(0, len(lines))
    while cut < len(lines) and b'"value_b64"' in lines[cut]:
        cut += 1
    return Stream(plan, lines, cut, dice.choice((3, 50, 200, 200)))
