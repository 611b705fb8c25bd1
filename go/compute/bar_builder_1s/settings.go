package bar_builder_1s

import "tapeline.dev/tapeline/pkg/shared/market"

// Stage is the name of the stage.
const Stage = "bar_builder_1s"

// SymbolRules is what is fixed for one symbol.
type SymbolRules struct {
	// InstrumentClass is a class in Settings.Phases.
	InstrumentClass string `json:"instrument_class"`
	// HasVolume is false for an index: its bars carry null volumes.
	HasVolume bool `json:"has_volume"`
	// PrevCloseE4 is the centre of the band before the first day's close, 1/10,000 rupee.
	PrevCloseE4 int64 `json:"prev_close_e4"`
	// BandBp is the largest distance of a price from the previous close or the last bar, basis
	// points.
	BandBp int64 `json:"band_bp"`
}

// Settings is everything that decides what bar_builder_1s issues. Defaults and their reasons:
// services/tapeline/compute/bar_builder_1s/settings.py, which writes them all into the plan.
type Settings struct {
	// Symbols of the session; a tick of any other is a dead letter.
	Symbols map[string]SymbolRules `json:"symbols"`
	// Phases of each instrument class, in time order, all days of the session.
	Phases map[string][]market.Phase `json:"phases"`
	// ClippedDays, by class: days (since 1970-01-01) that the session enters after the market's
	// start; the day's first bar is then partial.
	ClippedDays map[string][]int64 `json:"clipped_days"`
	// EndNs is when windows that no watermark has closed are forced out. UTC nanoseconds.
	EndNs int64 `json:"end_ns"`
	// LatencyNs is the modelled processing time of the stage. Nanoseconds.
	LatencyNs int64 `json:"latency_ns"`
	// GraceMs: milliseconds a window waits for late ticks after its end.
	GraceMs int64 `json:"grace_ms"`
	// MaxAheadMs: milliseconds that the exchange time may be ahead of the receive time.
	MaxAheadMs int64 `json:"max_ahead_ms"`
	// CorrectionHorizonS: seconds after its end in which a late tick re-issues a window.
	CorrectionHorizonS int64 `json:"correction_horizon_s"`
	// AuctionBandBp is the band in an auction and before the day's first bar, basis points.
	AuctionBandBp int64 `json:"auction_band_bp"`
	// BaselineWaitS: seconds after the day's start within which the first event must be seen for the
	// day's volume to be known to start at zero.
	BaselineWaitS int64 `json:"baseline_wait_s"`
}
