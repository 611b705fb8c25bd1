package runner

import (
	"context"
	"strconv"

	"tapeline.dev/tapeline/pkg/shared/config"
)

// watermarkMark begins the key of a watermark record, whose value is null: "@<nanoseconds>".
const watermarkMark = '@'

func watermarkKey(ns int64) string {
	return string(strconv.AppendInt([]byte{watermarkMark}, ns, 10))
}

// watermarkOf reads a watermark record; false for any other record.
func watermarkOf(record *Record) (int64, bool) {
	if record.Value != nil || len(record.Key) < 2 || record.Key[0] != watermarkMark {
		return 0, false
	}
	for _, digit := range record.Key[1:] {
		// ParseInt would take a sign as well, which Python does not.
		if digit < '0' || digit > '9' {
			return 0, false
		}
	}
	ns, err := strconv.ParseInt(string(record.Key[1:]), 10, 64)
	return ns, err == nil
}

// pass: nothing to handle. In virtual time the watermarks move; offsets and state stay as they are.
func (t *Task) pass(ctx context.Context, fetched bool, horizonNs int64) (Progress, error) {
	progress := None
	if fetched {
		progress = Work
	}
	if t.work != nil {
		if t.mayWait() {
			return progress, nil
		}
		return progress, t.commit(ctx)
	}
	if horizonNs <= t.horizonNs {
		return progress, nil
	}
	if t.plan.Clock == config.Real {
		t.horizonNs = horizonNs
		return progress, nil
	}
	t.committed(horizonNs, false)
	t.stats.publish()
	watermarkNs := horizonNs + t.app.LatencyNs
	if !t.done && t.written >= 0 && watermarkNs-t.written < t.plan.FeedbackLatencyNs/2 {
		return max(progress, Time), nil
	}
	return max(progress, Time), t.CatchUp(ctx)
}

// Postponed: a watermark was put off since it said little that was new. In a loop of stages each
// would otherwise answer every small step of every other.
func (t *Task) Postponed() bool {
	return t.plan.Clock == config.Virtual && t.target == nil && len(t.publish.own) > 0 &&
		t.horizonNs >= 0 && t.written < t.horizonNs+t.app.LatencyNs
}

// CatchUp writes a watermark that was put off: nothing else comes, and somebody may wait for it.
func (t *Task) CatchUp(ctx context.Context) error {
	if !t.Postponed() {
		return nil
	}
	transaction, err := t.log.Begin()
	if err != nil {
		return err
	}
	t.advance(t.horizonNs, &work{transaction: transaction})
	return transaction.Commit(ctx)
}

// advance writes watermarks. Outputs exist LatencyNs after their cause. In real time inputs are
// taken as they arrive, so that no watermark is needed but the last, which says that nothing more
// will come. A transaction that would hold offsets only gets a record that says nothing.
func (t *Task) advance(horizonNs int64, w *work) {
	watermarkNs := horizonNs + t.app.LatencyNs
	if w.last {
		watermarkNs = EndOfTimeNs
	}
	if t.plan.Clock == config.Real && !w.last {
		if w.outputs == 0 {
			w.transaction.PutState(commitKey, nil)
		}
		return
	}
	t.written = watermarkNs
	t.publish.advance(watermarkNs, w.transaction)
}
