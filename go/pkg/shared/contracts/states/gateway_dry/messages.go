// Code generated from schemas/state/gateway_dry.schema.json by tools/generate.py. DO NOT EDIT.

package gateway_dry

// DryCounters: Entry counters: what belongs to the whole gateway.
type DryCounters struct {
	// Highest authority epoch seen.
	Epoch int64
	// Commands ignored for an older epoch.
	StaleCommands int64
}

// DryOrder: Entry order/<order_id>: what the dry gateway answered to one placement.
type DryOrder struct {
	// The OMS's order id.
	OrderId string
	// Tag of the order.
	Tag string
	// The id that the dry gateway gave it.
	BrokerOrderId string
	// Exchange trading symbol.
	Symbol string
	// Code from schemas/reasons.yaml: DRY_RUN when the order was valid.
	Reason string
	// What was wrong, for a person.
	Message string
	// Number of the last command taken for this order; older ones are repeats.
	LastN int64
}
