package app

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sense/locate/engage"
)

// reviewList is what a reviewer reads. It is printed and kept nowhere.
type reviewList struct {
	Notice       string        `json:"notice"`
	Realm        truce.Realm   `json:"realm,omitempty"`
	Agreement    string        `json:"agreement"`
	Version      string        `json:"version"`
	Until        truce.Instant `json:"until"`          // nothing younger is shown
	Held         []heldRule    `json:"held_back"`      // by what rule; the first is that of now
	Younger      int           `json:"events_younger"` // that are not shown
	Engagements  []reviewShot  `json:"engagements"`
	Undetermined []reviewRole  `json:"undetermined"`
}

// heldRule is a delay and who asks for it.
type heldRule struct {
	Hours   float64       `json:"hours"`
	Clause  string        `json:"clause,omitempty"` // none: the program's own rule
	Version string        `json:"version,omitempty"`
	Until   truce.Instant `json:"until"` // what happened later is not shown under this rule
}

// reviewListOf is what is old enough, by the rule of now and by that of its own time.
func reviewListOf(in *engage.Field, tied *engage.Result, drawn drawnMaps, held withholding, now truce.Instant, realm truce.Realm) *reviewList {
	out := &reviewList{
		Notice: forReview, Agreement: drawn.terms.ID, Version: drawn.terms.Version, Realm: realm,
		Until: now.Add(-held.now.Forces), Held: []heldRule{heldBy(held.now, now)},
	}
	shown := func(at truce.Instant) bool { return held.shown(at, now) }
	for i := range in.Events {
		e := &in.Events[i]
		if e.Phases != locate.InAir || shown(e.Time) {
			continue
		}
		out.Younger++
		if rule := heldBy(held.at(e.Time), now); !slices.Contains(out.Held, rule) {
			out.Held = append(out.Held, rule)
		}
	}
	for i := range tied.Engagements {
		e := &tied.Engagements[i]
		if shown(in.Events[e.Impact].Time) && (e.Muzzle < 0 || shown(in.Events[e.Muzzle].Time)) {
			out.Engagements = append(out.Engagements, reviewOf(e, in, drawn))
		}
	}
	for _, role := range tied.Undetermined {
		if shown(in.Events[role.Event].Time) {
			out.Undetermined = append(out.Undetermined, roleOf(role, in))
		}
	}
	return out
}

// sayHeld says above a list what it is and what it leaves out as too young.
func sayHeld(w io.Writer, notice string, rules []heldRule, what string) {
	fmt.Fprintln(w, notice)
	for i, rule := range rules {
		if i == 0 {
			fmt.Fprintf(w, "Shown %s.\n", rule)
		} else {
			fmt.Fprintf(w, "Younger %s that came under an earlier version: %s.\n", what, rule)
		}
	}
}

func heldBy(w withheld, now truce.Instant) heldRule {
	rule := heldRule{Hours: w.Forces.Hours(), Clause: w.Clause, Until: now.Add(-w.Forces)}
	if w.Clause != "" {
		rule.Version = w.Version
	}
	return rule
}

// String is the rule as a reviewer is told it.
func (r heldRule) String() string {
	return withheld{Forces: time.Duration(r.Hours * float64(time.Hour)), Clause: r.Clause, Version: r.Version}.String()
}

// reviewPlace is a place with its error at one sigma.
type reviewPlace struct {
	Lat    float64 `json:"lat"`
	Lon    float64 `json:"lon"`
	Major  float64 `json:"smajor_m"`
	Minor  float64 `json:"sminor_m"`
	Strike float64 `json:"strike_deg"`
}

// reviewSector is where a shot came from when no event is its muzzle blast.
type reviewSector struct {
	Azimuth      float64 `json:"azimuth_deg"` // from the impact to where it came from
	AzimuthSigma float64 `json:"azimuth_sigma_deg"`
	Near         float64 `json:"near_m"`
	Far          float64 `json:"far_m"`
}

// reviewShot is one shot.
type reviewShot struct {
	ID             string             `json:"engagement"`
	Time           truce.Instant      `json:"time"` // of the impact
	Fired          truce.Instant      `json:"fired,omitzero"`
	Muzzle         string             `json:"muzzle_event,omitempty"`
	Impact         string             `json:"impact_event"`
	Fire           int                `json:"fire"`
	Launch         *reviewPlace       `json:"launch,omitempty"`
	Sector         *reviewSector      `json:"sector,omitempty"`
	Target         reviewPlace        `json:"target"`
	Direction      float64            `json:"direction_deg"`
	DirectionSigma float64            `json:"direction_sigma_deg"`
	Distance       float64            `json:"distance_m"`
	DistanceSigma  float64            `json:"distance_sigma_m"`
	Flight         float64            `json:"flight_s"`
	FlightSigma    float64            `json:"flight_sigma_s"`
	Sides          []truce.SideShare  `json:"origin_side,omitempty"` // the rest is not known
	Classes        map[string]float64 `json:"classes"`
	Salvo          float64            `json:"salvo"`
	Shocks         []reviewShock      `json:"shock_arrivals,omitempty"`
	FiredP         float64            `json:"fired_p"` // that something was fired at the launch, whatever its impact
	Score          float64            `json:"score"`
	Probability    float64            `json:"probability"`
}

type reviewShock struct {
	Arrival  string  `json:"arrival"`
	Residual float64 `json:"residual_s"`
}

// reviewRole is an event without a partner.
type reviewRole struct {
	Event   string        `json:"event"`
	Time    truce.Instant `json:"time"`
	Muzzle  float64       `json:"muzzle"`
	Impact  float64       `json:"impact"`
	Unknown float64       `json:"unknown"`
}

func placeOf(p geo.Position) reviewPlace {
	e := p.Error.Ellipse()
	return reviewPlace{num.Quantise(float64(p.Lat), 1e-5), num.Quantise(float64(p.Lon), 1e-5), num.Quantise(float64(e.Major), 1), num.Quantise(float64(e.Minor), 1), num.Quantise(float64(e.Strike), 1)}
}

// reviewOf is an engagement as a reviewer reads it.
func reviewOf(e *engage.Engagement, in *engage.Field, drawn drawnMaps) reviewShot {
	impact := &in.Events[e.Impact]
	out := reviewShot{
		ID: e.ID.String(), Time: impact.Time, Impact: impact.ID.String(), Fire: e.Fire + 1, Target: placeOf(e.Target),
		Direction: num.Quantise(float64(e.Direction), .1), DirectionSigma: num.Quantise(float64(e.DirectionSigma), .1),
		Distance: num.Quantise(float64(e.Distance), 1), DistanceSigma: num.Quantise(float64(e.DistanceSigma), 1),
		Flight: num.Quantise(e.TimeOfFlight, .01), FlightSigma: num.Quantise(e.TimeOfFlightSigma, .01),
		Classes: map[string]float64{}, Salvo: num.Quantise(e.Salvo, .001), Score: num.Quantise(e.Score, .1), FiredP: num.Quantise(e.Fired, .001), Probability: num.Quantise(e.Probability, .001),
	}
	if e.Muzzle >= 0 {
		out.Muzzle, out.Fired = in.Events[e.Muzzle].ID.String(), in.Events[e.Muzzle].Time
	}
	if e.Launch != nil {
		launch := placeOf(*e.Launch)
		out.Launch = &launch
	}
	if s := e.Sector; s != nil {
		out.Sector = &reviewSector{num.Quantise(float64(s.Azimuth), .1), num.Quantise(float64(s.AzimuthSigma), .1), num.Quantise(float64(s.Near), 1), num.Quantise(float64(s.Far), 1)}
	}
	out.Sides = originSides(e, impact.Time, drawn)
	for _, w := range e.Classes {
		out.Classes[w.Class.String()] = num.Quantise(w.P, .001)
	}
	for _, s := range e.Shocks {
		out.Shocks = append(out.Shocks, reviewShock{in.Arrivals[s.Arrival].ID, num.Quantise(s.Residual, .001)})
	}
	return out
}

// originSides is the posterior of the launch over the agreement's map or line of control, as
// it holds at the time; what is left of 1 is not known.
func originSides(e *engage.Engagement, at truce.Instant, drawn drawnMaps) []truce.SideShare {
	var out []truce.SideShare
	e.EachOrigin(func(pos geo.Position, p float64) {
		for _, share := range drawn.geometry.SideAt(pos, at, 0) {
			i := slices.IndexFunc(out, func(s truce.SideShare) bool { return s.Party == share.Party })
			if i < 0 {
				i, out = len(out), append(out, truce.SideShare{Party: share.Party})
			}
			out[i].P += truce.Probability(p) * share.P
		}
	})
	for i := range out {
		out[i].P = truce.Probability(num.Quantise(float64(out[i].P), .001))
	}
	slices.SortFunc(out, func(a, b truce.SideShare) int { return cmp.Compare(a.Party, b.Party) })
	return out
}

func roleOf(r engage.Role, in *engage.Field) reviewRole {
	e := &in.Events[r.Event]
	return reviewRole{e.ID.String(), e.Time, num.Quantise(r.Muzzle, .001), num.Quantise(r.Impact, .001), num.Quantise(r.Unknown, .001)}
}

// printReview prints the list, as JSON or as a table.
func (c *cli) printReview(list *reviewList) error {
	if c.asJSON {
		return printJSON(c.out, list)
	}
	sayHeld(c.out, list.Notice, list.Held, "events")
	tw := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "ENGAGEMENT\tIMPACT\tP\tFIRE\tFIRED FROM\tCAME DOWN\tDIRECTION\tDISTANCE\tFLIGHT\tORIGIN SIDE\tHINTS")
	for i := range list.Engagements {
		r := &list.Engagements[i]
		fmt.Fprintf(tw, "%s\t%s\t%.2f\t%d\t%s\t%s\t%.1f +- %.1f deg\t%.0f +- %.0f m\t%.1f s\t%s\t%s\n", r.ID, r.Time, r.Probability, r.Fire, r.from(), r.Target.text(),
			r.Direction, r.DirectionSigma, r.Distance, r.DistanceSigma, r.Flight, sideText(r.Sides), r.hints())
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.out, "%d shots; %d events without a partner; %d younger events are not shown\n", len(list.Engagements), len(list.Undetermined), list.Younger)
	return err
}

func (p reviewPlace) text() string {
	return fmt.Sprintf("%.5f %.5f +- %.0f by %.0f m", p.Lat, p.Lon, p.Major, p.Minor)
}

// from is the launch area in words.
func (r *reviewShot) from() string {
	if r.Launch != nil {
		return r.Launch.text()
	}
	return fmt.Sprintf("a sector: %.0f +- %.0f deg from the impact, %.0f to %.0f m off", r.Sector.Azimuth, r.Sector.AzimuthSigma, r.Sector.Near, r.Sector.Far)
}

// hintsShown is how many classes a row of the table names; JSON has them all.
const hintsShown = 2

// hints are the likeliest classes and the salvo.
func (r *reviewShot) hints() string {
	names := make([]string, 0, len(r.Classes))
	for name := range r.Classes {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(r.Classes[b], r.Classes[a]), cmp.Compare(a, b)) })
	var parts []string
	for _, name := range names[:min(hintsShown, len(names))] {
		parts = append(parts, fmt.Sprintf("%s %.2f", name, r.Classes[name]))
	}
	parts = append(parts, fmt.Sprintf("salvo %.2f", r.Salvo))
	if len(r.Shocks) > 0 {
		parts = append(parts, fmt.Sprintf("%d shock arrivals", len(r.Shocks)))
	}
	return strings.Join(parts, ", ")
}
