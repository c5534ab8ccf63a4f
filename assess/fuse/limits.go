package fuse

// Bounds of the work, so that a flood of events in one place costs time but not the
// machine.
const (
	// maxLooks bounds how many events of one grid cell an event is held against.
	maxLooks = 1024
	// maxLinks bounds the pairs kept for an event, best first.
	maxLinks = 256
	// maxGroup bounds the events of a group; a campaign of thousands comes out as a few
	// groups of this size.
	maxGroup = 2000
	// maxWeapons and maxKinds bound what a group's weapon may have been and its kinds of
	// evidence; what is left out stays not known.
	maxWeapons = 64
	maxKinds   = 64
	// maxReachKM bounds how far an event looks for others. What is known only to 100 km
	// is no place to join on.
	maxReachKM = 400
)
