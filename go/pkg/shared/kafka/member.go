package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

const (
	// fetchWait is how long a fetch waits for the first record: an idle task then asks 50 times a
	// second. A longer wait would delay records whose transaction ends while the fetch waits.
	fetchWait = 20 * time.Millisecond
	// fetchBytes bound one fetch, about 8,000 ticks. One more waits while it is worked on.
	fetchBytes = 2 << 20
	// fetchedMax are the records that are taken from the client at once.
	fetchedMax = 10_000
	// queuedMax: a partition with more undecoded records is not fetched until they were taken.
	queuedMax = fetchedMax
	// idleWait is how long the loop waits for records. In real time with several inputs the clock
	// makes timers due, so that it must look more often.
	idleWait     = 100 * time.Millisecond
	idleWaitReal = 5 * time.Millisecond
	// catchUpWait: without an input for this long, watermarks that were put off are written. That is
	// some times a commit, so that the other stages of a loop have answered by then if they can.
	catchUpWait = 25 * time.Millisecond
	// closeTimeout: SIGTERM drains within 10 s; the last commit takes most of it.
	closeTimeout = 8 * time.Second
	// joinTimeout is how long a member that ends waits for its part in a rebalance: the others may
	// have ended before theirs.
	joinTimeout  = 200 * time.Millisecond
	leaveTimeout = time.Second
)

// errRebuild: the member must be built again from the last commits.
var errRebuild = errors.New("the group member begins anew")

// member is this process in the consumer group: it runs the tasks whose partitions it is assigned.
type member struct {
	process *Process
	cluster *cluster
	client  *kgo.Client
	// abandon breaks off what the client waits for.
	abandon context.CancelFunc
	topics  map[string]string

	mu       sync.Mutex
	assigned map[runner.Place]bool
	units    []*unit
	// failed is what a callback of the group met; the loop returns it.
	failed error
}

func (c *cluster) join(process *Process) (*member, error) {
	m := &member{
		process: process, cluster: c, topics: map[string]string{},
		assigned: map[runner.Place]bool{},
	}
	plan, kafka := process.Plan, process.Kafka
	var names []string
	for _, name := range plan.InputTopics() {
		names = append(names, plan.Topic(name))
		m.topics[plan.Topic(name)] = name
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.abandon = cancel
	var err error
	m.client, err = kgo.NewClient(append(options(kafka),
		kgo.WithContext(ctx),
		kgo.ConsumerGroup(plan.Group()),
		kgo.InstanceID(plan.InstanceID(process.Replica)),
		kgo.ConsumeTopics(names...),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.SessionTimeout(kafka.Session),
		kgo.HeartbeatInterval(kafka.Heartbeat),
		kgo.FetchMinBytes(1),
		kgo.FetchMaxWait(fetchWait),
		kgo.FetchMaxBytes(fetchBytes),
		kgo.FetchMaxPartitionBytes(fetchBytes),
		kgo.MaxConcurrentFetches(1),
		kgo.WithPools(new(recordPool)),
		// Records that are gone must not be passed over in silence.
		kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.OnPartitionsAssigned(m.onAssigned),
		kgo.OnPartitionsRevoked(m.onRevoked),
		kgo.OnPartitionsLost(m.onRevoked),
		kgo.AdjustFetchOffsetsFn(m.startOffsets),
	)...)
	return m, err
}

func (m *member) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failed == nil {
		m.failed = err
	}
}

func (m *member) place(name string, partition int32) runner.Place {
	return runner.Place{Topic: m.topics[name], Partition: partition}
}

// onAssigned claims the tasks of which all partitions are now here. The group waits meanwhile, but
// heartbeats go on.
func (m *member) onAssigned(ctx context.Context, cl *kgo.Client, added map[string][]int32) {
	fresh := map[runner.Place]bool{}
	m.mu.Lock()
	for name, partitions := range added {
		for _, partition := range partitions {
			fresh[m.place(name, partition)] = true
			m.assigned[m.place(name, partition)] = true
		}
	}
	m.mu.Unlock()
	if err := m.check(fresh); err != nil {
		m.fail(err)
		return
	}
	for _, task := range m.process.Plan.Tasks {
		here, isNew := m.here(task, fresh)
		switch {
		case here == 0 || isNew == 0:
			continue
		case here < places(task):
			slog.Warn("task.incomplete", "task", task.Task, "partitions", here, "of", places(task))
			continue
		case isNew < places(task):
			// Some of them were here before and are being read already: begin anew.
			m.fail(errRebuild)
			return
		}
		if err := m.claim(ctx, cl, task); err != nil {
			m.fail(fmt.Errorf("task %d: %w", task.Task, err))
			return
		}
	}
}

// check: a partition that no task reads was added after the topics were compared with the plan.
func (m *member) check(fresh map[runner.Place]bool) error {
	for place := range fresh {
		known := slices.ContainsFunc(m.process.Plan.Tasks, func(task config.Task) bool {
			return slices.ContainsFunc(task.Inputs, func(input config.Input) bool {
				return input.Topic == place.Topic && slices.Contains(input.Partitions, place.Partition)
			})
		})
		if !known {
			return &config.Error{Message: fmt.Sprintf(
				"topic %s has a partition %d that the plan does not know: create the topics again, or "+
					"write the plan again with --partitions that fit",
				m.process.Plan.Topic(place.Topic), place.Partition)}
		}
	}
	return nil
}

// here is how many partitions of a task are assigned, and how many of them just now.
func (m *member) here(task config.Task, fresh map[runner.Place]bool) (here, isNew int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, input := range task.Inputs {
		for _, partition := range input.Partitions {
			place := runner.Place{Topic: input.Topic, Partition: partition}
			if m.assigned[place] {
				here++
			}
			if fresh[place] {
				isNew++
			}
		}
	}
	return here, isNew
}

func places(task config.Task) int {
	count := 0
	for _, input := range task.Inputs {
		count += len(input.Partitions)
	}
	return count
}

// claim takes a task over. The group may assign it before its client is known to the member: hence
// the client of the callback.
func (m *member) claim(ctx context.Context, cl *kgo.Client, task config.Task) error {
	p := m.process
	producer, err := m.cluster.newProducer(
		p.Plan, task.Task, p.Plan.InstanceID(p.Replica), cl)
	if err != nil {
		return err
	}
	claim, err := m.cluster.claim(ctx, p.Plan, task, producer)
	if err != nil {
		producer.close()
		return err
	}
	u := &unit{producer: producer, queues: map[runner.Place]*queue{}}
	for _, input := range task.Inputs {
		for _, partition := range input.Partitions {
			u.queues[runner.Place{Topic: input.Topic, Partition: partition}] = &queue{}
		}
	}
	u.task, err = runner.NewTask(runner.Options{
		Plan: p.Plan, Task: task, App: p.App, Log: u, Claim: claim, ClockNs: p.ClockNs,
		Stats: p.Stats, AfterStep: p.AfterStep,
	})
	if err != nil {
		producer.close()
		return err
	}
	slog.Info("task.claimed", "task", task.Task, "entries", len(claim.Entries),
		"state_hash", u.task.StateHash())
	m.mu.Lock()
	defer m.mu.Unlock()
	m.units = append(m.units, u)
	return nil
}

// onRevoked drops the tasks that have lost a partition. The loop lets the group go on only between
// commits; events that still wait for theirs have shown nothing, and the next owner takes them again.
func (m *member) onRevoked(_ context.Context, _ *kgo.Client, gone map[string][]int32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, partitions := range gone {
		for _, partition := range partitions {
			place := m.place(name, partition)
			delete(m.assigned, place)
			for n, u := range m.units {
				if _, owned := u.queues[place]; owned {
					slog.Info("task.revoked", "task", u.task.Number())
					u.producer.close()
					m.units = slices.Delete(m.units, n, n+1)
					break
				}
			}
		}
	}
	m.process.Stats.Drop()
}

// startOffsets sends each partition to where its task begins to read.
func (m *member) startOffsets(
	_ context.Context, offsets map[string]map[int32]kgo.Offset,
) (map[string]map[int32]kgo.Offset, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, partitions := range offsets {
		for partition := range partitions {
			partitions[partition] = kgo.NewOffset().AtStart()
			for _, u := range m.units {
				if at, owned := u.task.Start()[m.place(name, partition)]; owned {
					partitions[partition] = kgo.NewOffset().At(at)
				}
			}
		}
	}
	return offsets, nil
}

// close saves the state of each task once more. The member stays in the group by its name, so that a
// successor has its partitions at once, and the other replicas meet no rebalance.
func (m *member) close(save bool) error {
	units, _ := m.owned()
	var failed error
	if save {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		for _, u := range units {
			failed = errors.Join(failed, u.task.Close(ctx))
		}
	}
	defer time.AfterFunc(joinTimeout, m.abandon).Stop()
	m.client.CloseAllowingRebalance()
	for _, u := range units {
		u.producer.close()
	}
	return failed
}

// leave empties the group at the session's end: nobody comes back.
func (m *member) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	request := kmsg.NewPtrLeaveGroupRequest()
	request.Group = m.process.Plan.Group()
	static := kmsg.NewLeaveGroupRequestMember()
	static.InstanceID = kmsg.StringPtr(m.process.Plan.InstanceID(m.process.Replica))
	request.Members = []kmsg.LeaveGroupRequestMember{static}
	if _, err := request.RequestWith(ctx, m.cluster.client); err != nil {
		slog.Warn("kafka.group_not_left", "why", err.Error())
	}
}
