// Package locating stands between the files of a field of ears and sense/locate: tables in,
// tables, QuakeML and a page out.
//
// It never decides where anything was: that is sense/locate's, and what it says is written
// as it is. It opens no file.
//
// Read this file for what goes in, write.go for the tables, quakeml.go and report.go for the
// other forms, live.go for the stream.
package locating

import (
	"io"

	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// Field is what was read: the ears and what they heard.
type Field struct {
	Sensors  []locate.Sensor
	Arrivals []locate.Arrival
}

// phases turns the phases of the table into those of the sense.
var phases = [...]locate.Phase{arrivals.Acoustic: locate.Acoustic, arrivals.P: locate.P, arrivals.S: locate.S}

// NewField takes over the rows of sensors.csv.
func NewField(sensors []arrivals.Sensor) *Field {
	f := &Field{Sensors: make([]locate.Sensor, len(sensors))}
	for i, s := range sensors {
		f.Sensors[i] = locate.Sensor{ID: s.ID, At: s.At, Elev: s.Elev}
	}
	return f
}

// Read adds the rows of arrivals.csv, about so many of them; 0: not known.
func (f *Field) Read(src io.Reader, sensors []arrivals.Sensor, rows int) (arrivals.Rejects, error) {
	r, err := arrivals.NewReader(src, sensors)
	if err != nil {
		return arrivals.Rejects{}, err
	}
	f.Arrivals = make([]locate.Arrival, 0, r.Expect(rows))
	return r.Each(func(a *arrivals.Arrival) error {
		f.Arrivals = append(f.Arrivals, Arrival(a))
		return nil
	})
}

// Arrival takes over a row of arrivals.csv.
func Arrival(a *arrivals.Arrival) locate.Arrival {
	return locate.Arrival{
		ID: a.ID, Sensor: int(a.Sensor), Time: a.Time, Phase: phases[a.Phase], Sigma: a.Sigma,
		Azimuth: a.Azimuth, AzimuthSigma: a.AzimuthSigma, Amplitude: a.Amplitude,
	}
}
