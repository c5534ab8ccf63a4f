package moving

// Every bound of the package, with its reason.
const (
	// MaxShapes bounds zones and lines together: each is held against every track.
	MaxShapes = 1_000
	// maxName bounds a name on the page, in letters: longer ones push the table apart.
	maxName = 60
	// maxPairs bounds the pairs of tracks that are looked at for going together: those that
	// were ever near each other. A second's work.
	maxPairs = 5_000
	// maxRows bounds a table of the page: 500 rows are read, 10,000 are a file.
	maxRows = 500
	// mostColours is how many tracks stand out by colour and dash; a reader tells no more
	// apart.
	mostColours = 12
	// maxPoints bounds the places drawn on the map, a megabyte of page.
	maxPoints = 60_000
	// maxChartPoints bounds those of one line of a chart: two a unit of its width.
	maxChartPoints = 1_000
	// maxBands is how many floors and ceilings a chart shows.
	maxBands = 4
)
