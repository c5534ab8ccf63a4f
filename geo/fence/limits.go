package fence

// Every bound of the package, with its reason. What a document may hold is bounded by
// package geo.
const (
	// MaxZones bounds an index: the number of a zone is packed into 22 bits of a cell.
	MaxZones = 1 << 22

	// MaxCorners bounds the corners of all zones of an index: 22 bytes each with their
	// boxes, and as a rule 40 to 200 with the cells that their edges pass through.
	MaxCorners = 4_000_000

	// maxLevel bounds how often the map is halved: cells of 40 m when zones lie all around
	// the world, of 0.5 m when they fill a country.
	maxLevel = 20

	// maxGrowth bounds how many cells an edge may be listed in, as a mean over the edges of
	// any part of the map: with it memory is bounded by the number of edges alone, also for
	// a comb of edges that are all as long as the map is wide.
	maxGrowth = 16

	// maxWords bounds the code words of cells, the words of their records and those of
	// lists: 256 MiB each. Cells are cut no further once there are as many.
	maxWords = 1 << 26

	// enoughEdges is the number of edges in a cell that is not worth a further halving.
	enoughEdges = 6

	// listInline bounds the zones listed again in every cell that lies inside them; more
	// than that are kept once for all cells below.
	listInline = 64

	// pieceEdges is the number of edges in one piece of a cell: one bit each in a word.
	pieceEdges = 32
)
