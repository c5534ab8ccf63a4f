package agreement

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	truce "github.com/trucewatch/truce"
)

func TestParseReadsEverySection(t *testing.T) {
	a := mustParse(t, plainFiles(t))
	checks := []struct {
		what      string
		got, want any
	}{
		{"id", a.ID, "plain"},
		{"version", a.Version, Version(plainFiles(t))},
		{"title", a.Title.In("uk"), "Проста пробна угода"},
		{"status", a.Status, StatusInForce},
		{"effective", a.Effective.At.String(), "2026-04-01T00:00:00.000000Z"},
		{"civil", a.Effective.Civil, "00:00 UTC on 1 April 2026"},
		{"cut-off", a.Calendar.CutOff, 19*time.Hour + 30*time.Minute},
		{"parties", len(a.Parties), 3},
		{"mark", a.Parties[0].Mark, "A"},
		{"area name from the feature", a.Areas[0].Name.In("uk"), "Захід"},
		{"area name as given", a.Areas[1].Name.In("en"), "Eastern sector"},
		{"line sides", string(a.Lines[0].Left + a.Lines[0].Right), "AB"},
		{"line version", a.Lines[0].Versions[1].AccuracyM, 50.0},
		{"inherited accuracy", a.Lines[0].Versions[0].AccuracyM, 100.0},
		{"control", a.ControlBy, "L1"},
		{"band", *a.Zones[0].Band, Band{Line: "L1", FromM: 0, ToM: 5000}},
		{"site", a.Sites[0].RadiusM, 500.0},
		{"listed by", len(a.Sites[0].ListedBy), 2},
		{"acts", fmt.Sprint(a.Rules[0].Acts), "[direct_fire indirect_fire owa_uav]"},
		{"default p_out", a.Rules[0].POut, DefaultPOut},
		{"default families", a.Rules[1].Families, DefaultFamilies},
		{"coverage", a.Rules[0].CoverageMin, 0.3},
		{"default version", a.Rules[0].Version, "1"},
		{"version of R04", a.Rules[3].Version, "2"},
		{"crosses", *a.Rules[5].Where.Crosses, Crosses{"L1", 60000}},
		{"permit is kept", a.Rules[6].Kind, KindPermit},
		{"permit is evaluated", a.Rules[6].Evaluated, true},
		{"permit's windows follow from its acts", fmt.Sprint(a.Rules[6].Permit.Windows), "[demining ammo_disposal]"},
		{"acknowledged", string(a.Windows[0].AckedBy), "B"},
		{"window grace", a.Windows[0].Grace, 10 * time.Minute},
		{"parts", a.Parts, []PartKey{PartSummary, PartFire, PartCoverage, PartSources, PartAnnex}},
		{"clause text", a.Clauses[0].Text.In("uk"), "# 1.1 Пробний пункт\n"},
		{"clause hash", a.Clauses[0].Hash, truce.HashOf([]byte("# 1.1 Clause for tests\n"))},
		{"places", len(a.Places), 1},
		{"place key", a.Places[0].Key, "Ham"},
		{"ladder read", a.Ladder.Rank("L0"), 1},
		{"base map", len(a.Features(a.BaseMap[0])), 1},
	}
	for _, c := range checks {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestParseWarnsWithoutRefusing(t *testing.T) {
	rows := []struct{ name, old, replacement, want string }{
		{"window notified too late", "truce: 1", "truce: 1", "windows W-LATE: can never apply: notified 32 h ahead, the notice asked for is 48 h"},
		{"one party only", "where: {area_of: [A, B]}", "where: {area_of: A}", "rules R04: asymmetry: the rule speaks of the area of party A only"},
		{"zone without a rule", "zones: [Z-BUFFER, Z-BOX]", "zones: [Z-BOX]", "zones Z-BUFFER: no rule speaks of the zone"},
		{"status", "status: in_force", "status: draft", "status: is draft"},
		{"translation missing", ", uk: Пробна місія}", "}", "mission.uk: is missing"},
		{"window nobody asks for", "unless: [monitor_flight]", "unless: [medevac]", "windows W-FLIGHT: can never apply: no rule has unless: monitor_flight"},
		{"wrong notifier", "notified_by: M", "notified_by: A", "windows W-FLIGHT: can never apply: A notified the activity of M"},
		{"no such site", "site_kinds: [energy]", "site_kinds: [dam]", "no site of kind dam is listed"},
		{"rule after the end", `in_force: {from: "2026-04-10T00:00:00Z", to: "2026-06-01T00:00:00Z"}`, `in_force: {from: "2026-07-10T00:00:00Z"}`, "after the agreement's end: it is never in force"},
		{"rule before the start", `in_force: {from: "2026-04-10T00:00:00Z", to: "2026-06-01T00:00:00Z"}`, `in_force: {to: "2026-03-01T00:00:00Z"}`, "before the agreement's start: it is never in force"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a := mustParse(t, edited(t, MainFile, row.old, row.replacement))
			if !slices.ContainsFunc(a.Warnings, func(p Problem) bool {
				return p.Level == LevelWarning && p.Line > 0 && p.Column > 0 && strings.Contains(p.String(), row.want)
			}) {
				t.Errorf("no warning holds %q in %v", row.want, a.Warnings)
			}
		})
	}
}

func TestParseRefusesWithPlaceFieldAndMend(t *testing.T) {
	rows := []struct{ name, old, replacement, want string }{
		{"unknown field", "precedence: 50", "precedense: 50", `agreement.yaml:53:5: rules[0].precedense: unknown field; did you mean "precedence"?`},
		{"unknown act", "[direct_fire, indirect_fire, owa_uav]", "[direct_fire, indirect_fires]", `rules[0].prohibit[1]: "indirect_fires" is not known; did you mean "indirect_fire"?`},
		{"heat prohibited", "[recon_uav, armed_uav, owa_uav]", "[recon_uav, heat_undetermined]", "heat alone never meets a rule"},
		{"no act", "[new_trench, new_position]", "[]", "names no act"},
		{"act twice", "[recon_uav, armed_uav, owa_uav]", "[recon_uav, recon_uav]", "recon_uav stands twice"},
		{"unknown zone", "[Z-BUFFER, Z-BOX]", "[Z-BUFER]", `no zone "Z-BUFER" is defined; did you mean "Z-BUFFER"?`},
		{"unknown line", "crosses: {line: L1,", "crosses: {line: L9,", `rules[5].where.crosses.line: no line "L9" is defined`},
		{"unknown party", "area_of: [A, B]", "area_of: [A, C]", `no party "C" is defined`},
		{"unknown clause", `clause: "5.1"`, `clause: "5.2"`, `no clause "5.2" is defined; did you mean "5.1"?`},
		{"unknown site", "sites: [S-WORKS]", "sites: [S-WORK]", `did you mean "S-WORKS"?`},
		{"no place", "where: {anywhere: true}", "where: {}", "names no place: write {anywhere: true}"},
		{"anywhere and a zone", "where: {anywhere: true}", "where: {anywhere: true, zone: Z-BOX}", "says anywhere and names a place"},
		{"heights upside down", "{area_of: [A, B]}", "{zone: Z-BOX, alt_m: [100, 0]}", "rules[3].where.alt_m: 0 is not above 100"},
		{"later condition", "count: {unit: denial}", "{count: {unit: denial}", "not YAML"},
		{"count gap", "{unit: engagement}", "{unit: engagement, gap: 10}", `count.gap: "10": write a length of time`},
		{"unknown unit", "{unit: flight}", "{unit: fligth}", `did you mean "flight"?`},
		{"p_min too low", "p_min: 0.9", "p_min: 0.2", `"0.2": want a number from 0.5 to 1`},
		{"p_out above p_min", "p_min: 0.9\n    p_out: 0.1", "p_min: 0.5\n    p_out: 0.5", "nothing could be indeterminate"},
		{"number as text", "m: 25000", "m: far", `"far": want a number`},
		{"bad instant", `from: "2026-04-10T00:00:00Z"`, `from: "10 April"`, "write a day (2026-04-11)"},
		{"end before start", `to: "2026-06-01T00:00:00Z"`, `to: "2026-04-01T00:00:00Z"`, "not after its start"},
		{"bad zone name", "zone: UTC", "zone: Kyiv", `"Kyiv" is no time zone`},
		{"bad cut-off", `cut_off: "19:30"`, `cut_off: "25:00"`, `as "HH:MM"`},
		{"bad epoch", "first: 0}", "first: 2}", "day_epoch.first"},
		{"missing field", "status: in_force\n", "", "status: is missing: add it"},
		{"empty value", "status: in_force", "status:", "status: has no value"},
		{"field twice", "id: plain", "id: plain\nid: other", "id: stands twice"},
		{"rule twice", "id: R02", "id: R01", "rules[1].id: rule R01 is defined twice"},
		{"rule versions at once", "id: R02", "id: R01\n    version: \"2\"", "rules R01: versions 1 and 2 hold at the same time"},
		{"alias", "control_by: L1", "control_by: &x L1", "anchors and aliases are refused"},
		{"own tag", "control_by: L1", "control_by: !line L1", "the tag !line is refused"},
		{"second document", "gates: [watch_lead]}]", "gates: [watch_lead]}]\n---\nid: x", "a second document"},
		{"tab", "  - id: L1\n", "\t- id: L1\n", "agreement.yaml:23:1: not YAML"},
		{"control byte", "For tests only.", "For tests\x01 only.", "agreement.yaml:5:23: byte 0x01 is not text"},
		{"not UTF-8", "For tests only.", "For tests\xff only.", "byte 0xff is not text"},
		{"no such file", "zones/zones.geojson, accuracy_m: 0", "zones/zone.geojson", `the directory has no file "zones/zone.geojson"; did you mean "zones/zones.geojson"?`},
		{"no such feature", "feature: L1-moved", "feature: L1-move", `has no feature with the id "L1-move"; did you mean "L1-moved"?`},
		{"wrong shape", "id: Z-BOX, kind: disengagement, file: zones/zones.geojson", "id: Z-BOX, kind: disengagement, file: lines/contact.geojson, feature: L1", "feature L1 is a LineString: want polygons"},
		{"version twice", `version: "v2"`, `version: "v1"`, "v1 stands twice"},
		{"side and party", "side: both", "side: left, party: A", "give side or party, not both"},
		{"band upside down", "to_m: 5000", "to_m: 0", "to_m"},
		{"drawn and derived", "id: Z-BOX, kind", "id: Z-BOX, derived: {line: L1, from_m: 0, to_m: 10}, kind", "drawn or derived, not both"},
		{"window without place", "    zone: Z-BOX\nparts", "parts", "give either zone or circle"},
		{"part missing", "parts: [summary, fire, coverage, sources, annex]", "parts: [summary, fire]", "coverage is missing"},
		{"reserved area", "id: west", "id: elsewhere", "choose another id"},
		{"not a list of fields", "ends_at: {at:", "ends_at: 3\nx: {at:", "ends_at: want fields"},
		{"format", "truce: 1", "truce: 2", `truce: "2": want a number from 1 to 1`},
		{"language", "languages: [en, uk]", "languages: [en, ukrainian]", "want a language code"},
		{"rule without kind", "prohibit: [deny_access, jam_gnss]", "severity: 1", "says nothing"},
		{"control of nobody", "control_by: L1\n", "control_by: L2\n", `no line or control map "L2" is defined`},
		{"bad identifier", "id: plain", "id: plain text", "want letters, digits"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			problems := refusal(t, edited(t, MainFile, row.old, row.replacement))
			for _, p := range problems {
				if p.File == "" || p.Line < 1 || p.Column < 1 {
					t.Errorf("%v: no place", p)
				}
			}
			if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.String(), row.want) }) {
				t.Errorf("no problem holds %q in:\n%v", row.want, problems)
			}
		})
	}
}

func TestParseRefusesBadFiles(t *testing.T) {
	with := func(name, data string) []truce.AgreementFile {
		files := slices.DeleteFunc(plainFiles(t), func(f truce.AgreementFile) bool { return f.Name == name })
		return append(files, truce.AgreementFile{Name: name, Data: []byte(data)})
	}
	without := func(name string) []truce.AgreementFile {
		return slices.DeleteFunc(plainFiles(t), func(f truce.AgreementFile) bool { return f.Name == name })
	}
	rows := []struct {
		name  string
		files []truce.AgreementFile
		want  string
	}{
		{"unclosed ring", with("zones/zones.geojson", `{"type":"Feature","id":"Z-BOX","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}}`), "zones/zones.geojson:1:111: zones[1].file: feature Z-BOX, ring 0, vertex 3"},
		{"no JSON", with("sites/sites.geojson", `{`), "sites/sites.geojson:1:2: sites[0].file: not valid JSON"},
		{"clause in no language", with("clauses/fr/1.1.md", "x"), "clauses/fr/1.1.md:1:1: fr is not among the languages"},
		{"clause elsewhere", with("clauses/1.1.md", "x"), "want clauses/<language>/<clause>.md"},
		{"clause not text", with("clauses/en/1.1.md", "\xff"), "want UTF-8 text"},
		{"clause not authentic", without("clauses/en/5.1.md"), "clauses/en/5.1.md:1:1: is missing"},
		{"empty", with(MainFile, ""), "agreement.yaml:1:1: not YAML: the file is empty"},
		{"a list", with(MainFile, "- 1"), "want fields"},
		{"deep", with(MainFile, "a: "+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)), "nested over 16 deep"},
		{"too deep for the parser", with(MainFile, strings.Repeat("[", 20000)), "not YAML"},
		{"large", with(MainFile, strings.Repeat("#", MaxYAMLBytes+1)), "the bound is 524288"},
		{"wide", with(MainFile, "a: ["+strings.Repeat("1,", MaxYAMLNodes)+"]"), "over 100000 values"},
		{"alias bomb", with(MainFile, "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]"), "anchors and aliases are refused"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			problems := refusal(t, row.files)
			if len(problems) > MaxProblems || !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.String(), row.want) }) {
				t.Errorf("no problem holds %q in:\n%v", row.want, problems)
			}
		})
	}
}

func TestParseBoundsTheDirectory(t *testing.T) {
	many := make([]truce.AgreementFile, MaxFiles+1)
	for i := range many {
		many[i].Name = fmt.Sprintf("clauses/en/%d.md", i)
	}
	file := func(name string, size int) truce.AgreementFile {
		return truce.AgreementFile{Name: name, Data: make([]byte, size)}
	}
	rows := []struct {
		name  string
		files []truce.AgreementFile
		code  truce.Code
	}{
		{"too many", many, truce.CodeTooLarge},
		{"too large together", []truce.AgreementFile{file("zones/a", MaxTotalBytes), file("zones/b", 1)}, truce.CodeTooLarge},
		{"twice", []truce.AgreementFile{file(MainFile, 0), file(MainFile, 0)}, truce.CodeInvalid},
		{"outside", []truce.AgreementFile{file("../x", 0)}, truce.CodeInvalid},
		{"absolute", []truce.AgreementFile{file("/x", 0)}, truce.CodeInvalid},
		{"nameless", []truce.AgreementFile{file("", 0)}, truce.CodeInvalid},
		{"no main file", []truce.AgreementFile{file("zones/a", 0)}, truce.CodeNotFound},
	}
	for _, row := range rows {
		if _, err := Parse(row.files); truce.CodeOf(err) != row.code {
			t.Errorf("%s: %v, want code %s", row.name, err, row.code)
		}
	}
}

func TestReadDirTakesTheAgreementOnly(t *testing.T) {
	dir := fstest.MapFS{}
	for _, f := range plainFiles(t) {
		dir[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for _, extra := range []string{"README.md", ".git/config", "zones/.hidden.geojson", "tests/a.test", "zones/map.png"} {
		dir[extra] = &fstest.MapFile{Data: []byte("x")}
	}
	files, err := ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if Version(files) != Version(plainFiles(t)) {
		t.Errorf("files that are no part of the agreement were read: %d files", len(files))
	}
	if !slices.IsSortedFunc(files, func(a, b truce.AgreementFile) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("files are not in name order")
	}
	dir["zones/huge.geojson"] = &fstest.MapFile{Data: make([]byte, MaxTotalBytes)}
	if _, err := ReadDir(dir); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("huge directory: %v, want too_large", err)
	}
	if _, err := ReadDir(os.DirFS("testdata/absent")); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("absent directory: %v, want not_found", err)
	}
}

func TestVersionSeesNamesAndContents(t *testing.T) {
	file := func(name, data string) truce.AgreementFile {
		return truce.AgreementFile{Name: name, Data: []byte(data)}
	}
	base := Version([]truce.AgreementFile{file("a", "1"), file("b", "2")})
	if base != Version([]truce.AgreementFile{file("b", "2"), file("a", "1")}) {
		t.Error("the order of the files changes the version")
	}
	for _, other := range [][]truce.AgreementFile{
		{file("a", "1"), file("b", "3")}, {file("a", "1"), file("c", "2")}, {file("a", "1b"), file("", "2")}, {file("a", "1")},
	} {
		if Version(other) == base {
			t.Errorf("%v has the version of another directory", other)
		}
	}
}

func TestCalendar(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Skip("no time zone table on this machine")
	}
	midnight := Calendar{Zone: "Europe/Kyiv", Epoch: "2022-02-24", location: kyiv}
	evening := midnight
	evening.CutOff = 19*time.Hour + 30*time.Minute
	rows := []struct {
		name     string
		calendar Calendar
		day      truce.Day
		from, to string
	}{
		{"midnight", midnight, "2026-04-11", "2026-04-10T21:00:00.000000Z", "2026-04-11T21:00:00.000000Z"},
		{"evening", evening, "2026-04-11", "2026-04-10T16:30:00.000000Z", "2026-04-11T16:30:00.000000Z"},
		{"23 hours", midnight, "2026-03-29", "2026-03-28T22:00:00.000000Z", "2026-03-29T21:00:00.000000Z"},
		{"25 hours", midnight, "2026-10-25", "2026-10-24T21:00:00.000000Z", "2026-10-25T22:00:00.000000Z"},
	}
	for _, row := range rows {
		p, err := row.calendar.Period(row.day)
		if err != nil || p.From.String() != row.from || p.To.String() != row.to || p.Zone != "Europe/Kyiv" {
			t.Errorf("%s: got %v %v, want %s to %s", row.name, p, err, row.from, row.to)
		}
		if got := row.calendar.DayAt(p.From); got != row.day {
			t.Errorf("%s: the period's start lies in %s, want %s", row.name, got, row.day)
		}
		if got := row.calendar.DayAt(p.To); got != row.day.AddDays(1) {
			t.Errorf("%s: the period's end lies in %s, want the next day", row.name, got)
		}
	}
	if n, err := midnight.DayNumber("2026-01-07"); err != nil || n != 1413 {
		t.Errorf("7 Jan 2026 is day %d (%v), want 1413 as a press list counts", n, err)
	}
	if _, err := midnight.Period("11 April"); err == nil {
		t.Error("a day that is no day has a period")
	}
}
