package cli

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// memoryLimit makes the garbage collector work harder before a process grows beyond it: a stage
	// is to stay within 30 MB with the program itself. GOMEMLIMIT overrides it.
	memoryLimit = 24 << 20
	// gcPercent: the heap of a stage is small and its garbage plenty.
	gcPercent = 75
	// memoryEvery is the pause between two looks at what the stage holds.
	memoryEvery = 250 * time.Millisecond
	liveMetric  = "/gc/heap/live:bytes"
)

// limitMemory keeps the process small while the stage holds little. A limit below what it holds
// would be kept by nothing but endless collecting: it then follows, at twice as much.
func limitMemory(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetMemoryLimit(memoryLimit)
	go func() {
		sample := []metrics.Sample{{Name: liveMetric}}
		for ticker := time.Tick(memoryEvery); ; {
			select {
			case <-ctx.Done():
				return
			case <-ticker:
				metrics.Read(sample)
				debug.SetMemoryLimit(max(memoryLimit, 2*int64(sample[0].Value.Uint64())))
			}
		}
	}()
}
