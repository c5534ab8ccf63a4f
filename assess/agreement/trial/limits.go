package trial

// Bounds of test files, each checked before the work it bounds.
const (
	// MaxFileBytes bounds one file: some 10,000 lines.
	MaxFileBytes = 1 << 20
	// MaxLineBytes bounds one line.
	MaxLineBytes = 4 << 10
	// MaxTests bounds the tests of a file.
	MaxTests = 5000
	// MaxEvents bounds the events of a test: a crowded day.
	MaxEvents = 2000
	// MaxLadderLines bounds the lines of a test that speak of the response ladder: it is
	// run anew for each expectation, over all of them.
	MaxLadderLines = 200
	// MaxStepsShown bounds the steps of a case that a failure prints: two screens.
	MaxStepsShown = 60
	// MaxStates bounds the guarantors of a test.
	MaxStates = 50
	// MaxLinePoints bounds a line drawn in a test.
	MaxLinePoints = 500
)
