package explain

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

func files(t testing.TB) []truce.AgreementFile {
	t.Helper()
	list, err := agreement.ReadDir(os.DirFS("../testdata/plain"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func parse(t testing.TB, list []truce.AgreementFile) *agreement.Agreement {
	t.Helper()
	a, err := agreement.Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// edited is the test agreement with one text replaced, which must stand there once.
func edited(t testing.TB, old, replacement string) *agreement.Agreement {
	t.Helper()
	list := files(t)
	for i := range list {
		if list[i].Name != agreement.MainFile {
			continue
		}
		if n := bytes.Count(list[i].Data, []byte(old)); n != 1 {
			t.Fatalf("%q stands %d times, want once", old, n)
		}
		list[i].Data = bytes.Replace(list[i].Data, []byte(old), []byte(replacement), 1)
	}
	return parse(t, list)
}

// extra are rules of every kind and field, added to the test agreement.
const extra = `
weapon_classes:
  - {id: tube, name: {en: tube artillery, uk: ствольна артилерія}, type: [gun, howitzer, mortar]}
  - {id: tube_ge100, parent: tube, calibre_mm: {min: 100}}
lists:
  - {id: LIST-A, party: A, sites: [S-WORKS]}
  - {id: LIST-B, party: B, site_kinds: [energy]}
acts: {mine_laying: {en: laying mines, uk: встановлення мін}}
`

const extraRules = `
  - id: X1
    clause: "1.1"
    limit: {weapon: {class: tube_ge100, type: [howitzer], calibre_mm: {min: 100, max: 155}}, line: L1, side: own, to_m: 25000, max: 0}
    phases: [{from: D+1, to_m: 15000}, {from: D+7, to_m: 25000, max: 2}]
    unless_state: [in_sealed_store]
    count: {unit: object_day, gap: 10m, radius_m: 500}
    severity: {base: 1, damage: 2, casualties: 3, mass_casualties: 4}
  - id: X2
    clause: "1.1"
    require: {notify: rotation, threshold: {vehicles: 10}, notice: 72h, within_m: {line: L1, m: 30000}, outside: [Z-BOX]}
    count: {unit: movement}
  - id: X3
    clause: "1.1"
    claim: [return_fire]
    conditions: {names_incident: true, coordination_attempt_within: 30m, ordered_by: authority, notified_within: 24h}
  - id: X4
    clause: "1.1"
    prohibit: [attack_energy, mine_laying]
    object: {list: {positions: {A: LIST-A, B: LIST-B}, applied: intersection, decided_by: the Commission, report_both: true}}
    in_force: {positions: {A: {from: 2026-04-08}, B: {from: 2026-04-01}}, days: 30, applied: A, decided_by: the Commission}
    when: "families.size() > 1"
    alt_m: [0, 300]
    grace: {mine_laying: 30m}
    claims: [return_fire]
    evidence_min: {families: 2, or: [geolocated_video], any: [site_visit], all: [operator_logs]}
    p_min: 0.7
    count: {unit: site_event}
  - id: X5
    clause: "1.1"
    require: {declared_equals_observed: true, seal_intact: true, inspect_every_days: 14}
    count: {unit: object_day}
  - id: X6
    clause: "1.1"
    require: {days: 10, after: determination}
    count: {unit: omission}
  - id: X7
    clause: "1.1"
    require: {access_within: 30m}
    count: {unit: denial}
  - id: X8
    clause: "1.1"
    permit: [uav_demining]
    window: [demining]
    require: {notice: 48h, ack: other_party, auto_ack: 24h, box: {max_h: 8, radius_m: 1000}}
  - id: X9
    clause: "1.1"
    limit: {object: vessels, zone: Z-BOX, max: 3}
    where: {other_area: true, crosses: L1}
    known_from: 2026-04-05
    count: {unit: object_day}
  - id: X10
    clause: "1.1"
    limit: {weapon: {class: [tube, tube_ge100]}, lines: {A: L1, B: L1}, bands_m: {tube: 15000, tube_ge100: 25000}, max: 0}
    count: {unit: object_day}
windows:`

func full(t testing.TB) *agreement.Agreement {
	return edited(t, "\nwindows:", strings.TrimSuffix(extraRules, "windows:")+strings.TrimPrefix(extra, "\n")+"windows:")
}

func TestEveryKindIsExplainedInEveryLanguage(t *testing.T) {
	terms := full(t)
	hole := regexp.MustCompile(`\{[a-z]+\}|%!|\b(limit|require|permit|claim|where|side|when|step|count|severity|evidence|unless|applied|position|only|object|unit|site|type|after|bounds|weapon|seen|proof|decimal)\.[a-z_]+`)
	for _, lang := range Languages() {
		text, err := New(terms, lang, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range terms.Rules {
			sentences := text.Rule(&terms.Rules[i])
			if len(sentences) < 3 {
				t.Errorf("%s %s: %d sentences", lang, terms.Rules[i].ID, len(sentences))
			}
			for _, s := range sentences {
				if terms.Rules[i].When != "" && strings.Contains(s, terms.Rules[i].When) {
					continue
				}
				if found := hole.FindString(s); found != "" {
					t.Errorf("%s %s: %q holds %q", lang, terms.Rules[i].ID, s, found)
				}
				if !strings.HasSuffix(s, ".") {
					t.Errorf("%s %s: %q has no full stop", lang, terms.Rules[i].ID, s)
				}
			}
		}
	}
}

func TestSentences(t *testing.T) {
	terms := full(t)
	text, err := New(terms, "en", func(_, key string) string {
		return map[string]string{"act.attack_energy": "effect on an energy object"}[key]
	})
	if err != nil {
		t.Fatal(err)
	}
	wants := map[truce.RuleID][]string{
		"X1": {"None may be within 25 km from Test line (L1), on the side of the party that holds it: tube ge100, of the type howitzer, of calibre 100 to 155 mm.",
			"From 2026-04-08 00:00 (UTC) on: the distance is 25 km, 2 are allowed on each side on one day.", "Exempt as well: in a sealed store.", "Severity 1, 2 with damage, 3 with casualties, 4 from 10 casualties on."},
		"X2": {"This has to be notified at least 3 days ahead: rotation, from 10 military vehicles on.", "The duty holds within 30 km of Test line (L1)."},
		"X3": {"The claim exempts from nothing"},
		"X4": {"It prohibits: effect on an energy object or laying mines.", "goes by the list LIST-A", "have in common, as the Commission decided.",
			"Only where this condition holds: families.size() > 1", "Only at heights from 0 to 300 m.", "On the dates, applied is the reading of Party A, as the Commission decided.",
			"On the list of objects, applied is what all", "In place of the kinds of sources one of these is enough: video whose place was established.", "Laying mines of up to 30 min is not counted."},
		"X6":  {"Owed within 10 days: a notice of the discipline that followed a determination."},
		"X8":  {"Silence for 24 h counts as acknowledged", "It lasts 8 h at most."},
		"X9":  {"At most 3 on each side, on one day, may be in Box (Z-BOX): military vessels.", "What each of its places holds is counted by itself.", "It became known at 2026-04-05 00:00 (UTC)"},
		"X10": {"For tube artillery the distance is 15 km.", "measures from Test line (L1)"},
	}
	for i := range terms.Rules {
		all := strings.Join(text.Rule(&terms.Rules[i]), "\n")
		for _, want := range wants[terms.Rules[i].ID] {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s", terms.Rules[i].ID, want, all)
			}
		}
	}
}

// Every place of a limit is said, whether it is measured from lines, lies in zones or
// stands beside the limit only; and what no earlier version says is not promised.
func TestNoPlaceOfALimitIsLeftOut(t *testing.T) {
	rows := []struct {
		name, rule string
		want       []string
		never      string
	}{
		{"lines and a zone", "limit: {object: vehicles, lines: {A: L1, B: L1}, to_m: 9000, max: 0}\n    where: {zone: Z-BOX, within_m: {line: L1, m: 2000}}",
			[]string{"None may be within 9 km, each on its own side", "It holds as well in Box (Z-BOX) or within 2 km of Test line (L1)"}, ""},
		{"a zone and a distance", "limit: {object: vehicles, zone: Z-BOX, max: 0}\n    where: {within_m: {line: L1, m: 2000}}",
			[]string{"None may be in Box (Z-BOX): ", "It holds as well within 2 km of Test line (L1)"}, "well in Box"},
		{"sites only", "limit: {object: vehicles, max: 0}\n    where: {site_kinds: [energy]}", []string{"None may be on a listed site of the kind energy"}, "It holds"},
		{"anywhere", "limit: {object: vehicles, max: 0}\n    where: {anywhere: true}", []string{"None may be anywhere: military vehicles."}, "It holds"},
		{"one reading applied", "limit: {object: vehicles, zone: Z-BOX, max: 0}\n    in_force: {positions: {A: {from: 2026-04-08}, B: {from: 2026-04-01}}, applied: intersection}",
			[]string{"what all parties' readings have in common.\n"}, ""},
		{"known later, the first of its kind", "limit: {object: vehicles, zone: Z-BOX, max: 0}\n    known_from: 2026-04-05", []string{"by what was known before that it does not apply"}, "earlier version"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			terms := edited(t, "\nwindows:", "\n  - id: N1\n    clause: \"1.1\"\n    "+row.rule+"\n    count: {unit: object_day}\nwindows:")
			text, err := New(terms, "en", nil)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(text.Rule(&terms.Rules[len(terms.Rules)-1]), "\n")
			for _, want := range row.want {
				if !strings.Contains(all, want) {
					t.Errorf("no %q in\n%s", want, all)
				}
			}
			if row.never != "" && strings.Contains(all, row.never) {
				t.Errorf("%q in\n%s", row.never, all)
			}
		})
	}
}

func TestWhoseOrderAClaimNeeds(t *testing.T) {
	for by, want := range map[string]string{"authority": "by an authority that the agreement names.", "order": "by an authority with the right to give orders."} {
		terms := edited(t, "\nwindows:", "\n  - id: N1\n    clause: \"1.1\"\n    claim: [return_fire]\n    conditions: {ordered_by: "+by+"}\nwindows:")
		text, err := New(terms, "en", nil)
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(text.Rule(&terms.Rules[len(terms.Rules)-1]), "\n"); !strings.Contains(all, want) {
			t.Errorf("%s: no %q in\n%s", by, want, all)
		}
	}
}

func TestCataloguesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	holes := regexp.MustCompile(`\{[a-z]+\}`)
	for key, en := range all["en"] {
		uk, ok := all["uk"][key]
		a, b := holes.FindAllString(en, -1), holes.FindAllString(uk, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !ok || !slices.Equal(a, b) {
			t.Errorf("%s: en %q, uk %q", key, en, uk)
		}
	}
	if len(all["en"]) != len(all["uk"]) {
		t.Errorf("%d texts in en, %d in uk", len(all["en"]), len(all["uk"]))
	}
}

func TestAnUnknownLanguageIsRefused(t *testing.T) {
	if _, err := New(full(t), "xx", nil); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("error %v, want a coded refusal", err)
	}
}

func TestDiffSaysWhatChangesInMeaning(t *testing.T) {
	before := parse(t, files(t))
	rows := []struct{ name, old, replacement, section, id, want string }{
		{"a comment and the order of fields", "    precedence: 50", "    precedence: 50 # the highest", "", "", ""},
		{"a threshold", "m: 25000", "m: 15000", "rule", "R01", "within 15 km of Test line (L1)"},
		{"an act", "[new_trench, new_position]", "[new_trench]", "rule", "R04", "It prohibits: new trench."},
		{"the status", "status: in_force", "status: suspended", "agreement", "plain", "status: suspended"},
		{"a second acknowledgement", "    acked_by: B\n", "    acked_by: B\n    acks: [{by: M, at: \"2026-04-10T00:00:00Z\"}]\n", "window", "W-OK", "by B and 2026-04-10T00:00:00.000000Z by M"},
		{"a window", "grace: 10m", "grace: 5m", "window", "W-OK", "grace 5 min"},
		{"a site", "radius_m: 500", "radius_m: 400", "site", "S-POWER", "radius 400 m"},
		{"a band", "to_m: 5000", "to_m: 4000", "zone", "Z-BUFFER", "0 m to 4 km"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			changes, err := Diff(before, edited(t, row.old, row.replacement), "en", nil)
			if err != nil {
				t.Fatal(err)
			}
			if row.section == "" {
				if len(changes) != 0 {
					t.Errorf("changes %+v, want none", changes)
				}
				return
			}
			i := slices.IndexFunc(changes, func(c Change) bool { return c.Section == row.section && strings.HasPrefix(c.ID, row.id) })
			if i < 0 || !strings.Contains(strings.Join(changes[i].After, "\n"), row.want) {
				t.Errorf("changes %+v, want one of %s %s with %q", changes, row.section, row.id, row.want)
			}
		})
	}
}

func TestDiffTellsTextFromMeaning(t *testing.T) {
	before := parse(t, files(t))
	list := files(t)
	for i := range list {
		if list[i].Name == "clauses/uk/2.1.md" {
			list[i].Data = append(list[i].Data, "Ще речення.\n"...)
		}
	}
	changes, err := Diff(before, parse(t, list), "en", nil)
	if err != nil || len(changes) != 1 || !changes[0].Text || changes[0].Section != "clause" || changes[0].ID != "2.1" {
		t.Errorf("changes %+v (%v), want the text of clause 2.1", changes, err)
	}
}

func TestDiffNamesWhatIsNewAndGone(t *testing.T) {
	before, after := parse(t, files(t)), full(t)
	there, err := Diff(before, after, "uk", nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Diff(after, before, "uk", nil)
	if err != nil {
		t.Fatal(err)
	}
	find := func(list []Change) Change {
		i := slices.IndexFunc(list, func(c Change) bool { return c.Section == "rule" && c.ID == "X3" })
		if i < 0 {
			t.Fatalf("no change of X3 in %+v", list)
		}
		return list[i]
	}
	if c := find(there); len(c.Before) != 0 || len(c.After) == 0 {
		t.Errorf("new rule: %+v", c)
	}
	if c := find(back); len(c.Before) == 0 || len(c.After) != 0 {
		t.Errorf("removed rule: %+v", c)
	}
}
