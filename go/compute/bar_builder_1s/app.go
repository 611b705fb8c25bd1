package bar_builder_1s

import (
	"fmt"

	"tapeline.dev/tapeline/pkg/shared/config"
	"tapeline.dev/tapeline/pkg/shared/market"
	"tapeline.dev/tapeline/pkg/shared/stage"
)

// App is the stage, ready for a shell, from the settings of a plan.
func App(settings []byte) (stage.App, error) {
	s := &Settings{}
	if err := config.Decode("settings", settings, s); err != nil {
		return stage.App{}, err
	}
	return appOf(s)
}

func appOf(s *Settings) (stage.App, error) {
	if err := s.check(); err != nil {
		return stage.App{}, err
	}
	return stage.App{
		Name: Stage,
		NewState: func() stage.State {
			clocks := map[string]*market.PhaseClock{}
			for class, phases := range s.Phases {
				clocks[class] = market.NewPhaseClock(phases)
			}
			return newState(s, clocks)
		},
		EntryVersion: 1,
		LatencyNs:    s.LatencyNs,
	}, nil
}

func (s *Settings) check() error {
	for class, phases := range s.Phases {
		if err := market.CheckPhases(phases); err != nil {
			return fmt.Errorf("settings.phases.%s: %w", class, err)
		}
	}
	for symbol, rules := range s.Symbols {
		class := rules.InstrumentClass
		if _, known := s.Phases[class]; !known {
			return fmt.Errorf("settings.symbols.%s: class %q has no phases", symbol, class)
		}
		if _, known := s.ClippedDays[class]; !known {
			return fmt.Errorf("settings.symbols.%s: class %q has no clipped_days", symbol, class)
		}
	}
	return nil
}
