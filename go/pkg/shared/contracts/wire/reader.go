package wire

import "fmt"

// NestingMax is how deep objects and lists may be nested in a record; the messages use 7 levels.
// The Python side refuses the same (contracts/codec.py), since its parser's own limit depends on
// how deep its caller is.
const NestingMax = 256

// Reader reads one JSON text. It takes exactly what the Python decoders take, with the same values:
// unknown fields are skipped, the last of repeated fields wins, and a bound or a length that does
// not hold refuses the whole text. Methods that read return false when they refuse; then Why says
// what for, and the Reader is of no use until the next Reset.
type Reader struct {
	// Names shares the strings of short texts; nil copies each.
	Names   *Names
	data    []byte
	pos     int
	depth   int
	scratch []byte
	bad     bool
	why     string
}

// Reset starts on a new text.
func (r *Reader) Reset(data []byte) {
	r.data, r.pos, r.depth, r.bad = data, 0, 0, false
}

// Mark is a place to go back to.
type Mark struct{ pos, depth int }

// Mark remembers where the reader is.
func (r *Reader) Mark() Mark { return Mark{r.pos, r.depth} }

// Back goes back to a mark, and forgets what was refused since.
func (r *Reader) Back(to Mark) {
	r.pos, r.depth, r.bad = to.pos, to.depth, false
}

// Why says at which byte the text was refused, and what for.
func (r *Reader) Why() string { return fmt.Sprintf("byte %d: %s", r.pos, r.why) }

func (r *Reader) refuse(why string) bool {
	if !r.bad {
		r.bad, r.why = true, why
	}
	return false
}

// peek skips white space and returns the next byte, which stays unread; 0 at the end.
func (r *Reader) peek() byte {
	for r.pos < len(r.data) {
		c := r.data[r.pos]
		if c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
		r.pos++
	}
	return 0
}

// Lit reads these bytes if they come next, without white space. Otherwise nothing is read, and
// nothing is refused yet.
func (r *Reader) Lit(text string) bool {
	end := r.pos + len(text)
	if end > len(r.data) || string(r.data[r.pos:end]) != text {
		return false
	}
	r.pos = end
	return true
}

// End is true when only white space is left.
func (r *Reader) End() bool {
	r.peek()
	if r.pos != len(r.data) {
		return r.refuse("something follows the record")
	}
	return true
}

// Object reads the beginning of an object.
func (r *Reader) Object() bool { return r.open('{', "an object must come here") }

// List reads the beginning of a list.
func (r *Reader) List() bool { return r.open('[', "a list must come here") }

func (r *Reader) open(bracket byte, why string) bool {
	if r.peek() != bracket {
		return r.refuse(why)
	}
	r.pos++
	r.depth++
	if r.depth > NestingMax {
		return r.refuse("nested too deep")
	}
	return true
}

// First is true when an object or list, just begun, holds something; otherwise its end is read.
func (r *Reader) First(end byte) bool {
	if r.peek() == end {
		r.pos++
		r.depth--
		return false
	}
	return true
}

// Next is true when a further entry follows; otherwise the end of the object or list is read.
// After the last one Good says whether all of it could be read.
func (r *Reader) Next(end byte) bool {
	switch r.peek() {
	case end:
		r.pos++
		r.depth--
		return false
	case ',':
		r.pos++
		if r.peek() != end {
			return true
		}
		return r.refuse("a comma before the end")
	}
	return r.refuse("a comma or the end must come here")
}

// Good is true while nothing was refused.
func (r *Reader) Good() bool { return !r.bad }

// Key reads the key of an entry and its colon. The bytes are valid until the next text is read;
// they may be no UTF-8.
func (r *Reader) Key() ([]byte, bool) {
	if r.peek() != '"' {
		return nil, r.refuse("a key must come here")
	}
	key, _, ok := r.text()
	if !ok {
		return nil, false
	}
	if r.peek() != ':' {
		return nil, r.refuse("a colon must come here")
	}
	r.pos++
	return key, true
}

// Tag reads the value of the field that names the type: one text only is taken.
func (r *Reader) Tag(want string) bool {
	if r.peek() != '"' {
		return r.refuse("the tag must be a text")
	}
	text, _, ok := r.text()
	if ok && string(text) != want {
		return r.refuse("the tag is another")
	}
	return ok
}

// FindTag returns the value of the field that names the type, wherever it stands in the object that
// comes next, and goes back to the beginning of that object.
func (r *Reader) FindTag(field string) ([]byte, bool) {
	start := r.Mark()
	if !r.Object() {
		return nil, false
	}
	for more := r.First('}'); more; more = r.Next('}') {
		key, ok := r.Key()
		if !ok {
			return nil, false
		}
		if string(key) != field {
			if !r.Skip() {
				return nil, false
			}
			continue
		}
		if r.peek() != '"' {
			return nil, r.refuse("the tag must be a text")
		}
		tag, _, ok := r.text()
		if ok {
			r.Back(start)
		}
		return tag, ok
	}
	return nil, r.refuse("the tag is missing")
}

// Unknown refuses a tag that names no type.
func (r *Reader) Unknown() bool { return r.refuse("the tag names no type") }

// All is true when every field of `want` was seen.
func (r *Reader) All(seen, want uint64) bool {
	if r.bad {
		return false
	}
	if seen&want != want {
		return r.refuse("a field is missing")
	}
	return true
}
