// Package health serves the probes and metrics of a process: /healthz, /readyz, /metrics.
package health

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// headerTimeout keeps a client that sends nothing from holding a connection.
const headerTimeout = 5 * time.Second

// closeTimeout: a process that drains has ten seconds for everything.
const closeTimeout = time.Second

// State says whether the process is ready; it is safe for use by several goroutines.
type State struct {
	mu  sync.Mutex
	why string
}

// NewState is not ready: the process starts.
func NewState() *State { return &State{why: "starting"} }

// Set tells why the process is not ready, "" when it is. Changes are logged.
func (s *State) Set(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why == why {
		return
	}
	s.why = why
	if why == "" {
		slog.Info("stage.ready")
	} else {
		slog.Info("stage.not_ready", "why", why)
	}
}

// Why is "" when the process is ready.
func (s *State) Why() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}

// Server answers probes.
type Server struct {
	http *http.Server
	// Addr is where it listens.
	Addr string
}

// Serve listens on an address; port 0 picks a free one.
func Serve(addr string, registry *prometheus.Registry, state *State) (*Server, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("--http: %w", err)
	}
	s := &Server{
		http: &http.Server{Handler: handler(registry, state), ReadHeaderTimeout: headerTimeout},
		Addr: listener.Addr().String(),
	}
	go func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("http.failed", "why", err.Error())
		}
	}()
	return s, nil
}

// Close ends the server. A client that does not finish is cut off.
func (s *Server) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	return errors.Join(s.http.Shutdown(ctx), s.http.Close())
}

func handler(registry *prometheus.Registry, state *State) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		text(w, http.StatusOK, "alive")
	})
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if why := state.Why(); why != "" {
			text(w, http.StatusServiceUnavailable, why)
			return
		}
		text(w, http.StatusOK, "ready")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		text(w, http.StatusNotFound, "paths: /healthz /readyz /metrics")
	})
	return mux
}

func text(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, body)
}
