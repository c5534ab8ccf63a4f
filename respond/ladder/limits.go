package ladder

import "github.com/trucewatch/truce"

// Bounds of the ladder. Each is checked before the work it bounds.
const (
	// OnTime is how long after it was due, in microseconds, a step is still on time: timers
	// fire within a second.
	OnTime = 1_000_000
	// Travel is the same for what a fact changes: it comes through several hands, which may
	// take a minute.
	Travel = 60 * OnTime
	// MaxSteps is the most steps one call makes: a year of situation reports every hour.
	// The wakes of the last step ask for the rest.
	MaxSteps = 10_000
	// MinEvery is the shortest round of a clock that begins anew, one minute: a day without
	// power then takes 1,440 steps to catch up with.
	MinEvery truce.Micros = 60_000_000
	// MaxLength is the longest time a term may name: ten years.
	MaxLength truce.Micros = 10 * 365 * 86_400_000_000
	// MaxTiers is more than any ladder has that people can keep in mind.
	MaxTiers = 30
	// MaxCriteria is how deep criteria may be nested.
	MaxCriteria = 8
)
