package gpx

const (
	// maxDepth bounds the nesting of elements; extensions of a point reach 8.
	maxDepth = 32
	// maxToken is the longest tag or text; descriptions with pictures in them stay under it.
	maxToken = 1 << 20
	// maxName is how much of a track's name is kept, in bytes.
	maxName = 200
	// maxSpeed and maxHDOP bound what a point may state: what is above is no measurement.
	maxSpeed = 12_000 // m/s
	maxHDOP  = 1_000
	// maxSatellites bounds the satellites of a fix; receivers of all systems track under 100.
	maxSatellites = 200
)
