package truce

import "time"

// Bounds of the vocabulary. Each is checked before the work it bounds.
const (
	// MaxRejectedRow is how much of an unreadable row is kept: enough to mend it by
	// hand, small enough that a hostile file cannot fill the quarantine with one row.
	MaxRejectedRow = 4 << 10
	// MaxBody is the largest canonical body of one record (16 MiB): a control map of
	// 100,000 vertices takes about 4 MiB.
	MaxBody = 16 << 20
	// MaxBulletinBody is the same for a bulletin (256 MiB): a Daily of 100,000 incidents
	// takes about 100 MiB, and both engines hold a value of a gigabyte.
	MaxBulletinBody = 256 << 20
	// rawTimes is how much longer than the bound a text may be that is made canonical: a
	// body whose every character came escaped (six bytes for one) or with spaces, halved.
	rawTimes = 3
	// LeastForcesDelay is how long what shows where forces are is held back at the least: two
	// days, in which a battery or a column has mostly moved on. An agreement may ask for
	// longer, and none for less.
	LeastForcesDelay = 48 * time.Hour
	// DefaultReply is how long a party may take to reply to a view on responsibility where
	// its agreement says nothing: 48 hours, a working day of its own authorities and the night
	// after it. No agreement that was made public names a time.
	DefaultReply Micros = 48 * 3600 * 1_000_000
	// MaxPause is how long a clock may stand by one agreement of two roles: 72 hours, the longest
	// clock of the scheme that was reported. Whoever needs longer asks again, in the open.
	MaxPause Micros = 72 * 3600 * 1_000_000
	// MaxDepth is how deep a body's JSON may be nested; the vocabulary needs about 10.
	MaxDepth = 100
	// MaxBulletinRows is the most rows one bulletin lists: a hundred times the planned
	// 10,000 incidents of a day.
	MaxBulletinRows = 1_000_000
	// MaxNotificationNumber is the longest name of a notification: it stands in tables,
	// anchors and keys.
	MaxNotificationNumber = 40
	// MaxNotificationWords is the longest text of one step, bytes: four pages.
	MaxNotificationWords = 16 << 10
	// MaxNotifiedPoints is the longest route: a road of 100 km with a point each kilometre.
	MaxNotifiedPoints = 100
	// MaxNotifiedReachM is how far, in metres, a place may reach: no activity that needs
	// a window is wider than 500 km.
	MaxNotifiedReachM = 500_000
	// MaxNotifiedQuantity is the most that may be notified of anything.
	MaxNotifiedQuantity = 1_000_000
	// MaxArrivalSigma bounds the stated error of an arrival's time, seconds: one that is a
	// quarter of an hour off tells nothing.
	MaxArrivalSigma = 1000
	// MaxDecidedArrivals is how many arrivals one decision names: a salvo of fifty shots, each
	// heard by twenty.
	MaxDecidedArrivals = 1_000
	// MaxArrivalDecisions is how many decisions are recorded of what one network heard, lifted
	// ones too: they are read at every run, and people make a few a day.
	MaxArrivalDecisions = 9_000
	// maxEvidence is the longest name of a record in a person's deed, bytes: the number of
	// a notification, the longest of them, has at most 40.
	maxEvidence = MaxNotificationNumber
	// MaxCounted is up to where what was found is counted; of more it is said that there are
	// more. Counting half a million takes longer than showing the newest fifty.
	MaxCounted = 1_000
	// MaxFeedID is the longest name of a feed: it stands in subjects and on the command line.
	MaxFeedID = 100
	// MinFeedInterval is how often a feed is looked at at most, one minute: no publisher
	// expects more, and most say an hour.
	MinFeedInterval = Micros(60_000_000)
	// MaxWords is the longest text of a deed, an answer, a review or a step of an invocation,
	// in characters: some eight pages. Forms, commands, the API and what was signed elsewhere
	// are held to the same.
	MaxWords = 16_000
	// MaxLine is the longest text that stands in a row, in characters: an option of a
	// consultation, what a remedy asks.
	MaxLine = 300
	// MaxName is the longest name of something in a case, in characters: a clock, a meeting,
	// a remedy.
	MaxName = 60
	// MaxOptions is the most options a consultation decides between.
	MaxOptions = 20
	// MaxMinutes is the most minutes of one consultation: one a day for three months.
	MaxMinutes = 100
	// MaxCallers is the most who call for one consultation: every party and forty states,
	// by two persons each.
	MaxCallers = 100
	// MaxRemedies is the most remedies one case asks for.
	MaxRemedies = 100
	// MaxMoved is the most incidents one deed puts into another case.
	MaxMoved = 200
)
