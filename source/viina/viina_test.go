package viina

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decode(cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), "in.json", cfg, sink)
	}
}

const event1 = `[38.59081,48.49995,"Novyi","D",2,["https://www.pravda.com.ua/a","https://pravda.com.ua/b"]]`

func TestDecode(t *testing.T) {
	in := "{\n\"20260412\":[" + event1 + ",\n[30.5,50.4,\"\",\"O\",1,[\"https://a.example/x\"]]]}\n"
	sink := sourcetest.Check(t, decode(Config{}), []byte(in))
	if len(sink.Observations) != 2 || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	want := truce.Report{
		Publisher: "pravda.com.ua", Links: []string{"https://www.pravda.com.ua/a", "https://pravda.com.ua/b"},
		Tags: []string{"viina:D"}, Claims: []truce.Claim{{Act: truce.ActOWAUAV, Unit: truce.UnitReport}},
	}
	if !reflect.DeepEqual(*o.Report, want) {
		t.Errorf("report %+v, want %+v", *o.Report, want)
	}
	if o.PlaceName != "Novyi" || o.Place.Lat != 48.49995 || o.Place.Lon != 38.59081 || o.Place.Error != geo.Isotropic(DefaultSigma) {
		t.Errorf("place %q %+v", o.PlaceName, o.Place)
	}
	if o.Phenomenon.From.String() != "2026-04-12T00:00:00.000000Z" || o.Phenomenon.To.String() != "2026-04-13T00:00:00.000000Z" {
		t.Errorf("time %v to %v", o.Phenomenon.From, o.Phenomenon.To)
	}
	if o.Hash != truce.HashOf([]byte(event1)) || o.Origin.Line != 2 || TypeOf(o) != Drone {
		t.Errorf("hash, line %d or type %s", o.Origin.Line, TypeOf(o))
	}
	other := sink.Observations[1]
	if other.Place.Error != geo.Isotropic(UnnamedSigma) || other.Report.Claims != nil || other.Origin.Line != 3 {
		t.Errorf("an event without a place: %+v, claims %v, line %d", other.Place.Error, other.Report.Claims, other.Origin.Line)
	}
}

// TestAlikeEventsStayApart: the source lists some events several times letter by letter;
// each is counted, and reading again gives the same ids.
func TestAlikeEventsStayApart(t *testing.T) {
	day := event1 + "," + event1 + "," + event1
	sink := sourcetest.Check(t, decode(Config{}), []byte(`{"20260412":[`+day+`],"20260413":[`+event1+`]}`))
	if n := len(sink.IDs()); n != 4 {
		t.Errorf("%d ids for 4 events", n)
	}
	alone := sourcetest.Check(t, decode(Config{}), []byte(`{"20260412":[`+event1+`]}`))
	if alone.Observations[0].ID != sink.Observations[0].ID {
		t.Error("the first of several has another id than the only one")
	}
}

// TestEventWithANameAlone: null coordinates beside a name are an event somewhere at that
// name; its bounds are asked where it is placed.
func TestEventWithANameAlone(t *testing.T) {
	doc := []byte(`{"20260412":[[null,null,"Kelvost","D",0,[]],[null,null," ","D",0,[]],[null,48,"Kelvost","D",0,[]]]}`)
	sink := sourcetest.Check(t, decode(Config{Bounds: &source.Box{South: 50, West: 50, North: 51, East: 51}}), doc)
	if len(sink.Observations) != 1 || sink.Observations[0].Place != nil || sink.Observations[0].PlaceName != "Kelvost" {
		t.Fatalf("read %+v", sink.Observations)
	}
	if len(sink.Rejections) != 2 || !strings.Contains(sink.Rejections[0].Reason, "neither a position nor the name of a place") || !strings.Contains(sink.Rejections[1].Reason, "longitude is") {
		t.Errorf("rejected %q", sink.Reasons())
	}
}

// TestPlaceNamesTurnNothing: a name that turns the text around it would read as another
// wherever it is printed.
func TestPlaceNamesTurnNothing(t *testing.T) {
	in := `{"20260411":[[37.5,48.5,"Os\u202eexe.tac\u202c","D",1,["https://x.example/1"]]]}`
	sink := sourcetest.Check(t, decode(Config{}), []byte(in))
	if len(sink.Observations) != 1 || sink.Observations[0].PlaceName != "Osexe.tac" {
		t.Errorf("read %+v, rejected %q", sink.Observations, sink.Reasons())
	}
}

func TestBadEventsAreQuarantined(t *testing.T) {
	cases := []struct{ event, reason string }{
		{`[]`, "want [lon, lat, place, type, n, [links]]"},
		{`{"lon":1}`, "want [lon, lat"},
		{`null`, "want [lon, lat"},
		{`["38",48,"P","D",0,[]]`, "longitude is"},
		{`[38,null,"P","D",0,[]]`, "latitude is"},
		{`[48.5,138.5,"P","D",0,[]]`, "latitude is \"138.5\", want -90 to 90"},
		{`[0,0,"P","D",0,[]]`, "both 0"},
		{`[1e999,48,"P","D",0,[]]`, "longitude is"},
		{`[38,48,7,"D",0,[]]`, "want place and type as text"},
		{`[38,48,"P","D","1",[]]`, "n as a whole number"},
		{`[38,48,"P","D",1.5,[]]`, "n as a whole number"},
		{`[38,48,"P","X",0,[]]`, `type is "X", want one of SDAFCVMLO`},
		{`[38,48,"P","SD",0,[]]`, `type is "SD"`},
		{`[38,48,"P","",0,[]]`, `type is ""`},
		{`[38,48,"P","D",1,"https://a.example"]`, "want the links as a list"},
		{`[38,48,"P","D",1,["javascript:alert(1)"]]`, "want http:// or https://"},
		{`[38,48,"P","D",1,["https://"]]`, "want http:// or https://"},
		{`[38,48,"P","D",1,["https://a.example/` + strings.Repeat("x", source.MaxLink) + `"]]`, "the bound is 2048"},
		{`[38,48,"P","D",1,[` + strings.Repeat(`"https://a.example",`, 100) + `"https://a.example"]]`, "101 links, the bound is 100"},
	}
	for _, c := range cases {
		sink := sourcetest.Check(t, decode(Config{}), []byte("{\"20260412\":[\n"+c.event+",\n"+event1+"]}"))
		if len(sink.Rejections) != 1 || len(sink.Observations) != 1 {
			t.Errorf("%.50s: rejected %q, %d read", c.event, sink.Reasons(), len(sink.Observations))
			continue
		}
		if r := sink.Rejections[0]; r.Line != 2 || !strings.Contains(r.Reason, c.reason) {
			t.Errorf("%.50s: line %d: %s, want %q on line 2", c.event, r.Line, r.Reason, c.reason)
		}
	}
}

func TestBadDaysAreQuarantined(t *testing.T) {
	for _, day := range []string{"2026-04-12", "20260431", "99991231", "19700101", "", "2026041x", "  260412"} {
		sink := sourcetest.Check(t, decode(Config{}), []byte(`{"`+day+`":[`+event1+`],"20260412":[`+event1+`]}`))
		if len(sink.Rejections) != 1 || len(sink.Observations) != 1 || !strings.Contains(sink.Rejections[0].Reason, "its events were not read") {
			t.Errorf("%q: rejected %q, %d read", day, sink.Reasons(), len(sink.Observations))
		}
	}
}

func TestFilesThatAreNoEvents(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"empty", "", "line 1: the file ends in the middle"},
		{"list", "[]", "line 1: want {"},
		{"cut", `{"20260412":[` + event1, "ends in the middle"},
		{"day is no list", `{"20260412":7}`, "want [, found 7"},
		{"day twice", `{"20260412":[],"20260412":[]}`, "stands twice"},
		{"deep", `{"20260412":[` + strings.Repeat("[", 10_000), "line 1: "},
		{"deep and closed", `{"20260412":[` + strings.Repeat("[", 9) + strings.Repeat("]", 9) + `]}`, "nesting"},
		{"event too large", `{"20260412":[["` + strings.Repeat("x", MaxEvent) + `"]]}`, "over the bound of 262144"},
		{"name twice in an event", `{"20260412":[{"a":1,"a":2}]}`, "stands twice"},
		{"more behind it", `{} {}`, "follows the end"},
		{"web page", "<html>", "invalid character '<'"},
		{"NUL", "{\"20260412\x00\":[]}", "invalid character"},
	}
	for _, c := range cases {
		sourcetest.Check(t, decode(Config{}), []byte(c.in))
		err := decode(Config{})([]byte(c.in), &sourcetest.Sink{})
		if err == nil || !strings.HasPrefix(err.Error(), "in.json: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	broken := errors.New("link down")
	if err := Decode(iotest.ErrReader(broken), "x", Config{}, &sourcetest.Sink{}); !errors.Is(err, broken) {
		t.Errorf("a failure of the source became %v", err)
	}
}

func TestTooManyEventsOfADay(t *testing.T) {
	many := `{"20260412":[` + strings.Repeat("[],", MaxEventsPerDay)
	if err := decode(Config{})([]byte(many+"[]]}"), &sourcetest.Sink{}); err == nil || !strings.Contains(err.Error(), "the number of events on 20260412 is over the bound of 100000") {
		t.Errorf("one event over: %v", err)
	}
	if err := decode(Config{})([]byte(strings.TrimSuffix(many, ",")+"]}"), &sourcetest.Sink{}); err != nil {
		t.Errorf("on the bound: %v", err)
	}
}

func TestNumberOfLinksIsNoted(t *testing.T) {
	sink := sourcetest.Check(t, decode(Config{}), []byte(`{"20260412":[[38,48,"P","S",3,["https://a.example/1","https://b.example/2"]]]}`))
	r := sink.Observations[0].Report
	if !reflect.DeepEqual(r.Tags, []string{"viina:S", "viina:n=3 links=2"}) || r.Publisher != "" {
		t.Errorf("tags %q, publisher %q of two hosts", r.Tags, r.Publisher)
	}
}

func TestTypes(t *testing.T) {
	for _, kind := range letters {
		typ := Type(kind)
		for _, claim := range typ.Claims() {
			fire := claim.Act.Group() == truce.GroupFire
			if !claim.Act.Known() || fire != typ.Kinetic() || claim.Count != 0 {
				t.Errorf("%s claims %+v", typ, claim)
			}
		}
		if typ.Kinetic() && typ.Claims() == nil {
			t.Errorf("%s is kinetic and claims nothing", typ)
		}
	}
	if TypeOf(truce.Observation{Source: "firms"}) != "" {
		t.Error("an observation of another source has a VIINA type")
	}
}

// TestSharedFile holds the figures stated beside the shared data.
func TestSharedFile(t *testing.T) {
	sink := sourcetest.Check(t, decode(Config{}), sourcetest.Open(t, "viina/viina-events-2026-01-04.json"))
	if len(sink.Observations) != 13_740 || len(sink.IDs()) != 13_740 || len(sink.Rejections) != 0 {
		t.Fatalf("%d events, %d ids, rejected %d", len(sink.Observations), len(sink.IDs()), len(sink.Rejections))
	}
	types, days, links, empty := map[Type]int{}, map[truce.Day]int{}, map[string]bool{}, 0
	for _, o := range sink.Observations {
		typ := TypeOf(o)
		types[typ]++
		if typ.Kinetic() {
			days[o.Phenomenon.From.Day()]++
		}
		for _, link := range o.Report.Links {
			links[link] = true
		}
		if o.PlaceName == "" {
			empty++
		}
		if len(o.Report.Tags) != 1 {
			t.Fatalf("%v: n is not the number of links", o.Report.Tags)
		}
	}
	wantTypes := map[Type]int{Other: 7061, Drone: 2135, Firefight: 1504, Civilians: 998, Artillery: 873, AirStrike: 825, Military: 202, Armour: 131, Alert: 11}
	if !reflect.DeepEqual(types, wantTypes) {
		t.Errorf("types %v, want %v", types, wantTypes)
	}
	if len(links) != 9964 || empty != 107 {
		t.Errorf("%d links and %d events without a place, want 9964 and 107", len(links), empty)
	}
	kinetic := []int{41, 53, 55, 24, 25, 32, 21, 31, 15, 26, 20, 10, 19, 32, 28, 46, 31, 38, 25, 45, 32, 26, 30, 19, 22, 28, 30, 40, 21, 28}
	for i, want := range kinetic {
		if day := truce.Day(fmt.Sprintf("2026-04-%02d", i+1)); days[day] != want {
			t.Errorf("%s: %d kinetic reports, want %d", day, days[day], want)
		}
	}
}

func TestSharedFileWithinBounds(t *testing.T) {
	box, err := source.ParseBox("22,44,41,53")
	if err != nil {
		t.Fatal(err)
	}
	sink := &sourcetest.Sink{}
	if err := decode(Config{Bounds: box})(sourcetest.Open(t, "viina/viina-events-2026-01-04.json"), sink); err != nil {
		t.Fatal(err)
	}
	if len(sink.Rejections) != 13 || sink.Rejections[0].Reason != source.OutsideBounds {
		t.Errorf("%d quarantined, want the 13 outside the box", len(sink.Rejections))
	}
}

// FuzzDecode: each event of a day that is read ends as one observation or one rejection.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{event1, event1 + "," + event1, "[]", `[38,48,"\u0000","S",-1,["http://x"]]`, `[1e-400,-0,"é","L",0,[]]`, "[[[[", `"`, `{"a":1}`, "1,2,3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, events string) {
		in := []byte(`{"20260412":[` + events + `]}`)
		sink := sourcetest.Check(t, decode(Config{}), in)
		if decode(Config{})(in, &sourcetest.Sink{}) != nil {
			return
		}
		if n := len(sink.IDs()); n != len(sink.Observations) {
			t.Fatalf("%d ids for %d observations", n, len(sink.Observations))
		}
		var doc map[string][]json.RawMessage
		if err := json.Unmarshal(in, &doc); err != nil {
			t.Fatalf("read what is no JSON: %v", err)
		}
		if n := len(doc["20260412"]); len(doc) == 1 && n != len(sink.Observations)+len(sink.Rejections) {
			t.Fatalf("%d events, %d read and %d rejected", n, len(sink.Observations), len(sink.Rejections))
		}
	})
}

// BenchmarkDecode reads 10,000 events.
func BenchmarkDecode(b *testing.B) {
	in := []byte(`{"20260412":[` + strings.Repeat(event1+",", 9_999) + event1 + `]}`)
	b.ReportAllocs()
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if err := Decode(bytes.NewReader(in), "bench.json", Config{}, &sourcetest.Sink{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
