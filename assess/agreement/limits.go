package agreement

// Bounds of an agreement directory. Each is checked before the work it bounds.
const (
	// MinYear and MaxYear bound every time of an agreement and its tests: the oldest terms
	// anybody evaluates are of the nineteenth century, and a slip of the keys falls far out.
	MinYear, MaxYear = 1800, 2200
	// MaxFiles bounds the files of a directory: 7 folders of some hundred clauses each.
	MaxFiles = 1000
	// MaxTotalBytes bounds their sum. In a record the bytes are base64, a third longer,
	// and must stay under truce.MaxBody with the names.
	MaxTotalBytes = 11 << 20
	// MaxNameBytes bounds a file's name.
	MaxNameBytes = 200
	// MaxLinks bounds the symbolic links from a name to its file, so that no ring of them
	// goes on for ever; a mounted directory has two.
	MaxLinks = 8
	// MaxYAMLBytes bounds agreement.yaml before it is parsed. The node tree takes about
	// 100 times its text at worst.
	MaxYAMLBytes = 512 << 10
	// MaxYAMLDepth bounds nesting; the deepest field of the language lies at 7.
	MaxYAMLDepth = 16
	// MaxYAMLNodes bounds the values of agreement.yaml together.
	MaxYAMLNodes = 100_000
	// MaxClauseBytes bounds one clause text: some 10 printed pages.
	MaxClauseBytes = 64 << 10
	// MaxProblems bounds the list a refused agreement is answered with; a person mends
	// the first and asks again.
	MaxProblems = 50
	// MaxEntries bounds each list of the agreement (rules, areas, windows, ...), so that an
	// evaluation stays bounded as well.
	MaxEntries = 500
	// MaxDrawn bounds the lists of zones and sites, which registers fill by the thousand. A
	// rule that names 5,000 of them is asked of an incident in some 50 ms.
	MaxDrawn = 20_000
	// MaxControlMaps bounds the map versions compiled into one geometry: a daily map for
	// five years. A derived line of 3,000 vertices takes about 1 MiB a version.
	MaxControlMaps = 2000
	// MaxConditionBytes bounds a condition in CEL: some ten comparisons.
	MaxConditionBytes = 2000
	// MaxConditionDepth bounds its nesting; people cannot read more than half of it.
	MaxConditionDepth = 32
	// MaxConditionCost bounds what a condition may cost, in steps of CEL, about 8 ms: a loop
	// within a loop, not three. The check refuses what could cost more with 64 entries in
	// every list; an incident with more of them is asked up to the same bound and no further.
	MaxConditionCost = 80_000
	// MaxCrossingTests bounds the pairs of edges compared to find where a line crosses
	// itself, some 0.1 s: every pair of 3,000 edges, far more of edges that lie apart.
	MaxCrossingTests = 5_000_000
)
