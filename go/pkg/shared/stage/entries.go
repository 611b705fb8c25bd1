package stage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

// RunnerPrefix begins the keys of entries that the runner keeps in the state topic for itself.
const RunnerPrefix = "@"

// VersionError: a saved state is of a newer version than this code reads.
type VersionError struct {
	Stage   string
	Key     string
	Version int64
	Known   int64
}

func (e *VersionError) Error() string {
	return fmt.Sprintf(
		"state.%s entry %s: version %d, this code reads up to %d; "+
			"start the newer release or reset the stage",
		e.Stage, e.Key, e.Version, e.Known)
}

// AppendStateEntry appends the bytes of one entry under schemas/state_entry.schema.json; false, and
// nothing appended, when it no longer exists.
func (a *App) AppendStateEntry(dst []byte, state State, key string) ([]byte, bool) {
	start := len(dst)
	dst = append(dst, `{"stage":`...)
	dst = wire.AppendString(dst, a.Name)
	dst = append(dst, `,"key":`...)
	dst = wire.AppendString(dst, key)
	dst = append(dst, `,"version":`...)
	dst = wire.AppendInt(dst, a.EntryVersion)
	dst = append(dst, `,"entry":`...)
	dst, exists := state.AppendEntry(dst, key)
	if !exists {
		return dst[:start], false
	}
	return append(dst, '}'), true
}

// StateHash is the SHA-256 over all entries of a state, in key order: equal for equal states, in
// Python too.
func (a *App) StateHash(state State) string {
	digest := sha256.New()
	var entry []byte
	for _, key := range slices.Sorted(state.Keys()) {
		entry, _ = a.AppendStateEntry(entry[:0], state, key)
		digest.Write(entry)
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// LoadEntries restores a state from the bytes of its entries. It fails with a VersionError when an
// entry was written by newer code.
func (a *App) LoadEntries(state State, entries map[string][]byte) error {
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if strings.HasPrefix(key, RunnerPrefix) {
			continue
		}
		if err := a.loadEntry(state, key, entries[key]); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) loadEntry(state State, key string, value []byte) error {
	var saved struct {
		Version *int64          `json:"version"`
		Entry   json.RawMessage `json:"entry"`
	}
	if err := json.Unmarshal(value, &saved); err != nil {
		return fmt.Errorf("state.%s entry %s: %w", a.Name, key, err)
	}
	if saved.Version == nil || saved.Entry == nil {
		return fmt.Errorf("state.%s entry %s: version or entry is missing", a.Name, key)
	}
	if *saved.Version > a.EntryVersion {
		return &VersionError{a.Name, key, *saved.Version, a.EntryVersion}
	}
	if err := state.Load(key, saved.Entry); err != nil {
		return fmt.Errorf("state.%s: %w", a.Name, err)
	}
	return nil
}
