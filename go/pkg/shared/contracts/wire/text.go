package wire

import "unicode/utf8"

// special marks bytes that end a run of plain bytes in a text: the quote, the backslash, and control
// characters, which must be escaped.
var special = func() (table [256]bool) {
	for c := range 0x20 {
		table[c] = true
	}
	table['"'], table['\\'] = true, true
	return table
}()

// text reads a string, whose quote comes next, and gives its bytes without escapes, valid until the
// next call. ascii may be false for ASCII that was escaped, never true for anything else.
func (r *Reader) text() (text []byte, ascii, ok bool) {
	data := r.data
	start := r.pos + 1
	high := byte(0)
	for pos := start; pos < len(data); pos++ {
		c := data[pos]
		if special[c] {
			if c == '"' {
				r.pos = pos + 1
				return data[start:pos], high < utf8.RuneSelf, true
			}
			r.pos = pos
			r.scratch = append(r.scratch[:0], data[start:pos]...)
			text, ok := r.escaped()
			return text, false, ok
		}
		high |= c
	}
	r.pos = len(data)
	return nil, false, r.refuse("the text has no end")
}

// escaped goes on in the middle of a string, with what came before in the scratch.
func (r *Reader) escaped() ([]byte, bool) {
	for r.pos < len(r.data) {
		c := r.data[r.pos]
		switch {
		case c == '"':
			r.pos++
			return r.scratch, true
		case c == '\\':
			r.pos++
			if !r.escape() {
				return nil, false
			}
		case c < 0x20:
			return nil, r.refuse("a control character stands in a text")
		default:
			r.scratch = append(r.scratch, c)
			r.pos++
		}
	}
	return nil, r.refuse("the text has no end")
}

// escape reads what follows a backslash.
func (r *Reader) escape() bool {
	if r.pos == len(r.data) {
		return r.refuse("the text has no end")
	}
	c := r.data[r.pos]
	r.pos++
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return r.codePoint()
	default:
		return r.refuse("no such escape")
	}
	r.scratch = append(r.scratch, c)
	return true
}

// codePoint reads the digits of \uXXXX, and the second half of a surrogate pair.
func (r *Reader) codePoint() bool {
	point, ok := r.hex4()
	if !ok {
		return false
	}
	if point >= 0xdc00 && point < 0xe000 {
		return r.refuse("half a surrogate pair")
	}
	if point >= 0xd800 && point < 0xdc00 {
		if !r.Lit(`\u`) {
			return r.refuse("half a surrogate pair")
		}
		low, ok := r.hex4()
		if !ok {
			return false
		}
		if low < 0xdc00 || low > 0xdfff {
			return r.refuse("half a surrogate pair")
		}
		point = 0x10000 + (point-0xd800)<<10 + (low - 0xdc00)
	}
	r.scratch = utf8.AppendRune(r.scratch, point)
	return true
}

func (r *Reader) hex4() (rune, bool) {
	if len(r.data)-r.pos < 4 {
		return 0, r.refuse("the text has no end")
	}
	point := rune(0)
	for _, c := range r.data[r.pos : r.pos+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, r.refuse("four hexadecimal digits must follow \\u")
		}
		point = point<<4 + rune(c)
	}
	r.pos += 4
	return point, true
}
