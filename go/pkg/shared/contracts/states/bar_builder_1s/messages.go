// Code generated from schemas/state/bar_builder_1s.schema.json by tools/generate.py. DO NOT EDIT.

package bar_builder_1s

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// ClosedMinute: Closed windows that start in one UTC minute and may still be corrected; key:
// symbol/minute, the minute counted from 1970-01-01.
type ClosedMinute struct {
	// Oldest first. Each: start_ns, revision, count of ticks, then the ticks as in
	// SymbolWindows.open.
	Windows []int64
}

// Feed: What the heartbeats said; key: feed.
type Feed struct {
	// When the first heartbeat was received; null before it. UTC nanoseconds.
	FirstNs wire.OptInt64
	// Windows that end at or before this are closed for every symbol. UTC nanoseconds.
	WatermarkNs int64
	// at_ns of the last heartbeat passed on, 0 before it: no bar is issued earlier. UTC nanoseconds.
	BeatNs int64
	// True when the session's end has forced out what was open.
	Ended bool
}

// SymbolWindows: Open windows of a symbol; key: the symbol.
type SymbolWindows struct {
	// When the first trade tick of the symbol was received. UTC nanoseconds.
	FirstNs int64
	// Windows that end at or before this are closed, by the symbol's own ticks; the feed's watermark
	// may be further. UTC nanoseconds.
	WatermarkNs int64
	// Indian calendar day of the newest tick, days since 1970-01-01; -1 before the first.
	Day int64
	// Close of the day before, 1/10,000 rupee: the centre of the price band.
	BaseE4 int64
	// Open windows, oldest first. Each: start_ns, count of ticks, then for each tick, ascending:
	// event_ns - start_ns, day_volume (-1 for null), last_price_e4, last_qty.
	Open []int64
}
