package sim

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// reportFamilies fixes the order of the report files and the prefix of their ids.
var reportFamilies = []struct {
	family truce.Family
	prefix string
}{
	{truce.FamilyAcoustic, "AC"}, {truce.FamilyCamera, "CA"}, {truce.FamilyPatrol, "PA"}, {truce.FamilyInterference, "IM"},
	{truce.FamilyDrone, "DR"}, {truce.FamilyOptical, "OP"}, {truce.FamilyCivilian, "CI"}, {truce.FamilyParty, "LI"},
}

var reportHeader = []string{"id", "time", "time_to", "lat", "lon", "sigma_m", "family", "sensor", "act", "count", "unit", "accused", "place", "text", "url"}

// reportFiles writes one file per family.
func (w *World) reportFiles(rows []row) []File {
	var out []File
	for _, f := range reportFamilies {
		var mine []row
		for _, r := range rows {
			if r.family == f.family {
				mine = append(mine, r)
			}
		}
		slices.SortStableFunc(mine, func(a, b row) int { return cmp.Compare(a.from, b.from) })
		out = append(out, w.reportFile(f.family, f.prefix, mine))
	}
	return out
}

func (w *World) reportFile(family truce.Family, prefix string, rows []row) File {
	name := "reports/exercise_" + string(family) + ".csv"
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	line := 0
	write := func(record []string) {
		line++
		// A buffer cannot fail, and no field here needs more than quoting.
		_ = out.Write(record)
	}
	write(reportHeader)
	for i, r := range rows {
		write(r.record(fmt.Sprintf("%s-%05d", prefix, i+1)))
		w.truth.credit(r.cause, RowRef{File: name, Line: line, Family: family})
	}
	if family == truce.FamilyPatrol && len(rows) > 2 {
		twice := rows[1]
		write(twice.record(prefix + "-00002"))
		id := w.nuisance(Nuisance{Kind: NuisanceDuplicate, From: twice.from, To: twice.to, Of: twice.cause, Note: "the same row twice in one file"}, twice.at)
		w.truth.credit(id, RowRef{File: name, Line: line, Family: family})
		for _, bad := range badReports {
			write(bad.fields)
			w.truth.BadRows = append(w.truth.BadRows, BadRow{File: name, Line: line, Reason: bad.reason})
		}
	}
	out.Flush()
	w.truth.Files[name] = line - 1
	return File{Name: name, Format: FormatCSV, Data: b.Bytes()}
}

// badReports are rows no decoder may accept.
var badReports = []struct {
	fields []string
	reason string
}{
	{[]string{"PA-90001", "yesterday evening", "", "-47.91", "-21.62", "500", "patrol", "PATROL-1", "indirect_fire", "2", "signature_event", "", "", "Heard two explosions.", ""}, "time is not a time"},
	{[]string{"PA-90002", "2031-03-11T12:00:00Z", "", "-47.91", "-201.62", "500", "patrol", "PATROL-1", "indirect_fire", "2", "signature_event", "", "", "Heard two explosions.", ""}, "longitude out of range"},
	{[]string{"PA-90003", "2031-03-11T12:00:00Z", "", "-47.91", "-21.62", "500", "patrol", "PATROL-1", "loud_noise", "2", "signature_event", "", "", "Heard two explosions.", ""}, "act not in the tree"},
}

func (r row) record(id string) []string {
	lat, lon, sigma, count, text := "", "", "", "", r.text
	if r.at != nil {
		p := r.at.point()
		lat, lon, sigma = number(float64(p.Lat)), number(float64(p.Lon)), number(r.sigma)
	}
	if r.count > 0 {
		count = strconv.Itoa(r.count)
		text = strings.ReplaceAll(r.text, "%d", count)
	}
	return []string{id, clockText(r.from), clockText(r.to), lat, lon, sigma, string(r.family), string(r.sensor),
		string(r.act), count, string(r.unit), string(r.accuse), r.place, text, r.url}
}

func clockText(t truce.Instant) string { return t.Time().Format("2006-01-02T15:04:05Z") }
