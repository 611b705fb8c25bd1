package wire

import "unicode/utf8"

const (
	// roomMax bounds what is set aside for a list before it is read: the depth of a tick.
	roomMax = 10
	// scanMax is up to how many entries a repeated key is looked for one by one.
	scanMax = 16
)

// Readable is a type that a Reader reads.
type Readable interface {
	// Read replaces the value by what is read; a list that it holds gives its room to the new one.
	Read(r *Reader) bool
}

// Read reads a whole text.
func (r *Reader) Read(data []byte, into Readable) bool {
	r.Reset(data)
	return into.Read(r) && r.End()
}

// Begin reads these bytes, the beginning of an object, if they come next.
func (r *Reader) Begin(text string) bool {
	if !r.Lit(text) {
		return false
	}
	r.depth++
	return r.depth <= NestingMax
}

// Close reads the end of an object if it comes next.
func (r *Reader) Close() bool {
	r.depth--
	return r.Lit("}")
}

// Ints reads a list of integers.
func (r *Reader) Ints(list *[]int64, low, high int64, least, most int) bool {
	if !r.List() {
		return false
	}
	items := (*list)[:0]
	for more := r.First(']'); more; more = r.Next(']') {
		if items == nil {
			items = make([]int64, 0, roomMax)
		}
		var item int64
		if !r.Int(&item, low, high) {
			return false
		}
		items = append(items, item)
	}
	*list = items
	return r.sized(len(items), least, most)
}

// List reads a list; most -1 allows any length.
func List[T any](
	r *Reader, list *[]T, least, most int, read func(value *T, r *Reader) bool,
) bool {
	if !r.List() {
		return false
	}
	items := (*list)[:0]
	for more := r.First(']'); more; more = r.Next(']') {
		var zero T
		items = append(items, zero)
		if !read(&items[len(items)-1], r) {
			return false
		}
	}
	*list = items
	return r.sized(len(items), least, most)
}

func (r *Reader) sized(length, least, most int) bool {
	if r.bad {
		return false
	}
	if length < least || most >= 0 && length > most {
		return r.refuse("the list is too short or too long")
	}
	return true
}

// Map reads a map. A repeated key keeps its place and takes the last value.
func Map[V any](r *Reader, pairs *[]Pair[V], read func(value *V, r *Reader) bool) bool {
	if !r.Object() {
		return false
	}
	entries := (*pairs)[:0]
	var places map[string]int
	for more := r.First('}'); more; more = r.Next('}') {
		raw, ok := r.Key()
		if !ok {
			return false
		}
		if !utf8.Valid(raw) {
			return r.refuse("the key is no UTF-8")
		}
		key := r.Names.Of(raw)
		var value V
		if !read(&value, r) {
			return false
		}
		if places == nil && len(entries) == scanMax {
			places = make(map[string]int, 2*scanMax)
			for i := range entries {
				places[entries[i].Key] = i
			}
		}
		if at := place(entries, places, key); at >= 0 {
			entries[at].Value = value
			continue
		}
		if places != nil {
			places[key] = len(entries)
		}
		entries = append(entries, Pair[V]{key, value})
	}
	*pairs = entries
	return r.Good()
}

func place[V any](entries []Pair[V], places map[string]int, key string) int {
	if places != nil {
		if at, found := places[key]; found {
			return at
		}
		return -1
	}
	for i := range entries {
		if entries[i].Key == key {
			return i
		}
	}
	return -1
}
