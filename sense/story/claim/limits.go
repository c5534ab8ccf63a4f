package claim

import "time"

// Bounds of one reading. Each is checked before the work it bounds.
const (
	// MaxText is how much of an article's text is read: long reports have some 60 kB, and
	// what follows a quarter of a megabyte is data.
	MaxText = 1 << 18
	// MaxHeadline is how much of a headline is read; what follows is body text.
	MaxHeadline = 1024
	// MaxSentence is the longest sentence; a longer one is cut at a space. Legal texts have
	// sentences of 1,500 bytes, in two bytes a letter.
	MaxSentence = 4000
	// MaxTokens is how many words of a sentence are read.
	MaxTokens = 400
	// MaxClaims is how many claims of one article are kept; a day's digest has some 60.
	MaxClaims = 500
	// maxSteps bounds the search for one pattern in one sentence, so that no text can make
	// it long.
	maxSteps = 20000
	// maxGap is the widest gap a pattern may have, in words.
	maxGap = 12
	// maxEnding is how many letters an ending may have where a word of a dictionary ends
	// in a star: Ukrainian endings of nouns and adjectives have at most five.
	maxEnding = 5
	// maxWhat is how much of a sentence is given as what somebody will do, in characters.
	maxWhat = 160
	// maxForms is how many forms of one word of a name are made.
	maxForms = 16
	// maxNameWords is the longest name of a place, in words.
	maxNameWords = 5
	// MaxPlaces is how many places a gazetteer may have: a country has some 30,000
	// settlements.
	MaxPlaces = 500_000
	// maxSpelled is the largest gazetteer whose names get their other spellings: with three more
	// for each of a country's settlements it takes some 100 MB.
	maxSpelled = 60_000
	// MaxCount is the largest number taken for a count; larger ones are sums of money.
	MaxCount = 10_000_000
	// MaxRows is how many rows of promises are made.
	MaxRows = 10_000
)

// How far words of one event may stand apart, in words. Measured on the labelled sentences:
// longer reaches found nothing more that was right.
const (
	attackReach   = 9  // a weapon and the word of attack
	countReach    = 4  // a number and what it counts
	timesReach    = 8  // a verb and "12 times"
	byReach       = 8  // an act and "by Russian forces"
	doerReach     = 5  // who did it and the verb
	launchReach   = 6  // what was shot down and the verb by which it was sent
	casualtyReach = 4  // a number of people and what befell them
	tellerReach   = 9  // the words for who speaks
	subjectReach  = 5  // a weak subject and the one it belongs to
	doubtReach    = 4  // a word of doubt and what is doubted
	truceReach    = 4  // a verb of breaking and the truce
	strikeReach   = 5  // a word of harm and what was hit
	noneReach     = 6  // an act and "was not confirmed" behind it
	placeReach    = 14 // an act and its place
	dismissReach  = 4  // a word of dismissing and the word for what others say
	coordReach    = 9  // who acts and the "and" before a second verb
)

// By what a claim's confidence is multiplied. Assumed in size; their effect is in the
// table of calibration in docs/methods/claims.md.
const (
	trustPronoun   = 0.9 // the actor is a pronoun
	trustVague     = 0.9 // "dozens of"
	trustImplied   = 0.9 // whom a party means by what it counts
	trustNoPlace   = 0.95
	trustSpliced   = 0.6 // the sentence is not whole
	trustAnonymous = 0.95
)

// Times of texts: a text with a stretch of at least dayDated has a day and no hour; how
// uncertain "the past 24 hours" are; the longest period between two times of the clock.
const (
	dayDated       = 20 * time.Hour
	sigmaBack      = 3 * time.Hour
	maxClockPeriod = 31 * 24 * time.Hour
)

// maxSpanUnits is the longest stretch taken for a period: a year in hours.
const maxSpanUnits = 8784

// minAdjectiveNoun is the longest preposition, in bytes: a longer word behind a Slavic
// adjective is what it describes.
const minAdjectiveNoun = 6

// minKeyedName is the shortest name looked up by its sound; shorter ones sound like others.
const minKeyedName = 6

// languageBytes is from how much of a text its language is told.
const languageBytes = 2000
