// Package kafka is the log of a task on Apache Kafka: one consumer for a process, one transactional
// producer for each task. The conventions (groups, ids, offsets with their horizon, state topics)
// are those of docs/delivery.md, so that a process in Python or Go takes over from either.
package kafka

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"tapeline.dev/tapeline/pkg/shared/config"
)

const (
	// retryEvery is the pause between attempts while the brokers are away.
	retryEvery = 2 * time.Second
	// attemptTimeout bounds one attempt; a broker on the same network answers in milliseconds.
	attemptTimeout = 5 * time.Second
	// concurrentPause is the wait while the transaction before is still being written down.
	concurrentPause = 2 * time.Millisecond
)

// versions are those of the requests that this client may send.
//
// Transactions are those of version 1, as Python's client makes them: partitions are added to them
// before they are written, which is asked for again at once while the transaction before is still
// being written down. With version 2 the write itself is refused then, and the client takes some
// hundred milliseconds until it writes again.
//
// Newer fetches of offsets name topics by id, which this package does not.
func versions() *kversion.Versions {
	v := kversion.Stable()
	for key, version := range map[kmsg.Key]int16{
		kmsg.Fetch: 12, kmsg.OffsetFetch: 8,
		kmsg.Produce: 11, kmsg.TxnOffsetCommit: 4, kmsg.EndTxn: 4,
	} {
		v.SetMaxKeyVersion(key.Int16(), version)
	}
	return v
}

// cluster is the connection for everything but reading inputs and writing outputs.
type cluster struct {
	kafka  config.Kafka
	client *kgo.Client
}

// options are what every client has in common.
func options(kafka config.Kafka) []kgo.Opt {
	opts := []kgo.Opt{
		kgo.SeedBrokers(kafka.Brokers...),
		kgo.ClientID("tapeline"),
		kgo.DialTimeout(attemptTimeout),
		kgo.MaxVersions(versions()),
		kgo.ConcurrentTransactionsBackoff(concurrentPause),
		kgo.MetadataMinAge(250 * time.Millisecond),
		kgo.RetryBackoffFn(func(tries int) time.Duration {
			return min(time.Duration(tries)*20*time.Millisecond, time.Second)
		}),
	}
	if kafka.TLS {
		opts = append(opts, kgo.DialTLSConfig(&tls.Config{
			MinVersion: tls.VersionTLS12, RootCAs: kafka.Roots,
		}))
	}
	if kafka.Username == "" {
		return opts
	}
	scramAuth := scram.Auth{User: kafka.Username, Pass: kafka.Password}
	switch kafka.Mechanism {
	case "SCRAM-SHA-256":
		return append(opts, kgo.SASL(scramAuth.AsSha256Mechanism()))
	case "SCRAM-SHA-512":
		return append(opts, kgo.SASL(scramAuth.AsSha512Mechanism()))
	}
	plainAuth := plain.Auth{User: kafka.Username, Pass: kafka.Password}
	return append(opts, kgo.SASL(plainAuth.AsMechanism()))
}

// connect waits until a broker answers. waiting is told why it does not yet.
func connect(ctx context.Context, kafka config.Kafka, waiting func(string)) (*cluster, error) {
	for {
		c, err := dial(ctx, kafka)
		if err == nil || ctx.Err() != nil {
			return c, errors.Join(err, ctx.Err())
		}
		why := fmt.Sprintf("no broker at %s answers: %v", strings.Join(kafka.Brokers, ","), err)
		waiting(why)
		slog.Warn("kafka.unreachable", "why", why)
		if err := pause(ctx, retryEvery); err != nil {
			return nil, err
		}
	}
}

func dial(ctx context.Context, kafka config.Kafka) (*cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	client, err := kgo.NewClient(options(kafka)...)
	if err != nil {
		return nil, err
	}
	response, err := kmsg.NewPtrApiVersionsRequest().RequestWith(ctx, client)
	if err == nil {
		err = kerr.ErrorForCode(response.ErrorCode)
	}
	if err != nil {
		client.Close()
		return nil, err
	}
	return &cluster{kafka: kafka, client: client}, nil
}

func (c *cluster) close() { c.client.Close() }

// pause waits, or returns the context's error.
func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
