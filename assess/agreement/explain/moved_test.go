package explain

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// redrawn is the test agreement with a text of one of its drawings replaced.
func redrawn(t *testing.T, file, old, replacement string) *agreement.Agreement {
	t.Helper()
	list := files(t)
	i := slices.IndexFunc(list, func(f truce.AgreementFile) bool { return f.Name == file })
	if n := bytes.Count(list[i].Data, []byte(old)); n == 0 {
		t.Fatalf("%q does not stand in %s", old, file)
	}
	list[i].Data = bytes.ReplaceAll(list[i].Data, []byte(old), []byte(replacement))
	return parse(t, list)
}

func changeOf(t *testing.T, before, after *agreement.Agreement, lang, section, id string) Change {
	t.Helper()
	changes, err := Diff(before, after, lang, nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(changes, func(c Change) bool { return c.Section == section && c.ID == id })
	if i < 0 {
		t.Fatalf("no change of %s %s in %+v", section, id, changes)
	}
	return changes[i]
}

// The box is 0.2 by 0.2 degrees at 48 S: 331.9 km2; half of it is kept when it is moved
// by 0.1 degrees. A degree of latitude is 111.2 km there, one of longitude 74.6 km.
func TestDiffSaysByHowMuchADrawingMoved(t *testing.T) {
	before := parse(t, files(t))
	rows := []struct {
		file, old, replacement, section, id string
		want                                []string
	}{
		{"zones/zones.geojson", "[[[-21.1,-48.1],[-20.9,-48.1],[-20.9,-47.9],[-21.1,-47.9],[-21.1,-48.1]]]", "[[[-21.0,-48.1],[-20.8,-48.1],[-20.8,-47.9],[-21.0,-47.9],[-21.0,-48.1]]]",
			"zone", "Z-BOX", []string{"area: 331.9", " km² before, 331.9", " km² now, 165.9", " km² in common"}},
		{"zones/zones.geojson", "[[[-21.1,-48.1],[-20.9,-48.1],[-20.9,-47.9],[-21.1,-47.9],[-21.1,-48.1]]]", "[[[-20.1,-48.1],[-19.9,-48.1],[-19.9,-47.9],[-20.1,-47.9],[-20.1,-48.1]]]",
			"zone", "Z-BOX", []string{" now, 0 km² in common"}},
		{"sites/sites.geojson", "[-21.0,-48.3]", "[-21.0,-48.301]", "site", "S-POWER", []string{"at -48.30100, -21.00000", "moved by 111 m"}},
		{"sites/sites.geojson", "-47.98", "-47.97", "site", "S-WORKS", []string{"area: 13.2", "in common"}},
		{"lines/contact.geojson", "[-21.6,-48.0]", "[-21.61,-48.0]", "line", "L1", []string{"version v1: lies up to 746 m from where it was"}},
		{"areas/areas.geojson", "-23.0", "-22.9", "area", "west", []string{" km² now, "}},
	}
	for _, row := range rows {
		c := changeOf(t, before, redrawn(t, row.file, row.old, row.replacement), "en", row.section, row.id)
		all := strings.Join(c.After, "\n")
		for _, want := range row.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s", row.id, want, all)
			}
		}
	}
}

func TestTheHeightsOfAZoneAreADifference(t *testing.T) {
	before := parse(t, files(t))
	after := edited(t, "file: zones/zones.geojson, accuracy_m: 0}", "file: zones/zones.geojson, accuracy_m: 0, altitude_m: {max: 500}}")
	for _, c := range []Change{changeOf(t, before, after, "en", "zone", "Z-BOX"), changeOf(t, before, after, "en", "rule", "R02")} {
		if all := strings.Join(c.After, "\n"); c.How != HowChanged || !strings.Contains(all, "at heights of up to 500 m") {
			t.Errorf("%s: %s\n%s", c.Heading, c.How, all)
		}
	}
}

func TestHeadingsAreInTheLanguage(t *testing.T) {
	before, after := parse(t, files(t)), full(t)
	rows := []struct{ section, id, en, uk string }{
		{"rule", "X3", "rule X3: new", "правило X3: нове"},
		{"weapon class", "tube_ge100", "weapon class tube_ge100: new", "клас озброєння tube_ge100: нове"},
		{"agreement", "plain", "agreement plain: changed", "угода plain: змінено"},
	}
	for _, row := range rows {
		for lang, want := range map[string]string{"en": row.en, "uk": row.uk} {
			if got := changeOf(t, before, after, lang, row.section, row.id).Heading; got != want {
				t.Errorf("heading %q, want %q", got, want)
			}
		}
	}
	if got := changeOf(t, after, before, "uk", "rule", "X3").Heading; got != "правило X3: вилучено" {
		t.Errorf("heading %q", got)
	}
	for lang, want := range map[string]string{"en": "The two say the same.", "uk": "Обидві говорять те саме."} {
		if got, err := Same(before, lang); err != nil || got != want {
			t.Errorf("%q (%v), want %q", got, err, want)
		}
	}
}

// A class without a parent stands under nothing, and that is not said as an empty name.
func TestAClassSaysWhatItHas(t *testing.T) {
	before, after := parse(t, files(t)), full(t)
	root, below := changeOf(t, before, after, "en", "weapon class", "tube"), changeOf(t, before, after, "en", "weapon class", "tube_ge100")
	if all := strings.Join(root.After, "\n"); strings.Contains(all, "under") || strings.Contains(all, `""`) || !strings.Contains(all, "of the type gun, howitzer or mortar") {
		t.Errorf("the root: %s", all)
	}
	if all := strings.Join(below.After, "\n"); !strings.Contains(all, "under tube") || !strings.Contains(all, "of calibre 100 mm or more") {
		t.Errorf("below it: %s", all)
	}
}

// No sentence of a comparison is left in another language or unfilled.
func TestTheComparisonIsWrittenInUkrainian(t *testing.T) {
	changes, err := Diff(parse(t, files(t)), full(t), "uk", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		for _, s := range append(c.After, c.Heading) {
			for _, word := range []string{"diff.", "{", "known from", "sites:", "under", "word."} {
				if strings.Contains(s, word) {
					t.Errorf("%s: %q holds %q", c.Heading, s, word)
				}
			}
		}
	}
}
