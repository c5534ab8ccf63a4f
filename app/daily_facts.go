package app

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/publish"
)

// bulletinTerms is what a bulletin prints of the agreement.
func (s *study) bulletinTerms(period truce.Period) publish.Terms {
	t := s.terms
	terms := publish.Terms{
		Agreement: t.Title.In("en"), Version: t.Version, Epoch: t.Calendar.Epoch, EpochIsOne: t.Calendar.FirstDay == 1,
		Lines: s.geometry.LinesDuring(period, 0), AgreementNames: t.Title, BoundaryNote: t.BoundaryNote,
	}
	terms.ControlMap, terms.ControlVersion = s.controlledBy(period)
	for _, area := range t.Areas {
		terms.Areas = append(terms.Areas, truce.BulletinArea{ID: area.ID, Names: area.Name})
	}
	for _, party := range t.Parties {
		of := truce.BulletinParty{ID: party.ID, Names: party.Name}
		if party.Role != agreement.RoleParty {
			terms.Bodies = append(terms.Bodies, of) // the mission controls no ground
			continue
		}
		terms.Parties = append(terms.Parties, of)
	}
	for _, rule := range t.RulesAt(period.Mid()) {
		of := bulletinRule(rule)
		if !rule.Evaluated { // no finding is made under it: its silence is said, not shown
			terms.NotEvaluated = append(terms.NotEvaluated, of)
			continue
		}
		terms.Rules = append(terms.Rules, of)
		if of.Counted() {
			terms.CoverageMin = max(terms.CoverageMin, truce.Probability(rule.CoverageMin))
		}
	}
	for _, place := range t.Places {
		name := place.PlaceName
		name.At = &place.At
		terms.Places = append(terms.Places, name)
	}
	for _, part := range t.Parts {
		terms.Parts = append(terms.Parts, string(part))
	}
	return terms
}

// bulletinRule is what a bulletin and the desk say of a rule.
func bulletinRule(rule agreement.Rule) truce.BulletinRule {
	return truce.BulletinRule{
		ID: rule.ID, Version: rule.Version, Clause: rule.Clause, Titles: rule.Title, Unit: rule.Unit, Acts: rule.Acts,
		CoverageMin: truce.Probability(rule.CoverageMin), Kind: uncountedKind(rule),
	}
}

// uncountedKind is the kind of a rule that nothing hits, "" for any other.
func uncountedKind(r agreement.Rule) string {
	switch r.Kind {
	case agreement.KindPermit:
		return truce.RulePermit
	case agreement.KindClaim:
		return truce.RuleClaim
	}
	return ""
}

// cloudDays lists the cloud statements of a period, each area and day once.
func cloudDays(clouds []truce.Observation, p truce.Period) []truce.CloudDay {
	var out []truce.CloudDay
	for _, o := range clouds {
		if p.Contains(o.Phenomenon.Mid()) {
			out = append(out, truce.CloudDay{Day: o.Phenomenon.From.Day(), Area: o.Weather.Area, Cover: o.Weather.CloudCover, Source: o.Source})
		}
	}
	slices.SortFunc(out, func(a, b truce.CloudDay) int {
		return strings.Compare(string(a.Day)+a.Area, string(b.Day)+b.Area)
	})
	return slices.CompactFunc(out, func(a, b truce.CloudDay) bool { return a.Day == b.Day && a.Area == b.Area })
}

// counter tells the line an observation is counted in.
type counter func(o truce.Observation) string

// addReceived counts what came in, in its own units: detections by area and by the
// control of the place of effect, reports by area.
func (s *study) addReceived(in *publish.DailyInput) {
	byArea := func(o truce.Observation) string {
		if o.Place == nil {
			return ""
		}
		return string(s.geometry.AreaOf(*o.Place))
	}
	in.Received = append(in.Received,
		s.received(*in, "detections", truce.UnitDetection, truce.CountByArea, s.in.detections, byArea),
		s.received(*in, "reports", truce.UnitReport, truce.CountByArea, s.in.reports, byArea),
		s.received(*in, "reports_of_fire", truce.UnitReport, truce.CountByArea, reportsOfFire(s.in.reports), byArea))
	if in.Terms.ControlMap != "" {
		byControl := s.received(*in, "detections_by_control", truce.UnitDetection, truce.CountByControl, s.in.detections, s.controller)
		byControl.Map, byControl.MapVersion = in.Terms.ControlMap, in.Terms.ControlVersion
		byControl.MapUses = s.drawings(in.Period, s.in.detections)
		in.Received = append(in.Received, byControl)
	}
}

// reportsOfFire are the reports that claim an act of fire.
func reportsOfFire(reports []truce.Observation) []truce.Observation {
	var out []truce.Observation
	for _, o := range reports {
		if slices.ContainsFunc(o.Report.Claims, func(c truce.Claim) bool { return c.Act.Group() == truce.GroupFire }) {
			out = append(out, o)
		}
	}
	return out
}

// controlledBy is the line or map that says who controls what in a period, by its version
// of the middle where one holds then; "" when none does.
func (s *study) controlledBy(p truce.Period) (name, version string) {
	for _, at := range []truce.Instant{p.Mid(), p.To - 1, p.From} {
		if name, version = s.geometry.ControlDrawing(at, 0); name != "" {
			return name, version
		}
	}
	return "", ""
}

// drawings are the versions by which the sides of what came in during a period were told,
// each with how much.
func (s *study) drawings(p truce.Period, list []truce.Observation) map[string]int {
	out := map[string]int{}
	for _, o := range list {
		if mid := o.Phenomenon.Mid(); o.Place != nil && p.Contains(mid) {
			_, version := s.geometry.ControlDrawing(mid, 0)
			out[version]++
		}
	}
	return out
}

// sides tell who controls the place of every incident, whether or not a rule looks at it,
// by the line or map valid at its time.
func (s *study) sides(in publish.DailyInput) (map[truce.ID]publish.Side, error) {
	rows := slices.Concat(in.PreviousRows, in.Rows)
	found := make([]publish.Side, len(rows))
	err := onAllCores(len(rows), func(i int) error {
		of := &rows[i].Incident
		mid := of.Time.Mid()
		if of.Position != nil && (in.Period.Contains(mid) || in.Previous.Contains(mid)) {
			found[i].Shares, found[i].Version = s.geometry.SidesAt(*of.Position, mid, 0)
		}
		return nil
	})
	out := make(map[truce.ID]publish.Side, len(rows))
	for i := range rows {
		if found[i].Shares != nil {
			out[rows[i].Incident.ID] = found[i]
		}
	}
	return out, err
}

// controller is the party under whose control the pixel centre lies on the map of the
// day, "" when the map does not say.
func (s *study) controller(o truce.Observation) string {
	if o.Place == nil {
		return ""
	}
	party, _ := s.geometry.ControllerAt(o.Place.Point, o.Phenomenon.Mid(), 0)
	return string(party)
}

func (s *study) received(in publish.DailyInput, key string, unit truce.Unit, by truce.CountBy, list []truce.Observation, line counter) publish.Received {
	r := publish.Received{Key: key, Unit: unit, By: by, HasPrevious: true}
	lines := map[string]*publish.ReceivedLine{}
	for _, name := range s.lineKeys(by) {
		l := publish.ReceivedLine{Key: name}
		if unit == truce.UnitDetection {
			l.Coverage, l.PreviousCoverage = thermalShare(in.Coverage, name), thermalShare(in.PreviousCoverage, name)
		}
		r.Lines = append(r.Lines, l)
	}
	for i := range r.Lines {
		lines[r.Lines[i].Key] = &r.Lines[i]
	}
	for _, o := range list {
		mid := o.Phenomenon.Mid()
		now := in.Period.Contains(mid)
		if !now && !in.Previous.Contains(mid) {
			continue // most of what was ever recorded; where it lies takes long to find
		}
		into := lines[line(o)]
		if into == nil {
			into = lines[""]
		}
		if now {
			into.IDs = append(into.IDs, o.ID)
		} else {
			into.Previous++
		}
	}
	return r
}

// thermalShare is how well satellites saw an area, nil when nothing is known of it.
func thermalShare(list []truce.Coverage, area string) *truce.Probability {
	for _, c := range list {
		if string(c.Area) == area && c.Family == truce.FamilyThermal {
			return &c.Share
		}
	}
	return nil
}

// lineKeys are the lines of a count: areas or parties, and "" for neither.
func (s *study) lineKeys(by truce.CountBy) []string {
	var keys []string
	if by == truce.CountByControl {
		for _, party := range s.terms.Parties {
			if party.Role == agreement.RoleParty {
				keys = append(keys, string(party.ID))
			}
		}
		return append(keys, "")
	}
	for _, area := range s.terms.Areas {
		keys = append(keys, string(area.ID))
	}
	return append(keys, string(agreement.Elsewhere), "")
}
