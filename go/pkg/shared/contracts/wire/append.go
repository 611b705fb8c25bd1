package wire

import (
	"math"
	"strconv"
)

const hexDigits = "0123456789abcdef"

// escapes holds what follows the backslash of a byte that must be escaped, 0 for every other byte.
var escapes = func() (table [256]byte) {
	for c := range 0x20 {
		table[c] = 'u'
	}
	table['\b'], table['\t'], table['\n'], table['\f'], table['\r'] = 'b', 't', 'n', 'f', 'r'
	table['"'], table['\\'] = '"', '\\'
	return table
}()

// AppendString appends a JSON string; what is not ASCII stays UTF-8.
func AppendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		escape := escapes[c]
		if escape == 0 {
			continue
		}
		dst = append(dst, text[done:i]...)
		dst = append(dst, '\\', escape)
		if escape == 'u' {
			dst = append(dst, '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
		done = i + 1
	}
	dst = append(dst, text[done:]...)
	return append(dst, '"')
}

// AppendOptString appends a text or null.
func AppendOptString(dst []byte, text OptString) []byte {
	if !text.Valid {
		return append(dst, "null"...)
	}
	return AppendString(dst, text.Value)
}

// AppendInt appends an integer.
func AppendInt(dst []byte, value int64) []byte {
	return strconv.AppendInt(dst, value, 10)
}

// AppendOptInt appends an integer or null.
func AppendOptInt(dst []byte, value OptInt64) []byte {
	if !value.Valid {
		return append(dst, "null"...)
	}
	return AppendInt(dst, value.Value)
}

// AppendBool appends true or false.
func AppendBool(dst []byte, value bool) []byte {
	return strconv.AppendBool(dst, value)
}

// AppendRaw appends JSON as it is, nil as null.
func AppendRaw(dst []byte, value Raw) []byte {
	if value == nil {
		return append(dst, "null"...)
	}
	return append(dst, value...)
}

// AppendFloat appends the shortest decimal that reads back as the same float: with a point from
// 1e-5 to below 1e16, with an exponent otherwise, and null for what is no number.
func AppendFloat(dst []byte, value float64) []byte {
	size := math.Abs(value)
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return append(dst, "null"...)
	case size == 0 || size >= 1e-5 && size < 1e16:
		start := len(dst)
		dst = strconv.AppendFloat(dst, value, 'f', -1, 64)
		for _, c := range dst[start:] {
			if c == '.' {
				return dst
			}
		}
		return append(dst, '.', '0')
	}
	var buffer [32]byte
	text := strconv.AppendFloat(buffer[:0], value, 'e', -1, 64)
	// Go writes the exponent with a sign and two digits at least.
	mark := len(text) - 1
	for text[mark] != 'e' {
		mark--
	}
	dst = append(dst, text[:mark+1]...)
	if text[mark+1] == '-' {
		dst = append(dst, '-')
	}
	digits := text[mark+2:]
	if digits[0] == '0' {
		digits = digits[1:]
	}
	return append(dst, digits...)
}
