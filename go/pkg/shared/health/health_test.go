package health

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestProbesAndMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "apples_total", Help: "Apples."})
	registry.MustRegister(counter)
	state := NewState()
	server, err := Serve("127.0.0.1:0", registry, state)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close(context.Background())
	check := func(path string, status int, want string) {
		t.Helper()
		response, err := http.Get("http://" + server.Addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != status || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %q %v", path, response.StatusCode, body, err)
		}
	}
	check("/healthz", 200, "alive")
	check("/readyz", 503, "starting")
	state.Set("no broker answers")
	check("/readyz", 503, "no broker answers")
	state.Set("")
	check("/readyz", 200, "ready")
	check("/metrics", 200, "apples_total 0")
	check("/elsewhere", 404, "/healthz")
}

func TestAPortThatIsTakenIsNamed(t *testing.T) {
	server, err := Serve("127.0.0.1:0", prometheus.NewRegistry(), NewState())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close(context.Background())
	if _, err := Serve(server.Addr, prometheus.NewRegistry(), NewState()); err == nil ||
		!strings.Contains(err.Error(), "--http") {
		t.Errorf("%v", err)
	}
}
