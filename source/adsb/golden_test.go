package adsb_test

import (
	"encoding/json"
	"io"
	"math"
	"sort"
	"strings"
	"testing"

	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/adsb"
	"github.com/trucewatch/truce/source/sourcetest"
)

// TestGoldenDecodes holds every field of the 300 published decodes against ours: df, icao,
// typecode, bds, category, callsign, altitude, cpr_format, groundspeed, track, vertical_rate,
// selected_altitude_mcp, selected_altitude_fms, baro_pressure_setting, roll, true_track,
// track_rate, true_airspeed, magnetic_heading, indicated_airspeed, mach, baro_vertical_rate,
// inertial_vertical_rate. A field that the test does not know fails it.
func TestGoldenDecodes(t *testing.T) {
	var want map[string]map[string]any
	if err := json.Unmarshal(sourcetest.Open(t, "adsb/golden_v2.json"), &want); err != nil {
		t.Fatal(err)
	}
	frames := make([]string, 0, len(want))
	for frame := range want {
		frames = append(frames, frame)
	}
	sort.Strings(frames)
	r := adsb.NewReader(strings.NewReader(strings.Join(frames, "\n")), adsb.Options{})
	compared := map[string]int{}
	for _, frame := range frames {
		var m adsb.Message
		if err := r.Next(&m); err != nil {
			t.Fatalf("%s: %v", frame, err)
		}
		got := published(&m)
		for field, value := range want[frame] {
			compared[field]++
			if !agree(got[field], value) {
				t.Errorf("%s: %s is %v, want %v", frame, field, got[field], value)
			}
		}
		for field := range got {
			if _, there := want[frame][field]; !there {
				t.Errorf("%s: %s is %v, want none", frame, field, got[field])
			}
		}
	}
	var m adsb.Message
	if err := r.Next(&m); err != io.EOF || len(want) != 300 || len(compared) != 23 {
		t.Errorf("%d messages of %d fields, then %v; want 300 of 23", len(want), len(compared), err)
	}
}

// published are the fields of a message under their published names.
func published(m *adsb.Message) map[string]any {
	out := map[string]any{"df": float64(m.Format), "icao": m.Address.String()}
	put := func(name string, v source.Value) {
		if v.Told {
			out[name] = v.V
		}
	}
	put("altitude", m.AltitudeFt)
	if !m.Callsign.IsZero() {
		out["callsign"] = strings.ReplaceAll(string(m.Callsign[:]), " ", "_")
	}
	if m.Format == 17 {
		out["typecode"] = float64(m.TypeCode)
		if !m.Category.IsZero() {
			out["category"] = float64(m.Category[1] - '0')
		}
		if !m.CPR.IsZero() {
			out["cpr_format"] = 0.
			if m.CPR.Odd {
				out["cpr_format"] = 1.
			}
		}
		put("track", m.TrackDeg)
		put("vertical_rate", m.VerticalRateFpm)
		put("groundspeed", whole(m.GroundSpeedKt))
		return out
	}
	var names []string
	for _, name := range strings.Split(m.Registers.String(), " or ") {
		names = append(names, "BDS"+strings.ReplaceAll(name, ",", ""))
	}
	out["bds"] = strings.Join(names, ",")
	put("groundspeed", m.GroundSpeedKt)
	put("true_track", m.TrackDeg)
	put("roll", m.RollDeg)
	put("track_rate", m.TrackRateDegps)
	put("true_airspeed", m.TrueAirspeedKt)
	put("selected_altitude_mcp", m.MCPAltitudeFt)
	put("selected_altitude_fms", m.FMSAltitudeFt)
	put("baro_pressure_setting", m.PressureHPa)
	put("magnetic_heading", m.MagneticHeadingDeg)
	put("indicated_airspeed", m.IndicatedAirspeedKt)
	put("mach", m.Mach)
	put("baro_vertical_rate", m.BaroRateFpm)
	put("inertial_vertical_rate", m.InertialRateFpm)
	return out
}

// whole is a speed as the published decoder cuts it.
func whole(v source.Value) source.Value {
	v.V = math.Floor(v.V)
	return v
}

func agree(got, want any) bool {
	a, number := got.(float64)
	b, also := want.(float64)
	if number && also {
		return math.Abs(a-b) < 1e-9*max(1, math.Abs(b))
	}
	x, text := got.(string)
	y, too := want.(string)
	return text && too && strings.EqualFold(x, y)
}
