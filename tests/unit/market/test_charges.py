"""Charges against contract notes computed by hand, before and after each change of a rate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from tapeline.contracts.errors import SettingsError
from tapeline.contracts.messages import Charges
from tapeline.market.charges import ChargeTable, load_charges

ZERODHA = Path("configs/charges/zerodha.yaml")


@pytest.fixture(scope="module")
def table() -> ChargeTable:
    return load_charges(ZERODHA)


def parts(charges: Charges) -> tuple[int, ...]:
    return (
        charges.brokerage_e4,
        charges.stt_e4,
        charges.exchange_e4,
        charges.ipft_e4,
        charges.sebi_e4,
        charges.stamp_e4,
        charges.gst_e4,
    )


# One lakh rupees (1,000 at 100.00): percentages read off directly. In e4, that is 10**9.
# name: (day, product, class, side, exchange,
#        brokerage, STT, exchange charge, IPFT, SEBI, stamp, GST), rupees * 10,000
NOTES = {
    "intraday sale now: 20 + 25 + 3.07 + 0 + 0.10 + 0, GST 18% of 23.17": (
        "2026-11-20", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 30_700, 0, 1_000, 0, 41_706,
    ),
    "intraday purchase now: no STT, stamp 3.00": (
        "2026-11-20", "MIS", "cash_fno", "BUY", "NSE",
        200_000, 0, 30_700, 0, 1_000, 30_000, 41_706,
    ),
    "delivery purchase now: free, STT 100, stamp 15, GST 18% of 3.17": (
        "2026-11-20", "CNC", "cash", "BUY", "NSE",
        0, 1_000_000, 30_700, 0, 1_000, 150_000, 5_706,
    ),
    "delivery sale at BSE: 3.75": (
        "2026-11-20", "CNC", "cash", "SELL", "BSE",
        0, 1_000_000, 37_500, 0, 1_000, 0, 6_930,
    ),
    "intraday sale, last day before the fund was folded in: 2.97 + 0.10": (
        "2026-02-28", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 29_700, 1_000, 1_000, 0, 41_526,
    ),
    "intraday sale, first day after": (
        "2026-03-01", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 30_700, 0, 1_000, 0, 41_706,
    ),
    "intraday sale before 2024-10-01: 3.22": (
        "2024-09-30", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 32_200, 1_000, 1_000, 0, 41_976,
    ),
    "intraday sale before 2024-04-01: 3.25": (
        "2024-03-31", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 32_500, 1_000, 1_000, 0, 42_030,
    ),
    "intraday sale before 2023-04-01: 3.45, the fund a rounding": (
        "2023-03-31", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 34_500, 1, 1_000, 0, 42_390,
    ),
    "intraday sale before 2022-07-18: no GST on SEBI's fee": (
        "2022-07-17", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 34_500, 1, 1_000, 0, 42_210,
    ),
    "intraday sale in March 2021: SEBI's fee halved": (
        "2021-03-31", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 34_500, 1, 500, 0, 42_210,
    ),
    "intraday sale at the end of 2020: 3.25": (
        "2020-12-31", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 32_500, 1, 500, 0, 41_850,
    ),
    "intraday sale in June 2020: stamp duty on both sides": (
        "2020-06-30", "MIS", "cash", "SELL", "NSE",
        200_000, 250_000, 32_500, 1, 500, 20_000, 41_850,
    ),
    "intraday sale in July 2019: brokerage 0.01%": (
        "2019-07-09", "MIS", "cash", "SELL", "NSE",
        100_000, 250_000, 32_500, 1, 1_000, 20_000, 23_850,
    ),
    "intraday sale in January 2019: SEBI 15 a crore": (
        "2019-01-01", "MIS", "cash", "SELL", "NSE",
        100_000, 250_000, 32_500, 1, 1_500, 20_000, 23_850,
    ),
    "futures sale now: STT 0.05%, 1.83": (
        "2026-11-20", "NRML", "futures", "SELL", "NSE",
        200_000, 500_000, 18_300, 0, 1_000, 0, 39_474,
    ),
    "futures sale, last day of STT 0.02%": (
        "2026-03-31", "NRML", "futures", "SELL", "NSE",
        200_000, 200_000, 18_300, 0, 1_000, 0, 39_474,
    ),
    "futures sale, last day of STT 0.0125%": (
        "2024-09-30", "MIS", "futures", "SELL", "NSE",
        200_000, 125_000, 18_800, 1_000, 1_000, 0, 39_564,
    ),
    "option sale now: STT 0.15% and 35.53 of the premium": (
        "2026-11-20", "NRML", "options", "SELL", "NSE",
        200_000, 1_500_000, 355_300, 0, 1_000, 0, 100_134,
    ),
    "option sale, last day of STT 0.1%": (
        "2026-03-31", "NRML", "options", "SELL", "NSE",
        200_000, 1_000_000, 355_300, 0, 1_000, 0, 100_134,
    ),
    "option purchase in 2025: 35.03 and the fund's 0.50": (
        "2025-06-02", "NRML", "options", "BUY", "NSE",
        200_000, 0, 350_300, 5_000, 1_000, 30_000, 99_234,
    ),
}  # fmt: skip


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
def test_contract_note_of_one_lakh(table: ChargeTable, note: tuple[str | int, ...]) -> None:
    day, product, instrument_class, side, exchange, *expected = note

    charges = table.fill_charges(
        date.fromisoformat(str(day)),
        str(product),
        str(side),
        1_000,
        1_000_000,
        0,
        instrument_class=str(instrument_class),
        exchange=str(exchange),
    )

    assert parts(charges) == tuple(expected)
    assert charges.total_e4 == sum(parts(charges))


def test_an_odd_notional_is_rounded_half_up(table: ChargeTable) -> None:
    # 100 INFY at 1,573.15: 157,315.00. Stamp 0.003% = 4.71945 -> 4.7195 (half up);
    # exchange 0.00307% = 4.8295705 -> 4.8296; SEBI 0.157315 -> 0.1573;
    # GST 18% of (20 + 4.8296 + 0.1573) = 4.497642 -> 4.4976.
    charges = table.fill_charges(date(2026, 11, 20), "MIS", "BUY", 100, 15_731_500, 0)

    assert parts(charges) == (200_000, 0, 48_296, 0, 1_573, 47_195, 44_976)


def test_the_example_of_kites_margins_page(table: ChargeTable) -> None:
    # kite.trade/docs/connect/v3/margins, INFY at 1,498 for delivery, from the time of 0.00345%:
    # transaction_tax 1.498, exchange_turnover_charge 0.051681, sebi_turnover_charge 0.001498,
    # stamp_duty 0.22 (0.2247 cut to paise). It shows a brokerage of 0.01, the tariff none.
    charges = table.fill_charges(date(2023, 1, 2), "CNC", "BUY", 1, 14_980_000, 0)

    assert charges.stt_e4 == 14_980
    assert charges.exchange_e4 == 517
    assert charges.sebi_e4 == 15
    assert charges.stamp_e4 == 2_247
    assert charges.gst_e4 == 96


def test_brokerage_is_capped_by_order_not_by_fill(table: ChargeTable) -> None:
    # 0.03% reaches 20 rupees at 66,666.67: 15 rupees on the first 50,000, 5 on the second, 0 after.
    half = 500_000_000
    paid = [
        table.fill_charges(date(2026, 11, 20), "MIS", "BUY", 500, 1_000_000, filled).brokerage_e4
        for filled in (0, half, 2 * half)
    ]

    assert paid == [150_000, 50_000, 0]


def test_a_flat_brokerage_is_paid_with_the_first_fill(table: ChargeTable) -> None:
    paid = [
        table.fill_charges(
            date(2026, 11, 20), "NRML", "BUY", 65, 1_000_000, filled, instrument_class="options"
        ).brokerage_e4
        for filled in (0, 65_000_000)
    ]

    assert paid == [200_000, 0]


REFUSED = {
    "a day before all rates": (
        {"day": date(2018, 12, 31)}, "exchange of equity_intraday at NSE: has no rate"
    ),
    "an exchange whose rates are not known then": (
        {"exchange": "BSE", "day": date(2020, 1, 1)}, "at BSE: has no rate for 2020-01-01"
    ),
    "an exchange that is not listed": ({"exchange": "MCX"}, "at MCX: has no rate"),
    "NRML with a share": ({"product": "NRML"}, "product NRML, class cash"),
    "CNC with a future": (
        {"product": "CNC", "instrument_class": "futures"}, "product CNC, class futures"
    ),
    "an index": ({"instrument_class": "index"}, "class index: is no segment"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_rate_is_refused(
    table: ChargeTable, change: dict[str, object], message: str
) -> None:
    day = change.pop("day", date(2026, 11, 20))
    product = change.pop("product", "MIS")

    with pytest.raises(SettingsError, match=r"zerodha\.yaml") as caught:
        table.fill_charges(day, product, "SELL", 1, 10_000, 0, **change)  # type: ignore[arg-type]
    assert message in str(caught.value)


def row(**change: object) -> dict[str, object]:
    base = {
        "component": "sebi",
        "rate": "1%",
        "effective_from": date(2019, 1, 1),
        "source": "test",
    }
    return {key: value for key, value in {**base, **change}.items() if value is not None}


BAD_ROWS = {
    "neither rate nor flat": ([row(rate=None)], "give either rate or flat_per_order"),
    "both rate and flat": ([row(flat_per_order=20)], "give either rate or flat_per_order"),
    "a rate without a unit": ([row(rate="0.5")], "must read like"),
    "a rate that is a number": ([row(rate=0.5)], "rate"),
    "a rate that is no number": ([row(rate="x%")], "rate"),
    "a rate of one or more": ([row(rate="100%")], "less than 1"),
    "GST on nothing": ([row(component="gst")], "taxed must list"),
    "GST on itself": ([row(component="gst", taxed=["gst"])], "taxed must list"),
    "two rates from one day": ([row(), row()], "has two rates from 2019-01-01"),
    "no source": ([row(source="")], "source"),
}


@pytest.mark.parametrize(("rows", "message"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_table_is_refused(tmp_path: Path, rows: list[object], message: str) -> None:
    path = tmp_path / "broker.yaml"
    path.write_text(yaml.safe_dump({"broker": "test", "rows": rows}))

    with pytest.raises(SettingsError, match=r"broker\.yaml") as caught:
        load_charges(path)
    assert message in str(caught.value)


def test_the_broker_is_named(table: ChargeTable) -> None:
    assert table.broker == "zerodha"
