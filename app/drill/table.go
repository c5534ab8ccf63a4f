package drill

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Write prints a score: every expectation, the guarantors, and how many were met.
func (r Result) Write(out io.Writer) error {
	fmt.Fprintf(out, "EXERCISE %s: %s\nagreement %s, from %s, %d records, realm %s\n\n", r.Drill, r.Title, r.Agreement, r.Start.Time().Format("2006-01-02 15:04:05 UTC"), r.Head, r.Realm)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range r.Marks {
		fmt.Fprintf(table, "%s\tline %d\t%s\t%s\n", m.word(), m.Line, m.Text, m.outcome(r))
	}
	if len(r.States) > 0 {
		fmt.Fprintf(table, "\nguarantor\talerts\tanswers\tfirst after\tsilences\tclocks met\tclocks missed\n")
	}
	for _, s := range r.States {
		after := "never"
		if s.After >= 0 {
			after = span(s.After)
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%d\t%d\t%d\n", s.State, s.Alerts, s.Answers, after, s.Silent, s.Met, s.Missed)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%d of %d expectations met\n", r.Met(), len(r.Marks))
	return err
}

func (m Mark) word() string {
	if m.Met {
		return "met"
	}
	return "MISSED"
}

func (m Mark) outcome(r Result) string {
	switch {
	case m.Met && m.At != 0:
		return "at " + Offset(r.Start, m.At)
	case m.Met:
		return ""
	}
	return m.Got
}

// span writes a length of time as people say it: 9m58s, 10m, 1h.
func span(d time.Duration) string {
	text := d.Truncate(time.Second).String()
	for _, none := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, none) {
			text = text[:len(text)-len(none)+1]
		}
	}
	return text
}
