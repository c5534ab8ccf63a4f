package source

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func kyiv(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Skipf("no time zones on this machine: %v", err)
	}
	return zone
}

func TestTime(t *testing.T) {
	zone := kyiv(t)
	cases := []struct{ in, from, to string }{
		{"2026-04-11T16:00:05Z", "2026-04-11T16:00:05.000000Z", "2026-04-11T16:00:05.000000Z"},
		{"2026-04-11T16:00:05.25+03:00", "2026-04-11T13:00:05.250000Z", "2026-04-11T13:00:05.250000Z"},
		{"2026-04-11 16:00:05 +03:00", "2026-04-11T13:00:05.000000Z", "2026-04-11T13:00:05.000000Z"},
		{"2026-04-11T16:00Z", "2026-04-11T16:00:00.000000Z", "2026-04-11T16:01:00.000000Z"},
		{"2026-04-11 16:00", "2026-04-11T13:00:00.000000Z", "2026-04-11T13:01:00.000000Z"},
		{" 2026-04-11 6:00 ", "2026-04-11T03:00:00.000000Z", "2026-04-11T03:01:00.000000Z"},
		{"2026-01-11 16:00:09", "2026-01-11T14:00:09.000000Z", "2026-01-11T14:00:09.000000Z"},
		{"2026-04-11", "2026-04-10T21:00:00.000000Z", "2026-04-11T21:00:00.000000Z"},
		{"20260411", "2026-04-10T21:00:00.000000Z", "2026-04-11T21:00:00.000000Z"},
		{"2026-03-29", "2026-03-28T22:00:00.000000Z", "2026-03-29T21:00:00.000000Z"}, // 23 hours long
		{"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000000Z", "2017-01-01T00:00:00.000000Z"},
	}
	for _, c := range cases {
		got, err := Time(c.in, zone)
		if err != nil || got.From.String() != c.from || got.To.String() != c.to {
			t.Errorf("%q: %v to %v, %v; want %s to %s", c.in, got.From, got.To, err, c.from, c.to)
		}
	}
	for _, bad := range []string{
		"", "11.04.2026", "2026-04-11T", "2026-04-11 25:00", "2026-04-11 16", "2026-04-11 16:00 MSK", "2026-04-31", "1970-01-01", "9999-12-31T00:00:00Z",
		"2026-03-29 03:30", "2026-10-25 03:30", "16:00:05", "NaN", strings.Repeat("9", 1000),
	} {
		if got, err := Time(bad, zone); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		} else if len(err.Error()) > 300 {
			t.Errorf("%q: an error of %d bytes", bad, len(err.Error()))
		}
	}
	if got, err := Time("2026-10-25 03:30+03:00", zone); err != nil || got.From.String() != "2026-10-25T00:30:00.000000Z" {
		t.Errorf("an hour that comes twice, with its offset: %v, %v", got, err)
	}
}

func TestDayInName(t *testing.T) {
	for name, want := range map[string]truce.Day{
		"deepstatemap_data_20260412.geojson":    "2026-04-12",
		"/a/2025-01-01/2026-01-08-title-11.txt": "2026-01-08",
		`C:\x\geoconfirmed_2026-09-30.csv`:      "2026-09-30",
		"VNP14IMGTDL_NRT_2026273.txt.csv":       "",
		"20261341.csv":                          "",
		"120260412.csv":                         "",
		"notes.csv":                             "",
	} {
		if got := DayInName(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestStatementBecomesAReport(t *testing.T) {
	s := Statement{
		ID: "P3-117", Time: "2026-04-11 16:00", TimeTo: "2026-04-11 16:30", TimeSigma: "60", Lat: "48.5", Lon: "37.5", Sigma: "500",
		Place: " Novyi&nbsp;Svit ", Act: "indirect_fire", Count: "7.0", Unit: "explosion", Accused: "B",
		Headline: "Heard", Publisher: "Patrol 3", Text: "Seven &quot;bangs&quot;,\nN to NE.", Sensor: "ears",
		Links: []string{" https://a.example/x "}, Tags: []string{" night ", ""},
	}
	o, err := s.Observation(Rules{Source: "patrol-3"}, truce.Origin{File: "x", Line: 2}, []byte("raw"))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Validate(); err != nil {
		t.Fatal(err)
	}
	want := truce.Report{Publisher: "Patrol 3", Headline: "Heard", Text: "Seven \"bangs\",\nN to NE.", Links: []string{"https://a.example/x"}, Tags: []string{"night"},
		Claims: []truce.Claim{{Act: truce.ActIndirectFire, Count: 7, Unit: truce.UnitExplosion, Accused: "B"}}}
	if !reflect.DeepEqual(*o.Report, want) {
		t.Errorf("report %+v, want %+v", *o.Report, want)
	}
	if o.Phenomenon.To.Sub(o.Phenomenon.From) != 30*time.Minute || o.Phenomenon.Sigma != truce.MicrosOf(time.Minute) {
		t.Errorf("time %+v", o.Phenomenon)
	}
	if o.PlaceName != "Novyi Svit" || o.Place.Error != geo.Isotropic(500) || o.Sensor != "ears" || o.Hash != truce.HashOf([]byte("raw")) {
		t.Errorf("place %q %+v, sensor %s", o.PlaceName, o.Place, o.Sensor)
	}
}

func TestStatementDefaults(t *testing.T) {
	day, err := Statement{Lat: "48.5", Lon: "37.5", Act: "burst"}.Observation(Rules{Source: "s", Day: "2026-04-11", Sigma: 250}, truce.Origin{}, nil)
	if err != nil || day.Phenomenon.To.Sub(day.Phenomenon.From) != 24*time.Hour || day.Place.Error != geo.Isotropic(250) || day.Report.Claims[0].Unit != truce.UnitReport {
		t.Errorf("%+v, %v", day, err)
	}
	far, err := Statement{Time: "2026-04-11", Lat: "48.5", Lon: "37.5"}.Observation(Rules{Source: "s"}, truce.Origin{}, nil)
	if err != nil || far.Place.Error != geo.Isotropic(DefaultSigma) {
		t.Errorf("%+v, %v", far.Place, err)
	}
	nowhere, err := Statement{Time: "2026-04-11", TimeTo: "2026-04-12", Text: "quiet"}.Observation(Rules{Source: "s"}, truce.Origin{}, nil)
	if err != nil || nowhere.Place != nil || nowhere.Phenomenon.To.Sub(nowhere.Phenomenon.From) != 48*time.Hour {
		t.Errorf("%+v, %v", nowhere, err)
	}
}

func TestStatementIDs(t *testing.T) {
	base := Statement{Time: "2026-04-11 16:00", Lat: "48.5", Lon: "37.5", Text: "shots"}
	id := func(s Statement) truce.ID {
		t.Helper()
		o, err := s.Observation(Rules{Source: "s"}, truce.Origin{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return o.ID
	}
	same := base
	same.Lat, same.Time, same.Text = "48.500", "2026-04-11T16:00Z", "shots "
	if id(same) != id(base) {
		t.Error("the same statement written differently has another id")
	}
	for name, edit := range map[string]func(*Statement){
		"time": func(s *Statement) { s.Time = "2026-04-11 16:01" }, "place": func(s *Statement) { s.Lat = "48.6" },
		"text": func(s *Statement) { s.Text = "shells" }, "act": func(s *Statement) { s.Act = "burst" },
		"tags": func(s *Statement) { s.Tags = []string{"shots"} }, "place name": func(s *Statement) { s.Place = "shots" },
	} {
		other := base
		edit(&other)
		if id(other) == id(base) {
			t.Errorf("another %s, the same id", name)
		}
	}
	named, renamed := base, base
	named.ID, renamed.ID, renamed.Text = "7", "7", "shots and shells"
	if id(named) != id(renamed) || id(named) == id(base) {
		t.Error("the sender's id does not decide")
	}
}

func TestStatementRefuses(t *testing.T) {
	ok := Statement{Time: "2026-04-11 16:00", Lat: "48.5", Lon: "37.5"}
	cases := []struct {
		edit func(*Statement)
		want string
	}{
		{func(s *Statement) { s.Time = "" }, "time is empty"},
		{func(s *Statement) { s.Time = "yesterday" }, `time is "yesterday", want e.g.`},
		{func(s *Statement) { s.TimeTo = "soon" }, "time_to is"},
		{func(s *Statement) { s.TimeTo = "2026-04-11 15:00" }, "ends before it begins"},
		{func(s *Statement) { s.TimeTo = "2027-04-13" }, "is longer than 366 days"},
		{func(s *Statement) { s.TimeSigma = "-1" }, "time_sigma_s is"},
		{func(s *Statement) { s.Lat = "" }, "latitude is empty"},
		{func(s *Statement) { s.Lat, s.Lon = "37,5", "48,5" }, "latitude is"},
		{func(s *Statement) { s.Lat, s.Lon = "48.5", "129.15" }, OutsideBounds},
		{func(s *Statement) { s.Lat, s.Lon, s.Sigma = "", "", "5" }, "sigma_m is given without lat and lon"},
		{func(s *Statement) { s.Sigma = "0" }, "want more than 0"},
		{func(s *Statement) { s.Sigma = "1000001" }, "sigma_m is"},
		{func(s *Statement) { s.Sigma = "NaN" }, "sigma_m is"},
		{func(s *Statement) { s.Act = "shelling" }, "not in the list of acts"},
		{func(s *Statement) { s.Count = "3" }, "without an act"},
		{func(s *Statement) { s.Accused = "A" }, "without an act"},
		{func(s *Statement) { s.Act, s.Count = "burst", "some" }, "count is"},
		{func(s *Statement) { s.Act, s.Count = "burst", "2.5" }, "want a whole number"},
		{func(s *Statement) { s.Act, s.Count = "burst", "1e7" }, "count is"},
		{func(s *Statement) { s.Act, s.Unit = "burst", "bangs" }, "unit is"},
		{func(s *Statement) { s.Act, s.Accused = "burst", "the enemy" }, "mark of a party"},
		{func(s *Statement) { s.Links = []string{"ftp://x"} }, "want http:// or https://"},
		{func(s *Statement) { s.Links = make([]string, MaxLinks+1) }, "the bounds are 100 and 100"},
		{func(s *Statement) { s.Tags = make([]string, MaxTags+1) }, "the bounds are 100 and 100"},
		{func(s *Statement) { s.Lat, s.Lon = "", "" }, "says nothing"},
	}
	box := &Box{West: 22, South: 44, East: 41, North: 53}
	for _, c := range cases {
		s := ok
		c.edit(&s)
		if o, err := s.Observation(Rules{Source: "s", Bounds: box}, truce.Origin{}, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, %v; want %q", s, o.ID, err, c.want)
		}
	}
}

func TestStatementCutsAndCleans(t *testing.T) {
	s := Statement{Time: "2026-04-11", Text: strings.Repeat("й", MaxText), Headline: strings.Repeat("x", 2*MaxShort), Place: "a\x00\x1b[2Jb\xff\n&#0;", Tags: []string{"e\u0301"}}
	o, err := s.Observation(Rules{Source: "s"}, truce.Origin{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := truce.Canonical(o); err != nil {
		t.Error(err)
	}
	if len(o.Report.Text) > MaxText || len(o.Report.Headline) != MaxShort || o.PlaceName != "a[2Jb" || o.Report.Tags[0] != "é" {
		t.Errorf("%d, %d, %q, %q", len(o.Report.Text), len(o.Report.Headline), o.PlaceName, o.Report.Tags)
	}
}

func TestRulesValidate(t *testing.T) {
	for _, bad := range []Rules{{}, {Source: "s", Sigma: -1}, {Source: "s", Sigma: MaxSigma + 1}, {Source: "s", Day: "11.4."}, {Source: "s", Bounds: &Box{}}} {
		if err := bad.Validate(); err == nil || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if err := (Rules{Source: "s", Day: "2026-04-11", Sigma: MaxSigma}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestLink(t *testing.T) {
	for _, ok := range []string{"https://a.example", "http://a.example:8080/x?y=z#f", " https://a.example/ü "} {
		if _, err := Link(ok); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
	for _, bad := range []string{"", "a.example", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "https://u:p@a.example", "//a.example", "https://a.example/\"onclick=x", "https://a.example/a b", "https://a.example/" + strings.Repeat("x", MaxLink)} {
		if got, err := Link(bad); err == nil {
			t.Errorf("%q was taken as %q", bad, got)
		}
	}
	if Host("https://www.Pravda.com.ua/x") != "pravda.com.ua" || Host("::") != "" {
		t.Error("the host of a link is wrong")
	}
}

func TestMomentHasAnErrorOfASecond(t *testing.T) {
	for _, written := range []string{"", "0", "0.2"} {
		p, err := Statement{Time: "2026-04-11T16:00:05Z", TimeSigma: written}.phenomenon(Rules{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Sigma != MomentSigma {
			t.Errorf("time_sigma_s %q: sigma %d us, want %d: no moment is known exactly", written, p.Sigma, MomentSigma)
		}
	}
}
