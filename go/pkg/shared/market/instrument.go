package market

import (
	"encoding/json"
	"fmt"
)

// Instrument is what is known of a tradable instrument on one day. It is the twin of
// services/tapeline/market/instrument.py.
type Instrument struct {
	Symbol string `json:"symbol"`
	// Exchange: NSE, BSE or NFO.
	Exchange string `json:"exchange"`
	// Token is the broker's number of the instrument.
	Token int64 `json:"token"`
	// InstrumentClass is a class of configs/calendars: cash_fno, cash, index, equity_derivative.
	InstrumentClass string `json:"instrument_class"`
	// Lot: quantities are multiples of this, shares.
	Lot int64 `json:"lot"`
	// FreezeQty is the largest quantity of one order, shares.
	FreezeQty int64 `json:"freeze_qty"`
	// BandBp is the price band around the previous close, basis points; 0 = none.
	BandBp int64 `json:"band_bp"`
	// PrevCloseE4 is the previous close, 1/10,000 rupee.
	PrevCloseE4 int64 `json:"prev_close_e4"`
	// AdvShares is the average daily volume, shares.
	AdvShares int64 `json:"adv_shares"`
	// TickTable says which tick size holds at which price, ascending.
	TickTable []TickStep `json:"tick_table"`
}

// TickStep is a tick size and the price below which it holds, both 1/10,000 rupee.
type TickStep [2]int64

// BelowE4 is the price below which the step holds.
func (s TickStep) BelowE4() int64 { return s[0] }

// TickE4 is its tick size.
func (s TickStep) TickE4() int64 { return s[1] }

// UnmarshalJSON reads a step as settings hold it: [price below this, tick size].
func (s *TickStep) UnmarshalJSON(data []byte) error {
	var pair []int64
	if err := json.Unmarshal(data, &pair); err != nil {
		return fmt.Errorf("a step of a tick table is two integers: %w", err)
	}
	if len(pair) != 2 || pair[1] < 1 {
		return fmt.Errorf("a step of a tick table is a price and a tick size above 0, not %s", data)
	}
	*s = TickStep{pair[0], pair[1]}
	return nil
}

// HasVolume is false for an index.
func (i *Instrument) HasVolume() bool { return i.InstrumentClass != "index" }

// TickE4 is the tick size at a price, 1/10,000 rupee. The table covers every price of a record.
func (i *Instrument) TickE4(priceE4 int64) int64 {
	for _, step := range i.TickTable {
		if priceE4 < step.BelowE4() {
			return step.TickE4()
		}
	}
	panic(fmt.Sprintf("no tick size for %s at %d", i.Symbol, priceE4))
}

// RoundUp is the nearest price on the tick grid that is not below a price.
func (i *Instrument) RoundUp(priceE4 int64) int64 {
	tick := i.TickE4(priceE4)
	return -floorDiv(-priceE4, tick) * tick
}

// RoundDown is the nearest price on the tick grid that is not above a price.
func (i *Instrument) RoundDown(priceE4 int64) int64 {
	tick := i.TickE4(priceE4)
	return floorDiv(priceE4, tick) * tick
}

// floorDiv rounds towards minus infinity; divisor > 0.
func floorDiv(number, divisor int64) int64 {
	quotient := number / divisor
	if number%divisor < 0 {
		quotient--
	}
	return quotient
}
