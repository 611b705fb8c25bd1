package bar_aggregator_multi

import (
	"fmt"
	"slices"

	"tapeline.dev/tapeline/compute/windows"
	"tapeline.dev/tapeline/pkg/shared/contracts"
)

// part is what a bar says of the market: a bar without its symbol, timeframe, phase and cause. A
// cumulative volume that is null is windows.NoVolume.
type part struct {
	startNs  int64
	endNs    int64
	firstNs  int64
	lastNs   int64
	openE4   int64
	highE4   int64
	lowE4    int64
	closeE4  int64
	cumOpen  int64
	cumClose int64
	nTicks   int64
	rev      int64
	final    bool
	partial  bool
}

// numbersOfPart is how many integers one part is in a saved array.
const numbersOfPart = 14

// partOf is the part that a bar is of its wider window.
func partOf(bar *contracts.Bar) part {
	return part{
		startNs:  bar.StartNs,
		endNs:    bar.EndNs,
		firstNs:  bar.FirstNs,
		lastNs:   bar.LastNs,
		openE4:   bar.OpenE4,
		highE4:   bar.HighE4,
		lowE4:    bar.LowE4,
		closeE4:  bar.CloseE4,
		cumOpen:  windows.Packed(bar.CumOpen),
		cumClose: windows.Packed(bar.CumClose),
		nTicks:   bar.NTicks,
		rev:      bar.Rev,
		final:    bar.Final,
		partial:  bar.Partial,
	}
}

// extend adds the next part of a window, in the order of time, to the sum of those before it.
func (p *part) extend(next *part) {
	p.lastNs = next.lastNs
	p.highE4 = max(p.highE4, next.highE4)
	p.lowE4 = min(p.lowE4, next.lowE4)
	p.closeE4 = next.closeE4
	p.cumClose = next.cumClose
	p.nTicks += next.nTicks
	p.final = p.final && next.final
	p.partial = p.partial || next.partial
}

// pack appends a part as integers, times from startNs; the order is that of the state's schema.
func (p *part) pack(numbers []int64, startNs int64) []int64 {
	return append(numbers,
		p.startNs-startNs, p.endNs-startNs, p.firstNs-startNs, p.lastNs-startNs,
		p.openE4, p.highE4, p.lowE4, p.closeE4,
		p.cumOpen, p.cumClose, p.nTicks, p.rev,
		asInt(p.final), asInt(p.partial))
}

// unpack is the inverse of pack, for any number of parts.
func unpack(numbers []int64, startNs int64) ([]part, error) {
	if len(numbers)%numbersOfPart != 0 {
		return nil, fmt.Errorf("%d numbers are no whole bars of %d", len(numbers), numbersOfPart)
	}
	var parts []part
	for n := range slices.Chunk(numbers, numbersOfPart) {
		parts = append(parts, part{
			startNs: startNs + n[0], endNs: startNs + n[1],
			firstNs: startNs + n[2], lastNs: startNs + n[3],
			openE4: n[4], highE4: n[5], lowE4: n[6], closeE4: n[7],
			cumOpen: n[8], cumClose: n[9], nTicks: n[10], rev: n[11],
			final: n[12] != 0, partial: n[13] != 0,
		})
	}
	return parts, nil
}

func asInt(flag bool) int64 {
	if flag {
		return 1
	}
	return 0
}
