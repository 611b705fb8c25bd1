package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/runner"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const (
	// rebuildPause is the wait before tasks are built again after an aborted commit; it doubles up to
	// rebuildPauseMax while one failure follows the other.
	rebuildPause    = 200 * time.Millisecond
	rebuildPauseMax = 3 * time.Second
	// rebuildsMax: a failure that comes back so often without a commit between, and is not a broker
	// that is away, does not pass by itself: a record that the brokers refuse, for one.
	rebuildsMax = 20
	// steady: a failure after so long a run follows no other.
	steady = 10 * time.Second
)

// liveRest is the pause of a live source behind each commit: it then commits some 50 times a second.
// The brokers spend much less processor time on the session, and orders come no later.
const liveRest = 15 * time.Millisecond

// lookEvery is the pause between looks whether the tasks of other processes have ended.
const lookEvery = 300 * time.Millisecond

// Process runs a replica of a stage on Kafka until the session's end.
type Process struct {
	Plan    *config.Plan
	Kafka   config.Kafka
	Replica int
	// App is the stage; nil for a source.
	App *stage.App
	// Source makes the source of a stage without inputs.
	Source func() (runner.Source, error)
	// ClockNs is the session clock of a real-time session.
	ClockNs func() int64
	Stats   *runner.Stats
	// AfterStep is called after each numbered step: fault injection.
	AfterStep func(step int)
	// Ready is told why the process is not ready, "" when it is.
	Ready func(why string)
	// Await, unless nil, returns when the process may join: its predecessor has ended. The context's
	// error: it was asked to stop. Everything that needs no membership is done before it.
	Await func(ctx context.Context) error
}

// Run returns nil at the session's end, or when ctx was cancelled and everything is saved.
func (p *Process) Run(ctx context.Context) error {
	c, err := connect(ctx, p.Kafka, p.Ready)
	if err != nil {
		return drained(ctx, err)
	}
	defer c.close()
	slog.Info("kafka.connected")
	if err := p.retry(ctx, func() error { return c.checkTopics(ctx, p.Plan) }); err != nil {
		return drained(ctx, err)
	}
	p.Ready("waits for its start")
	if p.Await != nil {
		if err := p.Await(ctx); err != nil {
			return drained(ctx, err)
		}
	}
	run := p.runMember
	if p.App == nil {
		run = p.runSource
	}
	wait, count := rebuildPause, rebuilds{}
	for {
		started := time.Now()
		err := run(ctx, c)
		if time.Since(started) > steady {
			wait = rebuildPause
		}
		if err == nil || ctx.Err() != nil || !again(err) {
			return drained(ctx, err)
		}
		if count.isLast(err, p.Stats.Read().Commits) {
			return fmt.Errorf("%d failures without a commit between: %w", rebuildsMax, err)
		}
		p.Ready("going back to the last commit: " + err.Error())
		slog.Warn("task.rebuilt", "why", err.Error())
		if err := pause(ctx, wait); err != nil {
			return nil
		}
		wait = min(2*wait, rebuildPauseMax)
	}
}

// rebuilds counts failures since the last commit.
type rebuilds struct {
	count   int
	commits int64
}

// isLast: it is time to give up. Brokers that are away are waited for, however long.
func (r *rebuilds) isLast(err error, commits int64) bool {
	if commits != r.commits {
		r.count, r.commits = 0, commits
	}
	if !transient(err) {
		r.count++
	}
	return r.count >= rebuildsMax
}

// again: the failure passes by itself, so that the tasks are built again from the last commit.
func again(err error) bool {
	var state *runner.StateError
	switch {
	case errors.Is(err, runner.ErrFenced), errors.As(err, &state):
		return false
	}
	return errors.Is(err, runner.ErrAborted) || errors.Is(err, errRebuild) || transient(err)
}

// drained: whatever a cancelled context broke off is no failure.
func drained(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// retry repeats what a broker that is away makes fail.
func (p *Process) retry(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil || !transient(err) {
			return err
		}
		p.Ready(err.Error())
		slog.Warn("kafka.unreachable", "why", err.Error())
		if err := pause(ctx, retryEvery); err != nil {
			return err
		}
	}
}

// runMember joins the group and runs the tasks that are assigned.
func (p *Process) runMember(ctx context.Context, c *cluster) error {
	p.Ready("joining the group " + p.Plan.Group())
	m, err := c.join(p)
	if err != nil {
		return err
	}
	err = m.loop(ctx)
	clean := err == nil || ctx.Err() != nil && errors.Is(err, context.Canceled)
	if closeErr := m.close(clean); clean {
		err = closeErr
	}
	if err == nil && ctx.Err() == nil {
		m.leave()
	}
	return err
}

// loop turns until every task of the stage has reached the session's end, or ctx is cancelled. A
// process whose own tasks have ended stays in the group while others have not: it may get theirs.
func (m *member) loop(ctx context.Context) error {
	wait := idleWait
	if m.process.Plan.Clock == config.Real {
		wait = idleWaitReal
	}
	looked := time.Time{}
	for ctx.Err() == nil {
		if _, err := m.turn(ctx, wait); err != nil {
			return err
		}
		units, err := m.owned()
		if err != nil {
			return err
		}
		working := slices.ContainsFunc(units, func(u *unit) bool { return !u.task.Done() })
		if working {
			m.process.Ready(restoring(units))
			continue
		}
		if time.Since(looked) < lookEvery {
			continue
		}
		looked = time.Now()
		ended, err := m.ended(ctx, units)
		if err != nil && len(units) == 0 && transient(err) {
			// Nothing is lost by looking again: the group lets this process in when it can.
			m.process.Ready(err.Error())
			continue
		}
		if err != nil || ended {
			return err
		}
		if len(units) == 0 {
			m.process.Ready("no partitions are assigned; another replica may hold them")
		}
	}
	slog.Info("stage.draining")
	return nil
}

// restoring says why the tasks are not ready, "" when they are.
func restoring(units []*unit) string {
	if slices.ContainsFunc(units, func(u *unit) bool { return u.task.Restoring() }) {
		return "restoring its state"
	}
	return ""
}

// ended saves the tasks here, which are done, and says whether those elsewhere are, too.
func (m *member) ended(ctx context.Context, units []*unit) (bool, error) {
	for _, u := range units {
		if err := u.task.Close(context.WithoutCancel(ctx)); err != nil {
			return false, fmt.Errorf("task %d: %w", u.task.Number(), err)
		}
	}
	finished, err := m.cluster.finished(ctx, m.process.Plan)
	if finished {
		slog.Info("stage.ended", "tasks", len(units))
	}
	return finished, err
}

// runSource publishes the one task of a source.
func (p *Process) runSource(ctx context.Context, c *cluster) error {
	task := p.Plan.Tasks[0]
	producer, err := c.newProducer(p.Plan, task.Task, "", nil)
	if err != nil {
		return err
	}
	defer producer.close()
	claim, err := c.claim(ctx, p.Plan, task, producer)
	if err != nil {
		return err
	}
	source, err := p.Source()
	if err != nil {
		return err
	}
	if feed, isLive := source.(interface{ Close() }); isLive {
		// The source is made anew when the task is built again: only one feed may play.
		defer feed.Close()
	}
	run, err := runner.NewSourceTask(runner.Options{
		Plan: p.Plan, Task: task, Log: &unit{producer: producer}, Claim: claim,
		ClockNs: p.ClockNs, Stats: p.Stats, AfterStep: p.AfterStep,
	}, source)
	if err != nil {
		return err
	}
	slog.Info("task.claimed", "task", task.Task, "entries", len(claim.Entries))
	p.Ready("")
	for ctx.Err() == nil && !run.Done() {
		progress, err := run.Cycle(context.WithoutCancel(ctx))
		if err != nil {
			return fmt.Errorf("task %d: %w", task.Task, err)
		}
		wait := time.Duration(0)
		if progress == runner.None {
			wait = idleWaitReal
		} else if p.Plan.Clock == config.Real {
			wait = liveRest
		}
		if err := pause(ctx, wait); err != nil {
			break
		}
	}
	if p.Plan.Clock == config.Real && !run.Done() {
		// What has arrived until the stop.
		if _, err := run.Cycle(context.WithoutCancel(ctx)); err != nil {
			return fmt.Errorf("task %d: %w", task.Task, err)
		}
	}
	slog.Info("stage.ended", "done", run.Done())
	return nil
}
