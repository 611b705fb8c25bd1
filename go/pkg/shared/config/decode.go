// Package config reads what a process is told: its plan (one JSON file), its environment, and the
// addresses and credentials of Kafka and PostgreSQL.
package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"
)

// Error is a wrong or missing setting: the message says which one, and what to do.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

func wrong(format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...)}
}

// Decode reads JSON into a struct whose fields all have json tags. Unknown and missing keys are
// errors that name the key with its path; values of the wrong type too. A field of type
// json.RawMessage takes whatever is there; a type that reads itself (json.Unmarshaler) also checks
// itself.
func Decode(path string, data []byte, into any) error {
	if err := check(path, data, reflect.TypeOf(into).Elem()); err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return wrong("%s: %v", path, err)
	}
	return nil
}

var (
	raw       = reflect.TypeFor[json.RawMessage]()
	readsSelf = reflect.TypeFor[json.Unmarshaler]()
)

func check(path string, data []byte, kind reflect.Type) error {
	switch {
	case kind == raw:
		return nil
	case reflect.PointerTo(kind).Implements(readsSelf):
		if err := json.Unmarshal(data, reflect.New(kind).Interface()); err != nil {
			return wrong("%s: %v", path, err)
		}
		return nil
	case kind.Kind() == reflect.Slice:
		return checkItems(path, data, kind.Elem())
	case kind.Kind() == reflect.Map:
		return checkValues(path, data, kind.Elem())
	case kind.Kind() == reflect.Struct:
		return checkKeys(path, data, kind)
	}
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return wrong("%s: must not be null", path)
	}
	if err := json.Unmarshal(data, reflect.New(kind).Interface()); err != nil {
		return wrong("%s: %s is no %s", path, data, kind.Kind())
	}
	return nil
}

func checkItems(path string, data []byte, kind reflect.Type) error {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil || items == nil {
		return wrong("%s: must be a list", path)
	}
	for n, item := range items {
		if err := check(fmt.Sprintf("%s[%d]", path, n), item, kind); err != nil {
			return err
		}
	}
	return nil
}

func checkValues(path string, data []byte, kind reflect.Type) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(data, &values); err != nil || values == nil {
		return wrong("%s: must be a JSON object", path)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if err := check(path+"."+key, values[key], kind); err != nil {
			return err
		}
	}
	return nil
}

func checkKeys(path string, data []byte, kind reflect.Type) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil || keys == nil {
		return wrong("%s: must be a JSON object", path)
	}
	known := make([]string, 0, kind.NumField())
	for n := range kind.NumField() {
		field := kind.Field(n)
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		known = append(known, key)
		value, found := keys[key]
		if !found {
			return wrong("%s: key %q is missing", path, key)
		}
		if err := check(path+"."+key, value, field.Type); err != nil {
			return err
		}
		delete(keys, key)
	}
	if len(keys) == 0 {
		return nil
	}
	unknown := make([]string, 0, len(keys))
	for key := range keys {
		unknown = append(unknown, key)
	}
	sort.Strings(unknown)
	return wrong("%s: key %q is unknown; known are %s", path, unknown[0],
		strings.Join(known, ", "))
}
