package wire

import (
	"strconv"
	"unicode/utf8"
)

// bigIntBytesMax is the longest integer that the Python side takes where anything may stand.
const bigIntBytesMax = 4300

// Skip reads a value of a field that nobody knows: its form must be right, but its texts may be no
// UTF-8 and its numbers of any size.
func (r *Reader) Skip() bool { return r.value(false) }

// Any is Skip that returns the bytes of the value: a part of the text, not a copy.
func (r *Reader) Any() ([]byte, bool) {
	r.peek()
	start := r.pos
	if !r.Skip() {
		return nil, false
	}
	return r.data[start:r.pos], true
}

// Raw reads an object, or null where optional, and keeps its bytes.
func (r *Reader) Raw(value *Raw, optional bool) bool {
	c := r.peek()
	if c == 'n' && optional {
		*value = nil
		return r.word("null")
	}
	if c != '{' {
		return r.refuse("an object must come here")
	}
	start := r.pos
	if !r.value(true) {
		return false
	}
	*value = append(Raw(nil), r.data[start:r.pos]...)
	return true
}

// value reads anything; strict also wants UTF-8 and numbers that can be had.
func (r *Reader) value(strict bool) bool {
	switch r.peek() {
	case 'n':
		return r.word("null")
	case 't':
		return r.word("true")
	case 'f':
		return r.word("false")
	case '"':
		return r.anyText(strict)
	case '[':
		return r.anyList(strict)
	case '{':
		return r.anyObject(strict)
	}
	start := r.pos
	whole, ok := r.number()
	if !ok || !strict {
		return ok
	}
	if whole {
		if r.pos-start > bigIntBytesMax {
			return r.refuse("the number is out of range")
		}
		return true
	}
	if _, err := strconv.ParseFloat(string(r.data[start:r.pos]), 64); err != nil {
		return r.refuse("the number is out of range")
	}
	return true
}

func (r *Reader) anyText(strict bool) bool {
	text, ascii, ok := r.text()
	if ok && strict && !ascii && !utf8.Valid(text) {
		return r.refuse("the text is no UTF-8")
	}
	return ok
}

func (r *Reader) anyList(strict bool) bool {
	if !r.List() {
		return false
	}
	for more := r.First(']'); more; more = r.Next(']') {
		if !r.value(strict) {
			return false
		}
	}
	return r.Good()
}

func (r *Reader) anyObject(strict bool) bool {
	if !r.Object() {
		return false
	}
	for more := r.First('}'); more; more = r.Next('}') {
		if r.peek() != '"' {
			return r.refuse("a key must come here")
		}
		if !r.anyText(strict) {
			return false
		}
		if r.peek() != ':' {
			return r.refuse("a colon must come here")
		}
		r.pos++
		if !r.value(strict) {
			return false
		}
	}
	return r.Good()
}
