// Code generated from schemas/state/bar_aggregator_multi.schema.json by tools/generate.py. DO NOT EDIT.

package bar_aggregator_multi

// MinuteWindow: One window of a minute that is open, may be corrected, or is part of such a wider
// one; key: symbol/start_ns.
type MinuteWindow struct {
	// Last issued revision; -1 while open.
	Rev int64
	// The bar as last issued: the numbers of one bar as in `seconds`; empty while open.
	Issued []int64
	// 1s bars, oldest first; empty when they cannot be corrected any more. Each: start, end, first
	// and last trade (nanoseconds from the window's start), open, high, low, close (1/10,000 rupee),
	// cum_open, cum_close (shares, -1 for null), n_ticks, rev, final (0, 1), partial (0, 1).
	Seconds []int64
}

// BarsFeed: What the heartbeats said; key: feed.
type BarsFeed struct {
	// Windows that end at or before this are closed for every symbol. UTC nanoseconds.
	CompleteNs int64
	// True when the session's end has forced out what was open.
	Ended bool
}

// SymbolProgress: How far a symbol's bars have come; key: the symbol.
type SymbolProgress struct {
	// End of the newest final 1s bar: windows that end at or before it are closed. UTC nanoseconds.
	CompleteNs int64
	// Windows of 3, 5 and 15 minutes that are open or may be corrected. Each: width in minutes,
	// start_ns, last issued revision (-1 while open).
	Windows []int64
}
