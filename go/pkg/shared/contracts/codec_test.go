package contracts

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/contracts/states/bar_builder_1s"
)

const tickBytes = `{"kind":"tick","at_ns":1795145400000123456,"symbol":"HDFCBANK","seq":41,` +
	`"event_ns":1795145400000000000,"last_price_e4":16543500,"last_qty":25,"day_volume":123456,` +
	`"trade":true,"bids":[16543000,100,16542500,250,16542000,75],"asks":[16543500,90,16544000,310]}`

const barBytes = `{"kind":"bar","at_ns":1795145460000000001,"symbol":"NIFTY","tf":"1m",` +
	`"start_ns":1795145400000000000,"end_ns":1795145460000000000,"phase":"continuous",` +
	`"open_e4":260000000,"high_e4":260100000,"low_e4":259900000,"close_e4":260050000,` +
	`"volume":null,"n_ticks":7,"cum_open":null,"cum_close":null,"first_ns":1795145400000000000,` +
	`"last_ns":1795145459000000000,"rev":0,"final":true,"partial":false,"cause":"WATERMARK"}`

const heartbeatBytes = `{"kind":"heartbeat","at_ns":5,"complete_ns":4,"feed":"live"}`

const controlBytes = `{"at_ns":1,"command":"KILL","by":"é\n\u001f","reason":"OK","key":null,"value":-3}`

func TestARecordComesBackAsTheSameBytes(t *testing.T) {
	for topic, text := range map[string]string{
		"ticks":      tickBytes,
		"ticks.late": tickBytes,
		"bars.1s":    heartbeatBytes,
		"bars.1m":    barBytes,
		"control":    controlBytes,
	} {
		message, err := Decode(topic, []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", topic, err)
		}
		if got := string(message.AppendJSON(nil)); got != text {
			t.Errorf("%s: %s, want %s", topic, got, text)
		}
	}
}

func TestTheTypeOfAMessageIsThatOfItsTag(t *testing.T) {
	decoder := NewDecoder()
	tick, err := decoder.Decode("ticks", []byte(tickBytes))
	if _, is := tick.(*Tick); err != nil || !is || tick.At() != 1795145400000123456 {
		t.Errorf("%#v, %v", tick, err)
	}
	moved := strings.Replace(heartbeatBytes, `"kind":"heartbeat",`, "", 1)
	moved = strings.TrimSuffix(moved, "}") + ` , "k\u0069nd" : "heartbeat" }`
	for _, topic := range []string{"ticks", "bars.1s"} {
		beat, err := decoder.Decode(topic, []byte(moved))
		if want := (&Heartbeat{AtNs: 5, CompleteNs: 4, Feed: HeartbeatFeedLive}); err != nil ||
			!reflect.DeepEqual(beat, want) {
			t.Errorf("%s: %#v, %v", topic, beat, err)
		}
	}
}

func TestBadBytesAreABadRecordWithItsReason(t *testing.T) {
	large := tickBytes + strings.Repeat(" ", RecordBytesMax)
	for _, each := range []struct{ topic, value, want string }{
		{"ticks", "", "SCHEMA: these bytes are no record of ticks"},
		{"ticks", tickBytes + tickBytes, "SCHEMA: these bytes are no record of ticks"},
		{"bars.1s", tickBytes, "SCHEMA: these bytes are no record of bars.1s"},
		{"fills.dead", "{}", "SCHEMA: these bytes are no record of fills.dead"},
		{"ticks", large, "OVERSIZED: 65792 bytes, at most 65536"},
	} {
		_, err := Decode(each.topic, []byte(each.value))
		var bad *BadRecord
		if !errors.As(err, &bad) || bad.Error() != each.want {
			t.Errorf("%s: %v, want %s", each.topic, err, each.want)
		}
	}
}

func TestAnUnknownTopicIsNoBadRecord(t *testing.T) {
	_, err := Decode("bars.2m", []byte(barBytes))
	var bad *BadRecord
	if err == nil || errors.As(err, &bad) {
		t.Errorf("%v", err)
	}
}

func TestStateEntriesAreDecodedByTheirType(t *testing.T) {
	var windows bar_builder_1s.SymbolWindows
	text := `{"first_ns":1,"watermark_ns":2,"day":-1,"base_e4":4,"open":[5,-6]}`
	if err := DecodeInto([]byte(text), &windows); err != nil {
		t.Fatal(err)
	}
	if got := string(windows.AppendJSON(nil)); got != text {
		t.Errorf("%s, want %s", got, text)
	}
	err := DecodeInto([]byte(`{"first_ns":-1}`), &windows)
	if err == nil || !strings.Contains(err.Error(), "byte 12: the integer is out of its range") {
		t.Errorf("%v", err)
	}
}

func TestADecoderSharesTheStringsOfSymbols(t *testing.T) {
	decoder := NewDecoder()
	tick, value := new(Tick), []byte(tickBytes)
	allocations := testing.AllocsPerRun(100, func() {
		if err := decoder.DecodeInto(value, tick); err != nil {
			t.Fatal(err)
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations for a tick that is read into the room of another", allocations)
	}
}

func BenchmarkDecodeTick(b *testing.B) {
	decoder, value := NewDecoder(), []byte(tickBytes)
	b.SetBytes(int64(len(value)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decoder.Decode("ticks", value); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeTickInto(b *testing.B) {
	decoder, tick, value := NewDecoder(), new(Tick), []byte(tickBytes)
	b.SetBytes(int64(len(value)))
	b.ReportAllocs()
	for b.Loop() {
		if err := decoder.DecodeInto(value, tick); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeBar(b *testing.B) {
	message, err := Decode("bars.1m", []byte(barBytes))
	if err != nil {
		b.Fatal(err)
	}
	var text []byte
	b.ReportAllocs()
	for b.Loop() {
		text = message.AppendJSON(text[:0])
	}
	b.SetBytes(int64(len(text)))
}
