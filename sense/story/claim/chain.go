package claim

import (
	"strings"

	"github.com/trucewatch/truce"
)

// chain is by whom a claim reached us: the site, the agency it cites, whoever it quotes, who
// may be another in each half of a sentence.
func (r *reading) chain(c *truce.Claim, a *truce.Article, agency string) []truce.Teller {
	out := []truce.Teller{}
	if a.Publisher != "" {
		out = append(out, truce.Teller{Role: truce.TellerSite, Name: a.Publisher})
	}
	if own := r.agency(); own != "" {
		agency = own
	}
	if agency != "" && !strings.EqualFold(agency, a.Publisher) {
		out = append(out, truce.Teller{Role: truce.TellerAgency, Name: agency})
	}
	if len(c.Chain) > 0 {
		return append(out, c.Chain...)
	}
	if s, ok := r.speaker(); ok {
		return append(out, s)
	}
	return out
}

// agency is the one a sentence cites: "According to Reuters", "Reuters:", "передає
// Укрінформ".
func (r *reading) agency() string {
	for _, m := range r.marks["agency"] {
		if r.endsAt("say", m.from) || m.from == 0 && m.to < len(r.words) && r.words[m.to].word == ":" {
			return m.key
		}
		if _, says := r.at("say", m.to); says {
			return m.key
		}
	}
	return ""
}

// prefixed is the agency whose name begins a headline: "Reuters: ...".
func (r *reading) prefixed() string {
	for _, m := range r.marks["agency"] {
		if m.from == 0 && m.to < len(r.words) && r.words[m.to].word == ":" {
			return m.key
		}
	}
	return ""
}
