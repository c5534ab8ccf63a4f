package drill

import "time"

// Bounds of a drill, each checked before the work it bounds.
const (
	// MaxFileBytes bounds a drill file: some 5,000 lines.
	MaxFileBytes = 512 << 10
	// MaxLineBytes bounds one line, as in the tests of an agreement.
	MaxLineBytes = 4 << 10
	// MaxPosts is more than a commission of 35 states with all their offices.
	MaxPosts = 300
	// MaxEvents bounds what happens in a drill: a crowded week.
	MaxEvents = 2000
	// MaxExpect bounds what is expected.
	MaxExpect = 2000
	// MaxLength is the longest time between two times of a drill: a year.
	MaxLength = 366 * 24 * time.Hour
	// MaxReplicas is how many programs may run a drill at once.
	MaxReplicas = 4
	// MaxFactor is the fastest pace beside as fast as possible.
	MaxFactor = 100_000
)

const (
	// maxRounds bounds the rounds of work at one instant; each must leave a record.
	maxRounds = 200
	// maxLooks bounds the instants of a drill: a wake every minute of a year.
	maxLooks = 600_000
	// afterEnd is played beyond the last time that the file names, so that what follows
	// from it is sent.
	afterEnd = time.Minute
	// patience is how long a receiver that was told to hang is waited for, in real time.
	patience = 300 * time.Millisecond
	// glance is how often a drill at the pace of a clock looks for what other programs did.
	glance = time.Second
	// wakesRead is how many wakes are read to find the next one.
	wakesRead = 1000
)
