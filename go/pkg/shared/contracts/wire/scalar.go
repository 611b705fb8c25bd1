package wire

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// digitsMax is the longest run of digits that always fits uint64.
const digitsMax = 19

// Int reads an integer from low to high.
func (r *Reader) Int(value *int64, low, high int64) bool {
	r.peek()
	data, pos := r.data, r.pos
	negative := pos < len(data) && data[pos] == '-'
	if negative {
		pos++
	}
	start := pos
	size := uint64(0)
	for pos < len(data) {
		digit := data[pos] - '0'
		if digit > 9 {
			break
		}
		size = size*10 + uint64(digit)
		pos++
	}
	count := pos - start
	if count == 0 || count > digitsMax || count > 1 && data[start] == '0' {
		return r.refuse("an integer of 64 bits must come here")
	}
	if pos < len(data) && (data[pos] == '.' || data[pos]|0x20 == 'e') {
		return r.refuse("an integer must come here, without point or exponent")
	}
	number := int64(size)
	if negative {
		if size > 1<<63 {
			return r.refuse("an integer of 64 bits must come here")
		}
		number = -number
	} else if size > math.MaxInt64 {
		return r.refuse("an integer of 64 bits must come here")
	}
	if number < low || number > high {
		return r.refuse("the integer is out of its range")
	}
	r.pos = pos
	*value = number
	return true
}

// OptInt reads an integer from low to high, or null.
func (r *Reader) OptInt(value *OptInt64, low, high int64) bool {
	if r.peek() == 'n' {
		*value = OptInt64{}
		return r.word("null")
	}
	value.Valid = true
	return r.Int(&value.Value, low, high)
}

// Bool reads true or false.
func (r *Reader) Bool(value *bool) bool {
	switch r.peek() {
	case 't':
		*value = true
		return r.word("true")
	case 'f':
		*value = false
		return r.word("false")
	}
	return r.refuse("true or false must come here")
}

func (r *Reader) word(text string) bool {
	return r.Lit(text) || r.refuse(text+" is cut off or misspelt")
}

// Float reads a number. An integer is taken too; then -0 is 0, as for the Python side.
func (r *Reader) Float(value *float64) bool {
	r.peek()
	start := r.pos
	whole, ok := r.number()
	if !ok {
		return false
	}
	number, err := strconv.ParseFloat(string(r.data[start:r.pos]), 64)
	if err != nil {
		return r.refuse("the number is out of range")
	}
	if whole && number == 0 {
		number = 0
	}
	*value = number
	return true
}

// number reads a number of any size; whole is true when it has neither point nor exponent.
func (r *Reader) number() (whole, ok bool) {
	if r.pos < len(r.data) && r.data[r.pos] == '-' {
		r.pos++
	}
	start := r.pos
	count := r.digits()
	if count == 0 || count > 1 && r.data[start] == '0' {
		return false, r.refuse("a number must come here")
	}
	whole = true
	if r.pos < len(r.data) && r.data[r.pos] == '.' {
		whole = false
		r.pos++
		if r.digits() == 0 {
			return false, r.refuse("digits must follow the point")
		}
	}
	if r.pos < len(r.data) && r.data[r.pos]|0x20 == 'e' {
		whole = false
		r.pos++
		if r.pos < len(r.data) && (r.data[r.pos] == '+' || r.data[r.pos] == '-') {
			r.pos++
		}
		if r.digits() == 0 {
			return false, r.refuse("digits must follow the exponent's sign")
		}
	}
	return whole, true
}

func (r *Reader) digits() int {
	start := r.pos
	for r.pos < len(r.data) && r.data[r.pos]-'0' <= 9 {
		r.pos++
	}
	return r.pos - start
}

// Str reads a text of low to high code points; high -1 allows any length.
func (r *Reader) Str(value *string, low, high int) bool {
	if r.peek() != '"' {
		return r.refuse("a text must come here")
	}
	text, ascii, ok := r.text()
	if !ok {
		return false
	}
	length := len(text)
	if !ascii {
		if !utf8.Valid(text) {
			return r.refuse("the text is no UTF-8")
		}
		length = utf8.RuneCount(text)
	}
	if length < low || high >= 0 && length > high {
		return r.refuse("the text is too short or too long")
	}
	*value = r.Names.Of(text)
	return true
}

// OptStr reads a text of low to high code points, or null.
func (r *Reader) OptStr(value *OptString, low, high int) bool {
	if r.peek() == 'n' {
		*value = OptString{}
		return r.word("null")
	}
	value.Valid = true
	return r.Str(&value.Value, low, high)
}

// Enum reads one of a few texts.
func (r *Reader) Enum(value *string, of []string) bool {
	if r.peek() != '"' {
		return r.refuse("a text must come here")
	}
	text, _, ok := r.text()
	if !ok {
		return false
	}
	for _, each := range of {
		if string(text) == each {
			*value = each
			return true
		}
	}
	return r.refuse("the text is none of those allowed")
}

// OptEnum reads one of a few texts, or null.
func (r *Reader) OptEnum(value *OptString, of []string) bool {
	if r.peek() == 'n' {
		*value = OptString{}
		return r.word("null")
	}
	value.Valid = true
	return r.Enum(&value.Value, of)
}

// Letters is true when a text holds ASCII letters and digits only. Like the pattern of the
// schema, ^[A-Za-z0-9]+$, it lets one line feed end the text.
func (r *Reader) Letters(text string) bool {
	if n := len(text); n > 1 && text[n-1] == '\n' {
		text = text[:n-1]
	}
	for _, c := range []byte(text) {
		if c-'0' > 9 && c|0x20-'a' > 'z'-'a' {
			return r.refuse("the text holds more than letters and digits")
		}
	}
	return len(text) > 0 || r.refuse("the text is empty")
}
