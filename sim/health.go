package sim

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// HealthFile is the name of the file in which sensors and patrols say how they are.
const HealthFile = "health/exercise_health.csv"

// heartbeatHours is how often everybody says so.
const heartbeatHours = 2

var healthHeader = []string{"kind", "time", "time_to", "sensor", "family", "state", "reason"}

// healthRow is one line of the file.
type healthRow struct {
	from   truce.Instant
	to     truce.Instant // 0: a heartbeat
	sensor truce.SensorID
	family truce.Family
	state  truce.HealthState
	reason string
}

// healthFile is what the mission's means said of themselves, in order of time. An outage
// that somebody knew of stands in it with its reason; of the others only the missing
// heartbeats tell.
func (w *World) healthFile() File {
	var rows []healthRow
	for _, s := range append(w.network(), w.radar()) {
		if s.family != truce.FamilyOptical {
			rows = append(rows, w.heartbeats(s)...)
		}
	}
	for _, o := range w.truth.Outages {
		if o.Stated {
			rows = append(rows, healthRow{o.From, o.To, o.Sensor, o.Family, truce.HealthDown, o.Reason})
		}
	}
	slices.SortStableFunc(rows, func(a, b healthRow) int { return cmp.Compare(a.from, b.from) })
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write(healthHeader) // a buffer cannot fail
	for _, r := range rows {
		_ = out.Write(r.record())
	}
	out.Flush()
	w.truth.Files[HealthFile] = len(rows)
	return File{Name: HealthFile, Format: FormatHealth, Data: b.Bytes()}
}

func (r healthRow) record() []string {
	to := ""
	if r.to != 0 {
		to = clockText(r.to)
	}
	return []string{"health", clockText(r.from), to, string(r.sensor), string(r.family), string(r.state), r.reason}
}

// heartbeats are the signs of life of a sensor: through day and night into the day after
// the last, or from the beginning of each shift to its end. Who starts work again says so.
func (w *World) heartbeats(s sensor) []healthRow {
	var out []healthRow
	beat := func(at truce.Instant) {
		if !w.mute(s, at) {
			out = append(out, healthRow{from: at, sensor: s.id, family: s.family, state: truce.HealthUp})
		}
	}
	if s.hours[1] == 0 {
		for hour := 0.0; hour <= float64(24*w.cfg.Days+heartbeatHours); hour += heartbeatHours {
			beat(w.at(0, hour))
		}
	} else {
		for day := range w.cfg.Days {
			for hour := s.hours[0]; hour < s.hours[1]; hour += heartbeatHours {
				beat(w.at(day, hour))
			}
			beat(w.at(day, s.hours[1]))
		}
	}
	for _, o := range w.truth.Outages {
		if o.Sensor == s.id && !o.Blind {
			if o.Stated {
				out = append(out, healthRow{from: o.From, sensor: s.id, family: s.family, state: truce.HealthUp})
			}
			out = append(out, healthRow{from: o.To, sensor: s.id, family: s.family, state: truce.HealthUp})
		}
	}
	return out
}

// mute says whether an outage also silences the heartbeat: a camera that was turned away
// does not know that it sees nothing.
func (w *World) mute(s sensor, t truce.Instant) bool {
	return slices.ContainsFunc(w.truth.Outages, func(o Outage) bool {
		return o.Sensor == s.id && !o.Blind && t >= o.From && t < o.To
	})
}

// Post is a part of the watch that the exercise's mission states: sensors of one family in
// one reporting area.
type Post struct {
	Family    truce.Family
	Area      truce.AreaID
	Sensors   []truce.SensorID
	Hours     string        // in the island's time, which is an hour behind UTC; "" for day and night
	Heartbeat time.Duration // 0: no sign of life is to be expected
	Chances   []Chance      // that an act in the area is noticed while all of them work
}

// Chance is a stated chance of noticing an act, or any act of a group.
type Chance struct {
	Of string
	P  float64
}

// islandBehind is the island's clock: the zone of the illustrative agreement.
const islandBehind = time.Hour

// chances is what the exercise's mission states of its means. Optical satellites, people,
// media and parties are not among them: nobody states when those look.
var chances = []struct {
	family truce.Family
	sees   []Chance
}{
	{truce.FamilyAcoustic, []Chance{{"fire", 0.6}, {"signature", 0.6}}},
	{truce.FamilyCamera, []Chance{{"fire", 0.4}, {"overflight", 0.6}, {"signature", 0.4}}},
	{truce.FamilyPatrol, []Chance{{"access", 0.8}, {"fire", 0.4}, {"ground", 0.5}, {"protected", 0.5}, {"signature", 0.3}}},
	{truce.FamilyDrone, []Chance{{"ground", 0.6}, {"protected", 0.6}}},
	{truce.FamilyInterference, []Chance{{"jam_gnss", 0.9}}},
}

// Watch is what the exercise's mission states of who watches where and when.
func (w *World) Watch() []Post {
	all := w.network()
	var out []Post
	for _, stated := range chances {
		for _, area := range w.island.Areas {
			p := Post{Family: stated.family, Area: area.ID, Heartbeat: heartbeatHours * time.Hour, Chances: stated.sees}
			for _, s := range all {
				if s.family == stated.family && w.island.AreaOf(s.at.point()) == area.ID {
					p.Sensors = append(p.Sensors, s.id)
					p.Hours = localHours(s.hours)
				}
			}
			if len(p.Sensors) > 0 {
				out = append(out, p)
			}
		}
	}
	return append(append(out, w.radarPost()), w.earPosts()...)
}

// earChances are what the field of ears is stated to notice: shelling nearly always, since each
// round is another chance; a small drone seldom.
var earChances = []Chance{{"indirect_fire", 0.9}, {"fpv_uav", 0.1}}

// earPosts are the field of ears by area. Ears give no sign of life: what others heard tells
// of those that are silent.
func (w *World) earPosts() []Post {
	var out []Post
	field := w.ears()
	for _, area := range w.island.Areas {
		p := Post{Family: truce.FamilyAcoustic, Area: area.ID, Chances: earChances}
		for _, e := range field {
			if w.island.AreaOf(e.at) == area.ID {
				p.Sensors = append(p.Sensors, e.id)
			}
		}
		if len(p.Sensors) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// localHours writes hours of UTC as the island's clock shows them.
func localHours(utc [2]float64) string {
	if utc[1] == 0 {
		return ""
	}
	clock := func(hour float64) string {
		at := time.Duration(hour*float64(time.Hour)) - islandBehind
		return time.Time{}.Add(at).Format("15:04")
	}
	return clock(utc[0]) + "-" + clock(utc[1])
}
