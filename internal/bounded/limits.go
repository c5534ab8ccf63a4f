package bounded

// Default bounds; each reader takes its own where a format needs less or more.
const (
	// MaxRow is the longest CSV row in bytes: far beyond any table people keep, and
	// twice this is all a CSV reader holds in memory.
	MaxRow = 1 << 20
	// MaxField is the longest CSV field in bytes: a long article fits.
	MaxField = 256 << 10
	// MaxColumns bounds the columns of a row; the widest open table seen has 60.
	MaxColumns = 1 << 10
	// MaxQuotedLines bounds the lines one CSV row may span, so that a quote that is
	// never closed costs that row and not the rest of the file.
	MaxQuotedLines = 1 << 10

	// MaxDepth bounds nesting in JSON and YAML; GeoJSON needs 8.
	MaxDepth = 64
	// MaxValue is the largest JSON value that is read in one piece.
	MaxValue = 4 << 20
	// MaxNames bounds the names of one JSON object, which are remembered to refuse a
	// duplicate: 64 Ki names take about 4 MiB.
	MaxNames = 64 << 10

	// MaxAttributes bounds the attributes of one XML element; those of documents have ten.
	MaxAttributes = 256

	// MaxYAML is the largest YAML document: ours are configurations and the headers of
	// posts, a few KiB.
	MaxYAML = 1 << 20
	// MaxNodes bounds the nodes of a YAML document after aliases are followed.
	MaxNodes = 100_000
	// MaxAliases bounds how often a YAML document may repeat an anchored part.
	MaxAliases = 100

	// MaxUnpacked is the most a compressed input may unpack to (4 GiB): a year of
	// detections over a continent is a tenth of it, and it is streamed.
	MaxUnpacked = 4 << 30
	// MaxRatio is how many times its own size a compressed input may become. Tables
	// reach 20, JSON 40; DEFLATE itself ends at 1,032.
	MaxRatio = 200
	// RatioSlack is what may unpack before the ratio is looked at, since a short input
	// has no meaningful ratio.
	RatioSlack = 1 << 20
)
