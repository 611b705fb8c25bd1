package ws_bridge

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"unicode"
)

// unreadable says that a file of the settings cannot be read, in the words of the system.
func unreadable(path string, err error) error {
	why := err.Error()
	var number syscall.Errno
	if errors.As(err, &number) {
		why = number.Error()
		why = strings.ToUpper(why[:1]) + why[1:]
	}
	return wrong("%s: cannot be read (%s); check the path", path, why)
}

func open(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return file, nil
}

// quoted is a text as Python's repr shows it, so that both languages complain in the same words.
func quoted(text string) string {
	mark := byte('\'')
	if strings.Contains(text, "'") && !strings.Contains(text, `"`) {
		mark = '"'
	}
	var out strings.Builder
	out.WriteByte(mark)
	for _, char := range text {
		switch {
		case char == rune(mark) || char == '\\':
			out.WriteByte('\\')
			out.WriteRune(char)
		case char == '\n':
			out.WriteString(`\n`)
		case char == '\r':
			out.WriteString(`\r`)
		case char == '\t':
			out.WriteString(`\t`)
		case unicode.IsPrint(char):
			out.WriteRune(char)
		case char < 0x100:
			fmt.Fprintf(&out, `\x%02x`, char)
		case char < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, char)
		default:
			fmt.Fprintf(&out, `\U%08x`, char)
		}
	}
	out.WriteByte(mark)
	return out.String()
}

// quotedList is a list of texts as Python shows it.
func quotedList(texts []string) string {
	parts := make([]string, len(texts))
	for n, text := range texts {
		parts[n] = quoted(text)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
