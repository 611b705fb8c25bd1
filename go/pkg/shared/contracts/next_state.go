package contracts

type stateAndEvent struct {
	state OrderState
	event OrderEvent
}

var nextStates = func() map[stateAndEvent]OrderState {
	table := make(map[stateAndEvent]OrderState, len(Transitions))
	for _, each := range Transitions {
		table[stateAndEvent{each.State, each.Event}] = each.Next
	}
	return table
}()

// NextState is the state after an event; false when the event is illegal in that state.
func NextState(state OrderState, event OrderEvent) (OrderState, bool) {
	next, legal := nextStates[stateAndEvent{state, event}]
	return next, legal
}
