package room

import "time"

const (
	// MaxBody is the longest body of a request, bytes: a deed with its text is under 20 kB,
	// a list of a hundred promises under 500 kB.
	MaxBody = 1 << 20
	// MaxToken is the longest token that is looked up, bytes; ours have 58.
	MaxToken = 200
	// maxNamed is how many unknown parameters of a request are named in the answer.
	maxNamed = 5
	// maxFailures is how many failed tries one address may make in failureWindow before it
	// is told to wait. A token has 256 bits, so this only keeps the noise down: 20 leaves
	// room for a shared office. A token that works is let in all the same.
	maxFailures   = 20
	failureWindow = time.Minute
	// maxAllFailures is how many failed tries all addresses together may make in that time:
	// six a second, over 30 offices of 35 with a stale bookmark each. It also bounds what is
	// remembered of addresses, about 60 kB.
	maxAllFailures = 400
	// sessionAge is how long a browser keeps a sign-in: a week of shifts.
	sessionAge = 7 * 24 * time.Hour
	// seenAge is how long a browser remembers the last look.
	seenAge = 365 * 24 * time.Hour
	// refreshEvery is how often a page that its reader asked to be kept fresh asks again.
	refreshEvery = 60
	// casesShown is how many cases a page lists, alertsShown how many alerts.
	casesShown  = 100
	alertsShown = 50
)
