package ais

import "time"

const (
	// maxParts is how many sentences may carry one message, by IEC 61162-1.
	maxParts = 9
	// maxPayload is the longest payload of one sentence in characters: 82 of the line, and
	// some more for receivers that write longer lines.
	maxPayload = 120
	// maxOpen is how many messages may wait for their further parts: ten sequence numbers on
	// two channels, with some receivers on one line. 32 of them take 80 kB.
	maxOpen = 32
	// maxWait and maxGap bound how long parts are waited for: in sentences between the first
	// and the last, and in time where it is told. A receiver writes them in one go.
	maxWait = 256
	maxGap  = 10 * time.Second
	// maxBits is the longest message: five slots (ITU-R M.1371-5, 3.3.7) have room for 1,008
	// bits of it.
	maxBits = 1008 + 6
	// slack is how many bits a message may be longer than its type: fill up to a character.
	slack = 5
	// maxSkew is how far the clock of a receiver may be from the second that a message
	// carries, for that to be taken for its time.
	maxSkew = 10
)
