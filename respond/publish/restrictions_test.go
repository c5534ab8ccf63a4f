package publish

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// Every act of the access group is a restriction of a known kind, and no other act is one.
func TestKindsOfRestrictions(t *testing.T) {
	kinds := []string{restrictionDenial, restrictionDelay, restrictionConditional, restrictionInterference, restrictionAttack}
	seen := map[string]bool{}
	for _, g := range truce.ActGroups() {
		for _, a := range g.Acts() {
			kind := kindOfRestriction(a)
			if (g == truce.GroupAccess) != slices.Contains(kinds, kind) {
				t.Errorf("%s of %s is %q", a, g, kind)
			}
			seen[kind] = true
		}
	}
	if len(seen) != len(kinds)+1 {
		t.Errorf("kinds %v", seen)
	}
	for a, want := range map[truce.Act]string{truce.ActDenyAccess: restrictionDenial, "delay_access": restrictionDelay, truce.ActJamGNSS: restrictionInterference,
		"cut_power": restrictionInterference, "fire_at_monitor": restrictionAttack, truce.ActIndirectFire: "", "": ""} {
		if got := kindOfRestriction(a); got != want {
			t.Errorf("%s is %q, want %q", a, got, want)
		}
	}
}

func accessRow(act truce.Act, means ...truce.Family) truce.BulletinRow {
	lat, cell := 1.5, truce.GridCell{ID: "G5-1-2"}
	from := at("2026-04-11T03:00:00Z")
	return truce.BulletinRow{N: 3, Act: act, Means: means, Area: "south", Occurrence: truce.OccurrenceDetected,
		Place: truce.RowPlace{Name: "Two Wells", Cell: &cell, WithinKm: 10, Lat: &lat, Lon: &lat, RadiusM: 700},
		Time:  truce.PhenomenonTime{From: from, To: from.Add(52 * time.Minute)}}
}

// A restriction has the row's area and cell, its length rounded up, and an asset only where
// it is the mission's own that tells.
func TestRestrictionsAreMadeOfRows(t *testing.T) {
	for _, c := range []struct {
		row   truce.BulletinRow
		asset string
	}{
		{accessRow(truce.ActDenyAccess, truce.FamilyMedia, truce.FamilyPatrol), "patrol"},
		{accessRow("conditional_access", truce.FamilyDrone), "drone"},
		{accessRow(truce.ActDenyAccess, truce.FamilyCivilian), ""},
		{accessRow(truce.ActJamGNSS, truce.FamilyPatrol, truce.FamilyInterference), ""},
	} {
		got := restrictionsOf([]truce.BulletinRow{c.row})
		if len(got) != 1 {
			t.Fatalf("%s: %d restrictions", c.row.Act, len(got))
		}
		r := got[0]
		if r.Asset != c.asset || r.Row != 3 || r.Area != "south" || r.AffectedHours != 0.9 || r.Place != "" {
			t.Errorf("%s: %+v, want asset %q", c.row.Act, r, c.asset)
		}
		if p := *r.Where; p.Cell.ID != "G5-1-2" || p.WithinKm != 10 || p.Lat != nil || p.RadiusM != 0 || p.Name != "" {
			t.Errorf("%s: its place is %+v", c.row.Act, p)
		}
	}
	refuted := accessRow(truce.ActDenyAccess, truce.FamilyPatrol)
	refuted.Occurrence = truce.OccurrenceRefuted
	if got := restrictionsOf([]truce.BulletinRow{refuted, {N: 1, Act: truce.ActIndirectFire, Occurrence: truce.OccurrenceDetected}}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// Interference is an area in every sentence of both languages: no position, no author.
func TestInterferenceIsAnArea(t *testing.T) {
	in := fixtureInput()
	in.Rows[6].Incident.Acts[0].Act = truce.ActJamGNSS
	in.Rows[6].Incident.Families = []truce.Family{truce.FamilyInterference}
	b := mustDaily(t, in)
	for lang, says := range map[string]string{"en": "interference, of which only the area is known", "uk": "завади, відомий лише район"} {
		for _, doc := range printed(t, b, lang) {
			_, after, _ := strings.Cut(string(doc.Body), `id="restriction-row-7"`)
			sentence, _, _ := strings.Cut(after, "\n")
			if !strings.Contains(sentence, says) || strings.Contains(sentence, "-37.05") || strings.Contains(sentence, "Party") || strings.Contains(sentence, "Сторон") {
				t.Errorf("%s %s: %s", lang, doc.Format, sentence)
			}
			for _, p := range Lint(b, doc) {
				t.Errorf("%s %s: %s", lang, doc.Format, p)
			}
		}
	}
}

// A flood of restrictions is bounded in print and whole in the bulletin.
func TestAFloodOfRestrictionsIsBounded(t *testing.T) {
	in := fixtureInput()
	denied := in.Rows[6]
	for i := range PartItems + 7 {
		more := denied
		more.Incident.ID[15], more.Incident.ID[14] = byte(i), byte(i>>8)
		in.Rows = append(in.Rows, more)
	}
	b := mustDaily(t, in)
	doc := printed(t, b, "en")[0]
	if n := strings.Count(string(doc.Body), `id="restriction-`); n != PartItems || len(b.Restrictions) < PartItems+7 {
		t.Errorf("%d printed of %d", n, len(b.Restrictions))
	}
	if !strings.Contains(string(doc.Body), "Not printed here, but in the JSON edition: ") {
		t.Error("the page does not say that there are more")
	}
}
