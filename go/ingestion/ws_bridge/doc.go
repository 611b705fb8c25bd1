// Package ws_bridge is where records come from: seeded ticks, minute bars and recorded ticks. It is
// the twin of services/tapeline/ingestion: the same settings give the same records in the same
// order, byte for byte.
//
// Both languages compute with the same float64. A compiler may fuse x*y + z into one rounding where
// the processor can; an explicit conversion, float64(x*y) + z, forbids that. It stands wherever the
// difference could show.
package ws_bridge
