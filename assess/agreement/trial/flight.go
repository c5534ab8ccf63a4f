package trial

import (
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// stayRadiusM is how far around a place a stay of a test reaches, as where flights are followed.
const stayRadiusM = 300

// maxFlownWith bounds the flights of a test that went together.
const maxFlownWith = 20

// flight reads what is known of one that was followed: identity other, crossed LINE 0.9,
// stayed 12m, flown with 2. It gives no identity unless the line says so.
func (p *parser) flight(w *words, in *truce.Incident) bool {
	words := []string{"identity", "crossed", "stayed", "flown"}
	if !slices.Contains(words, w.peek()) {
		return false
	}
	f := in.Detail.Flight
	if f == nil {
		f = &truce.Flight{Identity: truce.FlightUnnamed}
		in.Detail.Flight = f
	}
	switch {
	case w.accept("identity"):
		f.Identity = truce.FlightIdentity(p.oneOf(w, "how an identity stands", identities()))
	case w.accept("crossed"):
		f.Crossings = append(f.Crossings, truce.LineCrossing{Line: p.lineNamed(w), Over: in.Time, P: truce.Probability(probability(w))})
	case w.accept("stayed"):
		f.Stays = []truce.FlightStay{{Time: truce.PhenomenonTime{From: in.Time.From, To: in.Time.From.Add(duration(w))}, RadiusM: stayRadiusM, P: 1}}
	case w.accept("flown"):
		w.expect("with")
		n := count(w)
		if n > maxFlownWith {
			w.failLast("%d: want at most %d", n, maxFlownWith)
			n = 0
		}
		for i := range n {
			f.Together = append(f.Together, truce.FlownTogether{Event: truce.NewID(in.Time.From, "event", "trial", []byte{byte(i)}), Time: in.Time, P: 1})
		}
	}
	return true
}

// lineNamed reads the id of a line of the agreement.
func (p *parser) lineNamed(w *words) truce.LineID {
	id := truce.LineID(w.take("the id of a line"))
	if !p.defines(func(a *agreement.Agreement) bool {
		return slices.ContainsFunc(a.Lines, func(l agreement.Line) bool { return l.ID == id })
	}) {
		w.failLast("the agreement has no line %q", cut(string(id)))
	}
	return id
}

// identities are the ways in which a followed flight's identity may stand.
func identities() []string {
	var out []string
	for _, i := range truce.FlightIdentities() {
		out = append(out, string(i))
	}
	return out
}
