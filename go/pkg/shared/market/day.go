package market

// More durations in nanoseconds.
const (
	UsNs  int64 = 1_000
	DayNs       = 86_400 * SecondNs
	// IstOffsetNs is how far Indian Standard Time is before UTC; it has had no daylight saving since
	// 1945.
	IstOffsetNs = 19_800 * SecondNs
)

// More names of phases.
const (
	Continuous   = "continuous"
	ClosingPrice = "closing_price"
	PostClose    = "post_close"
)

// IstDay is the number of days since 1970-01-01 of the Indian calendar day that holds a time. The
// time must not be negative, as no time of a session is.
func IstDay(ns int64) int64 { return (ns + IstOffsetNs) / DayNs }

// IstNsOfDay is the time of the Indian day, nanoseconds since its midnight.
func IstNsOfDay(ns int64) int64 { return (ns + IstOffsetNs) % DayNs }
