package firms

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

const (
	daily = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight,instrument\n"
	area  = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight\n"
	eos   = "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight,type\n"
)

func decode(cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), "in.csv", cfg, sink)
	}
}

// read decodes text that must hold no bad row.
func read(t *testing.T, text string) []truce.Observation {
	t.Helper()
	sink := &sourcetest.Sink{}
	if err := decode(Config{})([]byte(text), sink); err != nil {
		t.Fatal(err)
	}
	if len(sink.Rejections) > 0 {
		t.Fatalf("rejected: %q", sink.Reasons())
	}
	return sink.Observations
}

func TestDecodeVIIRS(t *testing.T) {
	got := read(t, "\xef\xbb\xbf"+daily+"46.47431,35.30969,336.52,0.39,0.44,2026-04-10,00:11:00,N20,nominal,2.0NRT,274.45,2.53,N,VIIRS\r\n")
	if len(got) != 1 {
		t.Fatalf("%d observations", len(got))
	}
	o := got[0]
	want := truce.Detection{Instrument: "VIIRS", Satellite: "N20", Confidence: truce.ConfidenceNominal,
		BrightnessK: 336.52, FRPMW: 2.53, Night: true, Version: "2.0NRT"}
	if *o.Detection != want {
		t.Errorf("detection %+v, want %+v", *o.Detection, want)
	}
	if o.Phenomenon.From.String() != "2026-04-10T00:11:00.000000Z" || o.Phenomenon.To.Sub(o.Phenomenon.From).String() != "1m0s" {
		t.Errorf("time %v to %v", o.Phenomenon.From, o.Phenomenon.To)
	}
	if o.Place.Lat != 46.47431 || o.Place.Lon != 35.30969 || o.Place.Footprint.Scan != 390 || o.Place.Footprint.Track != 440 {
		t.Errorf("place %+v", o.Place)
	}
	if o.Sensor != "N20" || o.Source != ID || o.Origin != (truce.Origin{File: "in.csv", Line: 2}) {
		t.Errorf("sensor %s, source %s, origin %+v", o.Sensor, o.Source, o.Origin)
	}
	row := "46.47431,35.30969,336.52,0.39,0.44,2026-04-10,00:11:00,N20,nominal,2.0NRT,274.45,2.53,N,VIIRS"
	if o.Hash != truce.HashOf([]byte(row)) {
		t.Error("the hash is not that of the row as it stood")
	}
}

func TestDecodeMODIS(t *testing.T) {
	got := read(t, eos+
		"48.1,37.9,501.2,4.8,2,2024-05-01,812,T,MODIS,29,6.1NRT,300.1,41.2,D,0\n"+
		"48.1,37.9,310.2,1,1,2024-05-01,2012,Aqua,MODIS,80,6.03,280.1,4.2,N,2\n"+
		"48.1,37.9,310.2,1,1,2024-05-01,5,A,MODIS,30,6.03,280.1,4.2,N,2\n")
	want := []truce.Detection{
		{Instrument: "MODIS", Satellite: "Terra", Confidence: truce.ConfidenceLow, BrightnessK: 501.2, Saturated: true, FRPMW: 41.2, Version: "6.1NRT", Type: truce.HeatVegetation},
		{Instrument: "MODIS", Satellite: "Aqua", Confidence: truce.ConfidenceHigh, BrightnessK: 310.2, FRPMW: 4.2, Night: true, Version: "6.03", Type: truce.HeatStatic},
		{Instrument: "MODIS", Satellite: "Aqua", Confidence: truce.ConfidenceNominal, BrightnessK: 310.2, FRPMW: 4.2, Night: true, Version: "6.03", Type: truce.HeatStatic},
	}
	for i, o := range got {
		if *o.Detection != want[i] {
			t.Errorf("row %d: %+v, want %+v", i, *o.Detection, want[i])
		}
	}
	if at := got[2].Phenomenon.From.String(); at != "2024-05-01T00:05:00.000000Z" {
		t.Errorf("acq_time 5 was read as %s", at)
	}
}

// TestTypeOfTheStandardProducts: each number has a name, and what has none is no number of
// FIRMS. A row without a type is recorded to the byte as before there was the field.
func TestTypeOfTheStandardProducts(t *testing.T) {
	row := "48.1,37.9,310.2,1,1,2024-05-01,2012,Aqua,MODIS,80,6.03,280.1,4.2,N,"
	for text, want := range map[string]truce.HeatType{"": "", "0": truce.HeatVegetation, "1": truce.HeatVolcano, "2": truce.HeatStatic, "3": truce.HeatOffshore} {
		d := read(t, eos+row+text+"\n")[0].Detection
		if d.Type != want || d.Type.Static() != (text >= "1") {
			t.Errorf("type %q was read as %q, static %v", text, d.Type, d.Type.Static())
		}
		body, err := truce.Canonical(*d)
		if err != nil || strings.Contains(string(body), `"type"`) != (text != "") {
			t.Errorf("type %q: %s, %v", text, body, err)
		}
	}
	for _, text := range []string{"4", "-1", "00", "2.0", "static"} {
		sink := &sourcetest.Sink{}
		if err := Decode(strings.NewReader(eos+row+text+"\n"), "in.csv", Config{}, sink); err != nil {
			t.Fatal(err)
		}
		if len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, "want 0 (vegetation), 1 (volcano)") {
			t.Errorf("type %s: %+v", text, sink.Rejections)
		}
	}
}

// TestOneDetectionHasOneID: the same detection as different FIRMS products write it.
func TestOneDetectionHasOneID(t *testing.T) {
	forms := []string{
		daily + "48.96997,24.71136,302.41,0.55,0.51,2026-04-12,00:11:00,N20,nominal,2.0NRT,272.94,1.2,N,VIIRS\n",
		daily + "48.969970000000004,24.71136,302.41,0.55,0.51,2026-04-12,00:11,NOAA-20,n,2.0URT,272.94,1.2,N,VIIRS\n",
		area + "48.96997,24.711359999999998,302.41,0.55,0.51,2026-04-12,0011,1,VIIRS,n,2.0NRT,272.94,1.2,N\n",
		area + "48.96997,24.71136,302.41,0.55,0.51,2026-04-12,11,N20,VIIRS,n,2,272.94,1.2,N\n",
		"frp,daynight,acq_time,confidence,satellite,acq_date,track,scan,bright_ti4,longitude,latitude,type\n" +
			"1.2,N,011,h,N20,2026-04-12,0.51,0.55,302.41,24.71136,48.96997,0\n",
	}
	first := read(t, forms[0])[0].ID
	for _, form := range forms[1:] {
		if id := read(t, form)[0].ID; id != first {
			t.Errorf("%s\nhas id %s, want %s", form, id, first)
		}
	}
	for _, other := range []string{
		"48.96998,24.71136,302.41,0.55,0.51,2026-04-12,00:11:00,N20,n,2,1,1,N,VIIRS", // a neighbour
		"48.96997,24.71136,302.41,0.55,0.51,2026-04-12,00:12:00,N20,n,2,1,1,N,VIIRS", // a minute later
		"48.96997,24.71136,302.41,0.55,0.51,2026-04-12,00:11:00,N21,n,2,1,1,N,VIIRS", // another satellite
	} {
		if id := read(t, daily+other)[0].ID; id == first {
			t.Errorf("%s\nhas the id of another detection", other)
		}
	}
}

// TestBadRowsAreQuarantined: each row is refused for its own reason, and the good row
// after it is read.
func TestBadRowsAreQuarantined(t *testing.T) {
	const good = "48.1,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2.0NRT,270,2.5,N,VIIRS"
	cases := []struct{ row, reason string }{
		{"NaN,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", `latitude is "NaN", want a decimal number`},
		{",37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "latitude is empty"},
		{"0x1p4,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "latitude is"},
		{"1e308,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "want -90 to 90"},
		{"90.01,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "want -90 to 90"},
		{"48.1,-180.5,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "longitude is"},
		{"0,0,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "both 0"},
		{"48.1,37.9,12000,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "bright_ti4 is"},
		{"48.1,37.9,330,0,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "scan is"},
		{"48.1,37.9,330,0.4,99,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "track is"},
		{"48.1,37.9,330,0.4,0.4,2026-04-31,0011,N20,n,2,270,2.5,N,VIIRS", "acq_date is"},
		{"48.1,37.9,330,0.4,0.4,1970-01-01,0011,N20,n,2,270,2.5,N,VIIRS", "want a year from 1990"},
		{"48.1,37.9,330,0.4,0.4,9999-12-31,0011,N20,n,2,270,2.5,N,VIIRS", "want a year from 1990"},
		{"48.1,37.9,330,0.4,0.4,2012-04-10,0011,N20,n,2,270,2.5,N,VIIRS", "before the first data of N20 on 2017-12-01"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,2400,N20,n,2,270,2.5,N,VIIRS", "acq_time is"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,1:1,N20,n,2,270,2.5,N,VIIRS", "acq_time is"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,,N20,n,2,270,2.5,N,VIIRS", `acq_time is ""`},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,0011,N99,n,2,270,2.5,N,VIIRS", `satellite is "N99"`},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,0011,T,n,2,270,2.5,N,VIIRS", "satellite Terra carries MODIS"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,MODIS", "satellite N20 carries VIIRS, and the row says"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,0011,N20,maybe,2,270,2.5,N,VIIRS", "confidence is"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,0011,N20,101,2,270,2.5,N,VIIRS", "confidence is"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,-1,N,VIIRS", "frp is"},
		{"48.1,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,X,VIIRS", "daynight is"},
		{"48.1,37.9,330", "the row has 3 fields, the header 14"},
		{good + ",more", "the row has 15 fields, the header 14"},
		{"\"48.1,37.9", "a quote is opened and not closed"},
		{strings.Repeat("9", MaxRow+1), "the row is over the bound of 4096 bytes"},
		{strings.Repeat("9", MaxField+1) + good, "field 1 has"},
		{strings.Repeat(",", 100), "more than 64 columns"},
	}
	for _, c := range cases {
		sink := sourcetest.Check(t, decode(Config{}), []byte(daily+c.row+"\n"+good+"\n"))
		if len(sink.Rejections) != 1 || len(sink.Observations) != 1 {
			t.Errorf("%.60s: %d rejected %q, %d read", c.row, len(sink.Rejections), sink.Reasons(), len(sink.Observations))
			continue
		}
		if r := sink.Rejections[0]; r.Line != 2 || !strings.Contains(r.Reason, c.reason) || string(r.Raw) != c.row[:min(len(c.row), truce.MaxRejectedRow)] {
			t.Errorf("%.60s: rejected on line %d: %s (raw %.40q), want %q", c.row, r.Line, r.Reason, r.Raw, c.reason)
		}
	}
}

func TestBoundsQuarantine(t *testing.T) {
	box, err := source.ParseBox("22,44,41,53")
	if err != nil {
		t.Fatal(err)
	}
	in := daily +
		"61.48,129.15,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS\n" +
		"44,22,330,0.4,0.4,2026-04-10,0011,N20,n,2,270,2.5,N,VIIRS\n"
	sink := sourcetest.Check(t, decode(Config{Bounds: box}), []byte(in))
	if len(sink.Observations) != 1 || len(sink.Rejections) != 1 || sink.Rejections[0].Reason != source.OutsideBounds {
		t.Errorf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	if err := Decode(strings.NewReader(in), "in.csv", Config{Bounds: &source.Box{North: 1}}, sink); err == nil {
		t.Error("a box of no width was taken")
	}
}

func TestSaturation(t *testing.T) {
	for _, c := range []struct {
		kelvin string
		want   bool
	}{{"366.99", false}, {"367", true}, {"367.00", true}, {"208", true}, {"208.1", false}, {"295.1", false}} {
		got := read(t, daily+"48.1,37.9,"+c.kelvin+",0.4,0.4,2026-04-10,0011,N20,h,2,270,,N,VIIRS")
		if got[0].Detection.Saturated != c.want {
			t.Errorf("%s K: saturated %v", c.kelvin, !c.want)
		}
	}
}

func TestFilesThatAreNoTable(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"bad key", "Invalid MAP_KEY.", "the service does not know the map key"},
		{"bad call", "Invalid API call.", "check product, area, days and date"},
		{"days", "Invalid day range. Expects [1..5].", "fewer days"},
		{"used up", "Exceeding allowed transaction limit.", "wait ten minutes"},
		{"web page", "<!DOCTYPE html><html><title>Service unavailable</title>", "the file is a web page"},
		{"empty", "", "the file is empty"},
		{"blank", "\n\r\n  \n", "no column latitude"},
		{"JSON", `{"error":"no"}`, "the file is JSON"},
		{"UTF-16", "\xff\xfel\x00a\x00t\x00", "UTF-16"},
		{"other table", "date,cloud\n2026-04-01,0.5\n", "no column latitude, longitude, bright_ti4 (VIIRS) or brightness (MODIS), scan"},
		{"Landsat", "latitude,longitude,path,row,scan,track,acq_date,acq_time,satellite,confidence,daynight\n", "no column bright_ti4 (VIIRS) or brightness (MODIS), frp"},
		{"column twice", "latitude,latitude\n", `column "latitude" stands twice`},
		{"100,000 columns", "latitude" + strings.Repeat(",x", 100_000), "over the bound of 4096 bytes"},
		{"unclosed header", "\"latitude,longitude\n1,2\n", "a quote is opened"},
	}
	for _, c := range cases {
		sink := sourcetest.Check(t, decode(Config{}), []byte(c.in))
		err := decode(Config{})([]byte(c.in), &sourcetest.Sink{})
		if err == nil || !strings.HasPrefix(err.Error(), "in.csv: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if len(sink.Observations) > 0 {
			t.Errorf("%s: rows were read", c.name)
		}
	}
	if err := decode(Config{})([]byte(area), &sourcetest.Sink{}); err != nil {
		t.Errorf("a table without rows is a day without detections: %v", err)
	}
}

func TestFootprint(t *testing.T) {
	at := func(hour float64) truce.Instant { return truce.Instant(20_553*86_400e6 + int64(hour*3600e6)) }
	ukraine := geo.Point{Lat: 48.5, Lon: 36}
	cases := []struct {
		name string
		sat  *satellite
		p    geo.Point
		hour float64
		want geo.Degrees
	}{
		// 11:00 UTC at 36 E is 13:24 by the sun: northward, bent west by the turning Earth.
		{"NOAA-20 by day", noaa20, ukraine, 11, 344.2},
		{"NOAA-20 by night", noaa20, ukraine, 23.5, 195.8},
		{"Terra by day", terra, ukraine, 8, 195.1},
		{"Terra by night", terra, ukraine, 20, 344.9},
		{"Aqua by day", aqua, ukraine, 11, 344.9},
		{"equator", noaa20, geo.Point{Lon: 36}, 11, 347.3},
		{"pole", noaa20, geo.Point{Lat: 90}, 13, 270},
	}
	for _, c := range cases {
		if got := c.sat.trackAzimuth(c.p, at(c.hour)); math.Abs(float64(got-c.want)) > 0.11 {
			t.Errorf("%s: azimuth %v, want %v", c.name, got, c.want)
		}
	}
}

// TestPlaceError: the covariance is the pixel's (side^2/12 each way) and the
// geolocation's (a fifth of the side), whatever the direction.
func TestPlaceError(t *testing.T) {
	f := geo.Footprint{Scan: 600, Track: 400, Azimuth: 344.2}
	c := noaa20.placeError(f)
	part := 1.0/12 + 1.0/25
	if trace, want := c.EE+c.NN, part*(600*600+400*400); math.Abs(trace-want) > 0.1 {
		t.Errorf("trace %.2f, want %.2f", trace, want)
	}
	if det, want := c.EE*c.NN-c.EN*c.EN, part*part*600*600*400*400; math.Abs(det/want-1) > 1e-5 {
		t.Errorf("determinant %v, want %v", det, want)
	}
	// Wider across the track than along it: more error east than north, and the long
	// axis, at right angles to a north-north-westerly track, points east-north-east.
	if c.EE <= c.NN || c.EN <= 0 {
		t.Errorf("covariance %+v does not lie along the scan", c)
	}
}

// TestDecodeSharedFiles holds the counts stated beside the shared data.
func TestDecodeSharedFiles(t *testing.T) {
	want := map[string][2]int{ // rows, saturated
		"J1_VIIRS_C2_Global_VJ114IMGTDL_NRT_2026100.txt.csv":    {43, -1},
		"J1_VIIRS_C2_Global_VJ114IMGTDL_NRT_2026101.txt.csv":    {26, -1},
		"J1_VIIRS_C2_Global_VJ114IMGTDL_NRT_2026102.txt.csv":    {33, -1},
		"J1_VIIRS_C2_Global_VJ114IMGTDL_NRT_2026273.txt.csv":    {96, 5},
		"J2_VIIRS_C2_Global_VJ214IMGTDL_NRT_2026273.txt.csv":    {97, 5},
		"SUOMI_VIIRS_C2_Global_VNP14IMGTDL_NRT_2026273.txt.csv": {88, 1},
	}
	ids := map[truce.ID]bool{}
	for name, counts := range want {
		sink := sourcetest.Check(t, decode(Config{}), sourcetest.Open(t, "firms/"+name))
		saturated := 0
		for _, o := range sink.Observations {
			ids[o.ID] = true
			if o.Detection.Saturated {
				saturated++
			}
		}
		if len(sink.Observations) != counts[0] || len(sink.Rejections) != 0 {
			t.Errorf("%s: %d rows, rejected %q; want %d", name, len(sink.Observations), sink.Reasons(), counts[0])
		}
		if counts[1] >= 0 && saturated != counts[1] {
			t.Errorf("%s: %d saturated, want %d", name, saturated, counts[1])
		}
	}
	if len(ids) != 383 {
		t.Errorf("%d distinct ids in 383 rows", len(ids))
	}
}

// FuzzDecode: whatever the bytes, each row behind the header ends as exactly one
// observation or one rejection, and the promises of sourcetest.Check hold.
func FuzzDecode(f *testing.F) {
	for _, in := range hostile() {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		sink := sourcetest.Check(t, decode(Config{}), in)
		if decode(Config{})(in, &sourcetest.Sink{}) != nil {
			return
		}
		if rows := countRows(in); len(sink.Observations)+len(sink.Rejections) != rows {
			t.Fatalf("%d rows, %d read and %d rejected", rows, len(sink.Observations), len(sink.Rejections))
		}
	})
}

// TestHostile runs the fuzz target's seeds as ordinary tests with what must come of them.
func TestHostile(t *testing.T) {
	for _, in := range hostile() {
		sink := sourcetest.Check(t, decode(Config{}), []byte(in))
		if len(sink.Observations) > 1 {
			t.Errorf("%.80q: %d rows were read", in, len(sink.Observations))
		}
	}
}

// hostile are inputs with at most one good row each.
func hostile() []string {
	const good = "48.1,37.9,330,0.4,0.4,2026-04-10,0011,N20,n,2.0NRT,270,2.5,N,VIIRS\n"
	return []string{
		daily + good, eos, "", "\x00", "Invalid MAP_KEY.", "<html>latitude",
		daily + strings.Replace(good, "48.1", "48.1\x00", 1) + good,
		daily + strings.Replace(good, "2.0NRT", "\xff\xfe\x1b[2J", 1),
		daily + strings.Replace(good, "2.0NRT", "\"2.0\nNRT\"", 1),
		daily + "\"" + strings.Repeat("\n", 3000) + good,
		daily + strings.Repeat("\"\n", 500),
		daily + strings.Repeat(",", 10_000) + "\n" + good,
		daily + strings.Replace(good, "0011", strings.Repeat("0", 200), 1),
		daily + strings.Replace(good, "330", "1e-400", 1) + strings.Replace(good, "330", "-0", 1),
		daily + strings.Replace(good, "37.9", "180.000001", 1) + strings.Replace(good, "0011", "23:59:60", 1),
		strings.ToUpper(daily) + good, " " + strings.ReplaceAll(daily, ",", " , ") + good,
		"latitude\n1\n", daily + daily + good, "\r\r\r" + daily,
	}
}

func countRows(in []byte) int {
	rows := -1 // the header
	c := bounded.NewCSV(bytes.NewReader(in), bounded.CSVLimits{Row: MaxRow, Field: MaxField, Columns: MaxColumns})
	for {
		_, err := c.Read()
		if _, bad := err.(*bounded.RowError); err != nil && !bad {
			return rows
		}
		rows++
	}
}

// BenchmarkDecode reads a table of 10,000 rows; the aim is 100,000 rows a second on one
// core.
func BenchmarkDecode(b *testing.B) {
	var in bytes.Buffer
	in.WriteString(daily)
	const rows = 10_000
	for i := range rows {
		fmt.Fprintf(&in, "%.5f,%.5f,%.2f,0.%d,0.%d,2026-04-%02d,%02d:%02d:00,N20,nominal,2.0NRT,274.45,%.2f,N,VIIRS\n",
			44+float64(i%900)/100, 22+float64(i%1900)/100, 295+float64(i%72), 32+i%48, 36+i%42, 1+i%30, i%24, i%60, float64(i%500)/10)
	}
	b.ReportAllocs()
	b.SetBytes(int64(in.Len()))
	for b.Loop() {
		counted := &counter{}
		if err := Decode(bytes.NewReader(in.Bytes()), "bench.csv", Config{}, counted); err != nil || counted.n != rows {
			b.Fatal(counted.n, err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

type counter struct{ n int }

func (c *counter) Observe(truce.Observation) error { c.n++; return nil }
func (c *counter) Reject(r truce.Rejection) error  { return fmt.Errorf("rejected: %s", r.Reason) }
