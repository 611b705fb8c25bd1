package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
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

// run is the command of the same name.
func (p Program) run(ctx context.Context, args []string, errs io.Writer, env config.Env) error {
	flags := flag.NewFlagSet(p.Name+" run", flag.ContinueOnError)
	planPath := flags.String("plan", "", "plan of the stage, a JSON file that tapeline writes")
	brokers := flags.String("kafka", "", "brokers, host:port with commas; default: $KAFKA")
	replica := flags.Int("replica", 0, "number of this process among those of the stage")
	port := flags.Int("http", 0, "port of /healthz, /readyz and /metrics; 0 = none")
	host := flags.String("http-host", httpHost, "address of that port; loopback unless a probe is not")
	if err := parse(flags, args, errs); err != nil {
		return err
	}
	process, err := p.process(*planPath, *brokers, *replica, env)
	if err != nil {
		return err
	}
	state := health.NewState()
	process.Ready = state.Set
	if *port != 0 {
		registry := prometheus.NewRegistry()
		registry.MustRegister(
			runner.NewCollector(process.Plan.Session, process.Plan.Stage, process.Stats),
			collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		)
		server, err := health.Serve(fmt.Sprintf("%s:%d", *host, *port), registry, state)
		if err != nil {
			return usage("%v", err)
		}
		defer server.Close(context.WithoutCancel(ctx))
	}
	slog.Info("starting", "stage", process.Plan.Stage, "session", process.Plan.Session,
		"replica", *replica, "language", "go")
	err = process.Run(ctx)
	totals := process.Stats.Read()
	slog.Info("stopped", "events", totals.Events, "commits", totals.Commits,
		"replayed", totals.Replayed, "horizon_ns", totals.HorizonNs)
	return err
}

func (p Program) process(path, brokers string, replica int, env config.Env) (*kafka.Process, error) {
	if path == "" {
		return nil, usage("--plan FILE is missing")
	}
	if replica < 0 {
		return nil, usage("--replica: %d, must be at least 0", replica)
	}
	plan, err := config.ReadPlan(path, p.Name)
	if err != nil {
		return nil, err
	}
	crash, err := config.ReadCrash(env)
	if err != nil {
		return nil, err
	}
	process := &kafka.Process{
		Plan: plan, Replica: replica, Stats: runner.NewStats(), AfterStep: crashing(crash),
		ClockNs: func() int64 { return time.Now().UnixNano() },
	}
	if process.Kafka, err = config.ReadKafka(brokers, env); err != nil {
		return nil, err
	}
	if p.App == nil {
		process.Source = func() (runner.Source, error) { return p.Source(plan.Settings) }
		return process, nil
	}
	app, err := p.App(plan.Settings)
	if err != nil {
		return nil, usage("%s: %v", path, err)
	}
	process.App = &app
	return process, nil
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
