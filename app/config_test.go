package app

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestSampleShowsEverySetting: every field of Config stands in the sample, plain or
// behind a #, and the sample loads both ways.
func TestSampleShowsEverySetting(t *testing.T) {
	cfg, err := parseConfig([]byte(sampleConfig))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Store != "sqlite:truce.db" || cfg.Public != "public.db" || cfg.Agreement != "agreement" || cfg.Listen != "127.0.0.1:8080" {
		t.Errorf("the sample says other than the defaults: %+v", cfg)
	}
	full, err := parseConfig([]byte(withoutMarks(sampleConfig)))
	if err != nil {
		t.Fatalf("the sample with every # removed: %v", err)
	}
	for _, path := range unset(reflect.ValueOf(full), "") {
		if path != "media.capital_places" { // an empty list is its example
			t.Errorf("the sample shows no value of %s", path)
		}
	}
	if !strings.Contains(sampleConfig, "capital_places:") {
		t.Error("the sample does not show media.capital_places")
	}
}

// withoutMarks turns the settings behind a # into settings and leaves the words.
func withoutMarks(text string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if bare, marked := strings.CutPrefix(line, "# "); marked && (strings.HasPrefix(bare, " ") || strings.HasSuffix(bare, ":") || strings.Contains(bare, ": {") || strings.HasPrefix(bare, "public_url: ")) {
			line = bare
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// unset lists the settings that have no value anywhere.
func unset(v reflect.Value, at string) []string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return []string{at}
		}
		return unset(v.Elem(), at)
	case reflect.Slice:
		if v.Len() == 0 {
			return []string{at}
		}
		out := unset(v.Index(0), at)
		for i := range v.Len() {
			out = common(out, unset(v.Index(i), at))
		}
		return out
	case reflect.Struct:
		var out []string
		for i := range v.NumField() {
			if name := v.Type().Field(i).Tag.Get("koanf"); name != "" {
				out = append(out, unset(v.Field(i), strings.TrimPrefix(at+"."+name, "."))...)
			}
		}
		return out
	case reflect.String:
		if v.Len() == 0 {
			return []string{at}
		}
	}
	return nil
}

func common(a, b []string) []string {
	var out []string
	for _, s := range a {
		for _, other := range b {
			if s == other {
				out = append(out, s)
			}
		}
	}
	return out
}

func TestUnsetFindsWhatTheSampleLacks(t *testing.T) {
	got := unset(reflect.ValueOf(Config{Store: "x", Sources: []SourceEdit{{ID: "a"}, {Title: "b"}}}), "")
	text := strings.Join(got, " ")
	mustHold(t, text, "public", "bounds", "sources.licence", "sources.redistribute")
	if strings.Contains(text, "sources.id") || strings.Contains(text, "store") {
		t.Errorf("what is set is listed: %s", text)
	}
}

func TestConfigIsRefusedByName(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"no YAML", "store: [", "yaml"},
		{"unknown", "stor: x", "unknown setting stor; known there: agreement, aircraft, alerts"},
		{"unknown below", "bounds: {south: 1, north: 2, west: 3, eats: 4}", "unknown setting bounds.eats; known there: east, north, south, west"},
		{"unknown in a list", "cloud:\n  - {column: a, area: b}\n  - {column: a, aera: b}", "unknown setting cloud[1].aera"},
		{"settings where a text stands", "store: {file: x}", "unknown setting store"},
		{"store", "store: truce.db", "store: write sqlite:FILE or postgres://"},
		{"store without a file", "store: 'sqlite:'", "store: write sqlite:FILE"},
		{"listen", "listen: localhost", "listen: \"localhost\"; write HOST:PORT"},
		{"bounds upside down", "bounds: {south: 53, north: 44, west: 22, east: 41}", "bounds: bounds"},
		{"bounds out of range", "bounds: {south: 44, north: 99, west: 22, east: 41}", "latitude goes from -90 to 90"},
		{"bounds no numbers", "bounds: {south: here}", "bounds"},
		{"cloud without a column", "cloud: [{area: east}]", "cloud[0]: needs a column and an area"},
		{"source without id", "sources: [{licence: x}]", "sources[0]: needs an id of its own"},
		{"source twice", "sources: [{id: firms}, {id: firms}]", "sources[1]: needs an id of its own"},
		{"source nobody reads", "sources: [{id: frims, licence: x}]", "sources[0]: nothing is read under the id \"frims\""},
		{"source of another family", "sources: [{id: firms, family: patrol}]", "firms is of the family thermal; leave family out"},
		{"source of no family", "sources: [{id: team, family: patrool}]", "sources[0]: family \"patrool\"; choose one of"},
		{"rights without a licence", "sources: [{id: csv, redistribute: true}]", "redistribute is yes but licence or attribution is empty"},
	}
	for _, c := range cases {
		if _, err := parseConfig([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestStoreAddressKeepsItsPassword(t *testing.T) {
	_, err := parseConfig([]byte("store: mysql://me:secret@host/db"))
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("refused as %v", err)
	}
	cfg, err := parseConfig([]byte("store: postgres://me:secret@host/db"))
	if err != nil || cfg.storeShown() != "PostgreSQL" || cfg.DSN() != cfg.Store {
		t.Errorf("shown as %q: %v", cfg.storeShown(), err)
	}
}

func TestPathsAreRelativeToTheDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte("store: sqlite:kept/truce.db\npublic: /srv/public.db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := "sqlite:" + filepath.Join(dir, "kept/truce.db"); cfg.DSN() != want {
		t.Errorf("store at %s, want %s", cfg.DSN(), want)
	}
	if cfg.Path(cfg.Public) != "/srv/public.db" || cfg.Path(cfg.Agreement) != filepath.Join(dir, "agreement") {
		t.Errorf("public %s, agreement %s", cfg.Path(cfg.Public), cfg.Path(cfg.Agreement))
	}
}

func TestNoConfigIsNoDirectory(t *testing.T) {
	dir := t.TempDir()
	_, err := LoadConfig(dir)
	if truce.CodeOf(err) != truce.CodeNotFound || !strings.Contains(err.Error(), "make one with: truce init") {
		t.Errorf("got %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, ConfigFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadConfig(dir); err == nil || truce.CodeOf(err) == truce.CodeNotFound {
		t.Errorf("a folder in place of the file: %v", err)
	}
}

// TestRightsLayOverDeclarations: what is left out stays as the source declares it.
func TestRightsLayOverDeclarations(t *testing.T) {
	cfg, err := parseConfig([]byte("sources:\n  - {id: viina, redistribute: false}\n  - {id: csv-patrol, licence: CC-BY-4.0, attribution: Us, redistribute: true}\n" +
		"  - {id: team, family: patrol, title: Team, url: https://team.example}\n  - {id: map-deepstate, licence: asked, attribution: DeepState}\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := &App{cfg: cfg}
	built := builtInSources()
	viina := a.declared(built["viina"])
	if viina.Redistribute || viina.Licence != built["viina"].Licence || viina.Licence == "" {
		t.Errorf("viina became %+v", viina)
	}
	patrol := a.declared(built["csv-patrol"])
	if !patrol.Redistribute || patrol.Licence != "CC-BY-4.0" || patrol.Title != built["csv-patrol"].Title {
		t.Errorf("csv-patrol became %+v", patrol)
	}
	own := cfg.ownSources()
	if len(own) != 1 || own[0].ID != "team" || own[0].Family != truce.FamilyPatrol || own[0].URL != "https://team.example" || own[0].Redistribute {
		t.Errorf("own sources are %+v", own)
	}
}

// TestFileForADirectory: whoever names a file where the data directory belongs is told
// which directory is meant.
func TestFileForADirectory(t *testing.T) {
	p := newProgram(t)
	settings := filepath.Join(p.dir, ConfigFile)
	r := p.runAlone("incidents", "--dir", settings)
	if want := settings + " is a file, not a data directory; name the folder it lies in: --dir " + p.dir; r.code != 1 || !strings.Contains(r.err, want) {
		t.Errorf("exit code %d, told %q, want %q", r.code, r.err, want)
	}
	other := p.write(t, "notes.txt", "")
	for _, args := range [][]string{{"assess"}, {"serve"}, {"verify-store"}, {"bulletin", "daily", "--date", "2031-03-11"}} {
		r := p.runAlone(append(args, "--dir", other)...)
		if want := other + " is a file, not a data directory; make one with: truce init DIR"; r.code != 1 || !strings.Contains(r.err, want) {
			t.Errorf("%q: exit code %d, told %q, want %q", args, r.code, r.err, want)
		}
	}
	for _, args := range [][]string{{"init", other}, {"demo", "--exit", "--dir", other}} {
		if r := p.runAlone(args...); r.code != 1 || !strings.Contains(r.err, other+" is a file; choose another name") {
			t.Errorf("%q: exit code %d, told %q", args, r.code, r.err)
		}
	}
}
