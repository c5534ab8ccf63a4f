package app

import (
	"cmp"
	"maps"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/respond/publish"
)

// board is the watch the mission states, with what was said of its health.
func (a *App) board(terms *agreement.Agreement, health []coverage.Sign) (*coverage.Board, error) {
	watchers, err := a.cfg.Watch.watchers(terms)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "%s: %w", a.cfg.Path(ConfigFile), err)
	}
	return coverage.NewBoard(watchers, health), nil
}

// addCoverage says for both periods who could have seen: satellites by their passes, others
// by the watch the mission states, and what follows where nothing was recorded.
func (s *study) addCoverage(in *publish.DailyInput, cfg Config) {
	least := leastCoverage(in.Terms)
	rules := s.ruleAreas(in.Period.Mid(), least)
	s.openings = openings(in.PreviousRows, in.Rows)
	var watched *coverage.Watched
	watched, in.Coverage = s.coverageIn(in.Period, cfg)
	found := present(in.Rows)
	in.Absences = withoutFound(watched.Absences(rules, found), found)
	in.Sights = s.sights(watched, rules, least)
	watched, in.PreviousCoverage = s.coverageIn(in.Previous, cfg)
	in.PreviousSights = s.sights(watched, rules, least)
	in.Clouds = cloudDays(s.in.clouds, in.Period)
}

// leastCoverage is the bulletin's minimum of coverage.
func leastCoverage(terms publish.Terms) truce.Probability {
	return cmp.Or(terms.CoverageMin, publish.DefaultCoverageMin)
}

// coverageIn is every family's coverage of one period: satellites, then the stated watch,
// then families that reported without one.
func (s *study) coverageIn(p truce.Period, cfg Config) (*coverage.Watched, []truce.Coverage) {
	data := coverage.Data{Detections: s.in.detections, Clouds: s.in.clouds}
	list := coverage.Thermal(s.coverageAreas(cfg.Cloud), []truce.Period{p}, data, coverage.Config{Satellites: cfg.Watch.satellites()})
	watched := s.board.Over(p).Opened(s.openings)
	var areas []truce.AreaID
	for _, area := range s.terms.Areas {
		areas = append(areas, area.ID)
	}
	list = append(list, watched.Coverage(areas)...)
	return watched, append(list, coverage.NotStated(s.unstatedFamilies(list, p), p)...)
}

// openings are the gaps that findings opened in what could be observed. Where a patrol, a
// drone or a camera tells of it, that is who was kept out.
func openings(lists ...[]truce.IncidentRow) []coverage.Opening {
	seen := map[truce.ID]bool{}
	var out []coverage.Opening
	for _, row := range slices.Concat(lists...) {
		if row.Evaluation == nil || seen[row.Incident.ID] {
			continue
		}
		i := slices.IndexFunc(row.Evaluation.Findings, func(f truce.Finding) bool { return f.Verdict == truce.VerdictHit && f.Gap != nil })
		if i < 0 {
			continue
		}
		seen[row.Incident.ID] = true
		gap := row.Evaluation.Findings[i].Gap
		out = append(out, coverage.Opening{
			Incident: row.Incident.ID, Area: row.Incident.Area, From: gap.From, To: gap.To, Reason: gap.Reason,
			Families: publish.AssetsAmong(row.Incident.Families, truce.Act(gap.Reason)),
		})
	}
	return out
}

// unstatedFamilies reported something in the period and have no coverage of their own.
func (s *study) unstatedFamilies(list []truce.Coverage, p truce.Period) []truce.Family {
	stated, out := map[truce.Family]bool{}, map[truce.Family]bool{}
	for _, c := range list {
		stated[c.Family] = true
	}
	for _, o := range s.in.reports {
		if f := s.in.families[o.Source]; f.Witness() && !stated[f] && p.Contains(o.Phenomenon.Mid()) {
			out[f] = true
		}
	}
	for _, hours := range []map[familyHour]bool{s.in.heard.hours, s.in.followed.hours} {
		for h := range hours {
			if !stated[h.family] && p.Contains(truce.Instant(h.hour*microsPerHour+microsPerHour/2)) {
				out[h.family] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// ruleAreas asks for the absences of every rule in every reporting area. A rule without a
// minimum of its own has the bulletin's; one that nothing hits is not missed.
func (s *study) ruleAreas(at truce.Instant, least truce.Probability) []coverage.RuleArea {
	var out []coverage.RuleArea
	for _, rule := range s.terms.RulesAt(at) {
		if !rule.Evaluated || uncountedKind(rule) != "" {
			continue
		}
		minimum := least
		if rule.CoverageMin > 0 {
			minimum = truce.Probability(rule.CoverageMin)
		}
		for _, area := range s.terms.Areas {
			out = append(out, coverage.RuleArea{Rule: rule.ID, Area: area.ID, Acts: rule.Acts, Minimum: minimum})
		}
	}
	return out
}

// sights are the chances of seeing what each rule and each group of acts is about.
func (s *study) sights(watched *coverage.Watched, rules []coverage.RuleArea, least truce.Probability) []publish.Sight {
	out := []publish.Sight{}
	for _, r := range rules {
		if sight := watched.Sight(r.Area, r.Acts, r.Minimum); sight.Stated() {
			out = append(out, publish.Sight{Rule: r.Rule, Area: r.Area, Seen: sight.Share, Partly: sight.Partly})
		}
	}
	for _, group := range truce.ActGroups() {
		for _, area := range s.terms.Areas {
			if sight := watched.Sight(area.ID, seenFromGround(group), least); sight.Stated() {
				out = append(out, publish.Sight{Group: group, Area: area.ID, Seen: sight.Share, Partly: sight.Partly})
			}
		}
	}
	return out
}

// seenFromGround are the acts of a group without heat, which only satellites see.
func seenFromGround(group truce.ActGroup) []truce.Act {
	return slices.DeleteFunc(group.Acts(), func(a truce.Act) bool { return a == truce.ActHeat })
}

// withoutFound leaves out the absences of stretches in which something was found after all,
// though too few watched: what was recorded there is counted, with its coverage beside it.
func withoutFound(absences []truce.Absence, found []coverage.Present) []truce.Absence {
	return slices.DeleteFunc(absences, func(a truce.Absence) bool {
		return slices.ContainsFunc(found, func(f coverage.Present) bool {
			return f.Rule == a.Rule && f.Area == a.Area && a.Period.Contains(f.Time.Mid())
		})
	})
}

// present is every finding that speaks against an absence: hits, and what is not decided.
func present(rows []truce.IncidentRow) []coverage.Present {
	var out []coverage.Present
	for _, row := range rows {
		if row.Evaluation == nil {
			continue
		}
		for i := range row.Evaluation.Findings {
			f := &row.Evaluation.Findings[i]
			if f.Verdict != truce.VerdictHit && f.Verdict != truce.VerdictIndeterminate {
				continue
			}
			out = append(out, coverage.Present{Rule: f.Rule, Area: row.Incident.Area, Time: row.Incident.Time, Verdict: f.Verdict})
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
