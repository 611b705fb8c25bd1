package bar_builder_1s

import (
	"testing"

	"tapeline.dev/tapeline/pkg/shared/replay/cases"
)

func TestCases(t *testing.T) { cases.Check(t, Stage, App) }
