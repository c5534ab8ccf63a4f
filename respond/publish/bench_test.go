package publish

import (
	"fmt"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// largeDay is a day of n incidents over twenty areas, as spread out as a day can be.
func largeDay(n int) DailyInput {
	in := fixtureInput()
	in.Rows = make([]truce.IncidentRow, 0, n)
	in.Terms.Areas = nil
	for a := range 20 {
		id := fmt.Sprintf("area-%02d", a)
		in.Terms.Areas = append(in.Terms.Areas, truce.BulletinArea{ID: truce.AreaID(id), Names: truce.Names{"en": id, "uk": id}})
	}
	acts := []truce.Act{truce.ActIndirectFire, truce.ActHeat, truce.ActExplosion, truce.ActDirectFire, truce.ActDenyAccess}
	base := incidentOf{"", "2026-04-10T17:00:00Z", "", truce.OccurrenceDetected, "", "", -36.9, -12.3, 900, truce.FamilyAcoustic, "array",
		[]truce.Finding{hit("R01", truce.UnitEngagement, 1, "A"), verdict("R10", truce.VerdictOutside, truce.ReasonAct)}, nil}.row()
	for i := range n {
		r := base
		start := at("2026-04-10T17:00:00Z").Add(time.Duration(i) * 12 * time.Hour / time.Duration(n))
		r.Incident.ID = truce.NewID(start, "incident", "bench", []byte(fmt.Sprint(i)))
		r.Incident.Time = truce.Moment(start, 30*time.Second)
		r.Incident.Area = in.Terms.Areas[i%20].ID
		r.Incident.Acts = []truce.ActWeight{{Act: acts[i%len(acts)], P: 0.9}}
		in.Rows = append(in.Rows, r)
	}
	return in
}

func TestALargeDayHoldsTogether(t *testing.T) {
	b := mustDaily(t, largeDay(3000))
	doc, err := HTML(b, PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Lint(b, doc) {
		t.Error(p)
	}
	all, err := HTML(b, PrintOptions{AnnexRows: -1})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Body) < 3*len(doc.Body) {
		t.Errorf("all rows take %d bytes, %d rows %d bytes", len(all.Body), AnnexRows, len(doc.Body))
	}
}

// BenchmarkDaily100k freezes a day of 100,000 incidents and prints it as HTML.
func BenchmarkDaily100k(b *testing.B) {
	in := largeDay(100_000)
	b.ReportAllocs()
	for b.Loop() {
		bulletin, err := Daily(in)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := HTML(bulletin, PrintOptions{CSVURL: "d.csv", JSONURL: "d.json"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJSON100k writes the same day as canonical JSON.
func BenchmarkJSON100k(b *testing.B) {
	bulletin := mustDaily(b, largeDay(100_000))
	b.ReportAllocs()
	for b.Loop() {
		raw, err := JSON(bulletin)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(raw)))
	}
}
