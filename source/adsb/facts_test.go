package adsb_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/adsb"
)

// TestPublishedFacts: messages that the tests of other decoders publish with their values: heights
// below and at the ground, each range of the movement of surface positions, signs of vertical
// rates, airspeeds, squawks, replies. NaN: the field must not be told.
func TestPublishedFacts(t *testing.T) {
	altitude := func(m *adsb.Message) source.Value { return m.AltitudeFt }
	speed := func(m *adsb.Message) source.Value { return m.GroundSpeedKt }
	climb := func(m *adsb.Message) source.Value { return m.VerticalRateFpm }
	for _, test := range []struct {
		frame string
		field func(*adsb.Message) source.Value
		want  float64
	}{
		{"8d484fde5803b647ecec4fcdd74f", altitude, -325},
		{"8d4845575803c647bcec2a980abc", altitude, -300},
		{"8d3424d25803d64c18ee03351f89", altitude, -275},
		{"8d4401e458058645a8ea90496290", altitude, 0},
		{"8d346355580596459cea86756acc", altitude, 25},
		{"8d346355580b064116e70a269f97", altitude, 1000},
		{"8d343386581f06318ad4fecab734", altitude, 5000},
		{"200012b0d96e39", altitude, 29000},
		{"02e19cb02512c3", altitude, 45000},
		{"80e1969058b5025b9850641d2974", altitude, 35000},
		{"a000179f0000000000000019a524", altitude, 36975},
		{"245093892a1bfd", altitude, math.NaN()}, // a code of Gillham that none is sent with
		{"8c3944f8400002acb23cda192b95", speed, math.NaN()},
		{"903a33ff40100858d34ff3cce976", speed, 0},
		{"8c394c0f389b1667e947db7bb8bc", speed, 1},
		{"8c3461cf398d60597b4ea434c4d7", speed, 7.5},
		{"8c3461cf399d6059814ea81483a9", speed, 8},
		{"8c3461cf3a7f3059c94e5bf4e169", speed, 15},
		{"8c3950cf3dede47bac304d3b5122", speed, 70},
		{"8c3933203edde47b9e2ffa5e77b8", speed, 100},
		{"8d3933203fcde2a84e39e1c6c5bc", speed, 175},
		{"8da3d42599250129780484712c50", speed, 417.655360315},
		{"8d3461cf9908388930080f948ea1", climb, 64},
		{"8d3461cf9908558e100c1071eb67", climb, 128},
		{"8d3461cf99085a8f10400f80e6ac", climb, 960},
		{"8d394c0f990c4932780838866883", climb, -64},
		{"8d485020994409940838175b284f", climb, -832},
		{"8da05f219b06b6af189400cbc33f", climb, -2304},
		{"8d485020994409940838175b284f", func(m *adsb.Message) source.Value { return m.HeightDiffFt }, 550},
		{"8da3d42599250129780484712c50", func(m *adsb.Message) source.Value { return m.TrackDeg }, 322.197207549},
		{"8da05f219b06b6af189400cbc33f", func(m *adsb.Message) source.Value { return m.AirspeedKt }, 375},
		{"8da05f219b06b6af189400cbc33f", func(m *adsb.Message) source.Value { return m.HeadingDeg }, 243.984375},
		{"8da08f94ea1b785e8f3c088ab467", func(m *adsb.Message) source.Value { return m.SelectedAltitudeFt }, 14016},
		{"8da08f94ea1b785e8f3c088ab467", func(m *adsb.Message) source.Value { return m.SelectedHeadingDeg }, 229.921875},
		{"8da05629ea21485cbf3f8cadaeeb", func(m *adsb.Message) source.Value { return m.SettingHPa }, 1012.8},
		{"8da05629ea21485cbf3f8cadaeeb", func(m *adsb.Message) source.Value { return m.SelectedAltitudeFt }, 16992},
		{"8dacc040f8210002004ab8569c35", func(m *adsb.Message) source.Value { return m.NACp }, 10},
	} {
		m := alone(t, test.frame)
		if got := test.field(&m).OrNaN(); math.Abs(got-test.want) > 1e-6 || math.IsNaN(got) != math.IsNaN(test.want) {
			t.Errorf("%s: %v, want %v", test.frame, got, test.want)
		}
	}
	for frame, want := range map[string]string{
		"8dc06800e1108500000000baa81f": "4016", "2a00516d492b80": "0356", "ae24238d15ee315463718b1af755": "6246", "8da2c1b6e112b600000000760759": "6513",
		"8da3f9cb213b3d75c1582080f4d9": "N3550U", "96a082fb213b1cf2113820d6eddf": "N132DS", "a0001910204d7075d35820c25c0c": "SWA545",
	} {
		m := alone(t, frame)
		if got := m.Squawk.String() + m.Callsign.String(); got != want {
			t.Errorf("%s: %q, want %q", frame, got, want)
		}
	}
}

// TestPublishedFactsAreChecked: none of them is read once a bit of it is wrong.
func TestPublishedFactsAreChecked(t *testing.T) {
	const frame = "8da3d42599250129780484712c50"
	for at := range len(frame) {
		wrong := []byte(frame)
		if wrong[at]--; wrong[at] == '0'-1 || wrong[at] == 'a'-1 {
			wrong[at] = '7'
		}
		if wrong[0] != '8' {
			continue // of another format, whose checksum holds the address
		}
		var m adsb.Message
		var d *source.Damage
		if err := adsb.NewReader(strings.NewReader(string(wrong)+"\n"), adsb.Options{}).Next(&m); !errors.As(err, &d) || d.Offset != 0 || d.Reason == "" {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

func alone(t *testing.T, frame string) adsb.Message {
	t.Helper()
	var m adsb.Message
	r := adsb.NewReader(strings.NewReader("*"+frame+";\n"), adsb.Options{})
	if err := r.Next(&m); err != nil {
		t.Fatalf("%s: %v", frame, err)
	}
	var more adsb.Message
	if err := r.Next(&more); err != io.EOF {
		t.Errorf("%s: then %v", frame, err)
	}
	return m
}
