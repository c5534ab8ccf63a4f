package alert

import "time"

// Bounds and defaults. Each says why it has its value.
const (
	// DefaultMargin is how long after it is composed an alert is released: time for the
	// record to be committed and for every replica to see it, so that nobody is told
	// before it is on record.
	DefaultMargin = 2 * time.Second
	// MaxMargin bounds what a configuration may ask for: an alert that waits is no alert.
	MaxMargin = time.Minute
	// UpdateWindow is how long the same people are told of moved times once only: late evidence
	// comes in bursts, as posts and sensors report one after the other. The first update leaves
	// at once; what moves within the minute after it is one more, which says how it stands then.
	// Nobody is asked to answer within a minute, so nobody acts on a time that is older.
	UpdateWindow = time.Minute
	// TroubleWindow is how long it is gathered who cannot be reached before it is said: a relay
	// that is down refuses the alerts of one step within seconds of each other, and whoever is
	// named has been tried over every contact for up to BurstTries refusals before.
	TroubleWindow = 30 * time.Second
	// SendTimeout is how long one attempt may take. A mail relay that greylists answers
	// within seconds; 30 s covers a satellite link.
	SendTimeout = 30 * time.Second
	// BegunTimeout is when an attempt that was begun and has no outcome is taken for one
	// whose sender died: four times what an attempt may take.
	BegunTimeout = 2 * time.Minute
	// UnsureRetry is how long after an attempt that was broken off, when the other side may have
	// had the message, the second and last one follows. It is the last because nobody gets a
	// message three times; so it must outlast a relay that is being started anew or hangs up on
	// everybody for some minutes. It still comes within a quarter of an hour, the shortest time
	// that the illustrative ladder gives for an answer, and before any office above is told
	// there. Whoever has another contact is tried there meanwhile.
	UnsureRetry = 10 * time.Minute
	// StepGrace is how long after their turn people may have been told and the office above
	// still has its own turn to the second the terms name: what one process that died costs.
	// Where it took longer the office above waits its whole step from then on.
	StepGrace = BegunTimeout
	// BurstTries is how often a contact that refuses for now is tried before the next
	// contact gets its turn, too: by RetryAfter within a minute.
	BurstTries = 3
	// SlowRetry is the pace of contacts that keep refusing: a relay that is up again after
	// a day has the alert a quarter of an hour later.
	SlowRetry = 15 * time.Minute
	// GiveUpAfter ends the tries of an alert. Three days later the case has moved on, and
	// that the person was not reached has been in sight since the first minutes.
	GiveUpAfter = 72 * time.Hour
	// maxRetryAfter is the longest pause a receiver may ask of us: it must not silence an
	// alert by asking for a year.
	maxRetryAfter = time.Hour
	// maxArrivals is how often an alert may arrive at one address.
	maxArrivals = 2
	// MaxHeadline is the longest headline in characters: subjects and pagers cut the rest.
	MaxHeadline = 160
	// MaxText is the longest text in bytes: one page.
	MaxText = 8 << 10
	// maxQuote is how many characters of a person's own words stand in an alert.
	maxQuote = 600
	// maxListed is how many clocks, reasons or areas a text lists before it counts the rest.
	maxListed = 12
	// maxNote is how many characters of a channel's answer are kept: servers may say much.
	maxNote = 300
	// MaxRecipients bounds the people of one alert: ten for each of 100 states.
	MaxRecipients = 1000
	// DefaultParallel is how many attempts run at once besides those to the parties, which
	// all start together: an alert to 35 states and the mechanism five times over, so that
	// receivers that hang keep nobody else waiting. Each takes a socket and some 50 kB.
	DefaultParallel = 256
	// skewAlarm is how far apart the parties may have been told before it is said so
	// (handbook, do no harm, rule 4).
	skewAlarm = time.Second
)

// retryPauses are the pauses after the first, second ... refusal; then SlowRetry.
var retryPauses = [...]time.Duration{10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}
