package movement

// Every bound of the package, with its reason.
const (
	// MaxStates bounds the states of one track: a day at more than ten a second.
	MaxStates = 1_000_000
	// maxSteps bounds the steps between two states: a step is half a sigma of the place or
	// longer, so that more are taken only over gaps of hours.
	maxSteps = 2_000
	// draws is the number of sampled errors: against drawn errors chances agree within 0.035 (tested).
	draws = 512
)
