// Code generated from schemas/state/exporter.schema.json by tools/generate.py. DO NOT EDIT.

package exporter

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// Holding: Entry holding/<symbol>: position of a symbol at average cost, and its last price.
type Holding struct {
	// Exchange trading symbol.
	Symbol string
	// Shares, negative when short.
	NetQty int64
	// Cost of the open shares, negative when short, 1/10,000 rupee.
	CostE4 int64
	// Last 1m close, or the last fill before there was one, 1/10,000 rupee.
	PriceE4 wire.OptInt64
}

// Intent: Entry intent/<intent_id>: when an approved intent was decided; dropped at its first
// fill, or when an intent of a later day is approved.
type Intent struct {
	// Intent.
	IntentId string
	// When the strategy decided. UTC nanoseconds.
	AtNs int64
}

// Performance: Entry performance: profit and loss of the session.
type Performance struct {
	// Realised before charges, 1/10,000 rupee.
	RealisedE4 int64
	// Charges, 1/10,000 rupee.
	ChargesE4 int64
	// Highest equity so far, 1/10,000 rupee.
	PeakE4 int64
	// Deepest fall below the peak so far, basis points of that peak.
	DrawdownBpMax int64
}

// Count: Entry count/<name>/<labels>: one counter or gauge: a metric with its label values.
type Count struct {
	// Metric name without the prefix.
	Name string
	// Label values, in the order in which names.py declares the labels.
	Labels []string
	// Value in the metric's own integer unit.
	Value int64
}
