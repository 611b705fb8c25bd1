"""Charges of a trade under the rates of its day, from configs/charges/<broker>.yaml.

Rounding: each component is an exact share of the order's running notional, rounded half up to
1/10,000 rupee; a fill pays what the order owes after it less what it owed before it. The fills of
an order therefore add up to the order's charges exactly, however it was filled, and no fill costs
less than nothing. The contract note rounds STT and stamp duty to whole rupees by day: that is the
note's business, and not of a fill.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from tapeline.contracts.errors import SettingsError
from tapeline.contracts.messages import Charges
from tapeline.contracts.money import E4, divide_half_up
from tapeline.market.documents import FactsModel, read_document

Component = Literal["brokerage", "stt", "exchange", "ipft", "sebi", "stamp", "gst"]
Segment = Literal["equity_intraday", "equity_delivery", "futures", "options"]
Exchange = Literal["NSE", "BSE"]
Side = Literal["BUY", "SELL"]

COMPONENTS: tuple[Component, ...] = get_args(Component)
SEGMENTS: tuple[Segment, ...] = get_args(Segment)
EXCHANGES: tuple[Exchange, ...] = get_args(Exchange)

CRORE = 10_000_000
"""Ten million; turnover fees are quoted in rupees for each crore."""

_CASH_SEGMENTS: dict[str, Segment] = {"MIS": "equity_intraday", "CNC": "equity_delivery"}


def _exact_rate(value: Any) -> Fraction:
    """Fraction of "0.025%" or "10 per crore"; a number would already be a rounded float."""
    text = value if isinstance(value, str) else ""
    for suffix, unit in (("%", 100), (" per crore", CRORE)):
        if text.endswith(suffix):
            return Fraction(text.removesuffix(suffix)) / unit
    raise ValueError(f'{value!r} must read like "0.025%" or "10 per crore"')


Rate = Annotated[Fraction, BeforeValidator(_exact_rate), Field(ge=0, lt=1)]


class ChargeRow(FactsModel):
    """One dated rate."""

    component: Component
    segments: tuple[Segment, ...] = SEGMENTS
    exchanges: tuple[Exchange, ...] = EXCHANGES
    sides: tuple[Side, ...] = ("BUY", "SELL")
    """Sides that pay; the other side pays nothing."""
    rate: Rate | None = None
    """Share of the notional; of the taxed components for GST."""
    cap_per_order: int | None = Field(default=None, ge=0)
    """The most that one order pays, rupees; None = no cap."""
    flat_per_order: int | None = Field(default=None, ge=0)
    """What one order pays whatever its size, rupees; in place of a rate."""
    taxed: tuple[Component, ...] = ()
    """GST: the components that it is levied on."""
    effective_from: date
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> ChargeRow:
        if (self.rate is None) == (self.flat_per_order is None):
            raise ValueError("give either rate or flat_per_order")
        if self.component == "gst" and (not self.taxed or "gst" in self.taxed):
            raise ValueError("gst: taxed must list the components that it is levied on")
        return self


class ChargeDocument(FactsModel):
    """configs/charges/<broker>.yaml."""

    broker: str
    rows: tuple[ChargeRow, ...]


@dataclass(frozen=True)
class _Levy:
    """What one side of one segment pays of one component, ready for integer arithmetic."""

    rate: Fraction
    cap_e4: int | None
    flat_e4: int
    taxed: tuple[Component, ...]

    def owed_e4(self, notional_e4: int) -> int:
        """What an order owes once `notional_e4` of it has been filled, 1/10,000 rupee."""
        if notional_e4 == 0:
            return 0
        share = divide_half_up(notional_e4 * self.rate.numerator, self.rate.denominator)
        share += self.flat_e4
        return share if self.cap_e4 is None else min(share, self.cap_e4)


_NOTHING = _Levy(Fraction(0), None, 0, ())


class ChargeTable:
    """Dated rates of a broker and its exchanges.

    Args:
        document: checked content of the file.
        file: its path, for error messages.
    """

    def __init__(self, document: ChargeDocument, file: str) -> None:
        self.broker = document.broker
        self._file = file
        rows: dict[tuple[str, str, str], list[ChargeRow]] = defaultdict(list)
        for row in sorted(document.rows, key=lambda row: row.effective_from):
            for exchange in row.exchanges:
                for segment in row.segments:
                    rows[row.component, exchange, segment].append(row)
        self._rows = dict(rows)
        self._check_unique()
        self._levies: dict[tuple[date, str, str, str], dict[Component, _Levy]] = {}

    def rates(self) -> list[tuple[tuple[str, str, str], list[ChargeRow]]]:
        """Every row by component, exchange and segment, in their order."""
        return sorted(self._rows.items(), key=lambda item: item[0])

    def fill_charges(  # noqa: PLR0913 (the last two are keyword-only)
        self,
        day: date,
        product: str,
        side: str,
        qty: int,
        price_e4: int,
        order_filled_e4: int,
        *,
        instrument_class: str = "cash",
        exchange: str = "NSE",
    ) -> Charges:
        """Charges of one fill.

        Args:
            day: Trading day.
            product: MIS, CNC or NRML.
            side: BUY or SELL.
            qty: Shares.
            price_e4: 1/10,000 rupee; the premium for options.
            order_filled_e4: Notional of the order's earlier fills, so that brokerage is capped by
                order rather than by fill, 1/10,000 rupee.
            instrument_class: cash or cash_fno (with MIS or CNC), futures or options.
            exchange: NSE or BSE.

        Raises:
            SettingsError: the table has no rate for that day, or the product does not fit.
        """
        assert qty > 0, qty
        assert price_e4 > 0, price_e4
        assert order_filled_e4 >= 0, order_filled_e4
        assert side in get_args(Side), side
        levies = self._on(day, exchange, self._segment(product, instrument_class), side)
        before = _owed(levies, order_filled_e4)
        after = _owed(levies, order_filled_e4 + qty * price_e4)
        paid = {component: after[component] - before[component] for component in COMPONENTS}
        assert min(paid.values()) >= 0, paid
        return Charges(
            **{f"{component}_e4": amount for component, amount in paid.items()},
            total_e4=sum(paid.values()),
        )

    def _segment(self, product: str, instrument_class: str) -> Segment:
        if instrument_class in {"futures", "options"} and product in {"MIS", "NRML"}:
            return "futures" if instrument_class == "futures" else "options"
        if instrument_class in {"cash", "cash_fno"} and product in _CASH_SEGMENTS:
            return _CASH_SEGMENTS[product]
        raise SettingsError(
            self._file,
            f"product {product}, class {instrument_class}",
            "is no segment that has charges",
            "use MIS or CNC with cash or cash_fno, MIS or NRML with futures or options",
        )

    def _on(self, day: date, exchange: str, segment: str, side: str) -> dict[Component, _Levy]:
        key = (day, exchange, segment, side)
        if key not in self._levies:
            self._levies[key] = {
                component: self._levy(component, day, exchange, segment, side)
                for component in COMPONENTS
            }
        return self._levies[key]

    def _levy(
        self, component: Component, day: date, exchange: str, segment: str, side: str
    ) -> _Levy:
        rows = self._rows.get((component, exchange, segment), [])
        at = bisect_right([row.effective_from for row in rows], day)
        if at == 0:
            raise SettingsError(
                self._file,
                f"rows: {component} of {segment} at {exchange}",
                f"has no rate for {day}",
                "add the row that held then, with its effective_from and source",
            )
        row = rows[at - 1]
        if side not in row.sides:
            return _NOTHING
        cap_e4 = None if row.cap_per_order is None else row.cap_per_order * E4
        return _Levy(row.rate or Fraction(0), cap_e4, (row.flat_per_order or 0) * E4, row.taxed)

    def _check_unique(self) -> None:
        for (component, exchange, segment), rows in self._rows.items():
            starts = [row.effective_from for row in rows]
            doubled = sorted({start for start in starts if starts.count(start) > 1})
            if doubled:
                raise SettingsError(
                    self._file,
                    f"rows: {component} of {segment} at {exchange}",
                    f"has two rates from {doubled[0]}",
                    "remove one of them",
                )


def _owed(levies: dict[Component, _Levy], notional_e4: int) -> dict[Component, int]:
    """All components that an order owes at a running notional, 1/10,000 rupee."""
    owed = {component: levy.owed_e4(notional_e4) for component, levy in levies.items()}
    gst = levies["gst"]
    return owed | {"gst": gst.owed_e4(sum(owed[component] for component in gst.taxed))}


def load_charges(path: Path) -> ChargeTable:
    """Reads a broker's charges.

    Raises:
        SettingsError: naming the file, the key and what to do.
    """
    return ChargeTable(read_document(path, ChargeDocument), str(path))
