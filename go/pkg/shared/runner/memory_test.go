package runner

import (
	"context"
	"maps"
)

// memoryLog is a log in memory for one task.
type memoryLog struct {
	partitions map[Place][]Record
	reads      map[Place]int
	entries    map[string][]byte
	position   *Committed
	// epoch fences transactions of earlier owners.
	epoch int
	// pollMax is how many records a poll returns at most.
	pollMax int
}

func newMemoryLog() *memoryLog {
	return &memoryLog{
		partitions: map[Place][]Record{}, reads: map[Place]int{}, entries: map[string][]byte{},
		pollMax: portion,
	}
}

// write appends a record as another stage would; every third offset is taken by a marker.
func (m *memoryLog) write(place Place, key string, value []byte) {
	offset := int64(0)
	if records := m.partitions[place]; len(records) > 0 {
		offset = records[len(records)-1].Offset + 1
		if offset%3 == 2 {
			offset++
		}
	}
	m.partitions[place] = append(m.partitions[place], Record{offset, []byte(key), value})
}

// claim is what a new owner finds; it fences the old one.
func (m *memoryLog) claim() Claim {
	m.epoch++
	claim := Claim{Entries: maps.Clone(m.entries)}
	if m.position != nil {
		claim.Committed = &Committed{maps.Clone(m.position.Offsets), m.position.HorizonNs}
	}
	return claim
}

func (m *memoryLog) seek(start map[Place]int64) {
	clear(m.reads)
	for place, offset := range start {
		for n, record := range m.partitions[place] {
			if record.Offset < offset {
				m.reads[place] = n + 1
			}
		}
	}
}

func (m *memoryLog) Poll(place Place, limit int) []Record {
	waiting := m.partitions[place][m.reads[place]:]
	waiting = waiting[:min(len(waiting), limit, m.pollMax)]
	m.reads[place] += len(waiting)
	return waiting
}

// owner is the log as one owner of the task sees it.
type owner struct {
	*memoryLog
	epoch int
}

func (o *owner) Begin() (Transaction, error) {
	return &memoryTransaction{log: o.memoryLog, epoch: o.epoch}, nil
}

type memoryTransaction struct {
	log      *memoryLog
	epoch    int
	records  []produced
	states   []produced
	position *Committed
}

type produced struct {
	place Place
	key   string
	value []byte
}

func (t *memoryTransaction) Produce(topic string, partition int32, key string, value []byte) {
	t.records = append(t.records, produced{Place{topic, partition}, key, value})
}

func (t *memoryTransaction) PutState(key string, value []byte) {
	t.states = append(t.states, produced{key: key, value: value})
}

func (t *memoryTransaction) Save(position Committed) { t.position = &position }

func (t *memoryTransaction) Commit(context.Context) error {
	if t.epoch != t.log.epoch {
		return ErrFenced
	}
	for _, p := range t.records {
		t.log.write(p.place, p.key, copied(p.value))
	}
	for _, p := range t.states {
		if p.value == nil {
			delete(t.log.entries, p.key)
		} else {
			t.log.entries[p.key] = copied(p.value)
		}
	}
	if t.position != nil {
		t.log.position = t.position
	}
	return nil
}

func copied(value []byte) []byte {
	if value == nil {
		return nil
	}
	return append([]byte{}, value...)
}
