package claim

import (
	"github.com/trucewatch/truce"
)

// more reads "and one in Luhansk region" behind "seven in Donetsk region".
func (r *reading) more(base truce.Claim, t trigger, numbers []number, cfg *Config) []truce.Claim {
	var out []truce.Claim
	if t.count == 0 && !t.none {
		return nil
	}
	for _, n := range numbers {
		if n.from <= t.to || n.from == 0 || n.to >= len(r.words) {
			continue
		}
		switch r.words[n.from-1].word {
		case "and", "та", "і", "й", ",", "и", "ще", "еще", "another":
		default:
			continue
		}
		if _, in := r.at("locative", n.to); !in {
			continue
		}
		c := base
		c.Count, c.PlaceName, c.Place = n.value, "", nil
		if r.placeFrom(&c, n.to, cfg) {
			out = append(out, c)
		}
	}
	return out
}

// parts reads "while 14 struck targets" and "of them 83 with rockets" behind a number of
// weapons or acts: the same act, with its own number.
func (r *reading) parts(base truce.Claim, t trigger, numbers []number, cfg *Config) []truce.Claim {
	if t.act == "" || t.count == 0 {
		return nil
	}
	var out []truce.Claim
	for _, n := range numbers {
		if n.from <= t.to || n.to >= len(r.words) || r.ofPeople(n) {
			continue
		}
		hit := flies(string(t.act)) && r.covers("attack", n.to) && r.isVerb(n.to)
		of := r.words[n.from-1].word == "них" || r.words[n.from-1].word == "them"
		if !hit && !of {
			continue
		}
		c := base
		c.Count, c.PlaceName, c.Place = n.value, "", nil
		r.place(&c, trigger{from: n.from, to: n.to, at: n.to}, cfg)
		out = append(out, c)
	}
	return out
}

// counted is the actor whom a party accuses by counting breaches: the one that it calls its
// enemy. "" if nobody counts, or both sides' breaches are counted.
func (r *reading) counted(t trigger, cfg *Config) string {
	if t.act != "" || t.count == 0 || len(cfg.Enemies) == 0 {
		return ""
	}
	for _, m := range r.mentions {
		if m.key == "side:both" {
			return ""
		}
	}
	key, ok := r.counter(t.from)
	if !ok {
		return ""
	}
	return cfg.Enemies[key]
}

// rivals reads "and Moscow 1,971" behind "Kyiv counted 2,299 breaches": the same count by
// the other party, which is told by it and not by the first.
func (r *reading) rivals(base truce.Claim, t trigger, numbers []number, cfg *Config) []truce.Claim {
	if t.act != "" || t.count == 0 {
		return nil
	}
	var out []truce.Claim
	for _, n := range numbers {
		m, ok := r.elliptic(n, t.to)
		enemy := cfg.Enemies[m.key]
		if !ok || enemy == "" {
			continue
		}
		c := base
		c.Count, c.PlaceName, c.Place, c.Accused = n.value, "", nil, cfg.Parties[enemy]
		c.Chain = []truce.Teller{{Role: truce.TellerSpeaker, Name: r.text(m.from, m.to), Key: m.key}}
		out = append(out, c)
	}
	return out
}

// elliptic is the party that counted a number whose verb is left out.
func (r *reading) elliptic(n number, from int) (mention, bool) {
	if n.from <= from || n.to < len(r.words) && !r.words[n.to].sign && !r.covers("violation", n.to) && !r.covers("times", n.to) {
		return mention{}, false
	}
	for _, m := range r.mentions {
		if m.from <= from || m.from == 0 || m.behind || m.owner || n.from < m.to || n.from-m.to > 1 || n.from > m.to && !r.words[m.to].sign {
			continue
		}
		switch r.words[m.from-1].word {
		case "and", "while", "а", "та", "і", "и", ",", ";":
			return m, true
		}
	}
	return mention{}, false
}
