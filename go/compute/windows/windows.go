// Package windows is the window arithmetic that both bar stages share: right-open, anchored at a
// phase, cut at its end. It is the twin of services/tapeline/compute/windows.py.
package windows

import (
	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/market"
)

// NoVolume stands for a null cumulative volume, in the integer arrays of saved states and in
// memory.
const NoVolume = -1

// Of is the window [start, end) that holds a time.
//
// Anchored at the start of the phase and not at the epoch: a phase need not start on a multiple of
// the width (09:15 IST does not for 10 or 30 minutes), and no window spans two phases. The phase
// must hold ns.
func Of(phase *market.Phase, ns, widthNs int64) (startNs, endNs int64) {
	startNs = ns - (ns-phase.StartNs)%widthNs
	return startNs, min(startNs+widthNs, phase.EndNs)
}

// Traded is how many shares were traded between two cumulative volumes of a day; null for an index.
//
// Never negative: when the exchange corrects its cumulative volume downwards, nothing was traded.
func Traded(cumOpen, cumClose int64) contracts.OptInt64 {
	if cumOpen == NoVolume || cumClose == NoVolume {
		return contracts.OptInt64{}
	}
	return contracts.OptInt64{Valid: true, Value: max(0, cumClose-cumOpen)}
}

// Packed is a cumulative volume as it stands in a saved array.
func Packed(cum contracts.OptInt64) int64 {
	if !cum.Valid {
		return NoVolume
	}
	return cum.Value
}

// Unpacked is the inverse of Packed.
func Unpacked(cum int64) contracts.OptInt64 {
	if cum == NoVolume {
		return contracts.OptInt64{}
	}
	return contracts.OptInt64{Valid: true, Value: cum}
}
