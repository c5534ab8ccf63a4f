package trial

import (
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// silence reads: of PARTY on WINDOW, or of PARTY on complaint or determination TIME
// [met TIME]. It is what the mission's register holds at the time of the line, whether or
// not the answer is due by then.
func (p *parser) silence(w *words, in *truce.Incident) {
	w.expect("of")
	owed := &truce.Duty{By: p.party(w)}
	w.expect("on")
	switch {
	case w.accept(agreement.AfterComplaint):
		owed.After, owed.Since = agreement.AfterComplaint, p.instant(w)
	case w.accept(agreement.AfterDetermination):
		owed.After, owed.Since = agreement.AfterDetermination, p.instant(w)
	default:
		p.unanswered(w, owed)
	}
	if w.accept("met") {
		owed.MetAt = p.instant(w)
	}
	in.Detail.Duty, in.Occurrence = owed, truce.OccurrenceDetected
	in.Families, in.Sources = []truce.Family{truce.FamilyRegister}, []truce.SourceID{agreement.SourceRegister}
	in.Acts = []truce.ActWeight{{Act: p.terms.SilenceAct(owed.After), P: 1}}
}

// unanswered reads the window of the test that was notified, and takes the party's answer
// from it.
func (p *parser) unanswered(w *words, owed *truce.Duty) {
	owed.After, owed.Of = agreement.AfterNotification, w.take("the id of a window of the test, complaint or determination")
	var windows []agreement.Window
	if p.test != nil {
		windows = p.test.Given.Windows
	}
	i := slices.IndexFunc(windows, func(o agreement.Window) bool { return o.ID == owed.Of })
	if i < 0 {
		w.failLast("the test gives no window %q: write it above, given window %s ... notified TIME", cut(owed.Of), cut(owed.Of))
		return
	}
	window := &windows[i]
	if owed.By == window.Bearer || owed.By == window.NotifiedBy {
		w.failLast("%s notified the window itself and owes no answer to it", owed.By)
	}
	owed.Since, owed.MetAt = window.NotifiedAt, window.ObjectedAt
	for _, a := range window.Acknowledgements() {
		if a.By == owed.By {
			owed.MetAt = a.At
		}
	}
}
