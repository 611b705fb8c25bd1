// Package contracts holds the messages of every topic: types, bytes, reasons and order states.
// What can be generated from schemas/ is.
package contracts

import "tapeline.dev/tapeline/pkg/shared/contracts/wire"

// OptInt64 is an integer that may be null.
type OptInt64 = wire.OptInt64

// OptString is a text that may be null.
type OptString = wire.OptString

// Raw is a JSON object as it is written; nil stands for null.
type Raw = wire.Raw

// Int64 is an OptInt64 that is not null.
func Int64(value int64) OptInt64 { return wire.Int64(value) }

// String is an OptString that is not null.
func String(value string) OptString { return wire.String(value) }

// Message is a record of a topic; *Tick, *Bar and so on are messages.
type Message interface {
	// At is at_ns, the session time at which the record exists.
	At() int64
	// AppendJSON appends the bytes of the record to dst.
	AppendJSON(dst []byte) []byte
}
