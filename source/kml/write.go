package kml

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Write writes tracks as KML 2.3 that also programs of KML 2.2 read: those whose points all have times
// as gx:Track, others as lines without any. Heights are above mean sea level where all points
// of a track have one, else the track is drawn on the ground. It refuses a point that is none
// of the globe.
func Write(w io.Writer, name string, tracks []source.Track) error {
	b := bufio.NewWriter(w)
	b.WriteString(xml.Header + `<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>`)
	if err := element(b, "name", name); err != nil {
		return err
	}
	for _, t := range tracks {
		if err := writeTrack(b, t); err != nil {
			return err
		}
	}
	b.WriteString("</Document></kml>\n")
	return b.Flush()
}

func writeTrack(b *bufio.Writer, t source.Track) error {
	timed, high := true, true
	for i, p := range t.Points {
		if !p.Valid() {
			return truce.Errorf(truce.CodeInvalid, "track %s, point %d: %v is no place, or its height is out of range", t.Name, i+1, p.At)
		}
		timed, high = timed && p.Time != 0, high && p.Alt != nil
	}
	b.WriteString("\n<Placemark>")
	if err := element(b, "name", t.Name); err != nil {
		return err
	}
	mode := "<altitudeMode>clampToGround</altitudeMode>\n"
	if high {
		mode = "<altitudeMode>absolute</altitudeMode>\n"
	}
	if timed {
		b.WriteString("<gx:Track>" + mode)
		for _, p := range t.Points {
			b.WriteString("<when>" + p.Time.String() + "</when><gx:coord>" + coordinates(p, " ", high) + "</gx:coord>\n")
		}
		b.WriteString("</gx:Track>")
	} else {
		b.WriteString("<LineString>" + mode + "<coordinates>\n")
		for _, p := range t.Points {
			b.WriteString(coordinates(p, ",", high) + "\n")
		}
		b.WriteString("</coordinates></LineString>")
	}
	_, err := b.WriteString("</Placemark>")
	return err
}

// coordinates are longitude, latitude and height: seven decimals are a centimetre.
func coordinates(p source.TrackPoint, between string, high bool) string {
	text := decimal(float64(p.At.Lon), 7) + between + decimal(float64(p.At.Lat), 7)
	if high {
		return text + between + decimal(float64(*p.Alt), 1)
	}
	return text
}

func element(b *bufio.Writer, name, text string) error {
	if text == "" {
		return nil
	}
	b.WriteString("<" + name + ">")
	if err := xml.EscapeText(b, []byte(truce.CleanText(text))); err != nil {
		return err
	}
	_, err := b.WriteString("</" + name + ">")
	return err
}

func decimal(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }
