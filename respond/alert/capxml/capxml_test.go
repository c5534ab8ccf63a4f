package capxml_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

var release = truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 4, 0, time.UTC))

// ours is an alert with everything of it that CAP shows.
func ours() truce.Alert {
	return truce.Alert{
		ID: truce.NewID(release, "alert", "x", nil), Kind: truce.AlertNew, Case: truce.NewID(release, "case", "x", nil), Step: 7, Tier: "T1",
		Release: release, Realm: truce.RealmReal, Severity: 3, Area: "north",
		Headline: truce.Names{"en": "Case C-1: tier T1 entered", "uk": "Справа C-1: введено рівень T1"},
		Text:     truce.Names{"en": "Entered.\n\n<b>& more</b>", "uk": "Введено."},
		Answer:   &truce.AnswerTerm{Role: truce.RoleGuarantor, Least: truce.AckReceived, Within: truce.MicrosOf(time.Hour)},
	}
}

func config() capxml.Config {
	return capxml.Config{
		Sender: "alerts@mission.example.org", SenderName: truce.Names{"en": "The mechanism", "uk": "Механізм"}, Contact: "+00 000", Base: "https://desk.example.org",
		Areas: map[truce.AreaID]capxml.AreaShape{
			"north": {Names: truce.Names{"en": "North", "uk": "Північ"}, Circle: &capxml.Circle{Centre: capxml.Point{Lat: 48.123456, Lon: 37.98765}, RadiusKm: 1.2}},
		},
		Sent: func(truce.AlertID) (truce.Instant, bool) { return release.Add(-time.Hour), true },
	}
}

func from(t testing.TB, a truce.Alert) capxml.Alert {
	t.Helper()
	out, err := capxml.From(a, config())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// variants are alerts of every kind, and the replies to one.
func variants(t testing.TB) map[string]capxml.Alert {
	t.Helper()
	update, cancel, drill, civil, bare := ours(), ours(), ours(), ours(), ours()
	update.Kind, update.References = truce.AlertUpdate, []truce.AlertID{truce.NewID(release, "alert", "y", nil)}
	cancel.Kind, cancel.References = truce.AlertCancel, []truce.AlertID{truce.NewID(release, "alert", "y", nil), truce.NewID(release, "alert", "z", nil)}
	drill.Realm, civil.Civil, civil.Severity = truce.ExerciseRealm("spring"), true, 4
	bare.Area, bare.Answer, bare.Tier, bare.Severity = "", nil, "", 0
	out := map[string]capxml.Alert{
		"alert": from(t, ours()), "update": from(t, update), "cancel": from(t, cancel), "exercise": from(t, drill), "civil": from(t, civil), "bare": from(t, bare),
	}
	for name, ack := range acknowledgements() {
		out[name] = acknowledged(t, ack)
	}
	full := out["alert"]
	full.Source, full.Codes, full.Scope, full.Restriction = "desk", []string{"one", "two"}, capxml.ScopePrivate, ""
	full.Addresses = []string{"first@example.org", "the second one"}
	full.Infos = full.Infos[:1:1]
	info := full.Infos[0]
	info.Audience, info.Onset, info.Instruction = "authorities", release.Time(), "read it"
	info.EventCodes = []capxml.Value{{Name: "x", Value: "y"}}
	info.Resources = []capxml.Resource{{Description: "map", MediaType: "image/png", Size: 12, URI: "https://example.org/map.png", Digest: "aa"}}
	info.Areas = []capxml.Area{{
		Description: "field", Polygons: [][]capxml.Point{{{Lat: 1, Lon: 2}, {Lat: 1, Lon: 3.5}, {Lat: -2.25, Lon: 3}, {Lat: 1, Lon: 2}}}, Altitude: "10", Ceiling: "20",
	}}
	full.Infos[0] = info
	out["full"] = full
	return out
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	for name, a := range variants(t) {
		text, err := capxml.Encode(a)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		back, err := capxml.Decode(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if !reflect.DeepEqual(a, back) {
			t.Errorf("%s: read again differs:\n%+v\n%+v", name, a, back)
		}
		again, err := capxml.Encode(back)
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s: written again differs: %v\n%s", name, err, again)
		}
	}
}

func TestAnAlertAsCAP(t *testing.T) {
	a := from(t, ours())
	if a.Status != capxml.StatusActual || a.Scope != capxml.ScopeRestricted || a.MsgType != capxml.TypeAlert || len(a.Infos) != 2 {
		t.Errorf("alert %+v", a)
	}
	uk := a.Infos[1]
	if uk.Language != "uk" || uk.Headline != "Справа C-1: введено рівень T1" || uk.Areas[0].Description != "Північ" || uk.Severity != "Severe" || uk.Certainty != "Unknown" {
		t.Errorf("info %+v", uk)
	}
	if c := uk.Areas[0].Circles[0]; c.RadiusKm != capxml.MinRadiusKm || c.Centre != (capxml.Point{Lat: 48.1, Lon: 38}) {
		t.Errorf("circle %+v is sharper than may leave the house", c)
	}
	drill := ours()
	drill.Realm = truce.ExerciseRealm("spring")
	if d := from(t, drill); d.Status != capxml.StatusExercise || !strings.HasPrefix(d.Note, "EXERCISE spring") {
		t.Errorf("exercise: %s, note %q", d.Status, d.Note)
	}
	cancel := ours()
	cancel.Kind = truce.AlertCancel
	if _, err := capxml.From(cancel, config()); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a cancellation of nothing: %v", err)
	}
	cancel.References = []truce.AlertID{cancel.ID}
	c := config()
	c.Sent = nil
	if _, err := capxml.From(cancel, c); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("a reference that is not on record: %v", err)
	}
}

// schemaCheck holds documents against the schema with libxml2, which shares no code with
// ours; CAP_XSD names another schema, e.g. that of OASIS.
func schemaCheck(t *testing.T) func(name string, text []byte) error {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not there: install libxml2-utils to check CAP against its schema")
	}
	schema := "testdata/cap12.xsd"
	if other := os.Getenv("CAP_XSD"); other != "" {
		schema = other
	}
	return func(name string, text []byte) error {
		file := filepath.Join(t.TempDir(), name+".xml")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.CommandContext(t.Context(), lint, "--noout", "--nonet", "--schema", schema, file).CombinedOutput()
		if err != nil {
			t.Logf("%s: %.300s", name, said)
		}
		return err
	}
}

func TestAgainstTheSchema(t *testing.T) {
	check := schemaCheck(t)
	for name, a := range variants(t) {
		text, err := capxml.Encode(a)
		if err != nil {
			t.Fatal(err)
		}
		if err := check(name, text); err != nil {
			t.Errorf("%s does not hold against the schema:\n%s", name, text)
		}
		// The control: without its scope no message holds.
		broken := bytes.Replace(text, []byte("<scope>"+string(a.Scope)+"</scope>"), nil, 1)
		if bytes.Equal(broken, text) || check(name+"-broken", broken) == nil {
			t.Errorf("%s without its scope holds against the schema", name)
		}
	}
}

// Our reader and libxml2 agree on every CAP 1.2 document of the collection. (The schema of
// OASIS itself lets empty references pass, which the standard does not mean.)
func TestTheReaderAgreesWithTheSchema(t *testing.T) {
	check := schemaCheck(t)
	files, err := filepath.Glob(filepath.Join(collection(t), "*.cap"))
	more, moreErr := filepath.Glob(filepath.Join(collection(t), "validator-examples", "*.cap"))
	if err != nil || moreErr != nil {
		t.Fatal(err, moreErr)
	}
	held := 0
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte(capxml.Namespace)) || strings.Contains(file, "xee") {
			continue // of 1.1, or an attack that libxml2 need not see
		}
		held++
		_, ours := capxml.Decode(text)
		if theirs := check(filepath.Base(file), text); (ours == nil) != (theirs == nil) {
			t.Errorf("%s: the reader says %v, libxml2 %v", filepath.Base(file), ours, theirs)
		}
	}
	if held < 8 {
		t.Errorf("only %d documents of CAP 1.2", held)
	}
}

// collection is where the CAP files of the shared data lie.
func collection(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("TRUCE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	dir := filepath.Join(shared, "data", "cap")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no shared data at %s", dir)
	}
	return dir
}

// TestTheCollection reads every file. The names say what is wrong with a file; where it is
// not a CAP document, every CAP document within it is read.
func TestTheCollection(t *testing.T) {
	dir := collection(t)
	refused := map[string]string{ // files, and what the refusal names
		"invalid.cap": "scope is missing", "canada_errors.cap": "references: is empty", "noaa_errors.cap": "references: is empty", "xee.cap": "DTD",
		"bushfire_invalid.edxlde": "identifier is missing", "xee.atom": "DTD",
		"no_entries.atom": "status is missing", "weather_invalid.atom": "identifier", // no feeds, but alerts that do not hold
		"environment_canada_x509_cert.pem": "", "naads_x509_cert.pem": "",
	}
	alerts := map[string]int{ // files that hold so many CAP documents
		"australia.cap": 1, "canada.cap": 1, "canada_signed.cap": 1, "earthquake-iso8859-1.cap": 1, "earthquake.cap": 1, "earthquake_signed.cap": 1,
		"no_optional_fields.cap": 1, "wcatwc-warning.cap": 1, "weather.cap": 1, "43b080713727.cap": 1, "KAR0-0306112239-SW.cap": 1, "thunderstorm.cap": 1,
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		checkFile(t, entry.Name(), text, refused, alerts)
		return nil
	})
	if err != nil || files != 38 {
		t.Errorf("%d files, %v; want 38", files, err)
	}
}

func checkFile(t *testing.T, name string, text []byte, refused map[string]string, alerts map[string]int) {
	got, err := capxml.DecodeWithin(text)
	if want, bad := refused[name]; bad {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it refused for %q", name, err, want)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if want, ok := alerts[name]; ok && len(got) != want {
		t.Errorf("%s: %d alerts, want %d", name, len(got), want)
	}
	if strings.HasSuffix(name, ".cap") {
		if _, err := capxml.Decode(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got[0].Signed != bytes.Contains(text, []byte("<Signature")) {
			t.Errorf("%s: signed %v", name, got[0].Signed)
		}
	} else if _, err := capxml.Decode(text); err == nil {
		t.Errorf("%s: taken for a CAP document", name)
	}
}

func TestISO8859IsRead(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(collection(t), "earthquake-iso8859-1.cap"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := capxml.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, i := range a.Infos {
		for _, s := range []string{i.Headline, i.Description, i.Event, i.SenderName} {
			found = found || strings.ContainsAny(s, "áéíóú")
			if strings.ContainsRune(s, '\uFFFD') {
				t.Errorf("broken letters in %q", s)
			}
		}
	}
	if !found {
		t.Errorf("no letter beyond ASCII was read: %+v", a.Infos)
	}
}

// valid is the smallest message, with a place to put something wrong.
func document(head, tail string) string {
	return `<alert xmlns="` + capxml.Namespace + `"><identifier>1</identifier><sender>s</sender><sent>2026-04-12T12:00:04-00:00</sent>` +
		`<status>Actual</status><msgType>Alert</msgType>` + head + `<scope>Public</scope>` + tail + `</alert>`
}

func info(middle, tail string) string {
	return document("", `<info><category>Security</category><event>e</event>`+middle+`<urgency>Past</urgency><severity>Minor</severity><certainty>Likely</certainty>`+tail+`</info>`)
}

func TestRefusesByName(t *testing.T) {
	area := func(inside string) string { return info("", `<area><areaDesc>a</areaDesc>`+inside+`</area>`) }
	deep := strings.Repeat("<x>", capxml.MaxDepth+1)
	for want, text := range map[string]string{
		"unknown, out of place":   document("", "<colour>red</colour>"),
		"source: is unknown":      document("", "<source>x</source>"),
		"responseType \"Dance\"":  info("<responseType>Dance</responseType>", ""),
		"deeper than":             deep,
		"second document":         document("", "") + document("", ""),
		"DTD":                     `<!DOCTYPE alert [<!ENTITY a "b">]>` + document("", ""),
		"not well-formed":         document("", "<note>&a;</note>"),
		"encoding \"KOI8-R\"":     `<?xml version="1.0" encoding="KOI8-R"?>` + document("", ""),
		"the last like the first": area("<polygon>1,2 1,3 2,3 2,2</polygon>"),
		"decimal number":          area("<circle>1,2 1e3</circle>"),
		"latitude within 90":      area("<circle>91,2 1</circle>"),
		"latitude,longitude rad":  area("<circle>1,2</circle>"),
		"needs an altitude":       area("<ceiling>3</ceiling>"),
		"expires":                 info("", "<expires>2026-04-12T12:00:04Z</expires>"),
		"sender,identifier,sent":  document("", "<references>a,b</references>"),
		"scope is Restricted":     strings.Replace(document("", ""), "Public", "Restricted", 1),
		"scope is Private":        strings.Replace(document("", ""), "Public", "Private", 1),
		"msgType is Ack":          strings.Replace(document("", ""), "<msgType>Alert", "<msgType>Ack", 1),
		"no space, comma":         strings.Replace(document("", ""), "<sender>s", "<sender>a b", 1),
		"the root is":             strings.ReplaceAll(document("", ""), "cap:1.2", "cap:9.9"),
		"want text":               document("<source><b>x</b></source>", ""),
		"no XML":                  "",
		"bytes, at most":          strings.Repeat(" ", capxml.MaxDocument+1),
	} {
		if _, err := capxml.Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
	if _, err := capxml.Decode([]byte(document("", ""))); err != nil {
		t.Error(err)
	}
	if _, err := capxml.Decode([]byte(strings.Repeat("<x>", capxml.MaxDepth) + strings.Repeat("</x>", capxml.MaxDepth))); err == nil || !strings.Contains(err.Error(), "the root is") {
		t.Errorf("the greatest depth: %v", err)
	}
}

// FuzzDecode: what is read can be written, and reads as the same.
func FuzzDecode(f *testing.F) {
	for _, a := range variants(f) {
		text, err := capxml.Encode(a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(document("<source>&#x1F600;</source>", "<addresses>\"a b\" c</addresses>")))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := capxml.Decode(text)
		if err != nil {
			return
		}
		written, err := capxml.Encode(a)
		if err != nil {
			t.Fatalf("read and not written: %v\n%s", err, text)
		}
		back, err := capxml.Decode(written)
		if err != nil {
			t.Fatalf("written and not read: %v\n%s", err, written)
		}
		again, err := capxml.Encode(back)
		if err != nil || !bytes.Equal(again, written) {
			t.Fatalf("not the same twice: %v\n%s\n%s", err, written, again)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	a := from(b, ours())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := capxml.Encode(a); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWhatIsHeldBackIsNoDocument(t *testing.T) {
	_, err := capxml.From(truce.Alert{ID: truce.NewID(1, "alert", "x", nil), Kind: truce.AlertHeld, Held: &truce.HeldBack{Kind: truce.AlertNew}}, capxml.Config{})
	if truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("%v", err)
	}
}

// TestANewAlertRefersToNothing: of a tier that was entered our record names the proposal it
// ends, which went to those who sign only. Updates and cancellations name what they change.
func TestANewAlertRefersToNothing(t *testing.T) {
	a := ours()
	a.References = []truce.AlertID{truce.NewID(a.Release, "alert", "the proposal", nil)}
	if doc := from(t, a); doc.MsgType != capxml.TypeAlert || len(doc.References) != 0 {
		t.Errorf("%s refers to %v", doc.MsgType, doc.References)
	}
	a.Kind = truce.AlertUpdate
	if doc := from(t, a); doc.MsgType != capxml.TypeUpdate || len(doc.References) != 1 || doc.References[0].Identifier != a.References[0].String() {
		t.Errorf("%s refers to %v", doc.MsgType, doc.References)
	}
}
