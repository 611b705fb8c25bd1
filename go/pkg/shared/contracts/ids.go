package contracts

import (
	"encoding/base32"
	"strings"

	"golang.org/x/crypto/blake2b"
)

const (
	// 120 bits: 24 base32 characters.
	idBytes = 15
	// Kite keeps at most 20 alphanumeric characters of an order's tag.
	tagChars = 20
)

// Derive is the id of something caused by parts, usually (session, stage, source event, n): 24
// characters of A-Z and 2-7. Integers are parts in decimal.
func Derive(parts ...string) string {
	hash, err := blake2b.New(idBytes, nil)
	if err != nil {
		panic(err) // The size is a constant between 1 and 64.
	}
	hash.Write([]byte(strings.Join(parts, "\x1f")))
	return base32.StdEncoding.EncodeToString(hash.Sum(nil))
}

// Tag is sent to the broker with an order, by which it is looked up after a timeout.
func Tag(orderID string) string {
	return Derive("tag", orderID)[:tagChars]
}
