package arrivals

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// ID begins the ids of all sources that are read here.
const ID truce.SourceID = "arrivals"

// Always is from when a sensor stands where it is said to, when its row does not tell: no
// arrival that is believed is older.
func Always() truce.Instant { return earliest }

// Known says how the rows of a network are named.
type Known struct {
	// Network is whose sensors they are, "" for the mission's only ones.
	Network string
	// Air is the family of what is heard through the air, FamilyAcoustic or FamilyInfrasound;
	// "" means the first.
	Air truce.Family
	// Bounds is where sensors may stand, nil: anywhere.
	Bounds *source.Box
}

var networkName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)
})

// Validate refuses a name that could not be part of a source's id.
func (k Known) Validate() error {
	if k.Network != "" && !networkName().MatchString(k.Network) {
		return truce.Errorf(truce.CodeInvalid, "network %q: write up to 40 small letters, digits, - and _, a letter or digit first, e.g. north", source.Cut(k.Network, 60))
	}
	for _, f := range []truce.Family{truce.FamilyAcoustic, truce.FamilySeismic, truce.FamilyInfrasound} {
		if ending := string(f); k.Network == ending || strings.HasSuffix(k.Network, "-"+ending) {
			return truce.Errorf(truce.CodeInvalid, "network %q: its end names a family, as the ids of sources do; choose another, e.g. north", k.Network)
		}
	}
	if k.Air != "" && k.Air != truce.FamilyAcoustic && k.Air != truce.FamilyInfrasound {
		return truce.Errorf(truce.CodeInvalid, "family %q: what ears hear through the air is acoustic or infrasound", k.Air)
	}
	return nil
}

func (k Known) air() truce.Family {
	if k.Air == "" {
		return truce.FamilyAcoustic
	}
	return k.Air
}

// register is the source of the sensors' places.
func (k Known) register() truce.SourceID {
	if k.Network == "" {
		return ID
	}
	return ID + "-" + truce.SourceID(k.Network)
}

func (k Known) heard(f truce.Family) truce.SourceID { return k.register() + "-" + truce.SourceID(f) }

func (k Known) title(of string) string {
	if k.Network == "" {
		return of
	}
	return of + ", network " + k.Network
}

// Infos declares the sources of arrivals: what was heard through the air and what through
// the ground, which fail apart. Nothing of either may be passed on.
func (k Known) Infos() []truce.SourceInfo {
	air := k.air()
	return []truce.SourceInfo{
		{ID: k.heard(air), Title: k.title("Sensors' arrivals, " + string(air)), Family: air},
		{ID: k.heard(truce.FamilySeismic), Title: k.title("Sensors' arrivals, seismic"), Family: truce.FamilySeismic},
	}
}

// Register declares the source of the sensors' places, which are never passed on.
func (k Known) Register() truce.SourceInfo {
	return truce.SourceInfo{ID: k.register(), Title: k.title("Places of sensors"), Family: truce.FamilyReference}
}

// Decode reads arrivals.csv row by row and gives each to sink, as an arrival or as a
// rejection. Sensors are named and not looked up: their table may come later. The error is
// for a file that is no such table, or for a failure of r or of sink.
func Decode(r io.Reader, file string, known Known, sink truce.Sink) error {
	d := decoder{known: known, seen: map[string]int{}}
	need, may := []string{"arrival", "sensor", "time", "phase"}, []string{"sigma_s", "azimuth_deg", "azimuth_sigma_deg", "amplitude"}
	return d.each(r, file, sink, columnsOf{need, may, ArrivalsShape}, d.arrival)
}

// DecodeSensors reads sensors.csv row by row and gives each to sink. The column since, which
// may be left out, says from when a sensor stands there: a day or a time.
func DecodeSensors(r io.Reader, file string, known Known, sink truce.Sink) error {
	d := decoder{known: known, seen: map[string]int{}}
	return d.each(r, file, sink, columnsOf{[]string{"sensor", "lat", "lon"}, []string{"elev_m", "since"}, SensorsShape}, d.station)
}

// columnsOf are the columns that a table must and may have, and what its header looks like.
type columnsOf struct {
	need, may []string
	shape     string
}

// decoder makes observations of rows.
type decoder struct {
	known Known
	table *source.Table
	at    map[string]int
	seen  map[string]int // ids of the file, by the line of the first
}

func (d *decoder) each(r io.Reader, file string, sink truce.Sink, cols columnsOf, row func() (truce.Observation, error)) error {
	if err := d.known.Validate(); err != nil {
		return err
	}
	out := source.NewOut(file, sink)
	table, err := source.NewTable(r, out, bounded.CSVLimits{Row: maxRow, Field: maxRow})
	if err != nil {
		return err
	}
	d.table, d.at = table, map[string]int{}
	for _, name := range append(cols.need, cols.may...) {
		d.at[name] = table.Column(name)
	}
	for _, name := range cols.need {
		if d.at[name] < 0 {
			return out.Unusable("the header has no column %s: write %s", name, cols.shape)
		}
	}
	for {
		if err := table.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		o, err := row()
		if err != nil {
			err = table.Reject(err.Error())
		} else {
			o.Signature, o.Origin, o.Hash = truce.SignatureNone, out.At(table.Line()), truce.HashOf(table.Raw())
			err = out.Observe(o)
		}
		if err != nil {
			return err
		}
	}
}

func (d *decoder) field(name string) []byte { return trim(d.table.Field(d.at[name])) }

// id reads a column that names something.
func (d *decoder) id(name string) (string, error) {
	text := truce.CleanText(string(d.field(name)))
	switch {
	case text == "":
		return "", fmt.Errorf("%s is empty", name)
	case len(text) > MaxIDBytes:
		return "", fmt.Errorf("%s is longer than %d bytes", name, MaxIDBytes)
	}
	return text, nil
}

// once refuses an id that the file has already: the first row counts.
func (d *decoder) once(name, id string) error {
	if first, twice := d.seen[id]; twice {
		return fmt.Errorf("%s %s stands there twice, first in line %d; the first row counts, give the other an id of its own", name, source.Shown([]byte(id)), first)
	}
	if len(d.seen) == MaxArrivals {
		return fmt.Errorf("the file has more than %d rows; split it", MaxArrivals)
	}
	d.seen[id] = d.table.Line()
	return nil
}

// number reads a column that may be empty.
func (d *decoder) number(name string, low, high float64) (x float64, there bool, err error) {
	text := d.field(name)
	if len(text) == 0 {
		return 0, false, nil
	}
	x, err = source.NumberIn(name, text, low, high)
	return x, true, err
}

func (d *decoder) arrival() (truce.Observation, error) {
	var o truce.Observation
	id, err := d.id("arrival")
	if err != nil {
		return o, err
	}
	sensor, err := d.id("sensor")
	if err != nil {
		return o, err
	}
	when, err := d.time("time")
	if err != nil {
		return o, err
	}
	a := &truce.Arrival{Network: d.known.Network, Phase: truce.ArrivalPhase(d.field("phase"))}
	family := truce.FamilySeismic
	switch a.Phase {
	case truce.PhaseAcoustic:
		family = d.known.air()
	case truce.PhaseP, truce.PhaseS:
	default:
		return o, fmt.Errorf("phase is %s, want acoustic, P or S", source.Shown(d.field("phase")))
	}
	if err := d.extras(a); err != nil {
		return o, err
	}
	if err := d.once("arrival", id); err != nil {
		return o, err
	}
	o = truce.Observation{Kind: truce.KindArrival, Source: d.known.heard(family), Sensor: truce.SensorID(sensor), Arrival: a}
	o.Phenomenon = truce.PhenomenonTime{From: when, To: when, Sigma: truce.Micros(a.SigmaS*1e6 + .5)}
	o.ID = ArrivalID(o, id)
	return o, nil
}

// ArrivalID is the id of an arrival that has time, source and sensor, and this name in its table.
func ArrivalID(o truce.Observation, name string) truce.ID {
	return truce.NewID(o.Phenomenon.From, string(truce.KindArrival), string(o.Source), key(string(o.Sensor), name))
}

// extras reads the columns that may be empty.
func (d *decoder) extras(a *truce.Arrival) (err error) {
	if a.SigmaS, _, err = d.number("sigma_s", 0, MaxSigma); err != nil {
		return err
	}
	azimuth, there, err := d.number("azimuth_deg", -360, 360)
	if err != nil {
		return err
	}
	spread, _, err := d.number("azimuth_sigma_deg", 0, 180)
	if err != nil {
		return err
	}
	if there {
		a.Azimuth, a.AzimuthSigma = around(geo.Degrees(azimuth)), geo.Degrees(spread)
		if spread == 0 {
			a.AzimuthSigma = DefaultAzimuthSigma
		}
	}
	a.Amplitude, _, err = d.number("amplitude", 0, MaxAmplitude)
	return err
}

// around is an azimuth in [0, 360).
func around(azimuth geo.Degrees) geo.Degrees {
	if azimuth < 0 {
		azimuth += 360
	}
	if azimuth >= 360 {
		azimuth -= 360
	}
	return azimuth
}

func (d *decoder) time(name string) (truce.Instant, error) {
	text := d.field(name)
	when, ok := parseTime(text)
	switch {
	case len(text) == 0:
		return 0, fmt.Errorf("%s is empty", name)
	case !ok:
		return 0, fmt.Errorf("%s is %s, want RFC 3339 such as 2026-04-11T16:00:00.000000Z", name, source.Shown(text))
	case when < earliest || when >= latest:
		return 0, fmt.Errorf("%s is %s, before %d or after %d: set the clock", name, source.Shown(text), earliest.Time().Year(), latest.Time().Year()-1)
	}
	return when, nil
}

func (d *decoder) station() (truce.Observation, error) {
	var o truce.Observation
	sensor, err := d.id("sensor")
	if err != nil {
		return o, err
	}
	at, err := source.Place(d.field("lat"), d.field("lon"))
	if err != nil {
		return o, err
	}
	if !d.known.Bounds.Contains(at) {
		return o, errors.New(source.OutsideBounds)
	}
	elevation, _, err := d.number("elev_m", -MaxElevation, MaxElevation)
	if err != nil {
		return o, err
	}
	since, err := d.since()
	if err != nil {
		return o, err
	}
	if err := d.once("sensor", sensor+" "+since.String()); err != nil {
		return o, err
	}
	o = truce.Observation{
		Kind: truce.KindStation, Source: d.known.register(), Sensor: truce.SensorID(sensor), Phenomenon: truce.Moment(since, 0),
		Place: &geo.Position{Point: at}, Station: &truce.Station{Network: d.known.Network, Elevation: geo.Metres(elevation)},
	}
	o.ID = truce.NewID(since, string(o.Kind), string(o.Source), key(sensor, fmt.Sprintf("%.7f|%.7f|%.2f", float64(at.Lat), float64(at.Lon), elevation)))
	return o, nil
}

// since is the beginning of the day or the time that the row names, else the time of Always.
func (d *decoder) since() (truce.Instant, error) {
	text := d.field("since")
	if len(text) == 0 {
		return Always(), nil
	}
	if len(text) == len("2026-04-11") {
		text = append(append([]byte(nil), text...), "T00:00:00Z"...)
	}
	when, ok := parseTime(text)
	if !ok || when < earliest || when >= latest {
		return 0, fmt.Errorf("since is %s, want a day or a time such as 2026-04-11 or 2026-04-11T16:00:00Z", source.Shown(d.field("since")))
	}
	return when, nil
}

// key tells parts apart whatever they hold.
func key(sensor, id string) []byte { return fmt.Appendf(nil, "%q|%q", sensor, id) }
