package agreement

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// fullFiles is the plain test agreement with testdata/full.yaml laid over it: rules of
// every kind and every field of the language.
func fullFiles(t testing.TB) []truce.AgreementFile {
	t.Helper()
	over, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files, err := Amend(plainFiles(t), "full.yaml", over)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func fullRule(t *testing.T, a *Agreement, id truce.RuleID) Rule {
	t.Helper()
	i := slices.IndexFunc(a.Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("no rule %s", id)
	}
	return a.Rules[i]
}

func TestParseReadsEveryField(t *testing.T) {
	a := mustParse(t, fullFiles(t))
	rule := func(id truce.RuleID) Rule { return fullRule(t, a, id) }
	day := func(s string) truce.Instant {
		at, err := truce.Day(s).Start(time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	two := 2
	checks := []struct {
		what      string
		got, want any
	}{
		{"weapon parent", a.Weapons[1].Parent, "tube"},
		{"weapon calibre", a.Weapons[1].CalibreMM, Range{Min: 100}},
		{"the first acknowledgement", a.Windows[len(a.Windows)-1].AckedBy, truce.PartyID("B")},
		{"and the second", a.Windows[len(a.Windows)-1].Acks, []Acknowledgement{{"M", day("2026-04-16")}}},
		{"weapon types", a.Weapons[0].Types, []string{"gun", "howitzer", "mortar"}},
		{"authority", a.Authorities[0].May, []string{"notify", "order"}},
		{"phase counts from the effective day", a.Phases[0].Span, Span{day("2026-04-02"), day("2026-04-08")}},
		{"list of a party", a.Lists[0].Sites, []string{"S-WORKS"}},
		{"list by kind", a.Lists[1].SiteKinds, []SiteKind{SiteEnergy}},
		{"act in its own words", a.ActNames["mine_laying"].In("uk"), "встановлення мін"},
		{"open point", a.OpenPoints[0].Decides.In("en"), "the Commission"},
		{"zone heights", *a.zone("Z-BOX").AltitudeM, Range{0, 500}},
		{"site protected from", a.Sites[0].ProtectionFrom, day("2026-04-02")},
		{"limit band of a side", rule("X1").Limit.OwnSide, true},
		{"limit reach", rule("X1").Limit.ToM, 25000.0},
		{"limit acts by default", rule("X1").Acts, limitActs[""]},
		{"p_min of a limit", rule("X1").PMin, DefaultPMinLimit},
		{"phases close where the next begins", rule("X1").Steps[0].Span, Span{day("2026-04-02"), day("2026-04-08")}},
		{"cap of a phase", *rule("X1").Steps[1].Max, two},
		{"states", rule("X1").UnlessState, []string{"in_sealed_store"}},
		{"counting gap", rule("X1").Gap, 10 * time.Minute},
		{"severity", rule("X1").Severity, Severity{1, 2, 3, 4, 10}},
		{"notify", rule("X2").Require.Notify.Notice, 72 * time.Hour},
		{"threshold", rule("X2").Require.Notify.Threshold, 10},
		{"outside", rule("X2").Require.Notify.Outside, []truce.ZoneID{"Z-BOX"}},
		{"within line", rule("X2").Require.WithinLine.Metres, 30000.0},
		{"claim", *rule("X3").Claim, ClaimTerms{true, 30 * time.Minute, "authority", 24 * time.Hour}},
		{"positions of dates", rule("X4").Dates.Of[1].Value, Span{day("2026-04-01"), day("2026-05-01")}},
		{"applied position", rule("X4").Dates.Applied, Applied("A")},
		{"who decided", rule("X4").Dates.DecidedBy, "the Commission"},
		{"positions of lists", rule("X4").Objects.Of[0].Value, []string{"LIST-A"}},
		{"both readings", rule("X4").Objects.Report, true},
		{"condition", rule("X4").When, "families.size() > 1"},
		{"heights", *rule("X4").AltitudeM, Range{0, 300}},
		{"grace", rule("X4").Grace["mine_laying"], 30 * time.Minute},
		{"evidence", append(slices.Concat(rule("X4").Evidence.Or, rule("X4").Evidence.Any, rule("X4").Evidence.All), rule("X4").Evidence.DamageBy...), []string{"geolocated_video", "site_visit", "operator_logs", "site_visit"}},
		{"two images", *rule("X4").Evidence.Imagery, ImageDiff{30 * 24 * time.Hour, 0.5, []string{"sar_coherence"}}},
		{"route", rule("X2").Require.Notify.Route, true},
		{"seen in the acts of a group that such a window is for", rule("X2").Acts, []truce.Act{"rotation_unnotified", "convoy_unnotified", truce.ActPresenceInZone}},
		{"report of a limit", rule("X1").Reports, []Head{HeadInside}},
		{"report of a store", rule("X5").Reports, []Head{HeadAbsent, HeadUnverified, HeadContinuity}},
		{"what of a claim is shown", rule("X3").Show, Shown{[]truce.ConditionState{truce.ConditionNotMet, truce.ConditionUnknown}, true}},
		{"bearer", rule("X7").Bearer, BearerController},
		{"origin", rule("X7").AreaOnly, []truce.Act{truce.ActDenyAccess}},
		{"effect", rule("X7").OpensGap, true},
		{"time of a number", rule("X9").Limit.Per, PerMonth},
		{"whose number", rule("X9").Bearer, BearerAll},
		{"beyond a line", rule("X9").Limit.Beyond, truce.LineID("L1")},
		{"same as", rule("X4B").Objects.Applied, AppliedIntersection},
		{"holdings", *rule("X5").Require.Holdings, HoldingsDuty{true, true, 14 * 24 * time.Hour}},
		{"reply", *rule("X6").Require.Reply, ReplyDuty{"determination", 240 * time.Hour}},
		{"access", rule("X7").Require.Access, 30 * time.Minute},
		{"permission", fmt.Sprint(*rule("X8").Permit), fmt.Sprint(Permission{[]WindowKind{WindowDemining}, []truce.Act{"uav_demining"}, 48 * time.Hour, AckOtherParty, 24 * time.Hour, 8, 1000, 2000, 3 * time.Hour})},
		{"zones of limit and where", rule("X9").Where.Zones, []truce.ZoneID{"Z-BOX"}},
		{"other area", rule("X9").Where.OtherArea, true},
		{"known from", rule("X9").KnownFrom, day("2026-04-05")},
		{"bands by class", rule("X10").Limit.Bands, []ClassBand{{"tube", 15000}, {"tube_ge100", 25000}}},
		{"lines by party", rule("X10").Limit.Lines, []PartyLine{{"A", "L1"}, {"B", "L1"}}},
		{"in force by phase", rule("X11").InForce, Span{day("2026-04-02"), day("2026-04-08")}},
	}
	for _, c := range checks {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", c.what, c.got, c.want)
		}
	}
}

// badFields are edits of the full agreement and what is said of each.
var badFields = []struct{ name, old, replacement, want string }{
	{"weapon type", "type: [gun, howitzer, mortar]", "type: [gun, howitser]", `did you mean "howitzer"?`},
	{"weapon parent", "parent: tube,", "parent: tubes,", `no weapon class "tubes" is defined; did you mean "tube"?`},
	{"calibre upside down", "calibre_mm: {min: 100, max: 155}", "calibre_mm: {min: 155, max: 100}", "max 100 is below min 155"},
	{"calibre of nothing", "calibre_mm: {min: 100, max: 155}", "calibre_mm: {}", "bounds nothing"},
	{"right of an authority", "may: [notify, order]", "may: [notify, command]", `"command" is not known`},
	{"phase without beginning", "from: D+1, to: D+7, name", "to: D+7, name", "phases[0].from: is missing"},
	{"date", "from: D+1, to: D+7, name", "from: D1, to: D+7, name", "write a day (2026-04-11), a day of the agreement (D+7)"},
	{"phase upside down", "from: D+1, to: D+7, name", "from: D+7, to: D+1, name", "not after its start"},
	{"list of nothing", "party: A, sites: [S-WORKS]", "party: A", "lists nothing"},
	{"list of an unknown site", "party: A, sites: [S-WORKS]", "party: A, sites: [S-WORK]", `did you mean "S-WORKS"?`},
	{"act label", "mine_laying: {en", "mine_layin: {en", `did you mean "mine_laying"?`},
	{"weapon and object", "limit: {object: vessels,", "limit: {object: vessels, weapon: {class: tube},", "give either weapon or object"},
	{"limit without a number", "to_m: 25000, max: 0}", "to_m: 25000}", "limit.max: is missing"},
	{"limit without a distance", "side: own, to_m: 25000, max: 0}", "side: own, max: 0}", "say how far from the line"},
	{"limit without a place", "limit: {weapon: {class: tube_ge100, type: [howitzer], calibre_mm: {min: 100, max: 155}}, line: L1, side: own, to_m: 25000, max: 0}", "limit: {weapon: {class: tube}, max: 0}", "names no place"},
	{"line and lines", "lines: {A: L1, B: L1}", "line: L1, lines: {A: L1, B: L1}", "give line or lines, not both"},
	{"distance and bands", "bands_m: {tube: 15000", "to_m: 1, bands_m: {tube: 15000", "give to_m or bands_m, not both"},
	{"band of an unknown class", "bands_m: {tube: 15000", "bands_m: {mlrs: 15000", `no weapon class "mlrs"`},
	{"phases out of order", "{from: D+1, to_m: 15000}, {from: D+7,", "{from: D+8, to_m: 15000}, {from: D+7,", "begins no later than the phase before it"},
	{"phase that changes nothing", "{from: D+1, to_m: 15000}", "{from: D+1}", "changes nothing"},
	{"phase of no limit", `when: "families.size() > 1"`, `phases: [{from: D+1, max: 2}]`, "the rule is none"},
	{"notice missing", "notice: 72h, within_m", "within_m", "notice: is missing"},
	{"threshold of nothing", "threshold: {vehicles: 10}", "threshold: {}", "bounds nothing"},
	{"duty of nothing", "require: {access_within: 30m}", "require: {route: true}", "asks for nothing known"},
	{"reply to nothing", "after: determination", "after: war", `"war" is not known`},
	{"days and a length", "require: {days: 10,", "require: {days: 10, reply_within: 24h,", "give reply_within or days, not both"},
	{"claim without conditions", "conditions: {names_incident: true, coordination_attempt_within: 30m, ordered_by: authority, notified_within: 24h}", "conditions: {}", "asks for nothing"},
	{"silence without ack", "ack: other_party, auto_ack: 24h", "auto_ack: 24h", "no ack is asked for"},
	{"position of nobody", "positions: {A: LIST-A, B: LIST-B}", "positions: {A: LIST-A, C: LIST-B}", "unknown field"},
	{"applied unknown", "applied: intersection,", "applied: both,", `"both" is not known`},
	{"applied without a name", "applied: A, decided_by: the Commission", "applied: A", "add decided_by with who decided that"},
	{"mechanism without a value", "applied: intersection,", "applied: mechanism,", "gives no value of the mechanism"},
	{"same as a later rule", "object: {same_as: X4}", "object: {same_as: X5}", `no rule "X5" stands above this one`},
	{"condition", `when: "families.size() > 1"`, `when: "families.size() >"`, "when: line 1, column"},
	{"condition that is no question", `when: "families.size() > 1"`, `when: "families.size()"`, "write a question of yes or no"},
	{"condition on unknown things", `when: "families.size() > 1"`, `when: "guilt > 1"`, "undeclared reference"},
	{"heights", "alt_m: [0, 300]", "alt_m: [0]", "want two heights"},
	{"grace of an unknown act", "grace: {mine_laying: 30m}", "grace: {mine_lay: 30m}", "is not known"},
	{"evidence of nothing", "evidence_min: {families: 2, or: [geolocated_video], any: [site_visit], all: [operator_logs], damage_by: [site_visit], imagery_diff: {before_max_days: 30, gsd_m: 0.5, or: sar_coherence}}", "evidence_min: {}", "asks for nothing"},
	{"severity", "severity: {base: 1, damage: 2,", "severity: {base: 9, damage: 2,", `"9": want a number from 0 to 4`},
	{"clause hash", "id: X6\n    clause: \"1.1\"", "id: X6\n    clause: \"1.1\"\n    clause_sha256: abc", "write the 64 hexadecimal digits"},
	{"another clause text", "id: X6\n    clause: \"1.1\"", "id: X6\n    clause: \"1.1\"\n    clause_sha256: " + strings.Repeat("ab", 32), "was written for another text of clause 1.1"},
	{"unknown phase", "in_force: {phase: P1}", "in_force: {phase: P2}", `no phase "P2" is defined`},
	{"open point without an owner", "decides: {en: the Commission, uk: Комісія}", "clause: \"1.1\"", "decides: is missing"},
	{"distance of a phase beside bands", "tube_ge100: 25000}, max: 0}", "tube_ge100: 25000}, max: 0}\n    phases: [{from: D+1, to_m: 15000}]", "stands beside bands_m"},
	{"acknowledged twice by one", "{by: M, at:", "{by: B, at:", "acks[1]: B acknowledges it twice"},
	{"acknowledged by nobody", "{by: M, at:", "{at:", "acks[1].by: is missing"},
	{"acknowledged at no time", "{by: M, at: \"2026-04-16T00:00:00Z\"}", "{by: M}", "acks[1].at: is missing"},
	{"weapon tree in a ring", "- {id: tube, ", "- {id: tube, parent: tube_ge100, ", "is its own ancestor"},
}

func TestParseRefusesFieldsOfTheLanguage(t *testing.T) {
	for _, row := range badFields {
		t.Run(row.name, func(t *testing.T) {
			over, err := os.ReadFile("testdata/full.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(over, []byte(row.old)); n != 1 {
				t.Fatalf("%q stands %d times, want once", row.old, n)
			}
			over = bytes.Replace(over, []byte(row.old), []byte(row.replacement), 1)
			files, err := Amend(plainFiles(t), "full.yaml", over)
			if err != nil {
				t.Fatal(err)
			}
			problems := refusal(t, files)
			if !slices.ContainsFunc(problems, func(p Problem) bool {
				return strings.Contains(p.String(), row.want) && p.Line > 0 && p.Column > 0
			}) {
				t.Errorf("no problem holds %q in %v", row.want, problems)
			}
		})
	}
}

// oddTerms are edits that are used and warned of.
var oddTerms = []struct{ name, old, replacement, want string }{
	{"no hash of the clause", "id: X6", "id: X6", "rules X6: cites no text of clause 1.1"},
	{"phase after the end", "{from: D+7, to_m: 25000, max: 2}", "{from: 2026-08-01, to_m: 25000}", "the phase is never reached"},
	{"named phase after the end", "from: D+1, to: D+7, name", "from: D+200, name", "phases P1: begins at"},
	{"limit of one party", "lines: {A: L1, B: L1}", "lines: {A: L1}", "rules X10: asymmetry: the limit has a line for party A only"},
	{"band the limit does not speak of", "class: [tube, tube_ge100]", "class: [tube_ge100]", "has a distance for tube"},
	{"prohibited and permitted", "prohibit: [attack_energy, mine_laying]", "prohibit: [attack_energy, uav_demining]", "contradiction: prohibits an act that X8 permits"},
	{"window longer than permitted", "max_h: 8", "max_h: 2", "windows W-OK: can never apply: lasts 4.0 h, X8 allows 2"},
	{"window wider than permitted", "max_h: 8, radius_m: 1000", "max_h: 8, radius_m: 500", "windows W-OK: can never apply: its radius is 1000 m, X8 allows 500"},
	{"order nobody may give", "may: [notify, order]", "may: [notify]", "no authority may give one"},
	{"list of the other party", "{A: LIST-A, B: LIST-B}", "{A: LIST-B, B: LIST-A}", "the position of A goes by LIST-B, which is the list of B"},
	{"list never used", "- {id: LIST-B,", "- {id: LIST-C, party: B, sites: [S-WORKS]}\n  - {id: LIST-B,", "list LIST-C: is never used"},
	{"class nothing belongs to", "parent: tube, calibre_mm: {min: 100}", "parent: tube, type: tank", "no weapon can belong to it"},
	{"one position only", "positions: {A: LIST-A, B: LIST-B}", "positions: {A: LIST-A}", "asymmetry: the position of 1 party only"},
}

func TestParseWarnsOfOddTerms(t *testing.T) {
	for _, row := range oddTerms {
		t.Run(row.name, func(t *testing.T) {
			over, err := os.ReadFile("testdata/full.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(over, []byte(row.old)); n != 1 {
				t.Fatalf("%q stands %d times, want once", row.old, n)
			}
			files, err := Amend(plainFiles(t), "full.yaml", bytes.Replace(over, []byte(row.old), []byte(row.replacement), 1))
			if err != nil {
				t.Fatal(err)
			}
			a := mustParse(t, files)
			if !slices.ContainsFunc(a.Warnings, func(p Problem) bool { return strings.Contains(p.String(), row.want) }) {
				t.Errorf("no warning holds %q in %v", row.want, a.Warnings)
			}
		})
	}
}

func TestAmend(t *testing.T) {
	amended := func(text string) *Agreement {
		t.Helper()
		files, err := Amend(plainFiles(t), "a.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return mustParse(t, files)
	}
	before := mustParse(t, plainFiles(t))
	if a := amended("rules: [{id: R01, p_min: 0.95}]"); a.Rules[0].PMin != 0.95 || fmt.Sprint(a.Rules[0].Acts) != fmt.Sprint(before.Rules[0].Acts) || len(a.Rules) != len(before.Rules) {
		t.Errorf("a field of a rule: %+v", a.Rules[0])
	}
	if a := amended("remove: {rules: [R02], windows: [W-OK]}"); len(a.Rules) != len(before.Rules)-1 || len(a.Windows) != len(before.Windows)-1 {
		t.Errorf("removed: %d rules, %d windows", len(a.Rules), len(a.Windows))
	}
	if a := amended("title: {en: Another}"); a.Title.In("en") != "Another" || a.Title.In("uk") != before.Title.In("uk") {
		t.Errorf("one language of the title: %v", a.Title)
	}
	if a := amended("status: suspended\nrules: [{id: N1, clause: \"1.1\", prohibit: [sniper], where: {anywhere: true}, p_min: 0.7, count: {unit: salvo}}]"); a.Status != StatusSuspended || a.Rules[len(a.Rules)-1].ID != "N1" {
		t.Errorf("a new rule and a status: %s, %s", a.Status, a.Rules[len(a.Rules)-1].ID)
	}
	for text, want := range map[string]string{
		"remove: {rules: [R99]}": `no entry "R99" there`,
		"remove: {rulez: [R01]}": `no list "rulez"`,
		"- a list":               "want fields",
		"a: [":                   "not YAML",
		"a: &x 1":                "anchors and aliases are refused",
		"rules: [{id: R01, p: 1": "not YAML",
	} {
		if _, err := Amend(plainFiles(t), "a.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q: error %v, want one with %q", text, err, want)
		}
	}
}
