package tracking

import (
	"fmt"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// changeChance is that of a changed identity from which it is told.
const changeChance = .5

// Network says, a sentence each, what was found of the sensors and of what objects say that
// they are.
func Network(result *track.Result) ([]string, error) {
	out := biases(result.Sensors)
	for _, c := range movement.Clones(result.Tracks) {
		out = append(out, fmt.Sprintf("identity %s was given by %s and %s, too far apart to be one object, %d times from %s to %s: at least one is not what it says",
			identity(c.Identity), Name(c.Tracks[0]), Name(c.Tracks[1]), c.Times, c.First, c.Last))
	}
	for i := range result.Tracks {
		t := &result.Tracks[i]
		said := make([]movement.Said, len(t.Said))
		for k, s := range t.Said {
			said[k] = movement.Said{Time: s.Time, Identity: s.Identity, Chance: min(s.Chance, 1)}
		}
		changes, err := movement.Changes(t.Number, said)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			if c.Chance < changeChance {
				continue
			}
			turn := "then"
			if c.Both {
				turn = "and in turns"
			}
			out = append(out, fmt.Sprintf("%s gave identity %s until %s, %s %s from %s on, with chance %.2f", Name(t.Number), identity(c.From), c.Last, turn, identity(c.To), c.First, c.Chance))
		}
	}
	return out, nil
}

// identity is one as it stands in tables.
func identity(id truce.Identity) string { return id.Scheme + ":" + id.Value }

// biases are the sentences about the sensors.
func biases(sensors []track.Sensor) (out []string) {
	seen, bearings := false, 0
	for i := range sensors {
		s := &sensors[i]
		seen = seen || s.Against != ""
		if s.Bearings {
			bearings++
		}
		if !s.Bias.Sure {
			continue
		}
		out = append(out, Bias(s))
	}
	switch {
	case bearings == 1 && len(sensors) == 1:
		out = append(out, "sensor "+sensors[0].Name+" gives bearings alone, and no other sensor is there: no track begins of them; a second one that stands elsewhere gives places where they cross")
	case bearings > 0 && bearings == len(sensors):
		out = append(out, "all sensors give bearings alone: tracks begin where two cross, but none while a sensor has more than 6 bearings a look that are of no track (most crossings are ghosts then), and a bias of a sensor could not be seen")
	case len(sensors) > 0 && !seen:
		out = append(out, "no two sensors saw one object: a bias of a sensor could not be seen")
	}
	return out
}

// Bias says what was found of a sensor's constant error.
func Bias(s *track.Sensor) string {
	b := &s.Bias
	switch {
	case s.Bearings:
		return fmt.Sprintf("sensor %s: its bearings are %.2f degrees too far %s, within %.2f; that was taken off", s.Name, math.Abs(float64(b.Azimuth)), clockwise(float64(b.Azimuth)), float64(b.AzimuthSigma))
	case b.Ranged > 0:
		return fmt.Sprintf("sensor %s against %s: its ranges are %+.1f m off, within %.1f, its bearings %.3f degrees too far %s, within %.3f; that was taken off",
			s.Name, s.Against, float64(b.Range), float64(b.Ranged), math.Abs(float64(b.Azimuth)), clockwise(float64(b.Azimuth)), float64(b.AzimuthSigma))
	}
	return fmt.Sprintf("sensor %s against %s: its places are %+.1f m off to the east and %+.1f m to the north, within %.1f m; that was taken off",
		s.Name, s.Against, float64(b.East), float64(b.North), float64(b.Placed))
}

func clockwise(x float64) string {
	if x < 0 {
		return "to the left"
	}
	return "to the right"
}
