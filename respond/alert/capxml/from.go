package capxml

import (
	"math"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// Config says in whose name alerts go out as CAP and what of places may be said.
type Config struct {
	Sender     string      // unique, e.g. "alerts@mission.example.org"
	SenderName truce.Names // for people
	Contact    string
	Base       string // where the pages are; "": nowhere
	// Areas are the reporting areas as they may leave the house: a name and, where one is
	// wanted, a circle, which is widened to MinRadiusKm and set on a coarse grid.
	Areas map[truce.AreaID]AreaShape
	// Sent finds when an alert that is referred to was released.
	Sent func(truce.AlertID) (truce.Instant, bool)
}

// AreaShape is a reporting area as CAP may show it.
type AreaShape struct {
	Names  truce.Names
	Circle *Circle
}

// From writes an alert of ours as CAP. It is of scope Restricted: it is for those it was
// addressed to, whom the document does not name.
func From(a truce.Alert, c Config) (Alert, error) {
	if a.Kind == truce.AlertHeld {
		return Alert{}, truce.Errorf(truce.CodeConflict, "cap: %s keeps what was held back from the parties and is no message; another alert brings it to both", a.ID)
	}
	out := Alert{
		Identifier: a.ID.String(), Sender: c.Sender, Sent: a.Release.Time(), Status: StatusActual, MsgType: msgType(a.Kind),
		Scope: ScopeRestricted, Restriction: "For the authorities this alert was addressed to. Not for publication.",
		Incidents: []string{"truce:case:" + a.Case.String()},
	}
	if a.Realm.Exercise() {
		out.Status, out.Note = StatusExercise, "EXERCISE "+strings.TrimPrefix(string(a.Realm), "exercise:")+". Nothing in this message has happened."
	}
	for _, id := range references(a) {
		at, ok := truce.Instant(0), false
		if c.Sent != nil {
			at, ok = c.Sent(id)
		}
		if !ok {
			return Alert{}, truce.Errorf(truce.CodeNotFound, "cap: alert %s refers to %s, which is not on record", a.ID, id)
		}
		out.References = append(out.References, Reference{c.Sender, id.String(), at.Time()})
	}
	for _, lang := range alert.Languages() {
		if a.Headline[lang] != "" {
			out.Infos = append(out.Infos, info(a, c, lang))
		}
	}
	return out, out.Validate()
}

// references are the messages that an update or a cancellation changes. A new alert changes
// none: what it ends for a few, such as a proposal to those who sign, its readers never got,
// and a system that looks for it would find nothing.
func references(a truce.Alert) []truce.AlertID {
	if msgType(a.Kind) == TypeAlert {
		return nil
	}
	return a.References
}

func msgType(k truce.AlertKind) MsgType {
	switch k {
	case truce.AlertUpdate:
		return TypeUpdate
	case truce.AlertCancel:
		return TypeCancel
	}
	return TypeAlert
}

// info is the alert in one language. The certainty stays Unknown: what is established is
// said in words and on the page of the case, and no code of CAP says who established it.
func info(a truce.Alert, c Config, lang string) Info {
	release := a.Release.Time()
	out := Info{
		Language: lang, Categories: []string{"Security"}, Event: event(lang, a.Civil), Responses: []string{"Assess"},
		Urgency: "Expected", Severity: severity(a.Severity), Certainty: "Unknown", Effective: release, Expires: release.Add(Lifetime),
		SenderName: c.SenderName.In(lang), Headline: a.Headline.In(lang), Description: a.Text.In(lang), Contact: c.Contact,
		Web:        alert.AnswerURL(c.Base, a.ID),
		Parameters: []Value{{"truce:alert", a.ID.String()}, {"truce:case", a.Case.String()}, {"truce:step", strconv.Itoa(a.Step)}},
	}
	if a.Tier != "" {
		out.Parameters = append(out.Parameters, Value{"truce:tier", string(a.Tier)})
	}
	if a.Answer != nil {
		out.Parameters = append(out.Parameters, Value{"truce:answer-within-s", strconv.FormatInt(int64(a.Answer.Within.Duration().Seconds()), 10)})
	}
	switch {
	case a.Kind == truce.AlertCancel:
		out.Responses, out.Urgency = []string{"None"}, "Past"
	case a.Civil:
		out.Categories, out.Responses, out.Urgency = []string{"Security", "Safety"}, []string{"Execute"}, "Immediate"
	}
	if a.Area != "" {
		out.Areas = []Area{area(a.Area, c.Areas[a.Area], lang)}
	}
	return out
}

func event(lang string, civil bool) string {
	key := "case"
	if civil {
		key = "civil"
	}
	return map[string]map[string]string{
		"en": {"case": "Ceasefire case", "civil": "Ceasefire case: civil protection"},
		"uk": {"case": "Справа про припинення вогню", "civil": "Справа про припинення вогню: цивільний захист"},
	}[lang][key]
}

// severity turns the handbook's grades, 0 administrative to 4 mass casualties, into CAP's.
func severity(grade int) string {
	switch grade {
	case 4:
		return "Extreme"
	case 3:
		return "Severe"
	case 2:
		return "Moderate"
	case 1:
		return "Minor"
	}
	return "Unknown"
}

func area(id truce.AreaID, shape AreaShape, lang string) Area {
	out := Area{Description: shape.Names.In(lang), Geocodes: []Value{{"truce:area", string(id)}}}
	if out.Description == "" {
		out.Description = string(id)
	}
	if c := shape.Circle; c != nil {
		out.Circles = []Circle{{
			Centre: Point{coarse(c.Centre.Lat), coarse(c.Centre.Lon)}, RadiusKm: math.Ceil(max(c.RadiusKm, MinRadiusKm)),
		}}
	}
	return out
}

// coarse sets a coordinate on the grid, with no digits beyond it.
func coarse(degrees float64) float64 {
	return math.Round(math.Round(degrees/centreStep)*centreStep*100) / 100
}
