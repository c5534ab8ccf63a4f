package engage

// Bounds and what is believed before anything is heard, each with its reason.
const (
	// MaxEvents bounds one call: a candidate pair has some 300 bytes, and a busy day has
	// ten thousand events.
	MaxEvents = 200_000
	// maxEdges bounds the candidates of one event as the muzzle: more meet only where
	// dozens of events a minute lie within range, and the best are among the likeliest.
	maxEdges = 48
	// maxSteps ends the trace of a shell that never comes down.
	maxSteps = 4000
	// elevations that each charge is flown at: between two of them times of flight are
	// straight to 0.1 s.
	elevations = 48

	// longestFlight and farthestFlight bound a pair: a howitzer's steepest shot flies 90 s.
	longestFlight  = 110.0   // s
	farthestFlight = 28_000. // m
	// shortestFlight is below what any class flies to its nearest.
	shortestFlight = .4 // s

	// shellShare of a time of flight is what another shell, another day's air and a worn
	// barrel change in it.
	shellShare = .04
	// rangeShare of its greatest range is what another shell of the class flies farther.
	rangeShare = .04
	// mostSlope bounds the change of a time of flight over one sigma of distance, as a share
	// of it: at the end of a charge's range the slope has no bound.
	mostSlope = .3

	// priorTied is the chance that an event is a muzzle whose impact is an event too.
	priorTied = .3
	// Without its arrivals, an event of sureScore is as likely made of what other events left as a blast of its
	// own, and doubt falls with the score over the scale of scoreScale: locate's odds are
	// against chance, and where dozens of shots overlap chance is not the rival.
	sureScore, scoreScale = 14.0, 3.5
	// aroundPlace and aroundTime are where other events are counted, for how often an
	// unrelated one comes.
	aroundPlace = 15_000.0 // m
	aroundTime  = 900.0    // s

	// What may also follow a blast is another at the same place: the next shot of the gun,
	// or the next round at the target, every tenth of a minute.
	repeatRate   = .1  // a second
	repeatSpread = 60. // m

	// How long a gun fires at one target, and how far apart the shots of one are.
	fireTime    = 600.0 // s, the agreement's unit: without a pause over 10 minutes
	gunSpread   = 40.0  // m
	roundSpread = 25.0  // m
	roundShare  = .007  // of the distance

	// salvoTime is the longest between two rounds of one salvo (the counting unit).
	salvoTime = 60.0 // s

	// leastTied is how probable a pair is at least that is given out as one.
	leastTied = .5
)
