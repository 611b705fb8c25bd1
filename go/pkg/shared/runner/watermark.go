package runner

import "strconv"

// watermarkMark begins the key of a watermark record, whose value is null: "@<nanoseconds>".
const watermarkMark = '@'

func watermarkKey(ns int64) string {
	return string(strconv.AppendInt([]byte{watermarkMark}, ns, 10))
}

// watermarkOf reads a watermark record; false for any other record.
func watermarkOf(record *Record) (int64, bool) {
	if record.Value != nil || len(record.Key) < 2 || record.Key[0] != watermarkMark {
		return 0, false
	}
	for _, digit := range record.Key[1:] {
		// ParseInt would take a sign as well, which Python does not.
		if digit < '0' || digit > '9' {
			return 0, false
		}
	}
	ns, err := strconv.ParseInt(string(record.Key[1:]), 10, 64)
	return ns, err == nil
}
