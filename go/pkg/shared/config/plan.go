package config

import (
	"encoding/json"
	"fmt"
	"os"
)

// PlanVersion is the version of the plan's layout that this code reads.
const PlanVersion = 1

// Virtual and Real are the clocks of a session.
const (
	Virtual = "virtual"
	Real    = "real"
)

// Plan is all that a process of a stage needs to know; `tapeline` writes it from the manifest
// (services/tapeline/session/plan.py).
type Plan struct {
	Version int    `json:"version"`
	Session string `json:"session"`
	// Prefix stands before each topic, group and transactional id; usually the session's name.
	Prefix string `json:"prefix"`
	Stage  string `json:"stage"`
	Clock  string `json:"clock"`
	// StartNs and EndNs bound the session, UTC nanoseconds.
	StartNs           int64 `json:"start_ns"`
	EndNs             int64 `json:"end_ns"`
	FeedbackLatencyNs int64 `json:"feedback_latency_ns"`
	LatencyNs         int64 `json:"latency_ns"`
	// Tasks are the units of work of the stage; the consumer group shares them among processes.
	Tasks []Task `json:"tasks"`
	// Settings are the stage's own.
	Settings json.RawMessage `json:"settings"`
}

// Task is one unit of work of a stage: it keeps its partitions whoever runs it.
type Task struct {
	Task    int      `json:"task"`
	Inputs  []Input  `json:"inputs"`
	Targets []Target `json:"targets"`
}

// Input is one input topic of a task.
type Input struct {
	Topic string `json:"topic"`
	// Rank is the place in the merge of events with the same time.
	Rank       int     `json:"rank"`
	Partitions []int32 `json:"partitions"`
	Feedback   bool    `json:"feedback"`
}

// Target is one output topic of a task: where each key goes.
type Target struct {
	Topic string `json:"topic"`
	// First is the first partition of this writer; a topic with several writers gives each its own.
	First int32 `json:"first"`
	Lanes int32 `json:"lanes"`
	// Own are the partitions whose watermark this task advances, and which get its broadcasts.
	Own []int32 `json:"own"`
}

// ReadPlan reads the plan of a stage from a file.
func ReadPlan(path, stage string) (*Plan, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, wrong("--plan: %v", err)
	}
	return ParsePlan(path, data, stage)
}

// ParsePlan checks and reads a plan; name is what to call it in messages.
func ParsePlan(name string, data []byte, stage string) (*Plan, error) {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err == nil && head.Version > PlanVersion {
		return nil, wrong("%s: version %d, this program reads up to %d; use the newer release",
			name, head.Version, PlanVersion)
	}
	plan := &Plan{}
	if err := Decode(name, data, plan); err != nil {
		return nil, err
	}
	if err := plan.check(stage); err != nil {
		return nil, wrong("%s.%v", name, err)
	}
	return plan, nil
}

func (p *Plan) check(stage string) error {
	switch {
	case p.Version != PlanVersion:
		return fmt.Errorf("version: %d, must be %d", p.Version, PlanVersion)
	case p.Stage != stage:
		return fmt.Errorf("stage: %q, but this program is %q; start the other one", p.Stage, stage)
	case p.Clock != Virtual && p.Clock != Real:
		return fmt.Errorf("clock: %q, must be %q or %q", p.Clock, Virtual, Real)
	case p.Prefix == "":
		return fmt.Errorf("prefix: must not be empty")
	case p.EndNs <= p.StartNs:
		return fmt.Errorf("end_ns: %d must be after start_ns %d", p.EndNs, p.StartNs)
	case p.FeedbackLatencyNs < 0 || p.LatencyNs < 0:
		return fmt.Errorf("latency_ns, feedback_latency_ns: must not be negative")
	case len(p.Tasks) == 0:
		return fmt.Errorf("tasks: must not be empty")
	}
	for n := range p.Tasks {
		if err := p.Tasks[n].check(n); err != nil {
			return fmt.Errorf("tasks[%d].%w", n, err)
		}
	}
	return nil
}

func (t *Task) check(n int) error {
	if t.Task != n {
		return fmt.Errorf("task: %d, must be %d: tasks are numbered from 0", t.Task, n)
	}
	for i, input := range t.Inputs {
		if input.Topic == "" || len(input.Partitions) == 0 {
			return fmt.Errorf("inputs[%d]: needs a topic and partitions", i)
		}
	}
	for i, target := range t.Targets {
		if target.Topic == "" || target.Lanes < 1 || target.First < 0 {
			return fmt.Errorf("targets[%d]: needs a topic, lanes of at least 1, first of at least 0", i)
		}
	}
	return nil
}

// Topic is the name of a topic on the broker.
func (p *Plan) Topic(topic string) string { return p.Prefix + "." + topic }

// StateTopic is the compacted topic of the stage's state; its partition is the task.
func (p *Plan) StateTopic() string { return p.Topic("state." + p.Stage) }

// Group is the consumer group of the stage.
func (p *Plan) Group() string { return p.Prefix + "." + p.Stage }

// InstanceID is the fixed name of a replica in the group.
func (p *Plan) InstanceID(replica int) string {
	return fmt.Sprintf("%s.%s.%d", p.Prefix, p.Stage, replica)
}

// TransactionalID is the fixed id of a task's producer, so that a zombie is fenced.
func (p *Plan) TransactionalID(task int) string {
	return fmt.Sprintf("%s.%s.%d", p.Prefix, p.Stage, task)
}

// InputTopics are the topics that the stage reads, without prefix, each once, in the plan's order.
func (p *Plan) InputTopics() []string {
	var topics []string
	seen := map[string]bool{}
	for _, task := range p.Tasks {
		for _, input := range task.Inputs {
			if !seen[input.Topic] {
				seen[input.Topic] = true
				topics = append(topics, input.Topic)
			}
		}
	}
	return topics
}

// Partitions is how many partitions of an input topic the plan hands to its tasks.
func (p *Plan) Partitions(topic string) int {
	count := 0
	for _, task := range p.Tasks {
		for _, input := range task.Inputs {
			if input.Topic == topic {
				count += len(input.Partitions)
			}
		}
	}
	return count
}
