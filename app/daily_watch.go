package app

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/publish"
)

// addNotified adds what the parties themselves told: the windows they notified, with what
// the evaluations say of them, and their claims.
func (s *study) addNotified(in *publish.DailyInput) {
	in.Windows = s.windows(in.Period)
	in.Covers = s.covers(in.Rows, in.PreviousRows)
	in.Claims, in.ClaimItems = s.claims(*in)
	in.Sights = append(in.Sights, s.claimSights(in.Claims, in.Period, leastCoverage(in.Terms))...)
}

// leastMoment is how long the watch is asked for around a claim that names an instant.
const leastMoment = time.Minute

// claimSights are the chances of seeing the act of each claim in every area, in the part of
// the period it is claimed for.
func (s *study) claimSights(claims []truce.ClaimRow, p truce.Period, least truce.Probability) []publish.Sight {
	type question struct {
		from, to truce.Instant
		act      truce.Act
	}
	answers := map[question][]publish.Sight{}
	var out []publish.Sight
	for _, c := range claims {
		if c.Act == "" || c.Period == nil {
			continue
		}
		q := question{max(c.Period.From, p.From), min(c.Period.To, p.To), c.Act}
		q.to = max(q.to, q.from.Add(leastMoment))
		seen, asked := answers[q]
		if !asked {
			watched := s.board.Over(truce.Period{From: q.from, To: q.to, Zone: p.Zone}).Opened(s.openings)
			for _, area := range s.terms.Areas {
				if sight := watched.Sight(area.ID, []truce.Act{c.Act}, least); sight.Stated() {
					seen = append(seen, publish.Sight{Area: area.ID, Seen: sight.Share, Partly: sight.Partly})
				}
			}
			answers[q] = seen
		}
		for _, sight := range seen {
			sight.Claim = c.ID
			out = append(out, sight)
		}
	}
	return out
}

// maxClaims is how many claims of a period a Daily takes, the earliest: a flood of
// complaints must not make a bulletin that nobody can read or sign.
const maxClaims = 10_000

// claims are the statements of parties whose middle lies in the period, one for each claim
// of a report, and the incidents that rest on them.
func (s *study) claims(in publish.DailyInput) ([]truce.ClaimRow, []publish.ClaimItem) {
	incidents := incidentsResting(in)
	var claims []truce.ClaimRow
	var items []publish.ClaimItem
	for i := range s.in.reports {
		o := &s.in.reports[i]
		if s.in.families[o.Source] != truce.FamilyParty || !in.Period.Contains(o.Phenomenon.Mid()) || len(claims) >= maxClaims {
			continue
		}
		for _, c := range s.claimsOf(o, in.Period.Zone) {
			claims = append(claims, c)
			if c.Act == "" {
				continue
			}
			for _, id := range incidents[o.ID] {
				items = append(items, publish.ClaimItem{Claim: c.ID, Incident: id})
			}
		}
	}
	return claims, items
}

// incidentsResting are the incidents of the input by the observations they rest on.
func incidentsResting(in publish.DailyInput) map[truce.ID][]truce.ID {
	events := make(map[truce.ID]truce.ID)
	for _, rows := range [...][]truce.IncidentRow{in.Rows, in.PreviousRows} {
		for _, row := range rows {
			for _, e := range row.Incident.Events {
				events[e] = row.Incident.ID
			}
		}
	}
	out := make(map[truce.ID][]truce.ID)
	for i := range in.Events {
		e := &in.Events[i]
		incident, used := events[e.ID]
		for _, s := range e.Support {
			if used && s.Family == truce.FamilyParty && !slices.Contains(out[s.Observation], incident) {
				out[s.Observation] = append(out[s.Observation], incident)
			}
		}
	}
	return out
}

// claimsOf reads one report: a claim each, or one without act and number for words alone.
func (s *study) claimsOf(o *truce.Observation, zone string) []truce.ClaimRow {
	party := s.speaker(o)
	row := truce.ClaimRow{
		Claimant: s.speakerName(o, party), Party: party, Source: o.Source, Quote: quoteOf(o.Report),
		Period: &truce.Period{From: o.Phenomenon.From, To: o.Phenomenon.To, Zone: zone}, Received: receivedAt(o),
	}
	list := o.Report.Claims
	if len(list) == 0 {
		list = []truce.Claim{{}}
	}
	var out []truce.ClaimRow
	for i, c := range list {
		row.ID = o.ID.String()
		if i > 0 {
			row.ID += "-" + string('a'+rune(i%26))
		}
		row.Act, row.Count, row.Unit, row.Accused = c.Act, c.Count, c.Unit, c.Accused
		if row.Count == 0 {
			row.Unit = ""
		}
		out = append(out, row)
	}
	return out
}

// receivedAt is when a report came in, or where nobody says so, when it was over.
func receivedAt(o *truce.Observation) truce.Instant {
	return cmp.Or(truce.Instant(o.Received), o.Phenomenon.To)
}

// speaker is the party whose statement a report is: that which its publisher names by mark
// or name, else that whose mark ends the sensor or the source, as LIAISON-A. "" is nobody's
// in particular.
func (s *study) speaker(o *truce.Observation) truce.PartyID {
	for _, p := range s.terms.Parties {
		if p.Role != agreement.RoleParty {
			continue
		}
		if published := o.Report.Publisher; published != "" && (published == string(p.ID) || named(p, published)) {
			return p.ID
		}
	}
	for _, text := range [...]string{string(o.Sensor), string(o.Source)} {
		_, mark, found := cutLastHyphen(text)
		for _, p := range s.terms.Parties {
			if found && p.Role == agreement.RoleParty && strings.EqualFold(mark, string(p.ID)) {
				return p.ID
			}
		}
	}
	return ""
}

func named(p agreement.Party, name string) bool {
	for _, own := range p.Name {
		if own == name {
			return true
		}
	}
	return false
}

func cutLastHyphen(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '-')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// speakerName is what stands beside a quotation: the party's name, else the source's.
func (s *study) speakerName(o *truce.Observation, party truce.PartyID) string {
	for _, p := range s.terms.Parties {
		if p.ID == party && party != "" {
			return p.Name.In("en")
		}
	}
	for _, source := range s.sources {
		if source.ID == o.Source && source.Title != "" {
			return source.Title
		}
	}
	return string(o.Source)
}

// quoteOf is the first sentence of what was said, as far as a quotation goes. Quotation
// marks inside it are single, so that it ends where it ends.
func quoteOf(r *truce.Report) string {
	said := cmp.Or(r.Text, r.Headline)
	if i := strings.Index(said, ". "); i >= 0 {
		said = said[:i+1]
	}
	return truce.PublicQuote(strings.NewReplacer("“", "‘", "”", "’", "«", "‹", "»", "›", "\"", "'").Replace(said))
}
