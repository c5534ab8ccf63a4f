package publish

import (
	"time"

	"github.com/trucewatch/truce"
)

// Bounds and defaults. Each says why it has its value.
const (
	// PreliminaryAge is the age at publication under which a row is counted apart and
	// not listed: a second reviewer needs a day.
	PreliminaryAge = 24 * time.Hour
	// PreliminaryDelay is the time from cut-off to the earliest release: 19:30 to 10:00.
	PreliminaryDelay = 14*time.Hour + 30*time.Minute
	// SideMin is how probable a side must be before a row counts in its area of control;
	// the usual bar of a fire rule.
	SideMin truce.Probability = 0.7
	// gravest is the highest grade of severity: mass casualties (handbook, severity).
	gravest = 4
	// DefaultCoverageMin is used when the agreement names no minimum: half of the
	// planned hours.
	DefaultCoverageMin truce.Probability = 0.5

	// AnnexRows is how many annex rows a page shows unless told otherwise: a page of
	// 500 rows opens on a slow link; the JSON and CSV have them all.
	AnnexRows = 500
	// PartRows is how many rows a part tells in sentences before it points to the annex.
	PartRows = 12
	// PartItems is how many restrictions or claims a part lists before it points to the
	// JSON edition: a usual day has fewer, and a flood must not bury the rest.
	PartItems = 100
	// maxRowLinks is how many runs of rows the index of numbers links one by one.
	maxRowLinks = 40
	// radiusShare is how probably a position lies within the radius printed with it.
	radiusShare truce.Probability = 0.9
	// maxQuote is the longest quotation of somebody else's text that may be published.
	maxQuote = 200

	// DefaultCellKm is the side of a cell of the public grid; places go out in cells of
	// 1 to 5 km, and the coarsest is the default.
	DefaultCellKm = 5
	// mergeFactor is how many cells a side a merged cell has.
	mergeFactor = 4
	// DefaultKeepTogether is the least number of rows of protected reporters a cell may
	// have before it is merged.
	DefaultKeepTogether = 3
	// minKey is the least length of the secret the public ids are made with.
	minKey = 32

	// maxMapBytes is the largest map that goes out with a page: a page of a day is read on
	// a slow link, and a map is as much of it as its tables at most.
	maxMapBytes = 64 << 10

	// maxProblems is how many problems a refusal lists; the rest are counted.
	maxProblems = 50
	// maxPage is the most rows a reader hands out at once.
	maxPage = 1000
)
