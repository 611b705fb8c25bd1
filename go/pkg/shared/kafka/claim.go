package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

// unstablePause is the wait for a transaction that holds offsets and is about to end.
const unstablePause = 20 * time.Millisecond

// claim takes a task over: the former owner is fenced, then its last commit is read. The order
// matters: nothing of the former owner may become visible after it was read.
func (c *cluster) claim(
	ctx context.Context, plan *config.Plan, task config.Task, producer *producer,
) (runner.Claim, error) {
	claim := runner.Claim{}
	if err := producer.fence(ctx); err != nil {
		return claim, fmt.Errorf("%s: %w", plan.TransactionalID(task.Task), err)
	}
	var err error
	if claim.Entries, err = c.compacted(ctx, plan.StateTopic(), int32(task.Task)); err != nil {
		return claim, fmt.Errorf("state: %w", err)
	}
	if len(task.Inputs) == 0 {
		return claim, nil
	}
	claim.Committed, err = c.committed(ctx, plan, task)
	return claim, err
}

// committed reads the offsets of a task's inputs with their horizon; nil when there are none yet.
func (c *cluster) committed(
	ctx context.Context, plan *config.Plan, task config.Task,
) (*runner.Committed, error) {
	position := &runner.Committed{Offsets: map[runner.Place]int64{}, HorizonNs: -1}
	missing := 0
	for _, input := range task.Inputs {
		rows, err := c.offsets(ctx, plan.Group(), plan.Topic(input.Topic), input.Partitions)
		if err != nil {
			return nil, fmt.Errorf("offsets of %s: %w", plan.Group(), err)
		}
		for partition, row := range rows {
			if row.Offset < 0 {
				missing++
				continue
			}
			horizonNs, err := horizonOf(row.Metadata)
			if err != nil {
				return nil, &runner.StateError{Message: fmt.Sprintf(
					"group %s, %s[%d]: %v; reset the stage", plan.Group(), input.Topic, partition, err)}
			}
			position.Offsets[runner.Place{Topic: input.Topic, Partition: partition}] = row.Offset
			position.HorizonNs = max(position.HorizonNs, horizonNs)
		}
	}
	if len(position.Offsets) == 0 {
		return nil, nil
	}
	if missing > 0 {
		return nil, &runner.StateError{Message: fmt.Sprintf(
			"group %s: %d partitions of task %d have no offset while others have; reset the stage",
			plan.Group(), missing, task.Task)}
	}
	return position, nil
}

// metadataEnd closes the metadata of an offset: librdkafka, the client of the stages in Python,
// sends the NUL that ends a C string along, and reads on until it finds one.
const metadataEnd = "\x00"

func metadataOf(horizonNs int64) *string {
	text := strconv.FormatInt(horizonNs, 10) + metadataEnd
	return &text
}

func horizonOf(metadata *string) (int64, error) {
	if metadata == nil || *metadata == "" {
		return 0, errors.New("the committed offset names no horizon, so this project did not write it")
	}
	horizonNs, err := strconv.ParseInt(strings.TrimRight(*metadata, metadataEnd), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the horizon of the committed offset is %q, no time", *metadata)
	}
	return horizonNs, nil
}

// finished: every task of the stage has reached the session's end, whoever ran it.
func (c *cluster) finished(ctx context.Context, plan *config.Plan) (bool, error) {
	for _, task := range plan.Tasks {
		committed, err := c.committed(ctx, plan, task)
		if err != nil || committed == nil || committed.HorizonNs < plan.EndNs {
			return false, err
		}
	}
	return true, nil
}

type offsetRow = kmsg.OffsetFetchResponseGroupTopicPartition

// offsets are read only when no transaction holds new ones.
func (c *cluster) offsets(
	ctx context.Context, group, topic string, partitions []int32,
) (map[int32]offsetRow, error) {
	request := kmsg.NewPtrOffsetFetchRequest()
	request.RequireStable = true
	asked := kmsg.NewOffsetFetchRequestGroup()
	asked.Group = group
	asked.Topics = []kmsg.OffsetFetchRequestGroupTopic{{Topic: topic, Partitions: partitions}}
	request.Groups = []kmsg.OffsetFetchRequestGroup{asked}
	for {
		response, err := request.RequestWith(ctx, c.client)
		if err != nil {
			return nil, err
		}
		rows, err := offsetRows(response)
		if !errors.Is(err, kerr.UnstableOffsetCommit) {
			return rows, err
		}
		slog.Debug("kafka.offsets_unstable", "group", group)
		if err := pause(ctx, unstablePause); err != nil {
			return nil, err
		}
	}
}

func offsetRows(response *kmsg.OffsetFetchResponse) (map[int32]offsetRow, error) {
	rows := map[int32]offsetRow{}
	for _, group := range response.Groups {
		if err := kerr.ErrorForCode(group.ErrorCode); err != nil {
			return nil, err
		}
		for _, topic := range group.Topics {
			for _, row := range topic.Partitions {
				if err := kerr.ErrorForCode(row.ErrorCode); err != nil {
					return nil, err
				}
				rows[row.Partition] = row
			}
		}
	}
	return rows, nil
}

// compacted reads a partition to its end: the last value of each key.
func (c *cluster) compacted(
	ctx context.Context, name string, partition int32,
) (map[string][]byte, error) {
	entries := map[string][]byte{}
	offset, err := c.bound(ctx, name, partition, earliest)
	if err != nil {
		return nil, err
	}
	end, err := c.bound(ctx, name, partition, latest)
	if err != nil {
		return nil, err
	}
	for offset < end {
		records, next, err := c.fetch(ctx, name, partition, offset)
		if err != nil {
			return nil, err
		}
		for _, record := range records {
			if record.Value == nil {
				delete(entries, string(record.Key))
			} else {
				entries[string(record.Key)] = append([]byte{}, record.Value...)
			}
		}
		offset = next
	}
	return entries, nil
}

const (
	earliest = -2
	latest   = -1
)

// bound is the first offset of a partition, or the one behind its last committed record.
func (c *cluster) bound(
	ctx context.Context, name string, partition int32, which int64,
) (int64, error) {
	request := kmsg.NewPtrListOffsetsRequest()
	request.ReplicaID = -1
	request.IsolationLevel = 1
	row := kmsg.NewListOffsetsRequestTopicPartition()
	row.Partition, row.Timestamp = partition, which
	request.Topics = []kmsg.ListOffsetsRequestTopic{
		{Topic: name, Partitions: []kmsg.ListOffsetsRequestTopicPartition{row}},
	}
	response, err := request.RequestWith(ctx, c.client)
	if err != nil {
		return 0, err
	}
	for _, topic := range response.Topics {
		for _, answer := range topic.Partitions {
			return answer.Offset, kerr.ErrorForCode(answer.ErrorCode)
		}
	}
	return 0, fmt.Errorf("no broker knows the offsets of %s[%d]", name, partition)
}

// fetch reads committed records from an offset on, and says where to go on: also past batches that
// compaction has emptied.
func (c *cluster) fetch(
	ctx context.Context, name string, partition int32, offset int64,
) ([]*kgo.Record, int64, error) {
	found, err := c.topics(ctx, []string{name})
	if err != nil {
		return nil, 0, err
	}
	request := kmsg.NewPtrFetchRequest()
	request.MaxWaitMillis, request.MinBytes, request.MaxBytes = 500, 1, 1<<20
	request.IsolationLevel = 1
	asked := kmsg.NewFetchRequestTopicPartition()
	asked.Partition, asked.FetchOffset, asked.PartitionMaxBytes = partition, offset, 1<<20
	request.Topics = []kmsg.FetchRequestTopic{
		{Topic: name, Partitions: []kmsg.FetchRequestTopicPartition{asked}},
	}
	leader := int(found[name].leaders[partition])
	answer, err := c.client.Broker(leader).RetriableRequest(ctx, request)
	if err != nil {
		return nil, 0, err
	}
	response := answer.(*kmsg.FetchResponse)
	if err := kerr.ErrorForCode(response.ErrorCode); err != nil {
		return nil, 0, err
	}
	if len(response.Topics) != 1 || len(response.Topics[0].Partitions) != 1 {
		return nil, 0, fmt.Errorf("a fetch of %s[%d] returned nothing", name, partition)
	}
	opts := kgo.ProcessFetchPartitionOpts{
		Offset: offset, IsolationLevel: kgo.ReadCommitted(), Topic: name, Partition: partition,
	}
	read, next := kgo.ProcessFetchPartition(
		opts, &response.Topics[0].Partitions[0], kgo.DefaultDecompressor(), nil)
	return read.Records, next, read.Err
}
