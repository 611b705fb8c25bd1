package ws_bridge

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const header = "start_ist,open,high,low,close,volume\n"

// barsFrom is the settings of a replay of rows that follow the header.
func barsFrom(t *testing.T, rows ...string) map[string]any {
	t.Helper()
	path := write(t, "bars.csv", header+strings.Join(rows, "\n")+"\n")
	from := document()
	from["source"] = replay("bars-1m", map[string]string{"INFY": path})
	return from
}

func ticksOf(records []stage.Output) []*contracts.Tick {
	var ticks []*contracts.Tick
	for _, each := range records {
		if tick, isTick := each.Message.(*contracts.Tick); isTick {
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

func TestFourTicksOfAMinute(t *testing.T) {
	row := "2026-11-20T10:00:00,1480.00,1482.00,1479.50,1481.00,1000"
	ticks := ticksOf(all(t, barsFrom(t, row)))
	want := []struct{ afterMs, priceE4, qty, volume int64 }{
		{500, 14_800_000, 0, 0},
		{20_000, 14_795_000, 333, 333},
		{40_000, 14_820_000, 333, 666},
		{59_000, 14_810_000, 334, 1000},
	}
	if len(ticks) != len(want) {
		t.Fatalf("%d ticks", len(ticks))
	}
	for n, tick := range ticks {
		if tick.EventNs != at(10, 0, 0)+want[n].afterMs*market.MsNs ||
			tick.AtNs != tick.EventNs+50*market.MsNs || tick.LastPriceE4 != want[n].priceE4 ||
			tick.LastQty != want[n].qty || tick.DayVolume != contracts.Int64(want[n].volume) ||
			tick.Seq != int64(n) || !tick.Trade {
			t.Errorf("%+v", tick)
		}
	}
	if ticks[0].Bids[0] != 14_799_000 || ticks[3].Asks[0] != 14_811_000 ||
		ticks[0].Asks[1] != 100_000 {
		t.Errorf("depth %v %v", ticks[0].Bids, ticks[3].Asks)
	}
}

func TestPathOfABar(t *testing.T) {
	for name, row := range map[string]struct {
		bar  minuteRow
		want [4]trade
	}{
		"the high comes first when it is nearer to the open": {
			minuteRow{openE4: 18, highE4: 20, lowE4: 10, closeE4: 12, volume: 9},
			[4]trade{{18, 0}, {20, 3}, {10, 3}, {12, 3}},
		},
		"the low comes first when it is nearer to the open": {
			minuteRow{openE4: 12, highE4: 20, lowE4: 10, closeE4: 18, volume: 10},
			[4]trade{{12, 0}, {10, 3}, {20, 3}, {18, 4}},
		},
		"the high comes first when both are as near": {
			minuteRow{openE4: 15, highE4: 20, lowE4: 10, closeE4: 15, volume: 2},
			[4]trade{{15, 0}, {20, 0}, {10, 0}, {15, 2}},
		},
	} {
		if found := pathOfBar(&row.bar); found != row.want {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestAPriceOfOneTickHasNoBids(t *testing.T) {
	ticks := ticksOf(all(t, barsFrom(t, "2026-11-20T10:00,0.01,0.01,0.01,0.01,3")))
	for _, tick := range ticks {
		if len(tick.Bids) != 0 || tick.Asks[0] != 200 {
			t.Errorf("%+v", tick)
		}
	}
	if len(ticks) != 4 {
		t.Errorf("%d ticks", len(ticks))
	}
}

func TestAMinuteThatItsPhaseCutsShortStaysWithinIt(t *testing.T) {
	from := barsFrom(t, "2026-11-20T10:02:00,1481,1481,1481,1481,0")
	endNs := at(10, 2, 30)
	from["phases"] = map[string]any{"cash_fno": []any{phase("continuous", at(10, 0, 0), endNs)}}
	ticks := ticksOf(all(t, from))
	if len(ticks) != 4 || endNs-ticks[3].EventNs != market.SecondNs/2 {
		t.Errorf("%v", ticks)
	}
}

func TestRowsInNoPhaseAreDeadLettersWithTheirText(t *testing.T) {
	early, late := "2026-11-20T09:50:00,1,1,1,1,7", "2026-11-20T11:07:00,1,1,1,1,7"
	found := all(t, barsFrom(t, early, "2026-11-20T10:00:00,2,2,2,2,1", late))
	var dead []*contracts.Dead
	for _, each := range found {
		if letter, isDead := each.Message.(*contracts.Dead); isDead {
			dead = append(dead, letter)
			if each.Topic != "ticks.dead" || each.Key != "INFY" {
				t.Errorf("%v", each)
			}
		}
	}
	if len(dead) != 2 {
		t.Fatalf("%d dead letters", len(dead))
	}
	for n, text := range []string{early, late} {
		payload, err := base64.StdEncoding.DecodeString(dead[n].PayloadB64)
		if err != nil || string(payload) != text {
			t.Errorf("%s, %v", payload, err)
		}
	}
	if dead[0].AtNs != at(10, 0, 0) || dead[1].AtNs != at(11, 2, 0) || dead[1].Offset != 4 ||
		dead[1].Detail != "bars.csv:4: lies in no phase of the calendar" {
		t.Errorf("%+v, %+v", dead[0], dead[1])
	}
}

func TestRowsThatTheManifestDidNotAskForArePassedOver(t *testing.T) {
	from := barsFrom(t, "2026-11-20T09:30:00,1,1,1,1,1", "2026-11-20T10:00:00,2,2,2,2,1",
		"2026-11-20T11:30:00,1,1,1,1,1", "2026-11-23T10:00:00,2,2,2,2,1")
	from["window"] = map[string]any{"start": "10:00:00", "end": "11:00:00"}
	for _, each := range all(t, from) {
		if each.Topic != "ticks" {
			t.Errorf("%v", each)
		}
	}
}

func TestABadRowIsNamedBeforeAnythingIsPlayed(t *testing.T) {
	good := "2026-11-20T10:02:00,1481,1481,1481,1481,0"
	earlier := "2026-11-20T10:00:00,1481,1481,1481,1481,0"
	on := func(rest string) []string { return []string{"2026-11-20T" + rest} }
	for want, rows := range map[string][]string{
		"bars.csv:2: high 11 is below another price of the row": on("10:00:00,10,11,9,12,1"),
		"bars.csv:2: low 11 is above another price of the row":  on("10:00:00,10,12,11,12,1"),
		"open '10.00001' is not a price in rupees above 0":      on("10:00:00,10.00001,12,9,12,1"),
		"high 'NaN' is not a price":                             on("10:00:00,10,NaN,9,12,1"),
		"low '0' is not a price in rupees above 0":              on("10:00:00,10,12,0,12,1"),
		"volume '1.5' is not a whole number of shares":          on("10:00:00,10,12,9,12,1.5"),
		"bars.csv:3: repeats the minute of line 2":              {good, good},
		"bars.csv:3: is earlier than line 2; sort the rows":     {good, earlier},
		"bars.csv:2: 5 columns instead of 6":                    on("10:00:00,10,12,9,12"),
		"bars.csv:3: 0 columns instead of 6":                    {earlier, "", good},
		"is not a time like 2019-01-01T09:15:00":                on("25:00:00,10,12,9,12,1"),
		"must be a whole minute, Indian time without a zone":    on("10:00:30,10,12,9,12,1"),
		"start_ist '2026-11-20T10:00:00+05:30' must be a whole": on("10:00:00+05:30,1,1,1,1,1"),
		"is not in the years 1971 to 2261":                      {"2262-01-01T10:00,1,1,1,1,1"},
		"is not CSV in UTF-8: unexpected end of data":           on(`10:00:00,"10,12,9,12,1`),
		`is not CSV in UTF-8: ',' expected after '"'`:           on(`10:00:00,"10"1,12,9,12,1`),
		"is not CSV in UTF-8: a line has bytes":                 on("10:00:00,\xff,12,9,12,1"),
		"is not CSV in UTF-8: field larger than field limit":    {strings.Repeat("1", 200_000)},
	} {
		_, err := Open(mustRead(t, barsFrom(t, rows...)))
		wrong := (*config.Error)(nil)
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestFilesMustBeThereAndMatchTheSymbols(t *testing.T) {
	folder := t.TempDir()
	for want, files := range map[string]map[string]string{
		"spec.source.files: no file for ['INFY']; name one, or": {},
		"['O\\'\"K', 'TCS'] are not in spec.symbols; add them": {
			"INFY": "a.csv", "TCS": "b.csv", `O'"K`: "c.csv",
		},
		"a.csv: cannot be read (No such file or directory); check the path": {"INFY": "a.csv"},
		folder + ": cannot be read (Is a directory)":                        {"INFY": folder},
	} {
		from := document()
		from["source"] = replay("bars-1m", files)
		if _, err := Open(mustRead(t, from)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	from := document()
	from["source"] = replay("bars-1m", map[string]string{"INFY": write(t, "a.csv", "time,price\n")})
	_, err := Open(mustRead(t, from))
	if err == nil || !strings.Contains(err.Error(), "a.csv:1: the first line must be start_ist,open") {
		t.Errorf("%v", err)
	}
}

func TestAFileThatChangesAfterItWasCheckedIsAnErrorStill(t *testing.T) {
	var rows []string
	for minute := range 60 {
		rows = append(rows, fmt.Sprintf("2026-11-20T10:%02d:00,1,1,1,1,%0400d", minute, 1))
	}
	from := barsFrom(t, "2026-11-20T10:00:00,1,1,1,1,1")
	settings := mustRead(t, from)
	source, err := Open(settings)
	if err != nil {
		t.Fatal(err)
	}
	content := header + strings.Join(rows, "\n")
	if err := os.WriteFile(settings.Replay.Files["INFY"], []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Slice(math.MaxInt64); err == nil ||
		!strings.Contains(err.Error(), "bars.csv:3: ") {
		t.Errorf("%v", err)
	}
}

func TestQuotedTextsAreThoseOfPython(t *testing.T) {
	for text, want := range map[string]string{
		"a":                        "'a'",
		"it's":                     `"it's"`,
		`'"`:                       `'\'"'`,
		"\\\n\r\t\x01\u00a0\u2028": `'\\\n\r\t\x01\xa0\u2028'`,
		"₹é\U000e0001":             `'₹é\U000e0001'`,
	} {
		if found := quoted(text); found != want {
			t.Errorf("%s, want %s", found, want)
		}
	}
}
