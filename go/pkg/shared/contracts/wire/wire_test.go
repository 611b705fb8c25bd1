package wire

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestFloatsAreWrittenAsThePythonSideDoes(t *testing.T) {
	for want, number := range map[string]float64{
		"0.0":                    0,
		"-0.0":                   math.Copysign(0, -1),
		"1.0":                    1,
		"0.1":                    0.1,
		"1234567890123456.0":     1234567890123456,
		"9999999999999998.0":     9999999999999998,
		"1e16":                   1e16,
		"1.2345678901234568e16":  12345678901234568,
		"0.00001":                1e-5,
		"9.999e-6":               9.999e-6,
		"-1.5e-7":                -1.5e-7,
		"5e-324":                 5e-324,
		"1.7976931348623157e308": math.MaxFloat64,
		"null":                   math.Inf(1),
	} {
		if got := string(AppendFloat(nil, number)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestTextsAreEscapedOnlyWhereTheyMust(t *testing.T) {
	got := string(AppendString(nil, "a\"\\/\b\f\n\r\t\x00\x1f\x7fé\U0001f600"))
	if want := `"a\"\\/\b\f\n\r\t\u0000\u001f` + "\x7fé\U0001f600\""; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestIntegersWithinTheirRange(t *testing.T) {
	for text, ok := range map[string]bool{
		"0": true, "-0": true, "-9223372036854775808": true, "9223372036854775807": true,
		"9223372036854775808": false, "-9223372036854775809": false, "18446744073709551616": false,
		"99999999999999999999": false, "01": false, "1.0": false, "1e3": false, "": false, "-": false,
		"+1": false, "x": false,
	} {
		var r Reader
		var value int64
		r.Reset([]byte(text))
		if got := r.Int(&value, math.MinInt64, math.MaxInt64) && r.End(); got != ok {
			t.Errorf("%q: %t, %d", text, got, value)
		}
	}
}

func TestTextsOfAnyForm(t *testing.T) {
	for text, want := range map[string]string{
		`"INFY"`:              "INFY",
		`"M\u0026M"`:          "M&M",
		`"\ud83d\ude00x\n\/"`: "\U0001f600x\n/",
		"\"\u00e9\"":          "é",
	} {
		var r Reader
		var value string
		r.Reset([]byte(text))
		if !r.Str(&value, 1, 8) || !r.End() || value != want {
			t.Errorf("%s: %q, want %q; %s", text, value, want, r.Why())
		}
	}
	for _, text := range []string{
		`"`, `"\`, `"\u`, `"\u12"`, `"\ud800"`, `"\ud800\u0041"`, `"\udc00"`, `"\x"`, "\"\xff\"",
		"\"\n\"", "\"a\\n\n\"", `""`, `"123456789"`, "1", "",
	} {
		var r Reader
		var value string
		r.Reset([]byte(text))
		if r.Str(&value, 1, 8) && r.End() {
			t.Errorf("%q is taken as %q", text, value)
		}
	}
}

func TestWhatNobodyKnowsIsSkippedIfItsFormIsRight(t *testing.T) {
	for text, ok := range map[string]bool{
		`{"a":[1,-2.5e+400,"\ud83d\ude00",{"":null}],"b":true}`: true,
		"\"\xff\"":    true,
		" [ 1 , 2 ] ": true,
		"[1,]":        false,
		"[,1]":        false,
		"[1 2]":       false,
		`{"a":1,}`:    false,
		`{"a" 1}`:     false,
		`{1:1}`:       false,
		"tru":         false,
		"01":          false,
		"1.":          false,
		"1e":          false,
		`"\ud800"`:    false,
		"[":           false,
		strings.Repeat("[", NestingMax) + strings.Repeat("]", NestingMax):     true,
		strings.Repeat("[", NestingMax+1) + strings.Repeat("]", NestingMax+1): false,
	} {
		var r Reader
		r.Reset([]byte(text))
		if got := r.Skip() && r.End(); got != ok {
			t.Errorf("%.40q: %t; %s", text, got, r.Why())
		}
	}
}

func TestARepeatedKeyKeepsItsPlaceAndTakesTheLastValue(t *testing.T) {
	for _, more := range []int{0, 40} {
		text := `{"a":1,"b":2`
		for range more {
			text += fmt.Sprintf(`,"c":3,"d%d":4`, len(text))
		}
		var r Reader
		var pairs []Pair[int64]
		r.Reset([]byte(text + `,"a":5}`))
		read := func(value *int64, r *Reader) bool { return r.Int(value, 0, 9) }
		if !Map(&r, &pairs, read) || pairs[0] != (Pair[int64]{"a", 5}) || pairs[1].Value != 2 {
			t.Errorf("%d more: %v, %s", more, pairs[:2], r.Why())
		}
		if want := 2 + min(more, 1) + more; len(pairs) != want {
			t.Errorf("%d pairs, want %d", len(pairs), want)
		}
	}
}

func TestNamesShareStringsAndNeverGrow(t *testing.T) {
	var names Names
	for _, text := range []string{"INFY", "", "a text that is longer than a symbol"} {
		if got := names.Of([]byte(text)); got != text {
			t.Errorf("%q, want %q", got, text)
		}
	}
	if n := testing.AllocsPerRun(10, func() { names.Of([]byte("INFY")) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
