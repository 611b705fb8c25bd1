package kafka

import (
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// slicesMax: fetches of a few partitions are on their way at a time; whatever is beyond goes to the
// garbage collector.
const slicesMax = 8

// recordPool keeps the client's slices of fetched records for the next fetches: a record of the
// client is as large as a tick.
type recordPool struct {
	mu    sync.Mutex
	spare [][]kgo.Record
}

// GetRecords implements kgo.PoolRecords.
func (p *recordPool) GetRecords(n int) []kgo.Record {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := len(p.spare) - 1; last >= 0 {
		records := p.spare[last]
		p.spare = p.spare[:last]
		if cap(records) >= n {
			return records
		}
	}
	return make([]kgo.Record, 0, n)
}

// PutRecords implements kgo.PoolRecords.
func (p *recordPool) PutRecords(records []kgo.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.spare) < slicesMax {
		p.spare = append(p.spare, records)
	}
}
