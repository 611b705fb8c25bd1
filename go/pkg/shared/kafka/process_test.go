package kafka

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/runner"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const sessionEndNs = 1_000

// counter publishes each tick with its number.
type counter struct{ count int64 }

func (c *counter) Step(event *stage.Event, out []stage.Output) []stage.Output {
	c.count++
	message := &contracts.Tick{
		AtNs: event.AtNs, Symbol: event.Key, Seq: c.count, EventNs: event.AtNs, LastPriceE4: 1,
	}
	return append(out, stage.Output{Topic: "ticks.late", Key: event.Key, Message: message})
}

func (c *counter) Dirty(keys map[string]struct{}) { keys["count"] = struct{}{} }

func (c *counter) AppendEntry(dst []byte, _ string) ([]byte, bool) {
	return fmt.Appendf(dst, `{"count":%d}`, c.count), true
}

func (c *counter) Load(_ string, entry []byte) error {
	_, err := fmt.Sscanf(string(entry), `{"count":%d}`, &c.count)
	return err
}

func (c *counter) Keys() iter.Seq[string] {
	return func(yield func(string) bool) { yield("count") }
}

func (c *counter) TimerNs() (int64, bool) { return 0, false }

func counterApp() *stage.App {
	return &stage.App{
		Name: "counter", NewState: func() stage.State { return &counter{} }, EntryVersion: 1,
		LatencyNs: 1,
	}
}

func counterPlan(partitions int32) *config.Plan {
	plan := &config.Plan{
		Version: 1, Session: "s", Prefix: "s", Stage: "counter", Clock: config.Virtual,
		EndNs: sessionEndNs, FeedbackLatencyNs: 100, LatencyNs: 1,
	}
	for n := range partitions {
		plan.Tasks = append(plan.Tasks, config.Task{
			Task:    int(n),
			Inputs:  []config.Input{{Topic: "ticks", Rank: 4, Partitions: []int32{n}}},
			Targets: []config.Target{{Topic: "ticks.late", First: n, Lanes: 1, Own: []int32{n}}},
		})
	}
	return plan
}

// broker is a Kafka in memory with the topics of the plan.
func broker(t *testing.T, partitions int32) *kfake.Cluster {
	t.Helper()
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.SeedTopics(partitions, "s.ticks", "s.ticks.late", "s.state.counter"),
		kfake.SeedTopics(1, "s.ticks.dead"),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster
}

func means(cluster *kfake.Cluster) config.Kafka {
	return config.Kafka{
		Brokers: cluster.ListenAddrs(), Session: 10 * time.Second, Heartbeat: time.Second,
	}
}

// feed writes ticks at these times into each partition, and the end behind them if asked.
func feed(t *testing.T, cluster *kfake.Cluster, partitions int32, end bool, times ...int64) {
	t.Helper()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	write := func(partition int32, key string, value []byte) {
		record := &kgo.Record{
			Topic: "s.ticks", Partition: partition, Key: []byte(key), Value: value,
		}
		if err := client.ProduceSync(context.Background(), record).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	for partition := range partitions {
		for _, atNs := range times {
			tick := &contracts.Tick{AtNs: atNs, Symbol: "TCS", EventNs: atNs, LastPriceE4: 1}
			write(partition, "TCS", tick.AppendJSON(nil))
		}
		if end {
			write(partition, fmt.Sprintf("@%d", int64(runner.EndOfTimeNs)), nil)
		} else {
			write(partition, fmt.Sprintf("@%d", times[len(times)-1]), nil)
		}
	}
}

// published are the sequence numbers in a partition of the output.
func published(t *testing.T, cluster *kfake.Cluster, partition int32) []int64 {
	t.Helper()
	c, err := dial(context.Background(), means(cluster))
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	var found []int64
	offset := int64(0)
	end, err := c.bound(context.Background(), "s.ticks.late", partition, latest)
	for err == nil && offset < end {
		var records []*kgo.Record
		records, offset, err = c.fetch(context.Background(), "s.ticks.late", partition, offset)
		for _, record := range records {
			if record.Value != nil {
				message, bad := contracts.Decode("ticks.late", record.Value)
				if bad != nil {
					t.Fatal(bad)
				}
				found = append(found, message.(*contracts.Tick).Seq)
			}
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func process(cluster *kfake.Cluster, plan *config.Plan) *Process {
	return &Process{
		Plan: plan, Kafka: means(cluster), App: counterApp(), Stats: runner.NewStats(),
		Ready: func(string) {},
	}
}

func inTime(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestAProcessRunsItsTasksToTheEndOfTheSession(t *testing.T) {
	cluster := broker(t, 2)
	feed(t, cluster, 2, true, 5, 6, 7)
	if err := process(cluster, counterPlan(2)).Run(inTime(t)); err != nil {
		t.Fatal(err)
	}
	for partition := range int32(2) {
		if found := fmt.Sprint(published(t, cluster, partition)); found != "[1 2 3]" {
			t.Errorf("partition %d: %s", partition, found)
		}
	}
}

func TestACommitThatMeetsARebalanceWaitsForTheNewGeneration(t *testing.T) {
	cluster := broker(t, 1)
	feed(t, cluster, 1, true, 5, 6, 7)
	refused := 0
	cluster.ControlKey(int16(kmsg.TxnOffsetCommit), func(request kmsg.Request) (kmsg.Response, error, bool) {
		refused++
		asked := request.(*kmsg.TxnOffsetCommitRequest)
		response := asked.ResponseKind().(*kmsg.TxnOffsetCommitResponse)
		row := kmsg.NewTxnOffsetCommitResponseTopicPartition()
		row.ErrorCode = kerr.IllegalGeneration.Code
		topic := kmsg.NewTxnOffsetCommitResponseTopic()
		topic.Topic = asked.Topics[0].Topic
		topic.Partitions = []kmsg.TxnOffsetCommitResponseTopicPartition{row}
		response.Topics = []kmsg.TxnOffsetCommitResponseTopic{topic}
		return response, nil, true
	})
	p := process(cluster, counterPlan(1))
	p.Ready = func(why string) {
		if strings.HasPrefix(why, "going back") {
			t.Error(why)
		}
	}
	if err := p.Run(inTime(t)); err != nil {
		t.Fatal(err)
	}
	if found := fmt.Sprint(published(t, cluster, 0)); found != "[1 2 3]" || refused != 1 {
		t.Errorf("%s, %d commits refused", found, refused)
	}
}

func TestTheNextProcessGoesOnBehindTheLastCommit(t *testing.T) {
	cluster := broker(t, 1)
	feed(t, cluster, 1, false, 5, 6)
	ctx, stop := context.WithCancel(inTime(t))
	first := process(cluster, counterPlan(1))
	first.AfterStep = func(step int) {
		if step == 7 {
			stop()
		}
	}
	if err := first.Run(ctx); err != nil {
		t.Fatal(err)
	}
	feed(t, cluster, 1, true, 8, 9)
	second := process(cluster, counterPlan(1))
	if err := second.Run(inTime(t)); err != nil {
		t.Fatal(err)
	}
	if found := fmt.Sprint(published(t, cluster, 0)); found != "[1 2 3 4]" {
		t.Errorf("%s", found)
	}
}

func TestAProcessThatIsStoppedDoesNotWaitForOthersToRejoin(t *testing.T) {
	cluster := broker(t, 1)
	feed(t, cluster, 1, false, 5, 6)
	cluster.ControlKey(int16(kmsg.Heartbeat), func(request kmsg.Request) (kmsg.Response, error, bool) {
		response := request.ResponseKind().(*kmsg.HeartbeatResponse)
		response.ErrorCode = kerr.RebalanceInProgress.Code
		return response, nil, true
	})
	ctx, stop := context.WithCancel(inTime(t))
	joins, others, stopped := 0, make(chan struct{}), time.Time{}
	defer close(others)
	cluster.ControlKey(int16(kmsg.JoinGroup), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if joins++; joins == 2 {
			stopped = time.Now()
			stop()
			cluster.SleepControl(func() { <-others })
		}
		return nil, nil, false
	})
	err := process(cluster, counterPlan(1)).Run(ctx)
	if took := time.Since(stopped); err != nil || took > closeTimeout {
		t.Error(err, took)
	}
}

func TestTopicsThatDoNotFitThePlanAreRefused(t *testing.T) {
	cluster := broker(t, 2)
	for want, plan := range map[string]*config.Plan{
		"topic s.ticks has 2 partitions, the plan says 1": counterPlan(1),
		"does not exist: create the topics":               counterPlan(2),
	} {
		if strings.HasPrefix(want, "does") {
			plan.Tasks[0].Targets[0].Topic = "bars.1s"
		}
		var wrong *config.Error
		err := process(cluster, plan).Run(inTime(t))
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestAFailureThatDoesNotPassEndsTheProcess(t *testing.T) {
	refused := classify(kerr.MessageTooLarge)
	for name, row := range map[string]struct {
		err     error
		commits int64
		ends    bool
	}{
		"refused":                {refused, 0, true},
		"refused, then a commit": {refused, 1, false},
		"the brokers are away":   {classify(kgo.ErrRecordTimeout), 0, false},
	} {
		count := rebuilds{}
		for range rebuildsMax - 1 {
			if count.isLast(row.err, 0) {
				t.Fatalf("%s: ended early", name)
			}
		}
		if count.isLast(row.err, row.commits) != row.ends {
			t.Errorf("%s: %+v", name, count)
		}
	}
}

func TestOffsetsOfSomebodyElseAreRefused(t *testing.T) {
	for text, want := range map[string]string{"": "names no horizon", "tuesday\x00": "no time"} {
		if _, err := horizonOf(&text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if ns, err := horizonOf(metadataOf(12)); ns != 12 || err != nil {
		t.Errorf("%d %v", ns, err)
	}
}

func TestAProcessWaitsForItsBrokersUntilItIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(inTime(t))
	var why string
	waiting := &Process{
		Plan: counterPlan(1), App: counterApp(), Stats: runner.NewStats(),
		Kafka: config.Kafka{Brokers: []string{"127.0.0.1:1"}, Session: time.Second},
		Ready: func(text string) { why = text; stop() },
	}
	if err := waiting.Run(ctx); err != nil || !strings.Contains(why, "no broker at 127.0.0.1:1") {
		t.Errorf("%v, %q", err, why)
	}
}
