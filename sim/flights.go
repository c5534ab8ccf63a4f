package sim

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/asterix"
	"github.com/trucewatch/truce/source/mavlink"
	"github.com/trucewatch/truce/source/remoteid"
)

// The small radar beside the middle of the contact line, a receiver of what drones broadcast,
// and the telemetry of the mission's own drone.
const (
	RadarSensor                      = "7-1" // as the reports of the radar name it
	RadarSAC, RadarSIC               = 7, 1
	radarAsideM                      = 1200.0
	radarHeightM                     = 60.0
	radarTurn                        = 4 * time.Second
	radarReachM                      = 9000.0
	radarSees                        = 0.9              // chance of an echo a turn
	radarRangeM, radarBearing        = 40.0, 0.15       // errors, one sigma: metres, degrees
	radarClutter                     = 1.5              // echoes of nothing a turn
	radarLead                        = 30 * time.Second // it looks before and after each flight
	MonitorSystem                    = 2                // of its own drone in its telemetry
	MonitorSerial                    = "EXMON2TRUCE000002"
	MonitorSensor                    = truce.SensorID("UAV-2") // as the watch names it
	monitorReachM                    = 9000                    // of the area that its flights are notified for
	metresInMile                     = 1852.0
	metresInFoot                     = 0.3048
	radarFile                        = "flights/exercise_radar_%s.ast"
	broadcastFile                    = "flights/exercise_remoteid_%s.bin"
	telemetryFile                    = "flights/exercise_uav2_%s.tlog"
	jammedFrom, jammedTo             = 8 * time.Minute, 43 * time.Minute
	FormatASTERIX             Format = "asterix"
	FormatRemoteID            Format = "remoteid"
	FormatMAVLink             Format = "mavlink"
)

// FlightKind is what flies.
type FlightKind string

// The kinds of flights.
const (
	FlightQuadcopter FlightKind = "quadcopter" // over the contact line, hovers, flies home
	FlightFixedWing  FlightKind = "fixed_wing" // along the line
	FlightGraze      FlightKind = "graze"      // along the edge of the buffer zone
	FlightCopy       FlightKind = "copied_identity"
	FlightMonitor    FlightKind = "monitor" // the mission's own, as notified
	FlightJammed     FlightKind = "jammed"  // likewise, and its GNSS is jammed
	FlightBird       FlightKind = "bird"
)

// Flight is something that flew, as it was.
type Flight struct {
	ID   string        `json:"id"`
	Kind FlightKind    `json:"kind"`
	From truce.Instant `json:"from"`
	To   truce.Instant `json:"to"`
	Path []geo.Point   `json:"path"` // corners, in order
	Says string        `json:"says,omitempty"`
	// DepthM is how far inside the buffer zone it came, below 0: how near it.
	DepthM geo.Metres    `json:"depth_m"`
	Lost   truce.Instant `json:"gnss_lost,omitempty"`
	Back   truce.Instant `json:"gnss_back,omitempty"`

	legs  []vec
	speed float64
	hover time.Duration
	highM float64
	radar bool
}

// course is a flight before it has a time: kilometres along the line and to its left.
type course struct {
	kind    FlightKind
	day     int
	hour    float64
	legs    [][2]float64
	speed   float64 // m/s
	hover   time.Duration
	highM   float64
	says    string
	noRadar bool
}

var courses = []course{
	{FlightQuadcopter, 1, 10.35, [][2]float64{{3, -6.2}, {0.5, 0.9}, {3, -6.2}}, 13, 7 * time.Minute, 110, "EXQUADTRUCE000011", false},
	{FlightBird, 1, 10.36, [][2]float64{{-2.5, 2}, {-1.8, 2.6}, {-0.9, 2.2}, {-0.2, 3.1}, {0.6, 2.9}, {1.1, 3.6}}, 12, 0, 70, "", false},
	{FlightMonitor, 1, 11.5, [][2]float64{{0, 3}, {2.5, 0.8}, {-1, 0.5}, {0, 3}}, 12, 2 * time.Minute, 120, MonitorSerial, false},
	{FlightFixedWing, 1, 13, [][2]float64{{-7, 2.2}, {0, 2}, {7, 2.2}}, 38, 0, 420, "", false},
	{FlightGraze, 1, 14.5, [][2]float64{{-2.2, 0}, {2.2, 0}}, 14, 0, 130, "", false},
	{FlightCopy, 1, 16, [][2]float64{{-4, 5.9}, {-0.6, 1.2}, {-4, 5.9}}, 13, 3 * time.Minute, 100, MonitorSerial, false},
	{FlightJammed, 2, 10, [][2]float64{{0, 3}, {2, 1}, {-2, 1}, {2, 1}, {-2, 1}, {0, 3}}, 9, 8 * time.Minute, 120, MonitorSerial, true},
}

// field is the ground around the radar: the middle of the line, along it and to its left.
func (w *World) field() (at, along, aside vec) {
	steps := resample(w.island.line, 20)
	along = steps[11].sub(steps[9])
	along = along.scale(1 / along.length())
	return steps[10], along, along.left()
}

// RadarPlace is where the exercise's radar stands, with the height of its antenna.
func (w *World) RadarPlace() (geo.Point, geo.Metres) {
	at, _, aside := w.field()
	return at.add(aside.scale(radarAsideM)).point(), radarHeightM
}

// radar is the radar as one of the mission's means.
func (w *World) radar() sensor {
	at, _, aside := w.field()
	return sensor{RadarSensor, truce.FamilyRadar, at.add(aside.scale(radarAsideM)), radarReachM, [2]float64{}}
}

// radarPost is the radar as it is stated to watch: it sees a third of the ground at most.
func (w *World) radarPost() Post {
	s := w.radar()
	return Post{Family: s.family, Area: w.island.AreaOf(s.at.point()), Sensors: []truce.SensorID{s.id}, Heartbeat: heartbeatHours * time.Hour,
		Chances: []Chance{{"overflight", 0.3}}}
}

// OwnFlights are the windows that the mission's flights are notified for.
func (w *World) OwnFlights() []Window {
	var out []Window
	at, _, _ := w.field()
	for _, f := range w.truth.Flights {
		if f.Kind == FlightMonitor || f.Kind == FlightJammed {
			out = append(out, Window{Kind: "monitor_flight", Bearer: Mission, From: floor(f.From, 10*time.Minute), To: floor(f.To, 10*time.Minute).Add(20 * time.Minute),
				Point: at.point(), RadiusM: monitorReachM})
		}
	}
	return out
}

// Mission is the mechanism as a party of the illustrative agreement.
const Mission truce.PartyID = "M"

// flightFiles let the courses be flown and write what radar, receiver and telemetry had of them.
func (w *World) flightFiles() []File {
	at, along, aside := w.field()
	for _, c := range courses {
		if c.day >= w.cfg.Days {
			continue
		}
		f := Flight{ID: fmt.Sprintf("F-%02d", len(w.truth.Flights)+1), Kind: c.kind, From: w.at(c.day, c.hour), Says: c.says,
			speed: c.speed, hover: c.hover, highM: c.highM, radar: !c.noRadar}
		for _, leg := range c.legs {
			f.legs = append(f.legs, at.add(along.scale(1000*leg[0])).add(aside.scale(1000*leg[1])))
		}
		if c.kind == FlightGraze {
			f.graze(w.island.line, aside)
		}
		f.To = f.From.Add(f.lasts())
		f.DepthM = geo.Metres(math.Round(f.depth(w.island.line)))
		f.Path = points(f.legs)
		if c.kind == FlightJammed {
			f.Lost, f.Back = f.From.Add(jammedFrom), f.From.Add(jammedTo)
		}
		w.truth.Flights = append(w.truth.Flights, f)
	}
	var out []File
	for day := range w.cfg.Days {
		out = append(out, w.flightFilesOf(day)...)
	}
	return out
}

// bufferM is how far the illustrative agreement's buffer zone reaches on each side.
const bufferM = 5000

// graze moves a path aside until it touches the buffer zone.
func (f *Flight) graze(line []vec, aside vec) {
	for range 60 {
		short := -f.depth(line)
		if math.Abs(short) < 1 {
			return
		}
		for i := range f.legs {
			f.legs[i] = f.legs[i].add(aside.scale(-short * .7))
		}
		if f.legs[0].sub(line[0]).length() == 0 {
			return
		}
	}
}

// depth is how far inside of the buffer zone the flight comes at most, metres.
func (f *Flight) depth(line []vec) float64 {
	deepest := math.Inf(-1)
	for step := time.Duration(0); step <= f.lasts(); step += 2 * time.Second {
		deepest = max(deepest, bufferM-math.Abs(toPath(line, f.place(step))))
	}
	return deepest
}

// lasts is how long it flies.
func (f *Flight) lasts() time.Duration {
	out := time.Duration(pathLength(f.legs) / f.speed * float64(time.Second))
	return (out + time.Duration(len(f.legs)-2)*f.hover).Truncate(time.Second)
}

// place is where it is after a time.
func (f *Flight) place(after time.Duration) vec {
	left := after.Seconds()
	for i := 0; i+1 < len(f.legs); i++ {
		lasts := f.legs[i].distance(f.legs[i+1]) / f.speed
		if left <= lasts {
			return lerp(f.legs[i], f.legs[i+1], left/lasts)
		}
		if left -= lasts; i+2 < len(f.legs) {
			if left <= f.hover.Seconds() {
				return f.legs[i+1]
			}
			left -= f.hover.Seconds()
		}
	}
	return f.legs[len(f.legs)-1]
}

// flightFilesOf are a day's files, none for a day without flights.
func (w *World) flightFilesOf(day int) []File {
	var flights []*Flight
	for i := range w.truth.Flights {
		if f := &w.truth.Flights[i]; w.dayOf(f.From) == day {
			flights = append(flights, f)
		}
	}
	if len(flights) == 0 {
		return nil
	}
	r := stream(w.cfg.Seed, fmt.Sprintf("flights/%d", day))
	out := []File{w.radarFile(r, day, flights)}
	for _, f := range flights {
		switch {
		case f.Kind == FlightMonitor || f.Kind == FlightJammed:
			out = append(out, w.telemetry(r, f))
		case f.Says != "":
			out = append(out, w.broadcast(r, f))
		}
	}
	return slices.DeleteFunc(out, func(f File) bool { return len(f.Data) == 0 })
}

// radarFile are the radar's reports of a day (category 048), a block each turn while anything
// flies. Echoes of nothing are among them.
func (w *World) radarFile(r *rand.Rand, day int, flights []*Flight) File {
	name := fmt.Sprintf(radarFile, w.day(day))
	file := File{Name: name, Format: FormatASTERIX, Start: w.at(day, 0)}
	antenna, _ := w.RadarPlace()
	middle := plane(antenna)
	rows := 0
	for at := w.at(day, 0); at < w.at(day+1, 0); at = at.Add(radarTurn) {
		var records []byte
		looks := false
		for _, f := range flights {
			if !f.radar || at < f.From.Add(-radarLead) || at > f.To.Add(radarLead) {
				continue
			}
			looks = true
			if at < f.From || at > f.To || r.Float64() > radarSees {
				continue
			}
			if p := f.place(at.Sub(f.From)); p.distance(middle) < radarReachM {
				records, rows = append(records, echo(r, middle, p, f.highM, at.Sub(w.at(day, 0)))...), rows+1
			}
		}
		for n := r.ExpFloat64(); looks && n < radarClutter; n += r.ExpFloat64() {
			p := middle.add(compass(360*r.Float64(), radarReachM*math.Sqrt(r.Float64())))
			records, rows = append(records, echo(r, middle, p, 30+200*r.Float64(), at.Sub(w.at(day, 0)))...), rows+1
		}
		if len(records) > 0 {
			file.Data, _ = asterix.AppendBlock(file.Data, 48, records) // a turn's records fit a block
		}
	}
	if rows > 0 {
		w.truth.Files[name] = rows
	}
	return file
}

// echo is a report of a primary radar that measures height.
func echo(r *rand.Rand, antenna, p vec, high float64, since time.Duration) []byte {
	d, azimuth, _ := geo.Inverse(antenna.point(), p.point())
	slant := math.Hypot(float64(d), high-radarHeightM) + radarRangeM*r.NormFloat64()
	bearing := math.Mod(float64(azimuth)+radarBearing*r.NormFloat64()+360, 360)
	out, _ := asterix.Build(48).Number("010/sac", RadarSAC).Number("010/sic", RadarSIC).Number("140/tod_s", since.Seconds()).
		Number("020/typ", 1).Number("040/rho_nm", max(.01, slant/metresInMile)).Number("040/theta_deg", bearing).
		Number("110/3dh_ft", math.Round(high/metresInFoot/25)*25).Append(nil) // all fields are in range
	return out
}

// broadcast is what a receiver had of a drone that says who it is, every two seconds.
func (w *World) broadcast(r *rand.Rand, f *Flight) File {
	name := fmt.Sprintf(broadcastFile, f.ID)
	mid := f.From.Add(f.To.Sub(f.From) / 2)
	file := File{Name: name, Format: FormatRemoteID, Start: mid}
	rows := 0
	for step := time.Duration(0); step <= f.To.Sub(f.From); step += 2 * time.Second {
		at := f.From.Add(step)
		p := scatter(r, f.place(step), 3).point()
		data, err := remoteid.AppendPack(file.Data, 2,
			remoteid.Message{Kind: remoteid.KindBasicID, BasicID: &remoteid.BasicID{IDType: remoteid.IDSerial, Craft: 2, ID: f.Says}},
			remoteid.Message{Kind: remoteid.KindLocation, Location: &remoteid.Location{Status: remoteid.StatusAirborne, LatDeg: source.Told(float64(p.Lat)), LonDeg: source.Told(float64(p.Lon)),
				HeightM: source.Told(f.highM), OverGround: true, HorizontalM: source.Told(10), PastHourS: source.Told(math.Mod(float64(at)/1e6, 3600)), ClockAccS: source.Told(.1)}})
		if err == nil { // the invented values all fit
			file.Data, rows = data, rows+1
		}
	}
	w.truth.Files[name] = rows
	return file
}

// telemetry is what the mission's drone sent of itself, as its ground station kept it.
func (w *World) telemetry(r *rand.Rand, f *Flight) File {
	name := fmt.Sprintf(telemetryFile, f.ID)
	file := File{Name: name, Format: FormatMAVLink}
	frame := mavlink.Frame{Version: 2, System: MonitorSystem, Component: 1}
	send := func(at truce.Instant, m mavlink.Message) {
		stamped := binary.BigEndian.AppendUint64(file.Data, uint64(at))
		if data, err := frame.Append(stamped, &m); err == nil { // the invented values all fit
			file.Data = data
			frame.Sequence++
		}
	}
	rows := 0
	send(f.From, mavlink.Message{ID: 0, Heartbeat: &mavlink.Heartbeat{Type: 2, Autopilot: 3, Status: 4, Protocol: 3}})
	for step := time.Second; step <= f.To.Sub(f.From); step += 2 * time.Second {
		at := f.From.Add(step)
		p := scatter(r, f.place(step), 3).point()
		boot := int(step.Milliseconds())
		gps := mavlink.GPSRaw{Receiver: 1, TimeUs: uint64(at), Fix: 3, Satellites: source.Told(13), Lat: source.Told(float64(p.Lat)), Lon: source.Told(float64(p.Lon)),
			Alt: source.Told(f.highM + 40), HDOP: source.Told(.8)}
		if f.Lost != 0 && at >= f.Lost && at < f.Back {
			gps = mavlink.GPSRaw{Receiver: 1, TimeUs: uint64(at), Fix: 1, Satellites: source.Told(2)}
		}
		send(at, mavlink.Message{ID: 33, GlobalPosition: &mavlink.GlobalPosition{BootMs: boot, Lat: source.Told(float64(p.Lat)), Lon: source.Told(float64(p.Lon)),
			Alt: source.Told(f.highM + 40), Relative: source.Told(f.highM)}})
		send(at.Add(10*time.Millisecond), mavlink.Message{ID: 24, GPSRaw: &gps})
		rows++
	}
	w.truth.Files[name] = rows
	return file
}
