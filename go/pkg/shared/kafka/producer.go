package kafka

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

const (
	// transactionTimeout is how long the brokers keep the transaction of a process that died; its
	// successor ends it at once.
	transactionTimeout = 60 * time.Second
	// commitTimeout is how long a commit may take while a broker is restarted; then the task is
	// built again from the last commit.
	commitTimeout = 30 * time.Second
	// generationWait is how long a commit in the middle of a rebalance waits for the new generation:
	// the answer that names it is on its way.
	generationWait = 2 * time.Second
	// bufferedMax are records that wait for the broker; Produce blocks beyond it.
	bufferedMax = 20_000
	// slabRecords is how many records are allocated at a time.
	slabRecords = 1024
	// keysMax bounds the table of keys that were turned into bytes; a session has some hundred.
	keysMax = 1024
	// marks begins the keys of watermarks, which come once.
	marks = "@"
)

// membership is what a commit of offsets says about the group member that makes it.
type membership interface {
	GroupMetadata() (member string, generation int32)
}

// producer writes the transactions of one task.
type producer struct {
	plan    *config.Plan
	task    int32
	cluster *cluster
	client  *kgo.Client
	member  membership
	// instance is the member's fixed name in the group.
	instance string

	topics map[string]string
	keys   map[string][]byte
	state  string
	slabs  [][]kgo.Record
	used   int

	mu     sync.Mutex
	failed error
}

func (c *cluster) newProducer(
	plan *config.Plan, task int, instance string, m membership,
) (*producer, error) {
	p := &producer{
		plan: plan, task: int32(task), cluster: c, member: m, instance: instance,
		topics: map[string]string{}, keys: map[string][]byte{}, state: plan.StateTopic(),
	}
	var err error
	p.client, err = kgo.NewClient(append(options(c.kafka),
		kgo.TransactionalID(plan.TransactionalID(task)),
		kgo.TransactionTimeout(transactionTimeout),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),
		// Compression costs more processor time than a local network saves.
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.MaxBufferedRecords(bufferedMax),
		kgo.RecordDeliveryTimeout(commitTimeout),
	)...)
	return p, err
}

// fence takes the transactional id over: an earlier owner's transaction is ended, and it can commit
// no other.
func (p *producer) fence(ctx context.Context) error {
	_, _, err := p.client.ProducerID(ctx)
	return err
}

func (p *producer) close() { p.client.Close() }

// Begin implements runner.Log.
func (p *producer) begin() (runner.Transaction, error) {
	if err := p.client.BeginTransaction(); err != nil {
		return nil, classify(err)
	}
	p.used, p.failed = 0, nil
	return &transaction{producer: p}, nil
}

// next is an unused record; it may be used again once the transaction has ended.
func (p *producer) next() *kgo.Record {
	slab, place := p.used/slabRecords, p.used%slabRecords
	if slab == len(p.slabs) {
		p.slabs = append(p.slabs, make([]kgo.Record, slabRecords))
	}
	p.used++
	return &p.slabs[slab][place]
}

func (p *producer) send(topic string, partition int32, key string, value []byte) {
	record := p.next()
	*record = kgo.Record{Topic: topic, Partition: partition, Key: p.keyBytes(key), Value: value}
	p.client.Produce(context.Background(), record, p.sent)
}

func (p *producer) sent(_ *kgo.Record, err error) {
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.failed == nil {
			p.failed = err
		}
	}
}

func (p *producer) keyBytes(key string) []byte {
	if found, known := p.keys[key]; known {
		return found
	}
	bytes := []byte(key)
	if len(p.keys) < keysMax && !strings.HasPrefix(key, marks) {
		p.keys[key] = bytes
	}
	return bytes
}

func (p *producer) topic(name string) string {
	full, known := p.topics[name]
	if !known {
		full = p.plan.Topic(name)
		p.topics[name] = full
	}
	return full
}

// transaction is one commit of a task.
type transaction struct {
	producer *producer
	position *runner.Committed
}

func (t *transaction) Produce(topic string, partition int32, key string, value []byte) {
	t.producer.send(t.producer.topic(topic), partition, key, value)
}

func (t *transaction) PutState(key string, value []byte) {
	t.producer.send(t.producer.state, t.producer.task, key, value)
}

func (t *transaction) Save(position runner.Committed) { t.position = &position }

// Commit sends the offsets while the records are still on their way, then ends the transaction.
func (t *transaction) Commit(ctx context.Context) error {
	p := t.producer
	if p.used == 0 {
		return errors.New("a transaction needs a record: give the stage an output")
	}
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	saved := make(chan error, 1)
	go func() { saved <- t.saveOffsets(ctx) }()
	err := p.client.Flush(ctx)
	err = errors.Join(err, <-saved)
	p.mu.Lock()
	err = errors.Join(err, p.failed)
	p.mu.Unlock()
	if err != nil {
		return classify(err)
	}
	if err := p.client.EndTransaction(ctx, kgo.TryCommit); err != nil {
		return classify(err)
	}
	return nil
}

// saveOffsets puts the offsets into the transaction: first the group, then they.
func (t *transaction) saveOffsets(ctx context.Context) error {
	if t.position == nil {
		return nil
	}
	id, epoch, err := t.producer.client.ProducerID(ctx)
	if err != nil {
		return err
	}
	if err := t.addGroup(ctx, id, epoch); err != nil {
		return err
	}
	request := t.offsets(id, epoch)
	return untilHarmonized(ctx, func() error {
		request.MemberID, request.Generation = t.producer.member.GroupMetadata()
		response, err := request.RequestWith(ctx, t.producer.cluster.client)
		if err != nil {
			return err
		}
		return offsetsError(response)
	})
}

func (t *transaction) addGroup(ctx context.Context, id int64, epoch int16) error {
	request := kmsg.NewPtrAddOffsetsToTxnRequest()
	request.TransactionalID = t.producer.plan.TransactionalID(int(t.producer.task))
	request.ProducerID, request.ProducerEpoch = id, epoch
	request.Group = t.producer.plan.Group()
	return untilHarmonized(ctx, func() error {
		response, err := request.RequestWith(ctx, t.producer.cluster.client)
		if err != nil {
			return err
		}
		return kerr.ErrorForCode(response.ErrorCode)
	})
}

func (t *transaction) offsets(id int64, epoch int16) *kmsg.TxnOffsetCommitRequest {
	p := t.producer
	request := kmsg.NewPtrTxnOffsetCommitRequest()
	request.TransactionalID = p.plan.TransactionalID(int(p.task))
	request.Group = p.plan.Group()
	request.ProducerID, request.ProducerEpoch = id, epoch
	request.InstanceID = kmsg.StringPtr(p.instance)
	horizon := metadataOf(t.position.HorizonNs)
	for place, offset := range t.position.Offsets {
		row := kmsg.NewTxnOffsetCommitRequestTopicPartition()
		row.Partition, row.Offset, row.LeaderEpoch = place.Partition, offset, -1
		row.Metadata = horizon
		topic := kmsg.NewTxnOffsetCommitRequestTopic()
		topic.Topic = p.topic(place.Topic)
		topic.Partitions = []kmsg.TxnOffsetCommitRequestTopicPartition{row}
		request.Topics = append(request.Topics, topic)
	}
	return request
}

func offsetsError(response *kmsg.TxnOffsetCommitResponse) error {
	for _, topic := range response.Topics {
		for _, row := range topic.Partitions {
			if err := kerr.ErrorForCode(row.ErrorCode); err != nil {
				return fmt.Errorf("offset of %s[%d]: %w", topic.Topic, row.Partition, err)
			}
		}
	}
	return nil
}

// untilHarmonized repeats a request while the transaction before it is still being written down, its
// coordinator moves, or the group begins a generation that this member has still to hear of. The
// group takes no task away before the commit has ended: that waits for the end of the turn.
func untilHarmonized(ctx context.Context, ask func() error) error {
	started := time.Now()
	for {
		err := ask()
		switch {
		case errors.Is(err, kerr.ConcurrentTransactions),
			errors.Is(err, kerr.CoordinatorLoadInProgress),
			errors.Is(err, kerr.CoordinatorNotAvailable),
			errors.Is(err, kerr.NotCoordinator):
		case errors.Is(err, kerr.IllegalGeneration) && time.Since(started) < generationWait:
		default:
			return err
		}
		if pause(ctx, concurrentPause) != nil {
			return err
		}
	}
}

// classify says what an error of a commit means: fenced, or to be done again from the last commit.
func classify(err error) error {
	switch {
	case errors.Is(err, kerr.ProducerFenced), errors.Is(err, kerr.InvalidProducerEpoch),
		errors.Is(err, kerr.FencedInstanceID):
		return fmt.Errorf("%w: %w", runner.ErrFenced, err)
	}
	return fmt.Errorf("%w: %w", runner.ErrAborted, err)
}
