package app

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/respond/publish"
)

// actWatch is the family whose watch an absence of acts would rest on. Thermal satellites
// see heat and no acts, and the sight of patrols, sensors and media is not modelled yet,
// so an empty count of acts reads "not observed".
const actWatch = truce.FamilyPatrol

// ruleAreas asks for the absences of every rule in every reporting area.
func (s *study) ruleAreas() []coverage.RuleArea {
	var out []coverage.RuleArea
	for _, rule := range s.terms.Rules {
		if !rule.Evaluated {
			continue
		}
		for _, area := range s.terms.Areas {
			out = append(out, coverage.RuleArea{Rule: rule.ID, Area: area.ID, Family: actWatch, Minimum: truce.Probability(rule.CoverageMin)})
		}
	}
	return out
}

func (s *study) coverageAreas(clouds []CloudArea) []coverage.Area {
	out := make([]coverage.Area, 0, len(s.terms.Areas))
	for _, area := range s.terms.Areas {
		out = append(out, coverage.Area{ID: area.ID, Centre: centreOf(boundsOf(s.terms.Features(area.Source))), Cloud: cloudFor(area.ID, clouds)})
	}
	return out
}

// cloudFor is the column of the cloud files that speaks for an area; without a setting
// the column of the area's own name.
func cloudFor(area truce.AreaID, clouds []CloudArea) string {
	for _, c := range clouds {
		if c.Area == area || c.Area == "*" {
			return c.Column
		}
	}
	return string(area)
}

func (s *study) addCoverage(in *publish.DailyInput, clouds []CloudArea) {
	areas := s.coverageAreas(clouds)
	data := coverage.Data{Detections: s.in.detections, Clouds: s.in.clouds}
	of := func(p truce.Period) []truce.Coverage {
		return coverage.Thermal(areas, []truce.Period{p}, data, coverage.Config{})
	}
	in.Coverage, in.PreviousCoverage = of(in.Period), of(in.Previous)
	in.Clouds = cloudDays(s.in.clouds, in.Period)
}
