package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/health"
	"tapeline.dev/tapeline/pkg/shared/kafka"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

const httpHost = "127.0.0.1"

// runFlags are those of the command run; the same as of the Python process.
type runFlags struct {
	plan, brokers, host, portFile string
	replica, port                 int
	startedNs                     int64
	speed                         float64
	registry                      *prometheus.Registry
}

func (f *runFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&f.plan, "plan", "", "plan of the stage, a JSON `file` that tapeline writes")
	flags.StringVar(&f.brokers, "kafka", "", "`brokers`, host:port with commas; default: $KAFKA")
	flags.IntVar(&f.replica, "replica", 0, "`number` of this process among those of the stage")
	flags.IntVar(&f.port, "http", 0, "`port` of /healthz, /readyz and /metrics; 0 = a free one")
	flags.StringVar(&f.host, "http-host", httpHost, "`address` of that port")
	flags.StringVar(&f.portFile, "port-file", "", "`file` that receives the port")
	flags.Int64Var(&f.startedNs, "started-ns", 0, "real time: wall `time` of the session's start")
	flags.Float64Var(&f.speed, "speed", 1, "real time: session `seconds` in a wall second")
}

// run is the command of the same name.
func (p Program) run(ctx context.Context, args []string, errs io.Writer, env config.Env) error {
	flags := flag.NewFlagSet(p.Name+" run", flag.ContinueOnError)
	options := &runFlags{}
	options.register(flags)
	if err := parse(flags, args, errs); err != nil {
		return err
	}
	process, err := p.process(options, env)
	if err != nil {
		return err
	}
	server, err := serve(process, options)
	if err != nil {
		return err
	}
	defer server.Close(context.WithoutCancel(ctx))
	slog.SetDefault(slog.Default().With("stage", p.Name, "replica", options.replica))
	slog.Info("stage.starting", "session", process.Plan.Session, "language", "go",
		"http", server.Addr)
	if gate, _ := env(startGate); gate != "" {
		process.Await = func(ctx context.Context) error { return waitAt(ctx, gate, options.replica) }
	}
	err = process.Run(ctx)
	totals := process.Stats.Read()
	slog.Info("stage.stopped", "events", totals.Events, "commits", totals.Commits,
		"replayed", totals.Replayed, "horizon_ns", totals.HorizonNs)
	if err == nil && ctx.Err() != nil {
		return errDrained // where it had reached the end too, starting it again finds that
	}
	return err
}

// startGate names a file: a process that finds it in its environment joins nothing before it
// exists.
const startGate = "TAPELINE_START_GATE"

// gateLook is the time between two looks: part of a handover's pause.
const gateLook = 5 * time.Millisecond

// waitAt waits until the file gate exists: a successor joins nothing before its predecessor has
// ended. It says that it waits by a file beside it, and returns the context's error when it was asked
// to stop.
func waitAt(ctx context.Context, gate string, replica int) error {
	waiting := fmt.Sprintf("%s.%d.waits", gate, replica)
	if err := os.WriteFile(waiting, nil, 0o644); err != nil {
		return usage("%s: %v", startGate, err)
	}
	for {
		if _, err := os.Stat(gate); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(gateLook):
		}
	}
}

// serve starts the probes of a process.
func serve(process *kafka.Process, options *runFlags) (*health.Server, error) {
	state := health.NewState()
	process.Ready = state.Set
	registry := prometheus.NewRegistry()
	options.registry = registry
	registry.MustRegister(
		runner.NewCollector(process.Plan.Session, process.Plan.Stage, process.Stats),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	addr := net.JoinHostPort(options.host, strconv.Itoa(options.port))
	server, err := health.Serve(addr, registry, state)
	if err != nil {
		return nil, usage("%v", err)
	}
	if options.portFile != "" {
		_, port, _ := net.SplitHostPort(server.Addr)
		if err := os.WriteFile(options.portFile, []byte(port+"\n"), 0o644); err != nil {
			return nil, usage("--port-file: %v", err)
		}
	}
	return server, nil
}

func (p Program) process(options *runFlags, env config.Env) (*kafka.Process, error) {
	switch {
	case options.plan == "":
		return nil, usage("--plan FILE is missing")
	case options.replica < 0:
		return nil, usage("--replica: %d, must be at least 0", options.replica)
	case options.speed <= 0:
		return nil, usage("--speed: %v, must be above 0", options.speed)
	}
	plan, err := config.ReadPlan(options.plan, p.Name)
	if err != nil {
		return nil, err
	}
	crash, err := config.ReadCrash(env)
	if err != nil {
		return nil, err
	}
	process := &kafka.Process{
		Plan: plan, Replica: options.replica, Stats: runner.NewStats(),
		AfterStep: crashing(crash), ClockNs: sessionClock(plan, options),
	}
	if process.Kafka, err = config.ReadKafka(options.brokers, env); err != nil {
		return nil, err
	}
	if p.App == nil {
		process.Source = func() (runner.Source, error) { return p.source(process, options) }
		return process, nil
	}
	app, err := p.App(plan.Settings)
	if err != nil {
		return nil, usage("%s: %v", options.plan, err)
	}
	process.App = &app
	return process, nil
}

// source is made when its task is claimed; in real time its feed's metrics join those of the process.
func (p Program) source(process *kafka.Process, options *runFlags) (runner.Source, error) {
	plan := process.Plan
	if plan.Clock != config.Real {
		return p.Source(plan.Settings)
	}
	source, metrics, err := p.Live(plan.Settings, Live{
		Session: plan.Session,
		ClockNs: process.ClockNs,
		Sleep: func(span time.Duration) {
			time.Sleep(time.Duration(float64(span) / options.speed))
		},
	})
	if err == nil {
		// A task that is built again brings a new feed; the metrics are those of the newest.
		options.registry.Unregister(metrics)
		err = options.registry.Register(metrics)
	}
	return source, err
}

// sessionClock is session time that runs at the speed of the wall clock, or at a multiple of it.
func sessionClock(plan *config.Plan, options *runFlags) func() int64 {
	started := options.startedNs
	if started == 0 {
		started = time.Now().UnixNano()
	}
	return func() int64 {
		return plan.StartNs + int64(float64(time.Now().UnixNano()-started)*options.speed)
	}
}

// crashing ends the process as kill -9 would, right after a commit step: fault injection.
func crashing(crash *config.Crash) func(int) {
	if crash == nil {
		return nil
	}
	left := crash.Count
	return func(step int) {
		if step != crash.Step {
			return
		}
		if left--; left == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}
