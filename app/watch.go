package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/coverage"
)

// WatchConfig is what the mission states of who watches: without it nobody's silence says
// anything.
type WatchConfig struct {
	// Satellites are those expected, by the names FIRMS gives them. Absent: those that
	// made a detection anywhere in the data.
	Satellites []string        `koanf:"satellites"`
	Watchers   []WatcherConfig `koanf:"watchers"`
}

// WatcherConfig is one group of sensors or patrols that watches areas at stated hours.
type WatcherConfig struct {
	Family    truce.Family     `koanf:"family"`
	Sensors   []truce.SensorID `koanf:"sensors"`   // as the sensor column of tables names them
	Areas     []truce.AreaID   `koanf:"areas"`     // absent: all areas of the agreement
	Hours     string           `koanf:"hours"`     // 06:00-18:00 in local time; absent: day and night
	Heartbeat string           `koanf:"heartbeat"` // how often each sensor says that it works, or none
	// Detect is the chance that an act in an area is noticed, by act or act group.
	Detect   map[string]truce.Probability `koanf:"p_detect"`
	Degraded truce.Probability            `koanf:"degraded"` // what an hour at reduced quality counts for
	From     truce.Day                    `koanf:"from"`     // first local day; absent: always
	Until    truce.Day                    `koanf:"until"`    // last local day
}

// noHeartbeat is how a setting says that no sign of life is to be expected.
const noHeartbeat = "none"

// maxHeartbeat bounds how seldom a sign of life may come: less than one a day says nothing
// of a day.
const maxHeartbeat = 24 * time.Hour

// noSilence are the families whose silence is no watch, with the reason.
var noSilence = map[truce.Family]string{
	truce.FamilyParty:    "a party's silence is no watch",
	truce.FamilyCivilian: "people report what they choose to",
	truce.FamilyMedia:    "media print what they choose to",
}

// satellites are the expected ones with their orbits, nil where none are named.
func (w WatchConfig) satellites() []coverage.Satellite {
	var out []coverage.Satellite
	for _, s := range coverage.Nominal() {
		if slices.Contains(w.Satellites, s.Name) {
			out = append(out, s)
		}
	}
	return out
}

// watched are the sensors of all watchers.
func (w WatchConfig) watched() map[truce.SensorID]bool {
	out := map[truce.SensorID]bool{}
	for _, watcher := range w.Watchers {
		for _, sensor := range watcher.Sensors {
			out[sensor] = true
		}
	}
	return out
}

func (w WatchConfig) validate() error {
	var known []string
	for _, s := range coverage.Nominal() {
		known = append(known, s.Name)
	}
	for i, name := range w.Satellites {
		switch {
		case !slices.Contains(known, name):
			return fmt.Errorf("watch.satellites[%d]: %q is not a satellite of FIRMS; write one of %s", i, name, strings.Join(known, ", "))
		case slices.Index(w.Satellites, name) < i:
			return fmt.Errorf("watch.satellites[%d]: %s stands there twice", i, name)
		}
	}
	holder := map[truce.SensorID]int{}
	for i, watcher := range w.Watchers {
		if err := watcher.validate(); err != nil {
			return fmt.Errorf("watch.watchers[%d].%w", i, err)
		}
		for _, sensor := range watcher.Sensors {
			if before, twice := holder[sensor]; twice && w.Watchers[before].Family != watcher.Family {
				return fmt.Errorf("watch.watchers[%d].sensors: %s is %s here and %s in watchers[%d]; a sensor has one family", i, sensor, watcher.Family, w.Watchers[before].Family, before)
			}
			holder[sensor] = i
		}
	}
	return nil
}

// validate names the field that is wrong and says what to write.
func (w WatcherConfig) validate() error {
	if err := w.validateWho(); err != nil {
		return err
	}
	if _, err := parseShift(w.Hours); err != nil {
		return fmt.Errorf("hours: %w", err)
	}
	if _, err := parseHeartbeat(w.Heartbeat); err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	if !w.Degraded.Valid() {
		return fmt.Errorf("degraded: %v; write the share of an hour that one at reduced quality counts for, from 0 to 1", float64(w.Degraded))
	}
	for name, day := range map[string]truce.Day{"from": w.From, "until": w.Until} {
		if day == "" {
			continue
		}
		if _, err := day.Start(time.UTC); err != nil {
			return fmt.Errorf("%s: %q; write a day as YYYY-MM-DD", name, day)
		}
	}
	if w.From != "" && w.Until != "" && w.Until < w.From {
		return fmt.Errorf("until: %s is before from, %s", w.Until, w.From)
	}
	return w.validateDetect()
}

func (w WatcherConfig) validateWho() error {
	switch {
	case w.Family == truce.FamilyThermal:
		return fmt.Errorf("family: satellites that see heat are stated in watch.satellites; their passes are found in the data")
	case !slices.Contains(reportFamilies(), w.Family):
		return fmt.Errorf("family: %q; choose one of %v", w.Family, reportFamilies())
	case len(w.Sensors) == 0:
		return fmt.Errorf("sensors: name at least one, as the sensor column of its rows does")
	}
	for i, sensor := range w.Sensors {
		if sensor == "" || slices.Index(w.Sensors, sensor) < i {
			return fmt.Errorf("sensors[%d]: %q is empty or stands there twice", i, sensor)
		}
	}
	return nil
}

func (w WatcherConfig) validateDetect() error {
	reason, silent := noSilence[w.Family]
	if silent && len(w.Detect) > 0 {
		return fmt.Errorf("p_detect: %s, so that nothing follows from it; leave p_detect out for the family %s", reason, w.Family)
	}
	for _, name := range slices.Sorted(maps.Keys(w.Detect)) {
		p := w.Detect[name]
		known := truce.Act(name).Known() || slices.Contains(truce.ActGroups(), truce.ActGroup(name))
		switch {
		case !known:
			return fmt.Errorf("p_detect.%s: no act and no act group; the groups are %v", name, truce.ActGroups())
		case !p.Valid():
			return fmt.Errorf("p_detect.%s: %v; write a chance from 0 to 1", name, float64(p))
		case truce.Act(name) == truce.ActHeat:
			return fmt.Errorf("p_detect.%s: heat is what satellites see; leave it out", name)
		}
	}
	return nil
}

// parseShift reads "06:00-18:00"; nothing is day and night.
func parseShift(text string) (coverage.Shift, error) {
	if text == "" {
		return coverage.Shift{}, nil
	}
	const want = "%q; write HH:MM-HH:MM in local time, e.g. 06:00-18:00 or 22:00-04:00, or leave it out for day and night"
	from, to, found := strings.Cut(strings.ReplaceAll(text, " ", ""), "-")
	if !found {
		return coverage.Shift{}, fmt.Errorf(want, text)
	}
	var s coverage.Shift
	for _, part := range []struct {
		text string
		into *time.Duration
	}{{from, &s.From}, {to, &s.To}} {
		if part.text == "24:00" {
			*part.into = 24 * time.Hour
			continue
		}
		t, err := time.Parse("15:04", part.text)
		if err != nil {
			return coverage.Shift{}, fmt.Errorf(want, text)
		}
		*part.into = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	if s.From == s.To || s.From == 24*time.Hour {
		return coverage.Shift{}, fmt.Errorf(want, text)
	}
	return s, nil
}

// parseHeartbeat asks for a statement: a plan that nobody reports on is no observation
// unless the mission says that it is to be taken for one.
func parseHeartbeat(text string) (time.Duration, error) {
	if text == noHeartbeat {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute || d > maxHeartbeat {
		return 0, fmt.Errorf("%q; write how often each sensor says that it works, e.g. 15m or 2h (1m to %s), or %s when only known outages count", text, "24h", noHeartbeat)
	}
	return d, nil
}

// watchers are the stated ones in the zone of the agreement. Areas it does not know are
// refused: a misspelt area would never be watched.
func (w WatchConfig) watchers(terms *agreement.Agreement) ([]coverage.Watcher, error) {
	var all []truce.AreaID
	for _, area := range terms.Areas {
		all = append(all, area.ID)
	}
	var out []coverage.Watcher
	for i, c := range w.Watchers {
		for k, area := range c.Areas {
			if !slices.Contains(all, area) {
				return nil, fmt.Errorf("watch.watchers[%d].areas[%d]: %q is no reporting area of the agreement; known are %v", i, k, area, all)
			}
		}
		areas := c.Areas
		if len(areas) == 0 {
			areas = all
		}
		hours, err := parseShift(c.Hours)
		if err != nil {
			return nil, err
		}
		beat, err := parseHeartbeat(c.Heartbeat)
		if err != nil {
			return nil, err
		}
		out = append(out, coverage.Watcher{
			Sensors: c.Sensors, Family: c.Family, Areas: areas, Hours: hours, Zone: terms.Calendar.Location(),
			From: c.From, Until: c.Until, Detect: c.Detect, Heartbeat: beat, Degraded: c.Degraded,
		})
	}
	return out, nil
}
