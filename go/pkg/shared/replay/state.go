package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
)

// log writes the entries that changed since the last call.
func (s *shell) log() error {
	if s.dirty == nil {
		s.dirty = map[string]struct{}{}
	}
	clear(s.dirty)
	s.state.Dirty(s.dirty)
	return s.entries(s.options.StateLog, slices.Sorted(maps.Keys(s.dirty)))
}

// entries writes entries as lines; one that is gone has a null entry.
func (s *shell) entries(to io.Writer, keys []string) error {
	var text []byte
	for _, key := range keys {
		var exists bool
		if text, exists = s.app.AppendStateEntry(text, s.state, key); !exists {
			text = append(text, `{"stage":`...)
			text = wire.AppendString(text, s.app.Name)
			text = append(text, `,"key":`...)
			text = wire.AppendString(text, key)
			text = append(text, `,"version":`...)
			text = wire.AppendInt(text, s.app.EntryVersion)
			text = append(text, `,"entry":null}`...)
		}
		text = append(text, '\n')
	}
	_, err := to.Write(text)
	return err
}

// load restores the state from lines.
func (s *shell) load(in io.Reader) error {
	entries := map[string][]byte{}
	err := eachLine(in, func(text []byte, number int) error {
		var head struct {
			Stage *string         `json:"stage"`
			Key   *string         `json:"key"`
			Entry json.RawMessage `json:"entry"`
		}
		switch err := json.Unmarshal(text, &head); {
		case err != nil:
			return &InputError{number + 1, "state: " + err.Error()}
		case head.Stage == nil || head.Key == nil || head.Entry == nil:
			return &InputError{number + 1, "state: stage, key or entry is missing"}
		case *head.Stage != s.app.Name:
			why := fmt.Sprintf("state: of stage %s, not %s", *head.Stage, s.app.Name)
			return &InputError{number + 1, why}
		case bytes.Equal(head.Entry, []byte("null")):
			delete(entries, *head.Key)
		default:
			entries[*head.Key] = bytes.Clone(text)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.app.LoadEntries(s.state, entries)
}
