package moving

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/tracking"
	"github.com/trucewatch/truce/geo"
)

// PassagesShape is the header of passages.csv.
const PassagesShape = "track,kind,name,probability,entry,entry_sigma_s,exit,exit_sigma_s,already,still,to_side,altitude"

// passage is a visit of a zone or a crossing of a line, as both are told.
type passage struct {
	track          int
	line           bool
	name           string
	chance         float64
	entry, exit    truce.PhenomenonTime
	already, still float64
	side           geo.Side // that a line was crossed to
	unknown        bool     // the altitude
	order          truce.Instant
}

// passages are visits and crossings together, by time.
func (f *Findings) passages() []passage {
	begins := map[int]truce.Instant{}
	for i := range f.Tracks {
		if len(f.Tracks[i].States) > 0 {
			begins[f.Tracks[i].Number] = f.Tracks[i].States[0].Time
		}
	}
	var out []passage
	for _, v := range f.Visits {
		out = append(out, passage{track: v.Track, name: v.Zone, chance: v.Chance, entry: v.Entry, exit: v.Exit, already: v.Already, still: v.Still, unknown: v.AltitudeUnknown})
	}
	for _, c := range f.Crossings {
		out = append(out, passage{track: c.Track, line: true, name: c.Line, chance: c.Chance, entry: c.Over, exit: c.Back, still: c.Stayed, side: c.To})
	}
	for i := range out {
		out[i].order = out[i].entry.From
		if out[i].order == 0 {
			out[i].order = begins[out[i].track]
		}
	}
	slices.SortStableFunc(out, func(a, b passage) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.track, b.track), cmp.Compare(a.name, b.name))
	})
	return out
}

// Passages is passages.csv: a row for each stay in a zone and each crossing of a line, by time.
// cell writes a stranger's text as a field.
func (f *Findings) Passages(cell func(out, text []byte) []byte) []byte {
	out := append([]byte(nil), PassagesShape+"\n"...)
	for _, p := range f.passages() {
		kind, side, altitude := "zone", "", ""
		if p.line {
			kind, side = "line", p.side.String()
		}
		if p.unknown {
			altitude = "unknown"
		}
		out = append(append(append(append(out, tracking.Name(p.track)...), ','), kind...), ',')
		out = append(cell(out, []byte(p.name)), ',')
		out = strconv.AppendFloat(out, p.chance, 'f', 4, 64)
		out = moment(moment(out, p.entry), p.exit)
		out = strconv.AppendFloat(append(out, ','), p.already, 'f', 4, 64)
		out = strconv.AppendFloat(append(out, ','), p.still, 'f', 4, 64)
		out = append(out, strings.Join([]string{"", side, altitude}, ",")+"\n"...)
	}
	return out
}

// moment writes a time and its sigma in seconds, both empty where there is none.
func moment(out []byte, at truce.PhenomenonTime) []byte {
	if at.From == 0 {
		return append(out, ",,"...)
	}
	out, _ = at.From.AppendText(append(out, ',')) // it cannot fail
	return strconv.AppendFloat(append(out, ','), float64(at.Sigma)/1e6, 'f', 2, 64)
}
