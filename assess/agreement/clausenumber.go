package agreement

import (
	"cmp"
	"regexp"
	"strings"
	"sync"

	yaml "go.yaml.in/yaml/v3"
)

// clauseNumber is what the number of a clause looks like: a name that may have brackets
// as texts number their points, such as 4.2(b).
var clauseNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._()-]{0,63}$`)
})

// citedClause reads the number of a clause and remembers to resolve it.
func (d *decoder) citedClause(n *yaml.Node, path string) string {
	id := d.text(n, path)
	switch {
	case n == nil || n.Kind != yaml.ScalarNode:
	case !clauseNumber().MatchString(id):
		d.errorf(n, path, "%q: want the number of a clause: letters, digits, dot, hyphen, underscore or round brackets, at most 64, e.g. 4.2(b)", cut(id))
	default:
		d.refs = append(d.refs, reference{n, path, "clause", id})
	}
	return id
}

// compareNumbers orders the numbers of clauses as people read them: 2 before 10, and 4.2
// before 4.2(a). Runs of digits compare by their value, all else as text.
func compareNumbers(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		var x, y string
		x, restA = leadingRun(restA)
		y, restB = leadingRun(restB)
		if c := compareRuns(x, y); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), strings.Compare(a, b))
}

// compareRuns compares two runs, of digits without their leading zeros: the longer is
// the greater number.
func compareRuns(a, b string) int {
	if digit(a[0]) && digit(b[0]) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	}
	return strings.Compare(a, b)
}

// leadingRun parts a text after its first run of digits, or of anything else.
func leadingRun(s string) (run, rest string) {
	end := 1
	for end < len(s) && digit(s[end]) == digit(s[0]) {
		end++
	}
	return s[:end], s[end:]
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
