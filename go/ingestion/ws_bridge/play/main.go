// Command play prints the records of a source, one JSON object a line, as they would be published:
//
//	go run ./ingestion/ws_bridge/play --plan FILE [--until NS] [--quiet]
//
// It serves the comparison with the Python source, and shows what a plan plays.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	ingestion "tapeline.dev/tapeline/ingestion/ws_bridge"
	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/contracts/wire"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// sliceNs is the session time of one slice, as the runner takes them.
const sliceNs = 10 * int64(time.Second)

const exitUsage = 2

func main() {
	path := flag.String("plan", "", "plan of the ingestion stage, a JSON file")
	untilNs := flag.Int64("until", math.MaxInt64, "last at_ns to print, UTC nanoseconds")
	quiet := flag.Bool("quiet", false, "print how many records a second were made, and no record")
	flag.Parse()
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	err := play(*path, *untilNs, *quiet, out)
	if err := errors.Join(err, out.Flush()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		if wrong := (*config.Error)(nil); errors.As(err, &wrong) {
			os.Exit(exitUsage)
		}
		os.Exit(1)
	}
}

func play(path string, untilNs int64, quiet bool, out io.Writer) error {
	plan, err := config.ReadPlan(path, ingestion.Stage)
	if err != nil {
		return err
	}
	settings, err := ingestion.ReadSettings(path+".settings", plan.Settings)
	if err != nil {
		return err
	}
	source, err := ingestion.Open(settings)
	if err != nil {
		return err
	}
	started, count := time.Now(), 0
	var line []byte
	for {
		nextNs, more := source.NextNs()
		if !more || nextNs > untilNs {
			break
		}
		records, err := source.Slice(min(nextNs+sliceNs, untilNs))
		if err != nil {
			return err
		}
		count += len(records)
		for n := range records {
			if quiet {
				continue
			}
			line = appendLine(line[:0], &records[n])
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
	}
	if quiet {
		took := time.Since(started).Seconds()
		_, err = fmt.Fprintf(out, "%d records, %.0f a second\n", count, float64(count)/took)
	}
	return err
}

func appendLine(dst []byte, record *stage.Output) []byte {
	dst = append(dst, `{"topic":`...)
	dst = wire.AppendString(dst, record.Topic)
	dst = append(dst, `,"key":`...)
	dst = wire.AppendString(dst, record.Key)
	dst = append(dst, `,"value":`...)
	dst = record.Message.AppendJSON(dst)
	return append(dst, "}\n"...)
}
