package csv

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decode(file string, cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error { return Decode(bytes.NewReader(in), file, cfg, sink) }
}

const patrol = "ID,Time,Time_To,Lat,Lon,Sigma_m,Family,Act,Count,Unit,Place,Text,URL,Sensor\n"

func TestDecodePatrolLog(t *testing.T) {
	in := "\xef\xbb\xbf" + patrol +
		"P3-1,2026-04-11 16:00,2026-04-11 16:30,48.5,37.5,500,Patrol,Burst,7,engagement,Novyi,\"heard, 2-7 km,\nN to NE\",https://a.example/1|https://a.example/2,\r\n" +
		"P3-2,2026-04-11,,,,,patrol,,,,,quiet all day,,\r\n"
	sink := sourcetest.Check(t, decode("log.csv", Config{}), []byte(in))
	if len(sink.Observations) != 2 || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	if o.Source != "csv-patrol" || o.Kind != truce.KindReport || o.PlaceName != "Novyi" || o.Place.Error != geo.Isotropic(500) || o.Origin.Line != 2 {
		t.Errorf("%+v", o)
	}
	if !reflect.DeepEqual(o.Report.Links, []string{"https://a.example/1", "https://a.example/2"}) || o.Report.Text != "heard, 2-7 km,\nN to NE" {
		t.Errorf("%+v", o.Report)
	}
	if c := o.Report.Claims; !reflect.DeepEqual(c, []truce.Claim{{Act: truce.ActBurst, Count: 7, Unit: truce.UnitEngagement}}) {
		t.Errorf("claims %+v", c)
	}
	if quiet := sink.Observations[1]; quiet.Place != nil || quiet.Report.Claims != nil || quiet.Origin.Line != 4 {
		t.Errorf("%+v", quiet)
	}
}

func TestSourcesOfRows(t *testing.T) {
	known := []truce.SourceInfo{{ID: "patrol-3", Family: truce.FamilyPatrol}, {ID: "post-7", Family: truce.FamilyCamera}}
	const head = "time,text,source,family\n2026-04-11,x,"
	cases := []struct {
		name, row string
		cfg       Config
		want      truce.SourceID
		reason    string
	}{
		{"nothing named", ",", Config{}, "csv", ""},
		{"family", ",Camera", Config{}, "csv-camera", ""},
		{"no family", ",gossip", Config{}, "", "family is"},
		{"reference is no witness", ",reference", Config{}, "", "family is"},
		{"declared", "patrol-3,patrol", Config{Known: known}, "patrol-3", ""},
		{"declared, family left out", "post-7,", Config{Known: known}, "post-7", ""},
		{"declared as another family", "post-7,patrol", Config{Known: known}, "", "source post-7 is declared as camera"},
		{"not declared", "patrol-4,patrol", Config{Known: known}, "", "is not declared"},
		{"configured", ",", Config{Source: "phone"}, "phone", ""},
		{"configured and declared, another family", ",media", Config{Source: "patrol-3", Known: known}, "", "is declared as patrol"},
	}
	for _, c := range cases {
		sink := sourcetest.Check(t, decode("x.csv", c.cfg), []byte(head+c.row+"\n"))
		switch {
		case c.reason == "" && (len(sink.Observations) != 1 || sink.Observations[0].Source != c.want):
			t.Errorf("%s: %+v, rejected %q, want source %s", c.name, sink.Observations, sink.Reasons(), c.want)
		case c.reason != "" && (len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, c.reason)):
			t.Errorf("%s: rejected %q, want %q", c.name, sink.Reasons(), c.reason)
		}
	}
}

func TestInfosDeclareEverySource(t *testing.T) {
	declared := map[truce.SourceID]bool{}
	for _, info := range Infos() {
		if err := info.Validate(); err != nil || info.Redistribute || !info.Family.Witness() {
			t.Errorf("%+v: %v", info, err)
		}
		declared[info.ID] = true
	}
	for _, family := range families {
		sink := &sourcetest.Sink{}
		if err := decode("x", Config{})([]byte("time,text,family\n2026-04-11,x,"+string(family)+"\n"), sink); err != nil || len(sink.Observations) != 1 || !declared[sink.Observations[0].Source] {
			t.Errorf("family %s: %v, %q", family, err, sink.Reasons())
		}
	}
}

func TestHeaders(t *testing.T) {
	cases := []struct{ name, file, in, want string }{
		{"no time", "log.csv", "lat,lon\n48,37\n", "no column time"},
		{"time in the name", "log_2026-04-11.csv", "lat,lon\n48,37\n", ""},
		{"date and description", "log.csv", "Date , Description\n2026-04-11,x\n", ""},
		{"lat alone", "log.csv", "time,lat\n2026-04-11,48\n", "one of the columns lat and lon"},
		{"nothing said", "log.csv", "time,act\n2026-04-11,burst\n", "none of the columns lat and lon, place"},
		{"column twice", "log.csv", "time,text,TEXT\n", "stands twice"},
		{"empty", "log.csv", "", "the file is empty"},
		{"web page", "log.csv", "<html>\n", "no column time"},
		{"semicolons", "log.csv", "time;lat;lon\n2026-04-11;48,5;37,5\n", "parted by semicolons"},
		{"10^5 columns", "log.csv", strings.Repeat("x,", 100_000) + "\n", "more than 256 columns"},
		{"unclosed", "log.csv", "time,\"text\n2026-04-11,x\n", "a quote is opened"},
	}
	for _, c := range cases {
		sink := sourcetest.Check(t, decode(c.file, Config{}), []byte(c.in))
		err := decode(c.file, Config{})([]byte(c.in), &sourcetest.Sink{})
		if c.want == "" && (err != nil || len(sink.Observations) != 1) {
			t.Errorf("%s: %v, rejected %q", c.name, err, sink.Reasons())
		}
		if c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.file+": ") || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if err := Decode(strings.NewReader("time,text\n"), "x", Config{Sigma: -1}, &sourcetest.Sink{}); err == nil {
		t.Error("a senseless configuration was taken")
	}
}

// TestHostileRows: each bad row is refused alone; the good row behind it is read.
func TestHostileRows(t *testing.T) {
	const good = "2026-04-11 16:00,48.5,37.5,shots"
	for row, reason := range map[string]string{
		"2026-04-11,NaN,37.5,x":                                   `latitude is "NaN"`,
		"2026-04-11,48.5,1e308,x":                                 "longitude is",
		"2026-04-11,,37.5,x":                                      "latitude is empty",
		"1970-01-01,48.5,37.5,x":                                  "time is",
		"9999-01-01,48.5,37.5,x":                                  "time is",
		"\x00,48.5,37.5,x":                                        "time is",
		"2026-04-11,48.5,37.5":                                    "the row has 3 fields, the header 4",
		"2026-04-11,48.5,37.5,x,y":                                "the row has 5 fields, the header 4",
		"2026-04-11,48.5,37.5,\"x":                                "a quote is opened",
		"2026-04-11,48.5,37.5,\"x\"y":                             "goes on behind its closing quote",
		"2026-04-11,48.5,37.5," + strings.Repeat("x", MaxField+1): "field 4 has",
		strings.Repeat("x", MaxRow+1):                             "the row is over the bound",
		strings.Repeat(",", 100_000):                              "more than 256 columns",
		",,,":                                                     "time is empty",
	} {
		sink := sourcetest.Check(t, decode("x.csv", Config{}), []byte("time,lat,lon,text\n"+row+"\n"+good+"\n"))
		if len(sink.Rejections) != 1 || len(sink.Observations) != 1 || sink.Rejections[0].Line != 2 || !strings.Contains(sink.Rejections[0].Reason, reason) {
			t.Errorf("%.40q: rejected %.200q, %d read; want %q", row, sink.Reasons(), len(sink.Observations), reason)
		}
	}
	in := "time,text\n2026-04-11,a\x00b\xff<script>&lt;\u202e\n"
	if o := sourcetest.Check(t, decode("x.csv", Config{}), []byte(in)).Observations; len(o) != 1 || strings.ContainsRune(o[0].Report.Text, 0) {
		t.Errorf("%+v", o)
	}
}

// TestGeoConfirmed reads a list of located incidents as it is, its day from the name.
func TestGeoConfirmed(t *testing.T) {
	sink := sourcetest.Check(t, decode("geoconfirmed_2026-09-30.csv", Config{Source: "geoconfirmed"}), sourcetest.Open(t, "geoconfirmed/geoconfirmed_2026-09-30.csv"))
	if len(sink.Observations) != 9 || len(sink.IDs()) != 9 || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	acts := map[truce.Act]int{}
	for _, o := range sink.Observations {
		if o.Phenomenon.From.Day() != "2026-09-30" || o.Place == nil || o.Report.Text == "" || len(o.Report.Tags) != 2 {
			t.Errorf("%+v", o)
		}
		for _, c := range o.Report.Claims {
			acts[c.Act]++
		}
	}
	if want := map[truce.Act]int{truce.ActFPVUAV: 3, truce.ActDamage: 3}; !reflect.DeepEqual(acts, want) {
		t.Errorf("acts %v, want %v", acts, want)
	}
}

// FuzzDecode: every row behind the header ends as one report or one rejection.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"p1,2026-04-11 16:00,,48.5,37.5,500,patrol,burst,7,engagement,N,t,https://a.example,s\n", ",2026-04-11,,,,,,,,,,\"a\"\"b\",,\n",
		",,,,,,,,,,,,,\n", "\"\n", "x,20260411,2026-04-10,-0,1e-9,1,party,damage,-1,object,,,javascript:x,\n", ",2026-04-11T23:59:60Z,,,,,media,,,,\xff,,,\x00\n",
	} {
		f.Add([]byte(s))
	}
	box, err := source.ParseBox("22,44,41,53")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, rows []byte) {
		in := append([]byte(patrol), rows...)
		sink := sourcetest.Check(t, decode("x.csv", Config{Bounds: box}), in)
		want := -1
		table := bounded.NewCSV(bytes.NewReader(in), bounded.CSVLimits{Row: MaxRow, Field: MaxField, Columns: MaxColumns})
		for {
			_, err := table.Read()
			if _, bad := err.(*bounded.RowError); err != nil && !bad {
				break
			}
			want++
		}
		if got := len(sink.Observations) + len(sink.Rejections); got != want {
			t.Fatalf("%d rows, %d came out", want, got)
		}
		for _, o := range sink.Observations {
			if o.Place != nil && !box.Contains(o.Place.Point) {
				t.Fatalf("%v is outside", o.Place.Point)
			}
		}
	})
}
