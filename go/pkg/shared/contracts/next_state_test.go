package contracts

import (
	"slices"
	"testing"
)

func TestEveryPairOfStateAndEventIsALegalTransitionOrNone(t *testing.T) {
	rows := map[stateAndEvent]OrderState{}
	for _, each := range Transitions {
		pair := stateAndEvent{each.State, each.Event}
		if _, twice := rows[pair]; twice {
			t.Errorf("%v stands in the table twice", pair)
		}
		rows[pair] = each.Next
	}
	for _, state := range OrderStates {
		for _, event := range OrderEvents {
			next, legal := NextState(state, event)
			want, inTable := rows[stateAndEvent{state, event}]
			if legal != inTable || next != want {
				t.Errorf("%s after %s: %q, %t; want %q, %t", event, state, next, legal, want, inTable)
			}
			leaves := legal && next != state && slices.Contains(Terminal, state)
			if leaves && !slices.Contains(LateTruths, event) {
				t.Errorf("%s leaves the terminal state %s but is no late truth", event, state)
			}
		}
	}
	if len(OrderStates) != 13 || len(OrderEvents) != 23 {
		t.Errorf("%d states, %d events: count them anew", len(OrderStates), len(OrderEvents))
	}
}

func TestAnUnknownStateOrEventIsIllegal(t *testing.T) {
	for _, pair := range []stateAndEvent{{"SOLD", OrderEventAck}, {OrderStateNew, "SOLD"}} {
		if next, legal := NextState(pair.state, pair.event); legal {
			t.Errorf("%v leads to %s", pair, next)
		}
	}
}
