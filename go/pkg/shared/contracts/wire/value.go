// Package wire reads and writes the JSON of the contracts, as the Python side does byte for byte.
package wire

// OptInt64 is an integer that may be null.
type OptInt64 struct {
	Valid bool
	Value int64
}

// Int64 is an OptInt64 that is not null.
func Int64(value int64) OptInt64 { return OptInt64{Valid: true, Value: value} }

// OptString is a text that may be null.
type OptString struct {
	Valid bool
	Value string
}

// String is an OptString that is not null.
func String(value string) OptString { return OptString{Valid: true, Value: value} }

// Pair is one entry of a map. A map is a slice of pairs, since its order shows in the bytes.
type Pair[V any] struct {
	Key   string
	Value V
}

// Raw is a JSON object as it is written; nil stands for null.
type Raw []byte
