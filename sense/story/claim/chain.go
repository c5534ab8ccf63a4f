package claim

import (
	"strings"

	"github.com/trucewatch/truce"
)

// chain is by whom a sentence reached us: the site, the agency it cites, whoever it quotes.
func (r *reading) chain(a *truce.Article, agency string) []truce.Teller {
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
	if s, ok := r.speaker(); ok {
		out = append(out, s)
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

// speaker is who says it: a name beside a word of saying, or an unnamed one.
func (r *reading) speaker() (truce.Teller, bool) {
	for _, s := range r.marks["say"] {
		for _, m := range r.mentions {
			if m.from == s.to || m.to == s.from || m.to+1 == s.from && !r.words[m.to].sign || m.to+2 == s.from && r.covers("force", m.to) {
				if strings.HasPrefix(m.key, "side:") {
					continue
				}
				return truce.Teller{Role: truce.TellerSpeaker, Name: r.text(m.from, m.to), Key: m.key}, true
			}
		}
		for _, m := range r.marks["anonymous"] {
			if m.from-s.to >= 0 && m.from-s.to <= 1 || m.to == s.from || m.to+1 == s.from {
				return truce.Teller{Role: truce.TellerSpeaker, As: r.text(m.from, m.to)}, true
			}
		}
	}
	return truce.Teller{}, false
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
