package windows

import (
	"slices"
	"strconv"
)

// MinuteKey is the key of the state entry of a symbol's minute; a stage says how it numbers
// minutes.
func MinuteKey(symbol string, minute int64) string {
	return symbol + "/" + strconv.FormatInt(minute, 10)
}

// Changes are the state entries of a symbol that changed since the shell last asked. The keys are
// only put together when it asks, since most ticks change an entry that has changed before.
type Changes struct {
	// Own: the symbol's own entry.
	Own     bool
	minutes []int64
}

// Minute notes that the entry of a minute changed.
func (c *Changes) Minute(minute int64) {
	if n := len(c.minutes); n > 0 && c.minutes[n-1] == minute {
		return
	}
	if !slices.Contains(c.minutes, minute) {
		c.minutes = append(c.minutes, minute)
	}
}

// MoveTo adds the keys of the changes to a set and forgets them.
func (c *Changes) MoveTo(keys map[string]struct{}, symbol string) {
	if c.Own {
		keys[symbol] = struct{}{}
	}
	for _, minute := range c.minutes {
		keys[MinuteKey(symbol, minute)] = struct{}{}
	}
	c.Own, c.minutes = false, c.minutes[:0]
}
