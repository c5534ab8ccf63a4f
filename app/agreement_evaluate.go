package app

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

// eventColumns are the columns of an events file; to, sigma_m and detail may be missing.
var eventColumns = []string{"id", "time", "to", "lat", "lon", "sigma_m", "what", "detail"}

// findingColumns are the columns of what comes out.
var findingColumns = []string{"id", "rule", "verdict", "p", "reason", "unit", "count", "counted_under", "severity", "effect_side", "origin_side"}

func (c *cli) agreementEvaluateCommand() *cobra.Command {
	var events, out, known string
	cmd := &cobra.Command{
		Use: "evaluate DIR --events FILE", Short: "Hold the events of a file against an agreement", Args: cobra.ExactArgs(1),
		Long: "Reads a table with the columns " + strings.Join(eventColumns, ", ") + " and writes one row for each event and rule\n" +
			"that is not plainly outside. what is an act or words of the test language (explosion impact), detail the rest of such a\n" +
			"line (weapon 152mm from side B seen by drone, camera). An output that ends in .json holds one event a line, with traces.\n" +
			"Rows that cannot be read are listed, left out and make the exit code 1.",
		Example: "  truce agreement evaluate mission/agreement --events events.csv --out findings.csv",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.runAgreementEvaluate(cmd, args[0], events, out, known)
		},
	}
	cmd.Flags().StringVar(&events, "events", "", "file of events, - for standard input (needed)")
	cmd.Flags().StringVar(&out, "out", "-", "file of findings, .csv or .json; - for a table on standard output")
	cmd.Flags().StringVar(&known, "known-at", "", "only lines, lists and windows known by this time (RFC 3339)")
	must(cmd.MarkFlagRequired("events"))
	return cmd
}

// evaluated is one event with what the rules say of it.
type evaluated struct {
	ID       string          `json:"id"`
	Findings []truce.Finding `json:"findings"`
}

func (c *cli) runAgreementEvaluate(cmd *cobra.Command, dir, events, out, known string) error {
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	g, err := t.Geometry(nil)
	if err != nil {
		return err
	}
	knownAt := truce.Instant(0)
	if known != "" {
		if err := knownAt.UnmarshalText([]byte(known)); err != nil {
			return usageError(cmd, "--known-at: %w", err)
		}
	}
	ids, incidents, refused, err := c.readEvents(t.Agreement, events)
	if err != nil {
		return err
	}
	asJSON := strings.HasSuffix(out, ".json") || strings.HasSuffix(out, ".jsonl")
	list := evaluateAll(g, incidents, knownAt, asJSON)
	if err := c.writeFindings(out, asJSON, ids, list); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%d events evaluated, %d rows left out\n", len(incidents), len(refused))
	for _, e := range refused[:min(len(refused), 20)] {
		fmt.Fprintf(c.err, "  %s\n", plainCell(e.Error()))
	}
	if len(refused) > 0 {
		return errQuiet
	}
	return nil
}

// readEvents reads the table. A row that cannot be read is left out and listed.
func (c *cli) readEvents(terms *agreement.Agreement, file string) (ids []string, incidents []truce.Incident, refused []error, err error) {
	in := c.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, nil, nil, truce.Errorf(truce.CodeNotFound, "%s: the events cannot be read: %w", file, err)
		}
		defer f.Close()
		in = f
	}
	name := filepath.Base(file)
	r := csv.NewReader(in)
	r.ReuseRecord, r.FieldsPerRecord = true, -1
	head, err := r.Read()
	if err != nil {
		return nil, nil, nil, truce.Errorf(truce.CodeInvalid, "%s: want a table whose first line names the columns %s", name, strings.Join(eventColumns, ","))
	}
	at, err := eventHeader(name, head)
	if err != nil {
		return nil, nil, nil, err
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return ids, incidents, refused, nil
		}
		if err != nil {
			return nil, nil, nil, truce.Errorf(truce.CodeInvalid, "%s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		id, in, bad := readEvent(terms, name, line, row, at)
		if bad != nil {
			refused = append(refused, bad)
			continue
		}
		ids, incidents = append(ids, id), append(incidents, in)
	}
}

// eventHeader finds the columns; a file without the needed ones is refused.
func eventHeader(name string, head []string) (map[string]int, error) {
	at := map[string]int{}
	for i, column := range head {
		column = strings.TrimSpace(strings.TrimPrefix(column, "\ufeff"))
		if !slices.Contains(eventColumns, column) {
			return nil, truce.Errorf(truce.CodeInvalid, "%s:1: column %q is not known%s", name, column, agreement.DidYouMean(column, eventColumns))
		}
		at[column] = i
	}
	for _, needed := range []string{"id", "time", "what"} {
		if _, ok := at[needed]; !ok {
			return nil, truce.Errorf(truce.CodeInvalid, "%s:1: the column %s is missing; the columns are %s", name, needed, strings.Join(eventColumns, ","))
		}
	}
	return at, nil
}

// readEvent turns a row into a line of the test language and reads that.
func readEvent(terms *agreement.Agreement, name string, line int, row []string, at map[string]int) (string, truce.Incident, error) {
	cell := func(column string) string {
		if i, ok := at[column]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	text := cell("time")
	if to := cell("to"); to != "" {
		text += " to " + to
	}
	text += " " + cell("what")
	switch lat, lon := cell("lat"), cell("lon"); {
	case lat != "" && lon != "":
		text += " " + lat + "," + lon
		if sigma := cell("sigma_m"); sigma != "" {
			text += " ±" + sigma + "m"
		}
	case lat+lon != "":
		return "", truce.Incident{}, fmt.Errorf("%s:%d: a place has both lat and lon: give both or neither", name, line)
	}
	in, bad := trial.ParseEvent(terms, name, line, text+" "+cell("detail"))
	if bad != nil {
		return "", in, fmt.Errorf("%s:%d: %s (read as: %s)", name, line, bad.Text, text+" "+cell("detail"))
	}
	id := strings.Clone(cell("id"))
	in.ID = truce.NewID(in.Time.From, "evaluate", name, []byte(strconv.Itoa(line)+"/"+id))
	return id, in, nil
}

// evaluateAll evaluates on every core; the order is that of the file.
func evaluateAll(g *agreement.Geometry, incidents []truce.Incident, known truce.Instant, traces bool) []truce.Evaluation {
	counted := make([]agreement.Counted, len(incidents))
	var wait sync.WaitGroup
	for part := range slices.Chunk(indices(len(incidents)), max(1, (len(incidents)+runtime.NumCPU()-1)/runtime.NumCPU())) {
		wait.Go(func() {
			for _, i := range part {
				counted[i] = agreement.Counted{Incident: incidents[i], Evaluation: g.Evaluate(agreement.Input{
					Incident: incidents[i], KnownAt: known, NoTrace: !traces,
				})}
			}
		})
	}
	wait.Wait()
	return g.CountTogether(counted)
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (c *cli) writeFindings(file string, asJSON bool, ids []string, list []truce.Evaluation) (err error) {
	out := c.out
	if file != "-" {
		f, err := os.Create(file)
		if err != nil {
			return truce.Errorf(truce.CodeInvalid, "%s: cannot be written: %w", file, err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	if asJSON {
		for i, e := range list {
			if err := printJSONLine(out, evaluated{ids[i], e.Findings}); err != nil {
				return err
			}
		}
		return nil
	}
	w := csv.NewWriter(out)
	if err := w.Write(findingColumns); err != nil {
		return err
	}
	for i, e := range list {
		for _, f := range e.Findings {
			if f.Verdict == truce.VerdictOutside && !f.ClaimsExempt {
				continue
			}
			if err := w.Write([]string{neutralCell(ids[i]), string(f.Rule), string(f.Verdict), strconv.FormatFloat(float64(f.P), 'f', 4, 64), string(f.Reason),
				string(f.Unit), strconv.Itoa(f.Count), string(f.CountedUnder), strconv.Itoa(f.Severity), sideText(f.EffectSide), sideText(f.OriginSide)}); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

// sideText lists shares: A 0.10 B 0.90; empty when nothing is known.
func sideText(shares []truce.SideShare) string {
	parts := make([]string, len(shares))
	for i, s := range shares {
		parts[i] = fmt.Sprintf("%s %.2f", s.Party, float64(s.P))
	}
	return strings.Join(parts, " ")
}
