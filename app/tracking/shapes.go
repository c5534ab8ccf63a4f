package tracking

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/trucewatch/truce/sense/track"
)

// feature is a track in GeoJSON (RFC 7946). The times of the places stand in coordTimes, as
// the converters of GPX and KML write them.
type feature struct {
	Type       string     `json:"type"`
	ID         string     `json:"id"`
	Geometry   geometry   `json:"geometry"`
	Properties properties `json:"properties"`
}

type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

type properties struct {
	Track string    `json:"track"`
	From  string    `json:"from"`
	To    string    `json:"to"`
	Times []string  `json:"coordTimes"`
	Speed []float64 `json:"speed_mps"`
	Sigma []float64 `json:"sigma_m"`

	Identities []named `json:"identities,omitempty"` // what was said on it: evidence, never the truth
}

// named is an identity with its share of all that was said.
type named struct {
	Identity string  `json:"identity"`
	Share    float64 `json:"share"`
}

// GeoJSON is a collection of a line per track; a track of one state is a point.
func GeoJSON(tracks []track.Track) ([]byte, error) {
	features := make([]feature, 0, len(tracks))
	for i := range tracks {
		if len(tracks[i].States) > 0 {
			features = append(features, featureOf(&tracks[i]))
		}
	}
	text, err := json.Marshal(struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", features})
	return append(text, '\n'), err
}

func featureOf(t *track.Track) feature {
	name := Name(t.Number)
	f := feature{Type: "Feature", ID: name, Properties: properties{Track: name, From: t.States[0].Time.String(), To: t.States[len(t.States)-1].Time.String()}}
	for _, n := range t.Names {
		f.Properties.Identities = append(f.Properties.Identities, named{identity(n.Identity), to(n.Share, 4)})
	}
	var line [][]float64
	for i := range t.States {
		s := &t.States[i]
		at := []float64{to(float64(s.At.Lon), 7), to(float64(s.At.Lat), 7)}
		if s.High {
			at = append(at, to(float64(s.Altitude), 1))
		}
		line = append(line, at)
		f.Properties.Times = append(f.Properties.Times, s.Time.String())
		f.Properties.Speed = append(f.Properties.Speed, to(s.SpeedMps, 2))
		f.Properties.Sigma = append(f.Properties.Sigma, to(float64(s.Sigma), 2))
	}
	f.Geometry = geometry{"LineString", line}
	if len(line) == 1 {
		f.Geometry = geometry{"Point", line[0]}
	}
	return f
}

// KML is a document with a gx:Track per track (OGC 12-007r2 with Google's extension of 2010,
// which every viewer of moving things reads).
func KML(tracks []track.Track) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>Tracks</name>` + "\n")
	for i := range tracks {
		t := &tracks[i]
		mode := "clampToGround"
		if len(t.States) > 0 && t.States[len(t.States)-1].High {
			mode = "absolute"
		}
		fmt.Fprintf(&b, "<Placemark><name>%s</name><gx:Track><altitudeMode>%s</altitudeMode>\n", Name(t.Number), mode)
		for j := range t.States {
			fmt.Fprintf(&b, "<when>%s</when>", t.States[j].Time)
		}
		b.WriteString("\n")
		for j := range t.States {
			s := &t.States[j]
			fmt.Fprintf(&b, "<gx:coord>%.7f %.7f %.1f</gx:coord>", float64(s.At.Lon), float64(s.At.Lat), height(s))
		}
		b.WriteString("\n</gx:Track></Placemark>\n")
	}
	b.WriteString("</Document></kml>\n")
	return []byte(b.String())
}

func height(s *track.State) float64 {
	if !s.High {
		return 0
	}
	return float64(s.Altitude)
}

// GPX is a document with a trk per track (GPX 1.1, Topografix 2004).
func GPX(tracks []track.Track) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="truce">` + "\n")
	for i := range tracks {
		fmt.Fprintf(&b, "<trk><name>%s</name><trkseg>\n", Name(tracks[i].Number))
		for j := range tracks[i].States {
			s := &tracks[i].States[j]
			fmt.Fprintf(&b, `<trkpt lat="%.7f" lon="%.7f">`, float64(s.At.Lat), float64(s.At.Lon))
			if s.High {
				b.WriteString("<ele>" + strconv.FormatFloat(float64(s.Altitude), 'f', 1, 64) + "</ele>")
			}
			fmt.Fprintf(&b, "<time>%s</time></trkpt>\n", s.Time)
		}
		b.WriteString("</trkseg></trk>\n")
	}
	b.WriteString("</gpx>\n")
	return []byte(b.String())
}
