package sim

// Bounds of the world. Each is checked before anything is made.
const (
	// MaxDays bounds an exercise and its history: two months of files are about 200.
	MaxDays = 60
	// MaxScale bounds the happenings: 2,000 times the default is about 150,000 in
	// three days, 60 MB of files, more than any load test asks for.
	MaxScale = 2000
	// coordinateDecimals is how exactly places are drawn: five decimals are about a
	// metre, finer than anything the world claims to know.
	coordinateDecimals = 5
	// placeTries is how often a random place is drawn again when it falls into the
	// sea or on the wrong side; after that the last draw stands.
	placeTries = 40
	// maxShots bounds the bangs that the field of ears hears: some ten arrivals each, 50 MB of
	// files. Of a busier world every so many are heard.
	maxShots = 60_000
	// crowdTries is how often it is drawn again for being near another happening:
	// enough at scale 1, and no waste where the island is full.
	crowdTries = 8
)
