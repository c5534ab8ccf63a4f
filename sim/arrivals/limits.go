package arrivals

// Bounds of a workload, checked before anything is drawn.
const (
	// MaxEvents bounds the true events: ten days of the busiest workload.
	MaxEvents = 100_000
	// MaxSensors bounds the field: the largest networks that are spoken of have 14,000.
	MaxSensors = 20_000
	// MaxNoise bounds false arrivals per true one: beyond it nothing is left to find.
	MaxNoise = 100
	// MaxWind bounds the wind, m/s: a hurricane. The speed of sound must stay above 0.
	MaxWind = 60
	// maxDraws bounds how often events are drawn again, per event wanted, until enough are
	// heard: a field of too few or dead ears never hears any.
	maxDraws = 2000
	// coordinateDecimals is how exactly places are written: seven decimals are a centimetre.
	coordinateDecimals = 7
)
