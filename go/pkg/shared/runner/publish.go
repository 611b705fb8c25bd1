package runner

import (
	"fmt"
	"strings"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

const deadSuffix = ".dead"

// arenaBytesMax: an arena that has grown beyond this is given back; 20,000 bars are about 6 MiB.
const arenaBytesMax = 8 << 20

// publisher encodes outputs and routes each to its partitions: the one place that does.
type publisher struct {
	targets map[string]config.Target
	own     []config.Target
	arena   []byte
	counts  *Stats
}

func newPublisher(targets []config.Target, counts *Stats) *publisher {
	byTopic := make(map[string]config.Target, len(targets))
	for _, target := range targets {
		byTopic[target.Topic] = target
	}
	return &publisher{targets: byTopic, own: targets, counts: counts}
}

// begin forgets the bytes of the last transaction.
func (p *publisher) begin() {
	if cap(p.arena) > arenaBytesMax {
		p.arena = nil
	}
	p.arena = p.arena[:0]
}

// encode appends to the arena: bytes of earlier records stay where they are, also when it grows.
func (p *publisher) encode(message interface{ AppendJSON([]byte) []byte }) []byte {
	start := len(p.arena)
	p.arena = message.AppendJSON(p.arena)
	return p.arena[start:len(p.arena):len(p.arena)]
}

// publish adds the outputs to the transaction, in order; a broadcast counts once.
func (p *publisher) publish(outputs []stage.Output, transaction Transaction) error {
	for n := range outputs {
		output := &outputs[n]
		value := p.encode(output.Message)
		p.counts.addOutput(output.Topic)
		target, found := p.targets[output.Topic]
		switch {
		case !found:
			if !strings.HasSuffix(output.Topic, deadSuffix) {
				return fmt.Errorf("the stage may not write %s", output.Topic)
			}
			transaction.Produce(output.Topic, 0, output.Key, value)
		case target.Lanes == 1:
			transaction.Produce(output.Topic, target.First, output.Key, value)
		case output.Key == stage.Broadcast:
			for _, partition := range target.Own {
				transaction.Produce(output.Topic, partition, output.Key, value)
			}
		default:
			lane := LaneOf(output.Key, target.Lanes)
			transaction.Produce(output.Topic, target.First+lane, output.Key, value)
		}
	}
	return nil
}

// advance writes the watermark of every own partition.
func (p *publisher) advance(watermarkNs int64, transaction Transaction) {
	key := watermarkKey(watermarkNs)
	for _, target := range p.own {
		for _, partition := range target.Own {
			transaction.Produce(target.Topic, partition, key, nil)
		}
	}
}
