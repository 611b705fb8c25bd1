package ws_bridge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tapeline.dev/tapeline/pkg/shared/market"
)

// columns of a file of minute bars.
var columns = []string{"start_ist", "open", "high", "low", "close", "volume"}

const (
	// firstYear and lastYear: their nanoseconds since 1970 are positive and fit into 64 bits.
	firstYear, lastYear = 1971, 2261
	e4                  = 10_000
)

var (
	minuteText = regexp.MustCompile(`(?s)^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(.*)$`)
	rupeesText = regexp.MustCompile(`^([0-9]{1,9})(?:\.([0-9]{1,4})0*)?$`)
	sharesText = regexp.MustCompile(`^[0-9]{1,15}$`)
)

// minuteRow is one checked row of a file.
type minuteRow struct {
	line                           int64
	startNs                        int64
	openE4, highE4, lowE4, closeE4 int64
	volume                         int64
	text                           string
}

// minuteFile reads the rows of a file, checked.
type minuteFile struct {
	path   string
	file   *os.File
	csv    csvReader
	before *minuteRow
	done   bool
}

// openMinutes opens a file of minute bars and checks its first line.
func openMinutes(path string) (*minuteFile, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	f := &minuteFile{path: path, file: file, csv: csvReader{file: bufio.NewReader(file)}}
	header, err := f.csv.read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, f.fail(err)
	}
	if !slices.Equal(header, columns) {
		f.close()
		return nil, wrong("%s:1: the first line must be %s", path, strings.Join(columns, ","))
	}
	return f, nil
}

// next is the next row, nil after the last one; the file is closed then.
func (f *minuteFile) next() (*minuteRow, error) {
	if f.done {
		return nil, nil
	}
	cells, err := f.csv.read()
	if errors.Is(err, io.EOF) {
		f.done = true
		f.close()
		return nil, nil
	}
	if err != nil {
		return nil, f.fail(err)
	}
	row, err := parseRow(cells, int64(f.csv.line), f.before)
	if err != nil {
		f.close()
		return nil, wrong("%s:%d: %v", f.path, f.csv.line, err)
	}
	f.before = row
	return row, nil
}

// fail closes the file and says what is wrong with its bytes.
func (f *minuteFile) fail(err error) error {
	f.close()
	if broken := (*os.PathError)(nil); errors.As(err, &broken) {
		return unreadable(f.path, err)
	}
	return wrong("%s: is not CSV in UTF-8: %v", f.path, err)
}

// close ignores the error of a file that was only read.
func (f *minuteFile) close() { _ = f.file.Close() }

func parseRow(cells []string, line int64, before *minuteRow) (*minuteRow, error) {
	if len(cells) != len(columns) {
		return nil, fmt.Errorf("%d columns instead of %d", len(cells), len(columns))
	}
	startNs, err := parseStart(cells[0])
	if err != nil {
		return nil, err
	}
	var prices [4]int64
	for n := range prices {
		if prices[n], err = parsePrice(cells[n+1], columns[n+1]); err != nil {
			return nil, err
		}
	}
	row := &minuteRow{
		line:    line,
		startNs: startNs,
		openE4:  prices[0],
		highE4:  prices[1],
		lowE4:   prices[2],
		closeE4: prices[3],
		text:    strings.Join(cells, ","),
	}
	switch {
	case row.highE4 < slices.Max(prices[:]):
		return nil, fmt.Errorf("high %s is below another price of the row", cells[2])
	case row.lowE4 > slices.Min(prices[:]):
		return nil, fmt.Errorf("low %s is above another price of the row", cells[3])
	case !sharesText.MatchString(cells[5]):
		return nil, fmt.Errorf("volume %s is not a whole number of shares, 0 or more",
			quoted(cells[5]))
	case before != nil && startNs == before.startNs:
		return nil, fmt.Errorf("repeats the minute of line %d; remove one of them", before.line)
	case before != nil && startNs < before.startNs:
		return nil, fmt.Errorf("is earlier than line %d; sort the rows by start_ist", before.line)
	}
	row.volume = number(cells[5])
	return row, nil
}

func parseStart(cell string) (int64, error) {
	parts := minuteText.FindStringSubmatch(cell)
	var start time.Time
	err := error(nil)
	if parts != nil {
		start, err = time.Parse("2006-01-02T15:04", parts[1]+"T"+parts[2])
	}
	switch {
	case parts == nil || err != nil || start.Year() < 1:
		return 0, fmt.Errorf("start_ist %s is not a time like 2019-01-01T09:15:00", quoted(cell))
	case parts[3] != "" && parts[3] != ":00":
		return 0, fmt.Errorf("start_ist %s must be a whole minute, Indian time without a zone",
			quoted(cell))
	case start.Year() < firstYear || start.Year() > lastYear:
		return 0, fmt.Errorf("start_ist %s is not in the years %d to %d", quoted(cell), firstYear,
			lastYear)
	}
	return start.Unix()*market.SecondNs - market.IstOffsetNs, nil
}

func parsePrice(cell, name string) (int64, error) {
	priceE4 := int64(0)
	if parts := rupeesText.FindStringSubmatch(cell); parts != nil {
		priceE4 = number(parts[1])*e4 + number((parts[2] + "0000")[:4])
	}
	if priceE4 == 0 {
		return 0, fmt.Errorf("%s %s is not a price in rupees above 0 with at most 4 decimal places",
			name, quoted(cell))
	}
	return priceE4, nil
}

// number reads digits that a pattern has checked.
func number(digits string) int64 {
	value, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}
