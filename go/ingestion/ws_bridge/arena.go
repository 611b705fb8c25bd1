package ws_bridge

import "tapeline.dev/tapeline/pkg/shared/contracts"

const (
	// blockTicks ticks are made at a time: some 150 KB with their depth, which a few seconds of a
	// session fill. A block is freed when none of its ticks is used any more.
	blockTicks = 512
	// depthCells are the numbers of one side: three levels of price and quantity.
	depthCells = 2 * levels
)

// arena makes ticks and their depth in blocks, since half a million are made for a day.
type arena struct {
	ticks []contracts.Tick
	cells []int64
}

// tick is a new, empty tick.
func (a *arena) tick() *contracts.Tick {
	if len(a.ticks) == 0 {
		a.ticks = make([]contracts.Tick, blockTicks)
	}
	tick := &a.ticks[0]
	a.ticks = a.ticks[1:]
	return tick
}

// depth is an empty list with room for one side.
func (a *arena) depth() []int64 {
	if len(a.cells) < depthCells {
		a.cells = make([]int64, 2*depthCells*blockTicks)
	}
	side := a.cells[:0:depthCells]
	a.cells = a.cells[depthCells:]
	return side
}
