package tracking

import (
	"strconv"

	"github.com/trucewatch/truce/sense/track"
)

// TracksShape is the header of tracks.csv.
const TracksShape = "track,time,lat,lon,alt_m,speed_mps,course_deg,sigma_m"

// Tracks is tracks.csv: a row per track and scan, track by track.
func Tracks(tracks []track.Track) []byte {
	rows := 0
	for i := range tracks {
		rows += len(tracks[i].States)
	}
	out := append(make([]byte, 0, 96*(1+rows)), TracksShape+"\n"...)
	for i := range tracks {
		name := Name(tracks[i].Number)
		for j := range tracks[i].States {
			out = row(append(append(out, name...), ','), &tracks[i].States[j])
		}
	}
	return out
}

// row is a state behind its track's name.
func row(out []byte, s *track.State) []byte {
	out, _ = s.Time.AppendText(out) // it cannot fail
	out = strconv.AppendFloat(append(out, ','), float64(s.At.Lat), 'f', 7, 64)
	out = strconv.AppendFloat(append(out, ','), float64(s.At.Lon), 'f', 7, 64)
	out = append(out, ',')
	if s.High {
		out = strconv.AppendFloat(out, float64(s.Altitude), 'f', 1, 64)
	}
	out = strconv.AppendFloat(append(out, ','), s.SpeedMps, 'f', 2, 64)
	out = append(append(append(out, ','), course(s)...), ',')
	return append(strconv.AppendFloat(out, float64(s.Sigma), 'f', 2, 64), '\n')
}

// course is a course to a tenth of a degree, in [0, 360).
func course(s *track.State) string {
	text := strconv.FormatFloat(float64(s.Course), 'f', 1, 64)
	if text == "360.0" {
		return "0.0"
	}
	return text
}
