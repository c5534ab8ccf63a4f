package gpx

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Write writes tracks as GPX 1.1, each as one segment. Places have seven decimals, a
// centimetre; heights one. It refuses a point that is none of the globe.
func Write(w io.Writer, tracks []source.Track) error {
	b := bufio.NewWriter(w)
	b.WriteString(xml.Header + `<gpx version="1.1" creator="Truce" xmlns="http://www.topografix.com/GPX/1/1">` + "\n")
	for _, t := range tracks {
		if err := writeTrack(b, t); err != nil {
			return err
		}
	}
	b.WriteString("</gpx>\n")
	return b.Flush()
}

func writeTrack(b *bufio.Writer, t source.Track) error {
	b.WriteString("<trk>")
	if t.Name != "" {
		b.WriteString("<name>")
		if err := xml.EscapeText(b, []byte(truce.CleanText(t.Name))); err != nil {
			return err
		}
		b.WriteString("</name>")
	}
	b.WriteString("<trkseg>\n")
	for i, p := range t.Points {
		if !p.Valid() {
			return truce.Errorf(truce.CodeInvalid, "track %s, point %d: %v is no place, or its height is out of range", t.Name, i+1, p.At)
		}
		b.WriteString(`<trkpt lat="` + decimal(float64(p.At.Lat), 7) + `" lon="` + decimal(float64(p.At.Lon), 7) + `">`)
		if p.Alt != nil {
			b.WriteString("<ele>" + decimal(float64(*p.Alt), 1) + "</ele>")
		}
		if p.Time != 0 {
			b.WriteString("<time>" + p.Time.String() + "</time>")
		}
		b.WriteString("</trkpt>\n")
	}
	_, err := b.WriteString("</trkseg></trk>\n")
	return err
}

func decimal(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }
