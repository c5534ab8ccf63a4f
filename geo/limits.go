package geo

// Every bound of the package, with its reason. A refusal names the bound and its value.
const (
	// MaxGeoJSONBytes bounds a document before it is decoded. The largest real control
	// maps are below 1 MiB.
	MaxGeoJSONBytes = 64 << 20

	// MaxGeoJSONDepth bounds nesting before anything below it is read. A MultiPolygon in
	// a FeatureCollection needs 8.
	MaxGeoJSONDepth = 32

	// MaxFeatures bounds a collection. A feature costs about 200 bytes besides its vertices.
	MaxFeatures = 100_000

	// MaxFeatureVertices bounds one feature: 16 bytes a vertex as it is read, 120 in the
	// edge index, and well under a second for the search for crossings.
	MaxFeatureVertices = 100_000

	// MaxVertices bounds a whole collection: 16 MB of positions.
	MaxVertices = 1_000_000

	// MaxPropertyBytes bounds the text of one feature's properties and of each foreign
	// member. Decoded JSON may be 35 times its text.
	MaxPropertyBytes = 64 << 10

	// MaxMembers bounds the members of a document, feature or geometry; RFC 7946 needs 5.
	MaxMembers = 100

	// MaxIDBytes bounds ids, type names and member names.
	MaxIDBytes = 256

	// MaxNumberBytes bounds one numeral; 17 digits say all a double holds.
	MaxNumberBytes = 64

	// MaxTouches bounds how often rings may meet in one point; every pair is compared.
	MaxTouches = 16

	// CoordinateDecimals is the grid that coordinates are read and written on: 1e-7 of a
	// degree, at most 8 mm from what the file says. On the grid every comparison is exact
	// in 64-bit integers, and what is written reads back the same.
	CoordinateDecimals = 7

	// MaxRingPoints bounds the points of a drawn ellipse: one for every tenth of a degree.
	MaxRingPoints = 3600

	// MaxOutlineCells bounds the raster that a band is outlined on, in cells a side.
	MaxOutlineCells = 1000

	// maxOutlineWidth bounds a band to be outlined: beyond it a raster in degrees shows
	// nothing that is true.
	maxOutlineWidth Metres = 1_000_000

	// maxTraceSteps bounds how often the edge of an area of control is looked at.
	maxTraceSteps = 1_000_000

	// MaxOverlayPairs and MaxOverlayCrossings bound the overlay of two areas: pairs of
	// edges whose boxes meet, 0.1 us each, and places where edges cross, some 500 bytes
	// each. Real control maps have 10,000 and 200.
	MaxOverlayPairs     = 5_000_000
	MaxOverlayCrossings = 200_000

	// MaxCoverCells bounds a cover of look-up cells: 512 KiB, and already far beyond what
	// a database query should list.
	MaxCoverCells = 1 << 16
)
