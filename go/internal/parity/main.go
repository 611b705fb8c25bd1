// Command parity answers questions about the contracts, so that a test can compare both languages.
//
// A question is a line `what name length` and as many bytes; an answer is `+length` or, for bytes
// that are refused, `-length`, on a line of its own, and as many bytes.
//
//	topic NAME: decodes a record of the topic, and encodes the message again
//	type NAME:  the same with a value of that type
//	id PARTS:   contracts.Derive of the parts, a JSON list of texts; `tag` is contracts.Tag
//	lane N:     runner.LaneOf the key in the bytes among N lanes
//	tables -:   reasons, order states and every transition, as JSON
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"tapeline.dev/tapeline/pkg/shared/contracts"
	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

type value interface {
	wire.Readable
	AppendJSON(dst []byte) []byte
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	err := serve(in, out)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in *bufio.Reader, out *bufio.Writer) error {
	decoder := contracts.NewDecoder()
	for {
		var what, name string
		var length int
		_, err := fmt.Fscanf(in, "%s %s %d\n", &what, &name, &length)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		question := make([]byte, length)
		if _, err := io.ReadFull(in, question); err != nil {
			return err
		}
		sign := '+'
		text, err := answer(decoder, what, name, question)
		if err != nil {
			sign, text = '-', []byte(err.Error())
		}
		fmt.Fprintf(out, "%c%d\n", sign, len(text))
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
}

func answer(decoder *contracts.Decoder, what, name string, question []byte) ([]byte, error) {
	switch what {
	case "topic":
		message, err := decoder.Decode(name, question)
		var bad *contracts.BadRecord
		if errors.As(err, &bad) {
			return nil, fmt.Errorf("%w (%s)", bad, bad.Why)
		}
		if err != nil {
			return nil, err
		}
		return message.AppendJSON(nil), nil
	case "type":
		into := values[name]()
		if err := decoder.DecodeInto(question, into); err != nil {
			return nil, err
		}
		return into.AppendJSON(nil), nil
	case "id":
		var parts []string
		if err := json.Unmarshal(question, &parts); err != nil {
			return nil, err
		}
		return []byte(contracts.Derive(parts...)), nil
	case "tag":
		return []byte(contracts.Tag(string(question))), nil
	case "lane":
		lanes, err := strconv.ParseInt(name, 10, 32)
		lane := runner.LaneOf(string(question), int32(lanes))
		return strconv.AppendInt(nil, int64(lane), 10), err
	case "tables":
		return json.Marshal(tables())
	}
	return nil, fmt.Errorf("no such question: %s", what)
}

func tables() map[string]any {
	next := map[string]string{}
	for _, state := range contracts.OrderStates {
		for _, event := range contracts.OrderEvents {
			if target, legal := contracts.NextState(state, event); legal {
				next[string(state)+" "+string(event)] = string(target)
			}
		}
	}
	return map[string]any{
		"reasons":     contracts.Reasons,
		"states":      contracts.OrderStates,
		"events":      contracts.OrderEvents,
		"terminal":    contracts.Terminal,
		"late_truths": contracts.LateTruths,
		"next":        next,
	}
}
