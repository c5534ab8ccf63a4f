package track

import "github.com/trucewatch/truce"

// Every bound of the package, with its reason. A refusal names the bound and its value.
const (
	// MaxScan bounds the plots of one scan: a thousand objects in a hundred times as much
	// clutter. Each takes some 200 bytes while its scan is worked.
	MaxScan = 100_000
	// MaxSigma bounds a stated error, metres: what is 100 km off tells nothing.
	MaxSigma = 100_000
	// MaxAltitude bounds an altitude, metres: no drone or aircraft flies higher.
	MaxAltitude = 100_000
	// maxSpan bounds how long a scan may take: the slowest antennas turn once in a minute.
	maxSpan truce.Instant = 60_000_000
	// maxLate bounds how late a scan may come: every plot of so long is kept for it.
	maxLate truce.Micros = 3_600_000_000
	// maxStarts bounds the beginnings of tracks, half of them with more than one plot: 400
	// bytes each. Where there are more, in thick clutter, the likeliest go on.
	maxStarts = 4_000
	// maxTrials bounds the tracks on trial: 2 kB each.
	maxTrials = 1_000
	// maxChain is how many plots a beginning remembers; one that is not confirmed by then
	// forgets the oldest.
	maxChain = 24
	// MaxSensors bounds the sensors that are told apart, which a track keeps a hundred bytes
	// of each for; those beyond are taken for the last.
	MaxSensors = 48
	// MaxBearings bounds the bearings of one scan: an array hears tens of things at once. Each
	// is held against every track.
	MaxBearings = 2_000
	// maxNames bounds the identities that are counted for a track.
	maxNames = 8
	// maxSaid bounds what is kept of what was said on a track, 80 bytes each: three hours of
	// once a second. From twice as many on the older half is forgotten.
	maxSaid = 10_000
	// maxCrossings bounds the crossings of bearings that are followed: 350 bytes each. Where there
	// are more the likeliest go on.
	maxCrossings = 1_500
	// maxCrossed bounds the bearings of a scan that are crossed with others: of more, what crosses
	// tells nothing. maxEchoes bounds those of one crossing: what has as many and is no track yet
	// never will be.
	maxCrossed = 300
	maxEchoes  = 1_000
	// mostHeard bounds how far off a sound is crossed, metres, and mostSighted what is heard or
	// seen otherwise: microphones reach some kilometres, direction finders tens of them.
	mostHeard   = 10_000
	mostSighted = 50_000
	// mostCrossing bounds the error of a crossing, metres: what is worse tells no place. A track of
	// bearings alone ends there.
	mostCrossing = 1_500
	// mostBearingSigma bounds the error of a bearing, degrees: beyond it no direction is told.
	mostBearingSigma = 45
	// mostRange bounds a range, metres: farther off nothing that flies is seen.
	mostRange = 1_000_000
	// mostRadial bounds a Doppler speed and its error, metres a second.
	mostRadial = 12_000
	// pastScans are kept for beginnings where many sensors take turns.
	pastScans = 64
)
