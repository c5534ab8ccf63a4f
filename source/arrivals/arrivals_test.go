package arrivals_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/arrivals"
)

const twoSensors = "sensor,lat,lon,elev_m\nnorth,-47.5,-21.6,120\nsouth,-48.25,-21,\n"

func sensorsOf(t testing.TB, text string) ([]arrivals.Sensor, arrivals.Rejects) {
	t.Helper()
	sensors, rejects, err := arrivals.ReadSensors(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return sensors, rejects
}

func instant(t *testing.T, text string) truce.Instant {
	t.Helper()
	var at truce.Instant
	if err := at.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return at
}

func TestReadSensors(t *testing.T) {
	sensors, rejects := sensorsOf(t, twoSensors)
	want := []arrivals.Sensor{{"north", geo.Point{Lat: -47.5, Lon: -21.6}, 120}, {"south", geo.Point{Lat: -48.25, Lon: -21}, 0}}
	if fmt.Sprint(sensors) != fmt.Sprint(want) || rejects.Rows != 0 {
		t.Errorf("%v, %v", sensors, rejects)
	}
	again, _ := sensorsOf(t, "\xef\xbb\xbfnote,lon,lat,sensor\r\n\"a, b\",-21.6,-47.5,north\r\n\r\n,-21,-48.25,\"south\"\r\n")
	want[0].Elev = 0
	if fmt.Sprint(again) != fmt.Sprint(want) {
		t.Errorf("other order, mark, quotes and line ends: %v", again)
	}
}

func TestSensorsLeftOut(t *testing.T) {
	for row, want := range map[string]string{
		"north,1,2,3":         `line 4: sensor "north" stands there twice`,
		",1,2,3":              "line 4: sensor is empty",
		"x,91,2,3":            `line 4: lat "91" is no number of degrees from -90 to 90`,
		"x,1,-180.1,3":        `line 4: lon "-180.1" is no number of degrees from -180 to 180`,
		"x,NaN,2,3":           `line 4: lat "NaN"`,
		"x,1,Inf,3":           `line 4: lon "Inf"`,
		"x,1,0x10,3":          `line 4: lon "0x10"`,
		"x,1,,3":              "line 4: sensor \"x\" has no place",
		"x,1,2,20000":         `line 4: elev_m "20000"`,
		"x,1,2":               "line 4: 3 columns, the header has 4",
		"\"x,1,2,3":           "line 4: a quote is opened and not closed",
		"\"x\"y,1,2,3":        "line 4: field 1 goes on behind",
		"х" + long + ",1,2,3": "line 4: sensor",
	} {
		sensors, rejects := sensorsOf(t, twoSensors+row+"\nlast,0,0,0\n")
		if len(sensors) != 3 || rejects.Rows != 1 || !strings.HasPrefix(rejects.Named[0].Error(), want) {
			t.Errorf("%q: %d sensors, %+v, want %q", row, len(sensors), rejects, want)
		}
	}
}

var long = strings.Repeat("x", arrivals.MaxIDBytes)

func TestTablesThatAreNone(t *testing.T) {
	sensors, _ := sensorsOf(t, twoSensors)
	for text, want := range map[string]string{
		"":                         "the file is empty: begin it with the line sensor,lat,lon,elev_m",
		"\xef\xbb\xbf":             "the file is empty",
		"\n\n":                     "the file is empty",
		"a,b,c\n":                  "line 1: the header has no column sensor: write sensor,lat,lon,elev_m",
		"sensor;lat;lon\n":         "line 1: columns are parted by semicolons: part them by commas",
		"sensor\tlat\tlon\n":       "line 1: columns are parted by tabs: part them by commas",
		"\xff\xfes\x00e\x00\n\x00": "line 1: the table is UTF-16: save it as UTF-8",
		"sensor,lat,lon,lat\n":     "line 1: the header has two columns lat",
		strings.Repeat("x", 70000): "line 1: the row is over the bound",
	} {
		if _, _, err := arrivals.ReadSensors(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
	if _, _, err := arrivals.Read(strings.NewReader("arrival,sensor,time\n"), sensors, 0); err == nil || !strings.Contains(err.Error(), "no column phase: write arrival,sensor,time,phase,sigma_s") {
		t.Error(err)
	}
	broken := io.MultiReader(strings.NewReader("arrival,sensor,time,phase\n"), failing{})
	if _, _, err := arrivals.Read(broken, sensors, 0); !errors.Is(err, errTorn) {
		t.Errorf("a torn file gave %v", err)
	}
}

var errTorn = errors.New("torn")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errTorn }

func TestRead(t *testing.T) {
	sensors, _ := sensorsOf(t, twoSensors)
	text := arrivals.ArrivalsShape + "\n" +
		"a1,south,2031-03-03T00:00:01.5Z,acoustic,,,,\n" +
		"a2,north,2031-03-03T02:00:01.000002+02:00,P,0.4,-90,2.5,17\n" +
		"a3,north,2031-03-03T00:00:02Z,S,0,360,,0.5\n"
	list, rejects, err := arrivals.Read(strings.NewReader(text), sensors, 0)
	if err != nil || rejects.Rows != 0 {
		t.Fatal(err, rejects)
	}
	want := []arrivals.Arrival{
		{ID: "a1", Sensor: 1, Phase: arrivals.Acoustic, Time: instant(t, "2031-03-03T00:00:01.5Z")},
		{ID: "a2", Sensor: 0, Phase: arrivals.P, Time: instant(t, "2031-03-03T00:00:01.000002Z"), Sigma: .4, Azimuth: 270, AzimuthSigma: 2.5, Amplitude: 17},
		{ID: "a3", Sensor: 0, Phase: arrivals.S, Time: instant(t, "2031-03-03T00:00:02Z"), Azimuth: 0, AzimuthSigma: arrivals.DefaultAzimuthSigma, Amplitude: .5},
	}
	if fmt.Sprint(list) != fmt.Sprint(want) {
		t.Errorf("%v\nwant %v", list, want)
	}
	short, _, err := arrivals.Read(strings.NewReader("phase,time,sensor,arrival\nacoustic,2031-03-03T00:00:01.5Z,south,a1\n"), sensors, 0)
	if err != nil || fmt.Sprint(short) != fmt.Sprint(want[:1]) {
		t.Errorf("the least table: %v, %v", short, err)
	}
}

func TestArrivalsLeftOut(t *testing.T) {
	sensors, _ := sensorsOf(t, twoSensors)
	const head = "arrival,sensor,time,phase,sigma_s,azimuth_deg,azimuth_sigma_deg,amplitude\n" + "a1,south,2031-03-03T00:00:01Z,acoustic,,,,\n"
	for row, want := range map[string][2]string{
		"a1,south,2031-03-03T00:00:01Z,P,,,,":           {"duplicate arrival", `arrival "a1" stands there twice`},
		"a2,west,2031-03-03T00:00:01Z,P,,,,":            {"unknown sensor", `sensor "west" is not in the table of sensors`},
		"a2,,2031-03-03T00:00:01Z,P,,,,":                {"unknown sensor", `sensor ""`},
		",south,2031-03-03T00:00:01Z,P,,,,":             {"no id", "arrival is empty"},
		"a2,south,,P,,,,":                               {"bad time", `time "" is not RFC 3339`},
		"a2,south,2031-02-29T00:00:01Z,P,,,,":           {"bad time", `time "2031-02-29`},
		"a2,south,2031-03-03T00:00:61Z,P,,,,":           {"bad time", "time"},
		"a2,south,2031-03-03 00:00:01,P,,,,":            {"bad time", "time"},
		"a2,south,1970-01-01T00:00:00Z,P,,,,":           {"time out of range", "time 1970-01-01T00:00:00Z is before 1980 or after 2199: set the clock"},
		"a2,south,2262-04-11T23:47:16.854775807Z,P,,,,": {"time out of range", "time 2262"},
		"a2,south,9999-12-31T23:59:59Z,P,,,,":           {"time out of range", "time 9999"},
		"a2,south,2031-03-03T00:00:01Z,p,,,,":           {"unknown phase", `phase "p" is none of acoustic, P and S`},
		"a2,south,2031-03-03T00:00:01Z,P,-1,,,":         {"bad sigma_s", `sigma_s "-1" is no number of seconds from 0`},
		"a2,south,2031-03-03T00:00:01Z,P,nan,,,":        {"bad sigma_s", `sigma_s "nan"`},
		"a2,south,2031-03-03T00:00:01Z,P,,Inf,,":        {"bad azimuth_deg", `azimuth_deg "Inf"`},
		"a2,south,2031-03-03T00:00:01Z,P,,10,-2,":       {"bad azimuth_sigma_deg", "azimuth_sigma_deg"},
		"a2,south,2031-03-03T00:00:01Z,P,,,,loud":       {"bad amplitude", `amplitude "loud"`},
		"a2,south,2031-03-03T00:00:01Z,P,,,":            {"wrong number of columns", "7 columns, the header has 8"},
		strings.Repeat("x", 70000) + ",south,x,P,,,,":   {"not a row of a table", "the row is over the bound"},
		long + "x,south,2031-03-03T00:00:01Z,P,,,,":     {"id too long", "arrival"},
		"\"a2\nsouth,2031-03-03T00:00:01Z,P,,,,":        {"not a row of a table", "a quote is opened"},
	} {
		list, rejects, err := arrivals.Read(strings.NewReader(head+row+"\nlast,north,2031-03-03T00:00:03Z,acoustic,,,,\n"), sensors, 0)
		bad := rejects.Rows < 1 || rejects.Kinds[want[0]] < 1 || !strings.HasPrefix(rejects.Named[0].Reason, want[1]) || rejects.Named[0].Line != 3
		if err != nil || bad || list[0].ID != "a1" || list[len(list)-1].ID != "last" || len(list) != 2 {
			t.Errorf("%.60q: %d arrivals, %+v, %v; want %q", row, len(list), rejects, err, want)
		}
	}
}

// TestManyBadRowsAreCounted and only the first are kept in words.
func TestManyBadRowsAreCounted(t *testing.T) {
	sensors, _ := sensorsOf(t, twoSensors)
	text := "arrival,sensor,time,phase\n" + strings.Repeat("a,south,2031-03-03T00:00:01Z,acoustic\n", 5000)
	list, rejects, err := arrivals.Read(strings.NewReader(text), sensors, 0)
	if err != nil || len(list) != 1 || rejects.Rows != 4999 || rejects.Kinds["duplicate arrival"] != 4999 || len(rejects.Named) != 10 {
		t.Errorf("%d arrivals, %d left out, %d named, %v", len(list), rejects.Rows, len(rejects.Named), err)
	}
}

// TestManyIDs goes through several sizes of the table of ids.
func TestManyIDs(t *testing.T) {
	sensors, _ := sensorsOf(t, twoSensors)
	var text strings.Builder
	text.WriteString("arrival,sensor,time,phase\n")
	for round := range 2 {
		for i := range 20_000 {
			fmt.Fprintf(&text, "a%d,south,2031-03-03T00:00:01Z,acoustic\n", i*(1+6*round)) // every seventh is known
		}
	}
	list, rejects, err := arrivals.Read(strings.NewReader(text.String()), sensors, 0)
	if err != nil || rejects.Rows != 20_000/7+1 || len(list)+rejects.Rows != 40_000 {
		t.Errorf("%d arrivals, %d left out, %v", len(list), rejects.Rows, err)
	}
}

// FuzzRead holds the reader against encoding/csv and time: what both accept they read alike,
// and nothing that breaks a rule of the table comes through.
func FuzzRead(f *testing.F) {
	head := arrivals.ArrivalsShape + "\n"
	for _, seed := range []string{
		"", head, head + "a,south,2031-03-03T00:00:01.5Z,acoustic,0.1,10,2,3\n", "\xef\xbb\xbf" + head + "\"a\"\"b\",north,2031-03-03T00:00:01+01:00,P,,,,\r\n",
		head + "a,north,1970-01-01T00:00:00Z,S,,,,\na,north,2024-02-29T23:59:59.9999999Z,S,,,,", head + "\"a\n,north", "phase,time,sensor,arrival\nP,2100-02-29T00:00:00Z,north,x\n",
		head + "a,north,2031-03-03T00:00:01Z,P,NaN,-0,1e400,0x1p-2\n",
	} {
		f.Add(seed)
	}
	sensors, _ := sensorsOf(f, twoSensors)
	f.Fuzz(func(t *testing.T, text string) {
		list, rejects, err := arrivals.Read(strings.NewReader(text), sensors, 0)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, a := range list {
			if seen[a.ID] || a.ID == "" || a.Sensor < 0 || a.Sensor > 1 || a.Phase < arrivals.Acoustic || a.Phase > arrivals.S ||
				!(a.Sigma >= 0) || !(a.Azimuth >= 0 && a.Azimuth < 360) || !(a.AzimuthSigma >= 0) || !(a.Amplitude >= 0) || a.Time.Time().Year() < 1980 {
				t.Fatalf("%q gave %+v", text, a)
			}
			seen[a.ID] = true
		}
		if rejects.Rows == 0 {
			compare(t, text, sensors, list)
		}
	})
}

// compare reads a table again with the standard library.
func compare(t *testing.T, text string, sensors []arrivals.Sensor, list []arrivals.Arrival) {
	r := csv.NewReader(bytes.NewReader([]byte(strings.TrimPrefix(text, "\xef\xbb\xbf"))))
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 { // it refuses quotes inside fields, which we take
		return
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[strings.TrimSpace(name)] = i
	}
	if len(rows)-1 != len(list) {
		t.Fatalf("%q: %d rows by encoding/csv, %d arrivals", text, len(rows)-1, len(list))
	}
	for i, row := range rows[1:] {
		a := list[i]
		var when truce.Instant
		cell := func(name string) string { return strings.TrimSpace(row[at[name]]) }
		if err := when.UnmarshalText([]byte(cell("time"))); err != nil || when != a.Time {
			t.Fatalf("%q: time %s, want %s (%v)", text, a.Time, when, err)
		}
		if a.ID != cell("arrival") || sensors[a.Sensor].ID != cell("sensor") {
			t.Fatalf("%q: row %q gave %+v", text, row, a)
		}
	}
}

// FuzzReadSensors: nothing off the earth, nothing twice, and never a panic.
func FuzzReadSensors(f *testing.F) {
	f.Add(twoSensors)
	f.Add("sensor,lat,lon\na,1e1,-0\na,90,180\n\"b,1,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		sensors, _, err := arrivals.ReadSensors(strings.NewReader(text))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, s := range sensors {
			if seen[s.ID] || !s.At.Valid() || !(s.Elev >= -arrivals.MaxElevation && s.Elev <= arrivals.MaxElevation) {
				t.Fatalf("%q gave %+v", text, s)
			}
			seen[s.ID] = true
		}
	})
}

// BenchmarkRead is of 200,000 rows, as workload S2000/1.0 has them.
func BenchmarkRead(b *testing.B) {
	sensors, _ := sensorsOf(b, twoSensors)
	var text bytes.Buffer
	text.WriteString(arrivals.ArrivalsShape + "\n")
	const rows = 200_000
	for i := range rows {
		at := truce.Instant(1930262400_000000 + int64(i)*431_987)
		fmt.Fprintf(&text, "a%07d,south,%s,P,0.4,,,\n", i, at)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		list, _, err := arrivals.Read(bytes.NewReader(text.Bytes()), sensors, text.Len()/50)
		if err != nil || len(list) != rows {
			b.Fatal(len(list), err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
