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
	// bumpingTransactions is the transaction.version from which producers are fenced by a new epoch
	// with each transaction, and partitions join a transaction by being written.
	bumpingTransactions = 2
)

// Keys of requests whose newer versions name topics by id; the older ones name them by name.
const (
	keyFetch           = 1
	keyOffsetFetch     = 9
	keyTxnOffsetCommit = 28
)

// cluster is the connection for everything but reading inputs and writing outputs.
type cluster struct {
	kafka  config.Kafka
	client *kgo.Client
	// bumping: transactions work as of version 2.
	bumping bool
}

// options are what every client has in common.
func options(kafka config.Kafka) []kgo.Opt {
	opts := []kgo.Opt{
		kgo.SeedBrokers(kafka.Brokers...),
		kgo.ClientID("tapeline"),
		kgo.DialTimeout(attemptTimeout),
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

// capped are the versions of requests that this package writes itself.
func capped(txnOffsetCommit int16) *kversion.Versions {
	versions := kversion.Stable()
	versions.SetMaxKeyVersion(keyFetch, 12)
	versions.SetMaxKeyVersion(keyOffsetFetch, 8)
	versions.SetMaxKeyVersion(keyTxnOffsetCommit, txnOffsetCommit)
	return versions
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
	client, err := kgo.NewClient(append(options(kafka), kgo.MaxVersions(capped(5)))...)
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
	c := &cluster{kafka: kafka, client: client}
	for _, feature := range response.FinalizedFeatures {
		if feature.Name == "transaction.version" {
			c.bumping = feature.MaxVersionLevel >= bumpingTransactions
		}
	}
	if !c.bumping {
		client.Close()
		// The newest version of this request belongs to the newer transactions.
		c.client, err = kgo.NewClient(append(options(kafka), kgo.MaxVersions(capped(4)))...)
	}
	return c, err
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
