package thermal

// Bounds of the work, so that a hostile or broken file costs time but not the machine.
const (
	// maxLooks bounds how many earlier pixels of a cell one pixel is held against. A
	// cell of real data holds some 100 pixels within the gap.
	maxLooks = 2048
	// maxLinks bounds the links a pixel makes to earlier ones. A pixel in the middle of a
	// large fire has 8 neighbours in each of at most four passes within the gap; the
	// latest are kept.
	maxLinks = 64
	// maxSide bounds a footprint, metres. The widest real pixel is 4.8 km (MODIS at the
	// edge); what is wider than 20 km joins nothing and stays an event of its own.
	maxSide = 20_000
	// MaxLookbackDays bounds the history that is searched: ten years.
	MaxLookbackDays = 3660
)
