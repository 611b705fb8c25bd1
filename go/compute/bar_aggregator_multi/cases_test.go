package bar_aggregator_multi

import (
	"testing"

	"tapeline.dev/tapeline/pkg/shared/replay/cases"
)

func TestCases(t *testing.T) { cases.Check(t, Stage, App) }
