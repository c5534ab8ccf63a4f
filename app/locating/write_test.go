package locating

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// twoEvents is a result as sense/locate gives it, with ids that need quotes.
func twoEvents() (*locate.Result, []locate.Arrival) {
	at := truce.Instant(1930262400_123456)
	list := []locate.Arrival{{ID: "a1", Sensor: 0, Time: at + 9e6}, {ID: `b "x", 2`, Sensor: 1, Time: at + 5e6}, {ID: "c", Sensor: 1, Time: at + 4e6, Phase: locate.P}}
	return &locate.Result{Events: []locate.Event{
		{
			ID: truce.NewID(at, "event", locate.Method, []byte("a1")), Time: at, TimeSigma: .0312, At: geo.Point{Lat: -47.1234567, Lon: -21.5},
			Ellipse: geo.Ellipse{Major: 51.24, Minor: 20, Strike: 179.96}, RMS: .1, Score: 12.345, Used: []locate.Used{{Arrival: 0, Residual: -.00004}, {Arrival: 1, Residual: -.12345}},
		},
		{
			ID: truce.NewID(at, "event", locate.Method, []byte("c")), Phases: locate.InGround, Time: at + 1, At: geo.Point{Lat: -47, Lon: 21}, Depth: 12_345.6, DepthSigma: 900,
			Ellipse: geo.Ellipse{Major: 900, Minor: 700, Strike: 12}, RMS: .4, TimeSigma: .2, Score: 40, Used: []locate.Used{{Arrival: 2, Residual: .4}},
		},
	}}, list
}

func TestTablesHaveTheShapeAgreed(t *testing.T) {
	result, list := twoEvents()
	one, two := result.Events[0].ID.String(), result.Events[1].ID.String()
	wantEvents := EventsShape + "\n" +
		one + ",2031-03-03T00:00:00.123456Z,-47.123457,-21.500000,0.000,2,0.1000,0.0312,51.2,20.0,0.0,12.35\n" +
		two + ",2031-03-03T00:00:00.123457Z,-47.000000,21.000000,12.346,1,0.4000,0.2000,900.0,700.0,12.0,40.00\n"
	if got := string(Events(result)); got != wantEvents {
		t.Errorf("%s\nwant\n%s", got, wantEvents)
	}
	wantRows := AssignmentsShape + "\n" + one + ",a1,0.0000\n" + one + ",\"b \"\"x\"\", 2\",-0.1235\n" + two + ",c,0.4000\n"
	if got := string(Assignments(result, list)); got != wantRows {
		t.Errorf("%s\nwant\n%s", got, wantRows)
	}
	rows, err := csv.NewReader(strings.NewReader(wantRows)).ReadAll()
	if err != nil || rows[2][1] != list[1].ID {
		t.Errorf("read back: %q, %v", rows, err)
	}
	if got := string(Events(&locate.Result{})); got != EventsShape+"\n" {
		t.Errorf("no events: %q", got)
	}
}

// TestFixedIsAsStrconv but for ties, in which strconv looks at the exact binary value.
func TestFixedIsAsStrconv(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 7))
	for range 20_000 {
		x := (chance.Float64() - .5) * math.Pow(10, float64(chance.IntN(12)))
		decimals := chance.IntN(len(scales)-1) + 1
		got, err := strconv.ParseFloat(string(fixed(nil, x, decimals)), 64)
		want := strconv.FormatFloat(x, 'f', decimals, 64)
		exact, _ := strconv.ParseFloat(want, 64)
		if err != nil || math.Abs(got-exact) > 1.0001*math.Pow10(-decimals) || math.Abs(got-x) > .5001*math.Pow10(-decimals)+1e-9*math.Abs(x) {
			t.Fatalf("%v with %d decimals: %s, strconv has %s", x, decimals, fixed(nil, x, decimals), want)
		}
	}
	for x, want := range map[float64]string{0: "0.00", -.001: "0.00", 1.005: "1.00", -12.34: "-12.34", 1e300: strconv.FormatFloat(1e300, 'f', 2, 64), math.Inf(1): "+Inf"} {
		if got := string(fixed(nil, x, 2)); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
}
