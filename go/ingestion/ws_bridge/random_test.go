package ws_bridge

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

// golden holds what Python drew; tests/parity/test_ingestion_parity.py checks the file.
type golden struct {
	Number  string
	Seed    int64
	Names   []string
	Words   []uint32
	Floats  []string
	Bits7   []uint32
	Between []int64
	Bell    []string
	Far     uint32
}

func TestGeneratorDrawsWhatPythonDraws(t *testing.T) {
	var all struct{ Numbers, Names []golden }
	content, err := os.ReadFile("testdata/random.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	for _, each := range all.Numbers {
		number, err := hex.DecodeString(each.Number)
		if err != nil {
			t.Fatal(err)
		}
		check(t, newRandom(number), each)
	}
	for _, each := range all.Names {
		check(t, seeded(each.Seed, each.Names...), each)
	}
	if len(all.Numbers) == 0 || len(all.Names) == 0 {
		t.Fatal("the file of golden draws is empty")
	}
}

func check(t *testing.T, draw *random, want golden) {
	t.Helper()
	name := want.Number + strconv.FormatInt(want.Seed, 10)
	for i, word := range want.Words {
		equal(t, name, i, draw.word(), word)
	}
	for i, text := range want.Floats {
		equal(t, name, i, draw.float(), parsed(t, text))
	}
	for i, bits := range want.Bits7 {
		equal(t, name, i, draw.bits(7), bits)
	}
	for i, number := range want.Between {
		equal(t, name, i, draw.between(5, 20), number)
	}
	for i, text := range want.Bell {
		equal(t, name, i, draw.bell(), parsed(t, text))
	}
	for range 1299 {
		draw.word()
	}
	equal(t, name, 0, draw.word(), want.Far)
}

func parsed(t *testing.T, text string) float64 {
	t.Helper()
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func equal[V comparable](t *testing.T, name string, place int, found, want V) {
	t.Helper()
	if found != want {
		t.Errorf("%s, draw %d: %v, Python has %v", name, place, found, want)
	}
}
