package kafka

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"tapeline.dev/tapeline/pkg/shared/config"
)

// topic is what the brokers say about one.
type topic struct {
	leaders map[int32]int32
	err     error
}

func (c *cluster) topics(ctx context.Context, names []string) (map[string]topic, error) {
	request := kmsg.NewPtrMetadataRequest()
	for _, name := range names {
		asked := kmsg.NewMetadataRequestTopic()
		asked.Topic = kmsg.StringPtr(name)
		request.Topics = append(request.Topics, asked)
	}
	response, err := request.RequestWith(ctx, c.client)
	if err != nil {
		return nil, err
	}
	found := map[string]topic{}
	for _, answer := range response.Topics {
		if answer.Topic == nil {
			continue
		}
		t := topic{leaders: map[int32]int32{}, err: kerr.ErrorForCode(answer.ErrorCode)}
		for _, partition := range answer.Partitions {
			t.leaders[partition.Partition] = partition.Leader
		}
		found[*answer.Topic] = t
	}
	return found, nil
}

// checkTopics compares the brokers' topics with the plan: a wrong number of partitions would send
// keys to other lanes than those that are read.
func (c *cluster) checkTopics(ctx context.Context, plan *config.Plan) error {
	needs := needed(plan)
	names := make([]string, 0, len(needs))
	for name := range needs {
		names = append(names, name)
	}
	found, err := c.topics(ctx, names)
	if err != nil {
		return err
	}
	for _, name := range names {
		need, have := needs[name], len(found[name].leaders)
		switch err := found[name].err; {
		case errors.Is(err, kerr.UnknownTopicOrPartition):
			return &config.Error{Message: fmt.Sprintf("topic %s does not exist: create the topics of "+
				"the session first", name)}
		case err != nil:
			return fmt.Errorf("topic %s: %w", name, err)
		case need.exactly && have != need.partitions || have < need.partitions:
			return &config.Error{Message: fmt.Sprintf("topic %s has %d partitions, the plan says %d: "+
				"create the topics again, or write the plan again with --partitions that fit",
				name, have, need.partitions)}
		}
	}
	return nil
}

type need struct {
	partitions int
	exactly    bool
}

func needed(plan *config.Plan) map[string]need {
	needs := map[string]need{plan.StateTopic(): {partitions: len(plan.Tasks)}}
	for _, name := range plan.InputTopics() {
		needs[plan.Topic(name)] = need{plan.Partitions(name), true}
		needs[plan.Topic(name+".dead")] = need{partitions: 1}
	}
	for _, task := range plan.Tasks {
		for _, target := range task.Targets {
			name := plan.Topic(target.Topic)
			least := max(needs[name].partitions, int(target.First+target.Lanes))
			needs[name] = need{least, needs[name].exactly}
		}
	}
	return needs
}
