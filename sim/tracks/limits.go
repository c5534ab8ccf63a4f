package tracks

// Bounds of a workload, checked before anything is drawn.
const (
	// MaxTargets bounds the objects: ten times the busiest workload.
	MaxTargets = 10_000
	// MaxClutter bounds the plots of nothing in a scan.
	MaxClutter = 50_000
	// MaxScans bounds a run: three hours of a scan a second.
	MaxScans = 10_000
	// coordinateDecimals is how exactly places are written: seven decimals are a centimetre.
	coordinateDecimals = 7
)
