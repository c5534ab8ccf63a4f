package app

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// heardByPhone is a note as the flags make it.
func heardByPhone() noteOptions {
	return noteOptions{
		text: "three explosions near the mill", at: "2031-03-11T14:05:00Z", placed: true, lat: -47.91, lon: -21.62, radius: 800,
		act: string(truce.ActExplosion), count: 3, unit: string(truce.UnitExplosion), family: string(truce.FamilyPatrol), from: "patrol 3",
	}
}

func TestNoteSaysWhatWasSaid(t *testing.T) {
	o, err := heardByPhone().observation()
	if err != nil {
		t.Fatal(err)
	}
	if o.Kind != truce.KindReport || o.Source != "note-patrol" || o.Sensor != "patrol 3" || o.Report.Text != "three explosions near the mill" {
		t.Errorf("recorded as %+v", o)
	}
	claim := o.Report.Claims[0]
	if claim.Act != truce.ActExplosion || claim.Count != 3 || claim.Unit != truce.UnitExplosion {
		t.Errorf("claim is %+v", claim)
	}
	if o.Place.Error != (geo.Covariance{EE: 640_000, NN: 640_000}) {
		t.Errorf("800 m are %+v", o.Place.Error)
	}
	if o.Phenomenon.From != o.Phenomenon.To || o.Phenomenon.Sigma.Duration() != time.Minute {
		t.Errorf("time is %+v", o.Phenomenon)
	}
}

// TestNoteIDs: the same words are the same note whenever they are entered, and each
// thing that was said otherwise makes another.
func TestNoteIDs(t *testing.T) {
	first, err := heardByPhone().observation()
	if err != nil {
		t.Fatal(err)
	}
	edits := map[string]func(*noteOptions){
		"text":   func(o *noteOptions) { o.text = "two explosions near the mill" },
		"time":   func(o *noteOptions) { o.at = "2031-03-11T14:06:00Z" },
		"until":  func(o *noteOptions) { o.until = "2031-03-11T14:10:00Z" },
		"place":  func(o *noteOptions) { o.lat = -47.92 },
		"radius": func(o *noteOptions) { o.radius = 900 },
		"none":   func(o *noteOptions) { o.placed = false },
		"name":   func(o *noteOptions) { o.place = "Kelvost" },
		"act":    func(o *noteOptions) { o.act = string(truce.ActBurst) },
		"count":  func(o *noteOptions) { o.count = 2 },
		"family": func(o *noteOptions) { o.family = string(truce.FamilyCivilian) },
		"from":   func(o *noteOptions) { o.from = "patrol 4" },
	}
	seen := map[truce.ID]string{first.ID: "the first"}
	for name, edit := range edits {
		opt := heardByPhone()
		edit(&opt)
		o, err := opt.observation()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if other, known := seen[o.ID]; known {
			t.Errorf("another %s has the id of %s", name, other)
		}
		seen[o.ID] = name
	}
	same, err := heardByPhone().observation()
	if err != nil || same.ID != first.ID {
		t.Errorf("the same note has another id: %v", err)
	}
	offset := heardByPhone()
	offset.at = "2031-03-11T16:05:00+02:00"
	if o, err := offset.observation(); err != nil || o.ID != first.ID {
		t.Errorf("the same time written with an offset has another id: %v", err)
	}
}

func TestNoteBounds(t *testing.T) {
	cases := []struct {
		name string
		edit func(*noteOptions)
		want string // "" for allowed
	}{
		{"smallest radius", func(o *noteOptions) { o.radius = minNoteRadius }, ""},
		{"largest radius", func(o *noteOptions) { o.radius = maxNoteRadius }, ""},
		{"under the radius", func(o *noteOptions) { o.radius = .5 }, "--radius 0.5"},
		{"over the radius", func(o *noteOptions) { o.radius = maxNoteRadius + 1 }, "--radius 500001"},
		{"no number", func(o *noteOptions) { o.radius = math.NaN() }, "--radius NaN"},
		{"endless", func(o *noteOptions) { o.radius = math.Inf(1) }, "--radius +Inf"},
		{"radius of no place", func(o *noteOptions) { o.placed, o.radius = false, -1 }, ""},
		{"longest text", func(o *noteOptions) { o.text = strings.Repeat("x", maxNoteText) }, ""},
		{"over the text", func(o *noteOptions) { o.text = strings.Repeat("x", maxNoteText+1) }, "TEXT has 16385 bytes, the bound is 16384"},
		{"text of control characters", func(o *noteOptions) { o.text = "\x1b\x00 " }, "TEXT is empty"},
		{"largest count", func(o *noteOptions) { o.count = maxNoteCount }, ""},
		{"over the count", func(o *noteOptions) { o.count = maxNoteCount + 1 }, "--count 1000001"},
		{"pole", func(o *noteOptions) { o.lat = 90 }, ""},
		{"over the pole", func(o *noteOptions) { o.lat = 90.1 }, "latitude goes from -90 to 90"},
		{"endless latitude", func(o *noteOptions) { o.lat = math.Inf(-1) }, "latitude goes from -90 to 90"},
		{"over the meridian", func(o *noteOptions) { o.lon = 180.1 }, "longitude from -180 to 180"},
		{"time of no zone", func(o *noteOptions) { o.at = "2031-03-11T14:05:00" }, "--at: time"},
		{"end before beginning", func(o *noteOptions) { o.until = "2031-03-11T14:04:59Z" }, "before it begins"},
	}
	for _, c := range cases {
		opt := heardByPhone()
		c.edit(&opt)
		_, err := opt.observation()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s is refused: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestNoteSourcesAreOfTheMission: each family has its own source, which leaves the
// mission only through the gate.
func TestNoteSourcesAreOfTheMission(t *testing.T) {
	for _, family := range noteFamilies {
		info := noteSource(family)
		if err := info.Validate(); err != nil || info.Family != family || info.Redistribute || !family.Witness() {
			t.Errorf("%+v: %v", info, err)
		}
	}
}

func TestNoteWithoutControlCharacters(t *testing.T) {
	opt := heardByPhone()
	opt.text, opt.place, opt.from = " a\x1b[31m blast \n", "Kel\x00vost", "pat\x7frol"
	o, err := opt.observation()
	if err != nil {
		t.Fatal(err)
	}
	if o.Report.Text != "a[31m blast" || o.PlaceName != "Kelvost" || o.Sensor != "patrol" {
		t.Errorf("text %q, place %q, from %q", o.Report.Text, o.PlaceName, o.Sensor)
	}
}
