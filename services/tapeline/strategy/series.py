"""Indicators over one series of bars (or over the bars of a pair), and what a revision does there.

`on_revision` of configs/registry.yaml says what a corrected bar does to a strategy's indicators:
ignore leaves them as they are; recompute takes the newest bar again as corrected, and counts an
alert for an older one, which cannot be taken back; alert only counts. A revision never makes a
decision: that has been made, with the revision that its signal names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tapeline.contracts.clock import ist_day
from tapeline.contracts.messages import Bar
from tapeline.contracts.money import E4
from tapeline.contracts.states.strategy_runner import SeenBar, SeriesEntry
from tapeline.strategy.indicators.base import IndicatorBar

OnRevision = Literal["ignore", "recompute", "alert"]

Indicators = dict[str, Any]
"""Indicators by name, in name order."""

Dump = dict[str, tuple[float, ...]]


def seen(bar: Bar) -> SeenBar:
    """What a series keeps of a bar."""
    return SeenBar(
        symbol=bar.symbol,
        start_ns=bar.start_ns,
        end_ns=bar.end_ns,
        rev=bar.rev,
        final=bar.final,
        open_e4=bar.open_e4,
        high_e4=bar.high_e4,
        low_e4=bar.low_e4,
        close_e4=bar.close_e4,
        volume=bar.volume,
    )


def prices(bar: SeenBar) -> IndicatorBar:
    """The float view that indicators read; equal to `indicators.base.indicator_bar`."""
    return IndicatorBar(
        bar.open_e4 / E4,
        bar.high_e4 / E4,
        bar.low_e4 / E4,
        bar.close_e4 / E4,
        None if bar.volume is None else float(bar.volume),
        ist_day(bar.start_ns),
    )


def _dump(indicators: Indicators) -> Dump:
    return {name: tuple(indicator.dump()) for name, indicator in indicators.items()}


def _restore(indicators: Indicators, dump: Mapping[str, tuple[float, ...]]) -> None:
    # An indicator that the configuration gained since the dump starts cold.
    for name, indicator in indicators.items():
        if name in dump:
            indicator.restore(list(dump[name]))


class _Indicators:
    """What both kinds of series share."""

    __slots__ = ("alerts", "bars", "before", "indicators", "newest", "on_revision")

    def __init__(self, indicators: Indicators, on_revision: OnRevision) -> None:
        self.indicators = indicators
        self.on_revision = on_revision
        self.bars = 0
        self.alerts = 0
        self.newest: tuple[SeenBar, ...] = ()
        self.before: Dump = {}

    def values(self, names: tuple[str, ...]) -> dict[str, float] | None:
        """Values by name, or `name.output` for several outputs; None until all are warm."""
        found: dict[str, float] = {}
        for name in names:
            indicator = self.indicators[name]
            values = indicator.values()
            if values is None:
                return None
            if len(values) == 1:
                found[name] = values[0]
            else:
                for output, value in zip(indicator.outputs, values, strict=True):
                    found[f"{name}.{output}"] = value
        return found

    def _take(self, bars: tuple[SeenBar, ...]) -> None:
        if self.on_revision == "recompute":
            self.before = _dump(self.indicators)
        self.newest = bars
        self._update()

    def _take_again(self, bars: tuple[SeenBar, ...]) -> None:
        _restore(self.indicators, self.before)
        self.newest = bars
        self._update()

    def _update(self) -> None:
        raise NotImplementedError

    def entry(self) -> SeriesEntry:
        """Complete content, for the state topic."""
        return SeriesEntry(
            bars=self.bars,
            alerts=self.alerts,
            newest=self.newest,
            waiting=self._waiting(),
            now=_dump(self.indicators),
            before=self.before,
        )

    def _waiting(self) -> tuple[SeenBar, ...]:
        return ()

    def load(self, entry: SeriesEntry) -> None:
        """Takes over an entry."""
        self.bars = entry.bars
        self.alerts = entry.alerts
        self.newest = entry.newest
        self.before = entry.before
        _restore(self.indicators, entry.now)


class Series(_Indicators):
    """Indicators over the bars of one symbol and timeframe."""

    __slots__ = ()

    def take(self, bar: SeenBar) -> tuple[SeenBar, ...] | None:
        """Takes a bar.

        Returns:
            The bar when it is the first of a new window, on which strategies decide; else None.
        """
        newest = self.newest[0] if self.newest else None
        if newest is None or bar.start_ns > newest.start_ns:
            self.bars += 1
            self._take((bar,))
            return self.newest
        if bar.start_ns == newest.start_ns and bar.rev <= newest.rev:
            return None
        if bar.start_ns == newest.start_ns and self.on_revision == "recompute":
            self._take_again((bar,))
        elif self.on_revision != "ignore":
            self.alerts += 1
        return None

    def _update(self) -> None:
        bar = prices(self.newest[0])
        for indicator in self.indicators.values():
            indicator.update(bar)


class PairSeries(_Indicators):
    """Indicators over the bars of two symbols that have the same start.

    The first leg to come waits for the other. A bar of a later window gives up the wait: a window
    in which one symbol did not trade is not part of the series. So the result does not depend on
    which of two bars of one window comes first.

    Args:
        symbols: first and second leg.
    """

    __slots__ = ("symbols", "waiting")

    def __init__(
        self, symbols: tuple[str, str], indicators: Indicators, on_revision: OnRevision
    ) -> None:
        super().__init__(indicators, on_revision)
        self.symbols = symbols
        self.waiting: SeenBar | None = None

    def take(self, bar: SeenBar) -> tuple[SeenBar, ...] | None:
        """Takes a bar of either leg.

        Returns:
            Both bars, first leg first, when this one completes a new window; else None.
        """
        waiting = self.waiting
        begun_ns = waiting.start_ns if waiting else self.newest[0].start_ns if self.newest else -1
        if bar.start_ns > begun_ns:
            self.bars += 1
            self.waiting = bar
            return None
        if waiting is not None and bar.start_ns == begun_ns:
            return self._beside(waiting, bar)
        self._revise(bar)
        return None

    def _beside(self, waiting: SeenBar, bar: SeenBar) -> tuple[SeenBar, ...] | None:
        """Another bar of the window that waits."""
        if bar.symbol == waiting.symbol:
            if bar.rev > waiting.rev:
                if self.on_revision == "recompute":
                    self.waiting = bar
                self.alerts += self.on_revision == "alert"
            return None
        self.bars += 1
        self.waiting = None
        self._take((waiting, bar) if waiting.symbol == self.symbols[0] else (bar, waiting))
        return self.newest

    def _revise(self, bar: SeenBar) -> None:
        """A bar of a window that is complete or has been given up."""
        first_leg = bar.symbol == self.symbols[0]
        known = self.newest[0 if first_leg else 1] if self.newest else None
        if known is not None and bar.start_ns == known.start_ns:
            if bar.rev <= known.rev:
                return
            if self.on_revision == "recompute":
                other = self.newest[1 if first_leg else 0]
                self._take_again((bar, other) if first_leg else (other, bar))
                return
        self.alerts += self.on_revision != "ignore"

    def _update(self) -> None:
        first, second = (prices(bar) for bar in self.newest)
        for indicator in self.indicators.values():
            indicator.update_pair(first, second)

    def _waiting(self) -> tuple[SeenBar, ...]:
        return (self.waiting,) if self.waiting else ()

    def load(self, entry: SeriesEntry) -> None:
        """Takes over an entry."""
        super().load(entry)
        self.waiting = entry.waiting[0] if entry.waiting else None
