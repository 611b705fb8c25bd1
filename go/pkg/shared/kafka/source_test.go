package kafka

import (
	"context"
	"fmt"
	"testing"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/runner"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// oneTick is a feed in which one tick waits.
type oneTick struct{ taken, closed bool }

func (o *oneTick) Slice(int64) ([]stage.Output, error) {
	if o.taken {
		return nil, nil
	}
	o.taken = true
	message := &contracts.Tick{AtNs: 5, Symbol: "TCS", Seq: 1, EventNs: 5, LastPriceE4: 1}
	return []stage.Output{{Topic: "ticks.late", Key: "TCS", Message: message}}, nil
}

func (o *oneTick) NextNs() (int64, bool) { return 0, true }

func (o *oneTick) Close() { o.closed = true }

func TestAFeedThatIsStoppedPublishesWhatHasComeAndIsClosed(t *testing.T) {
	cluster := broker(t, 1)
	plan := counterPlan(1)
	plan.Clock, plan.Tasks[0].Inputs = config.Real, nil
	ctx, stop := context.WithCancel(inTime(t))
	feed := &oneTick{}
	source := &Process{
		Plan: plan, Kafka: means(cluster), Stats: runner.NewStats(),
		ClockNs: func() int64 { return 10 },
		Source:  func() (runner.Source, error) { return feed, nil },
		Ready: func(why string) {
			if why == "" {
				stop()
			}
		},
	}
	if err := source.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if found := fmt.Sprint(published(t, cluster, 0)); found != "[1]" || !feed.closed {
		t.Errorf("%s, closed: %v", found, feed.closed)
	}
}
