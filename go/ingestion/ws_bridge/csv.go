package ws_bridge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// fieldCharsMax is the largest field that Python's csv module reads.
const fieldCharsMax = 131_072

// csvReader reads records of comma-separated values as Python's csv.reader does with strict=True.
//
// encoding/csv is of no use here: it passes over blank lines, refuses a quote within a field and
// counts the lines of a record otherwise. Other files would be played, or other lines named.
type csvReader struct {
	file *bufio.Reader
	// line is the number of lines read so far, from 1; a record may take several.
	line   int
	state  csvState
	field  []byte
	chars  int
	record []string
}

type csvState int

const (
	fieldStart csvState = iota
	inField
	inQuotes
	// afterQuote: within quotes, right after a quote that ends them or begins a doubled one.
	afterQuote
)

var (
	errNotUTF8    = errors.New("a line has bytes that are none")
	errUnexpected = errors.New("unexpected end of data")
	errAfterQuote = errors.New("',' expected after '\"'")
	errLong       = fmt.Errorf("field larger than field limit (%d)", fieldCharsMax)
)

// read gives the next record, io.EOF when there is none.
func (r *csvReader) read() ([]string, error) {
	r.state, r.field, r.record, r.chars = fieldStart, nil, []string{}, 0
	for {
		text, err := r.readLine()
		if errors.Is(err, io.EOF) && (r.state == inQuotes || len(r.field) > 0) {
			return nil, errUnexpected
		}
		if err != nil {
			return nil, err
		}
		r.line++
		if !utf8.Valid(text) {
			return nil, errNotUTF8
		}
		blank := true
		for _, char := range text {
			if r.state != inQuotes && (char == '\n' || char == '\r') {
				break
			}
			blank = false
			if err := r.take(char); err != nil {
				return nil, err
			}
		}
		if r.state == inQuotes {
			continue
		}
		if !blank || len(r.record) > 0 || r.state != fieldStart {
			r.save()
		}
		return r.record, nil
	}
}

// take handles one byte that does not end the record.
func (r *csvReader) take(char byte) error {
	switch {
	case r.state == fieldStart && char == '"':
		r.state = inQuotes
	case r.state == inQuotes && char == '"':
		r.state = afterQuote
	case r.state == afterQuote && char == '"':
		r.state = inQuotes
		return r.add(char)
	case r.state != inQuotes && char == ',':
		r.save()
	case r.state == afterQuote:
		return errAfterQuote
	default:
		if r.state == fieldStart {
			r.state = inField
		}
		return r.add(char)
	}
	return nil
}

func (r *csvReader) add(char byte) error {
	if utf8.RuneStart(char) {
		if r.chars++; r.chars > fieldCharsMax {
			return errLong
		}
	}
	r.field = append(r.field, char)
	return nil
}

func (r *csvReader) save() {
	r.record = append(r.record, string(r.field))
	r.field, r.chars, r.state = r.field[:0], 0, fieldStart
}

// readLine is the next line with its end: a line feed, a carriage return or both.
func (r *csvReader) readLine() ([]byte, error) {
	var text []byte
	for {
		char, err := r.file.ReadByte()
		if errors.Is(err, io.EOF) && len(text) > 0 {
			return text, nil
		}
		if err != nil {
			return nil, err
		}
		text = append(text, char)
		if char == '\n' {
			return text, nil
		}
		if char == '\r' {
			if next, err := r.file.Peek(1); err != nil || next[0] != '\n' {
				return text, nil
			}
		}
	}
}
