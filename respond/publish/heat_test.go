package publish

import (
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// besideHeat is a day with one incident more: a named act from some families.
func besideHeat(t *testing.T, occurrence truce.Occurrence, act truce.Act, families ...truce.Family) (truce.Bulletin, truce.BulletinRow) {
	t.Helper()
	in := fixtureInput()
	extra := incidentOf{"beside-heat", "2026-04-11T01:00:00Z", act, occurrence, "north", "", -36.9, -12.3, 900, truce.FamilyMedia, "hotline", nil, nil}.row()
	extra.Incident.Families = families
	extra.Incident.P, extra.Incident.Acts = 0.999, []truce.ActWeight{{Act: act, P: 0.65}, {Act: truce.ActHeat, P: 0.3}}
	in.Rows = append(in.Rows, extra)
	b := mustDaily(t, in)
	for _, r := range b.Rows {
		if r.ID == extra.Incident.ID.String() {
			return b, r
		}
	}
	t.Fatal("the incident has no row")
	return b, truce.BulletinRow{}
}

// An act that is told, beside heat that satellites saw, is reported and as probable as the
// act; with an instrument that can see acts, or with agreement found, nothing changes.
func TestHeatBesideAStatementIsNoDetectedAct(t *testing.T) {
	const told, whole = 0.64935, 0.999 // 0.999 * 0.65, and that something happened
	for _, c := range []struct {
		occurrence truce.Occurrence
		act        truce.Act
		families   []truce.Family
		want       truce.Occurrence
		p          float64
	}{
		{truce.OccurrenceDetected, truce.ActOWAUAV, []truce.Family{truce.FamilyMedia, truce.FamilyThermal}, truce.OccurrenceReported, told},
		{truce.OccurrenceDetected, truce.ActExplosion, []truce.Family{truce.FamilyCivilian, truce.FamilyThermal}, truce.OccurrenceReported, told},
		{truce.OccurrenceDetected, truce.ActIndirectFire, []truce.Family{truce.FamilyCivilian, truce.FamilyMedia, truce.FamilyParty, truce.FamilyThermal}, truce.OccurrenceReported, told},
		{truce.OccurrenceCorroborated, truce.ActOWAUAV, []truce.Family{truce.FamilyMedia, truce.FamilyThermal}, truce.OccurrenceCorroborated, whole},
		{truce.OccurrenceCorroborated, truce.ActOWAUAV, []truce.Family{truce.FamilyAcoustic, truce.FamilyMedia, truce.FamilyThermal}, truce.OccurrenceCorroborated, whole},
		{truce.OccurrenceVerified, truce.ActOWAUAV, []truce.Family{truce.FamilyMedia, truce.FamilyThermal}, truce.OccurrenceVerified, whole},
		{truce.OccurrenceDetected, truce.ActOWAUAV, []truce.Family{truce.FamilyAcoustic, truce.FamilyThermal}, truce.OccurrenceDetected, whole},
		{truce.OccurrenceDetected, truce.ActOWAUAV, []truce.Family{truce.FamilyMedia, truce.FamilyPatrol, truce.FamilyThermal}, truce.OccurrenceDetected, whole},
		{truce.OccurrenceDetected, truce.ActHeat, []truce.Family{truce.FamilyMedia, truce.FamilyThermal}, truce.OccurrenceDetected, whole},
		{truce.OccurrenceReported, truce.ActOWAUAV, []truce.Family{truce.FamilyMedia}, truce.OccurrenceReported, whole},
	} {
		b, row := besideHeat(t, c.occurrence, c.act, c.families...)
		if row.Occurrence != c.want || math.Abs(float64(row.P)-c.p) > 1e-6 {
			t.Errorf("%s %s by %v: %s with %v, want %s with %v", c.occurrence, c.act, c.families, row.Occurrence, row.P, c.want, c.p)
		}
		for _, p := range LintRows(b) {
			t.Errorf("%s %s by %v: %s", c.occurrence, c.act, c.families, p)
		}
	}
}

func TestHeatBesideAStatementIsCountedAsReported(t *testing.T) {
	with, _ := besideHeat(t, truce.OccurrenceDetected, truce.ActOWAUAV, truce.FamilyMedia, truce.FamilyThermal)
	without := mustDaily(t, fixtureInput())
	for i, s := range tableNamed(t, with, "fire").Splits {
		n := tableNamed(t, with, "fire").Total.Cells[i].This.N - tableNamed(t, without, "fire").Total.Cells[i].This.N
		if want := map[string]int{string(truce.OccurrenceReported): 1}[s.Key]; n != want {
			t.Errorf("%s: %d acts of fire more, want %d", s.Key, n, want)
		}
	}
}

func TestHeatBesideAStatementInWords(t *testing.T) {
	b, _ := besideHeat(t, truce.OccurrenceDetected, truce.ActOWAUAV, truce.FamilyMedia, truce.FamilyThermal)
	for lang, wants := range map[string][]string{
		"en": {"one-way drone, reported by media; heat detected by satellites;", "Occurrence: reported, likely (0.65)."},
		"uk": {"ударний дрон одноразової дії, за повідомленнями (медіа); супутники зафіксували тепло;", "повідомлено, імовірно (0,65)."},
	} {
		for _, doc := range printed(t, b, lang) {
			for _, want := range wants {
				if !strings.Contains(plainSpaces(string(doc.Body)), want) {
					t.Errorf("%s %s lacks %q", lang, doc.Format, want)
				}
			}
			for _, p := range Lint(b, doc) {
				t.Errorf("%s %s: %s", lang, doc.Format, p)
			}
		}
	}
}
