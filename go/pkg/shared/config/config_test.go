package config

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func document() map[string]any {
	input := map[string]any{
		"topic": "ticks", "rank": 4, "partitions": []int{0}, "feedback": false,
	}
	target := map[string]any{"topic": "bars.1s", "first": 0, "lanes": 1, "own": []int{0}}
	return map[string]any{
		"version": 1, "session": "s", "prefix": "p", "stage": "bars", "clock": "virtual",
		"start_ns": 1, "end_ns": 2, "feedback_latency_ns": 3, "latency_ns": 4,
		"tasks": []any{map[string]any{
			"task": 0, "inputs": []any{input}, "targets": []any{target},
		}},
		"settings": map[string]any{"anything": true},
	}
}

func parse(t *testing.T, document map[string]any) (*Plan, error) {
	t.Helper()
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return ParsePlan("plan", data, "bars")
}

func TestPlanIsRead(t *testing.T) {
	plan, err := parse(t, document())
	if err != nil {
		t.Fatal(err)
	}
	if plan.Topic("ticks") != "p.ticks" || plan.StateTopic() != "p.state.bars" ||
		plan.Group() != "p.bars" || plan.InstanceID(2) != "p.bars.2" ||
		plan.TransactionalID(1) != "p.bars.1" || plan.Partitions("ticks") != 1 {
		t.Errorf("names: %+v", plan)
	}
}

func TestWrongPlansNameTheKey(t *testing.T) {
	first := func(d map[string]any) map[string]any {
		return d["tasks"].([]any)[0].(map[string]any)
	}
	for name, row := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"unknown key": {func(d map[string]any) { d["extra"] = 1 }, `key "extra" is unknown`},
		"missing key": {func(d map[string]any) { delete(d, "prefix") }, `key "prefix" is missing`},
		"nested unknown key": {
			func(d map[string]any) { first(d)["more"] = 1 }, `plan.tasks[0]: key "more" is unknown`,
		},
		"wrong type":    {func(d map[string]any) { d["end_ns"] = "x" }, `plan.end_ns: "x" is no int64`},
		"null":          {func(d map[string]any) { d["session"] = nil }, "session: must not be null"},
		"no list":       {func(d map[string]any) { d["tasks"] = 3 }, "plan.tasks: must be a list"},
		"no object":     {func(d map[string]any) { d["tasks"] = []int{3} }, "must be a JSON object"},
		"newer version": {func(d map[string]any) { d["version"] = 2 }, "use the newer release"},
		"older version": {func(d map[string]any) { d["version"] = 0 }, "version: 0, must be 1"},
		"other stage":   {func(d map[string]any) { d["stage"] = "oms" }, `this program is "bars"`},
		"clock":         {func(d map[string]any) { d["clock"] = "sun" }, `"virtual" or "real"`},
		"end":           {func(d map[string]any) { d["end_ns"] = 1 }, "must be after start_ns"},
		"task number":   {func(d map[string]any) { first(d)["task"] = 1 }, "numbered from 0"},
		"no tasks":      {func(d map[string]any) { d["tasks"] = []any{} }, "tasks: must not be empty"},
	} {
		t.Run(name, func(t *testing.T) {
			d := document()
			row.change(d)
			_, err := parse(t, d)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func env(pairs ...string) Env {
	return func(name string) (string, bool) {
		for n := 0; n < len(pairs); n += 2 {
			if pairs[n] == name {
				return pairs[n+1], true
			}
		}
		return "", false
	}
}

func TestMapsAndTypesThatReadThemselves(t *testing.T) {
	type rules struct {
		Band int `json:"band"`
	}
	type settings struct {
		Symbols map[string]rules     `json:"symbols"`
		Days    map[string][]int     `json:"days"`
		Begins  map[string]time.Time `json:"begins"`
	}
	for text, want := range map[string]string{
		`{"symbols":{"A":{}},"days":{},"begins":{}}`:    `s.symbols.A: key "band" is missing`,
		`{"symbols":{"A":1},"days":{},"begins":{}}`:     "s.symbols.A: must be a JSON object",
		`{"symbols":null,"days":{},"begins":{}}`:        "s.symbols: must be a JSON object",
		`{"symbols":{},"days":{"A":["x"]},"begins":{}}`: `s.days.A[0]: "x" is no int`,
		`{"symbols":{},"days":{},"begins":{"A":"x"}}`:   "s.begins.A: ",
	} {
		err := Decode("s", []byte(text), &settings{})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	good := settings{}
	text := `{"symbols":{"A":{"band":1}},"days":{"A":[2]},"begins":{"A":"2026-11-20T09:15:00Z"}}`
	if err := Decode("s", []byte(text), &good); err != nil || good.Symbols["A"].Band != 1 {
		t.Errorf("%+v, %v", good, err)
	}
}

func TestKafkaComesFromFlagThenEnvironment(t *testing.T) {
	kafka, err := ReadKafka("", env(EnvKafka, "a:1, b:2", EnvSession, "6000"))
	if err != nil || len(kafka.Brokers) != 2 || kafka.Brokers[1] != "b:2" {
		t.Fatalf("%+v %v", kafka, err)
	}
	if kafka.Session != 6*time.Second || kafka.Heartbeat != 2*time.Second {
		t.Errorf("timeouts %v %v", kafka.Session, kafka.Heartbeat)
	}
	kafka, err = ReadKafka("c:3", env(EnvKafka, "a:1"))
	if err != nil || kafka.Brokers[0] != "c:3" {
		t.Errorf("%+v %v", kafka, err)
	}
}

func TestAUserNeedsAProtocolWithSASL(t *testing.T) {
	kafka, err := ReadKafka("", env(EnvKafka, "a", EnvUsername, "me", EnvPassword, "x",
		EnvProtocol, "SASL_SSL"))
	if err != nil || kafka.Username != "me" || !kafka.TLS {
		t.Errorf("%+v %v", kafka, err)
	}
}

func TestWrongEnvironmentsNameTheVariable(t *testing.T) {
	for want, e := range map[string]Env{
		EnvProtocol:               env(EnvKafka, "a", EnvProtocol, "QUIC"),
		EnvCA:                     env(EnvKafka, "a", EnvCA, "no-such-file"),
		"set KAFKA":               env(),
		EnvMechanism:              env(EnvKafka, "a", EnvMechanism, "GSSAPI"),
		"belong together":         env(EnvKafka, "a", EnvUsername, "me"),
		"PLAINTEXT takes no user": env(EnvKafka, "a", EnvUsername, "me", EnvPassword, "x"),
		": SSL takes no user": env(
			EnvKafka, "a", EnvUsername, "me", EnvPassword, "x", EnvProtocol, "SSL"),
		"SASL_SSL needs a user":   env(EnvKafka, "a", EnvProtocol, "SASL_SSL"),
		EnvSession + `: "soon"`:   env(EnvKafka, "a", EnvSession, "soon"),
		EnvHeartbeat + `: "-3", `: env(EnvKafka, "a", EnvHeartbeat, "-3"),
	} {
		if _, err := ReadKafka("", e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestCrashSetting(t *testing.T) {
	if crash, err := ReadCrash(env()); crash != nil || err != nil {
		t.Errorf("%v %v", crash, err)
	}
	crash, err := ReadCrash(env(EnvCrash, "4:12"))
	if err != nil || *crash != (Crash{Step: 4, Count: 12}) {
		t.Errorf("%v %v", crash, err)
	}
	for _, text := range []string{"8:1", "1", "1:0", "x:1"} {
		if _, err := ReadCrash(env(EnvCrash, text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestPasswordsAreRedacted(t *testing.T) {
	for _, conninfo := range []string{
		"postgres://me:geheim@host/db", "host=h password=geheim user=me",
		"host=h password = 'geheim' user=me", "postgresql://host/db?password=geheim",
		"postgres://me:ge/heim%zz@host/db", "postgresql://me:pass word geheim@host:port/db",
		`host=h password='a\'b geheim' user=me`,
		"POSTGRES://me:%geheim@host/db",
	} {
		if redacted := Redacted(conninfo); strings.Contains(redacted, "geheim") {
			t.Errorf("%s", redacted)
		}
	}
}
