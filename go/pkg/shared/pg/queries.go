// Package pg writes into PostgreSQL exactly once: the offset of each partition is written in the
// transaction of its data, with an epoch that fences a zombie. After a lost connection the offsets
// say whether the last commit had happened. It is the twin of services/tapeline/runner/postgres.py
// and of the retries in sink.py.
package pg

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

var (
	named     = regexp.MustCompile(`(?m)^-- name: (\w+)$`)
	parameter = regexp.MustCompile(`%\((\w+)\)s`)
)

// Queries are statements by name.
type Queries map[string]string

// ReadQueries reads a file of sql/queries: "-- name: X" begins a statement. Its parameters, which
// are written for the client of Python, become those of pgx.
func ReadQueries(path string) (Queries, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseQueries(path, string(text))
}

func parseQueries(path, text string) (Queries, error) {
	queries := Queries{}
	heads := named.FindAllStringSubmatchIndex(text, -1)
	for n, head := range heads {
		name, end := text[head[2]:head[3]], len(text)
		if n+1 < len(heads) {
			end = heads[n+1][0]
		}
		if _, twice := queries[name]; twice {
			return nil, fmt.Errorf("%s: statement %s stands there twice", path, name)
		}
		body := strings.TrimSpace(text[head[1]:end])
		body = strings.ReplaceAll(parameter.ReplaceAllString(body, "@$1"), "%%", "%")
		queries[name] = body
	}
	if len(queries) == 0 {
		return nil, fmt.Errorf("%s: no statement begins with a line -- name", path)
	}
	return queries, nil
}
