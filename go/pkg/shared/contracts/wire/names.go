package wire

const (
	namesSlots = 1024
	// nameBytesMax keeps ids and hashes, which come once, out of the table.
	nameBytesMax = 16
)

// Names gives equal short texts the same string, so that a symbol is allocated once. It never
// grows: a new name takes the place of the one before it in its slot.
type Names struct {
	slots [namesSlots]string
}

// Of is string(text).
func (n *Names) Of(text []byte) string {
	if n == nil || len(text) > nameBytesMax || len(text) == 0 {
		return string(text)
	}
	// FNV-1a, 32 bits.
	hash := uint32(2166136261)
	for _, c := range text {
		hash = (hash ^ uint32(c)) * 16777619
	}
	slot := &n.slots[(hash^hash>>16)%namesSlots]
	if *slot != string(text) {
		*slot = string(text)
	}
	return *slot
}
