package geojson

// Bounds of a file of reports or of a map.
const (
	MaxFeature = 1 << 20 // bytes of one feature of a report
	MaxDepth   = 16      // a MultiPolygon in a collection nests 8 deep
	MaxNames   = 1_000   // in one object; each is remembered to refuse a second one
	// MaxShape is how far a reported line or area may reach from its centre, in metres: a
	// place within it says nothing, and a plane bends what is larger.
	MaxShape = 250_000
	// MaxMap is the largest control map in bytes. It is kept in one record as base64,
	// which must stay under 16 MiB; real maps have 60 to 100 KiB.
	MaxMap = 11 << 20
)
