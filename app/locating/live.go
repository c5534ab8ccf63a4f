package locating

import (
	"encoding/json"

	"github.com/trucewatch/truce/sense/locate"
)

// revisionNames are the words for what a revision does.
var revisionNames = map[locate.RevisionKind]string{locate.Declared: "declared", locate.Revised: "revised", locate.Withdrawn: "withdrawn"}

// revision is a line of the stream. Axes are one sigma; before is the hypothesis that an event
// takes the place of.
type revision struct {
	What      string   `json:"what"`
	Event     string   `json:"event"`
	Before    string   `json:"before,omitempty"`
	Revision  int      `json:"revision"`
	Time      string   `json:"time"`
	TimeSigma float64  `json:"time_sigma_s"`
	Lat       float64  `json:"lat"`
	Lon       float64  `json:"lon"`
	Depth     float64  `json:"depth_km"`
	Major     float64  `json:"smajor_m"`
	Minor     float64  `json:"sminor_m"`
	Strike    float64  `json:"strike_deg"`
	RMS       float64  `json:"rms_s"`
	Score     float64  `json:"score"`
	Arrivals  []string `json:"arrivals"`
}

// Revision is a revision as one line of JSON.
func Revision(r *locate.Revision) ([]byte, error) {
	e := &r.Event
	out := revision{
		What: revisionNames[r.Kind], Event: e.ID.String(), Revision: r.Number,
		Time: e.Time.String(), TimeSigma: to(e.TimeSigma, 4), Lat: to(float64(e.At.Lat), 6), Lon: to(float64(e.At.Lon), 6), Depth: to(float64(e.Depth)/1000, 3),
		Major: to(float64(e.Ellipse.Major), 1), Minor: to(float64(e.Ellipse.Minor), 1), Strike: strike(e.Ellipse), RMS: to(e.RMS, 4), Score: to(e.Score, 2),
		Arrivals: r.Arrivals,
	}
	if !r.Before.IsZero() {
		out.Before = r.Before.String()
	}
	text, err := json.Marshal(out)
	return append(text, '\n'), err
}
