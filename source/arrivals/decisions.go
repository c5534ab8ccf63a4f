package arrivals

import (
	"io"
	"strings"
)

// DecisionsShape is the header of a table of decisions. Columns may stand in any order, others,
// such as who decided and why, are passed over, and others may be left out.
const DecisionsShape = "decision,arrivals,others"

// Verdict is what a person decided of arrivals.
type Verdict uint8

// The verdicts, as the table names them.
const (
	Excluded Verdict = iota + 1 // excluded: the arrivals are of no event
	Apart                       // apart: none of the arrivals is of the same event as any of the others
	Together                    // together: all of the arrivals are of one event
)

// Decision is a row of it. Arrivals are named by their ids, with spaces between.
type Decision struct {
	Verdict          Verdict
	Arrivals, Others []string
}

// ReadDecisions reads such a table. Rows that cannot be used are counted and left out; the error
// is of the file as a whole.
func ReadDecisions(src io.Reader) ([]Decision, Rejects, error) {
	var d decisionTable
	t, err := open(src, DecisionsShape, []column{{"decision", &d.verdict, false}, {"arrivals", &d.arrivals, false}, {"others", &d.others, true}})
	if err != nil {
		return nil, Rejects{}, err
	}
	d.table = t
	return rows(t, MaxDecisions, "decisions", d.read)
}

type decisionTable struct {
	*table
	verdict, arrivals, others int
}

func (d *decisionTable) read() (out Decision, err error) {
	if err := d.next(); err != nil {
		return out, err
	}
	out.Arrivals, out.Others = strings.Fields(string(d.field(d.arrivals))), strings.Fields(string(d.field(d.others)))
	least := 1
	switch verdict := string(d.field(d.verdict)); verdict {
	case "excluded":
		out.Verdict = Excluded
	case "apart":
		out.Verdict = Apart
	case "together":
		out.Verdict, least = Together, 2
	default:
		return out, d.refuse("unknown decision", "decision %q is none of excluded, apart and together", verdict)
	}
	if len(out.Arrivals) < least {
		return out, d.refuse("too few arrivals", "arrivals names %d, and %s takes %d: write their ids with spaces between", len(out.Arrivals), d.field(d.verdict), least)
	}
	if apart := out.Verdict == Apart; apart != (len(out.Others) > 0) {
		return out, d.refuse("bad others", "others stands there with apart, and only with it: the arrivals that are of another event")
	}
	return out, nil
}
