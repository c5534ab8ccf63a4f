package publish

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// notified counts again what stands to windows, makes the restrictions again, and holds
// every total against the complaints and rows it names.
func (l *linter) notified() {
	known := map[string]bool{}
	for i := range l.b.Windows {
		w := &l.b.Windows[i]
		known[w.ID] = true
		l.window("window "+w.ID, w)
	}
	if len(l.b.Windows) > 0 && !l.b.WindowsKnown {
		l.report("W5", "windows", "are listed, and the bulletin does not say that all of them were looked through")
	}
	l.windowPart()
	for i := range l.b.Rows {
		if r := &l.b.Rows[i]; l.b.WindowsKnown && !r.Carried {
			l.rowWindows(r, known)
		}
	}
	if want, got := restrictionsOf(l.b.Rows), fromRows(l.b.Restrictions); !reflect.DeepEqual(want, got) {
		l.report("Na", "restrictions", "%d are made from rows, the rows make %d; a restriction is a row, never typed", len(got), len(want))
	}
	l.claimSums()
}

func fromRows(list []truce.Restriction) []truce.Restriction {
	var out []truce.Restriction
	for _, r := range list {
		if r.Row > 0 {
			out = append(out, r)
		}
	}
	return out
}

// windowPart: a part without windows says whether none was notified or nobody looked.
func (l *linter) windowPart() {
	for _, p := range l.b.Parts {
		if p.Key == partWindows && silent(p) && !l.b.WindowsKnown {
			l.report("W5", "part "+p.Key, "is empty and does not say whether anybody looked; an empty part prints its absence")
		}
	}
}

// window: its hours overlap the period, its state is that of the cut-off, its place is no
// position, and its counts are the rows'.
func (l *linter) window(where string, w *truce.WindowRow) {
	if w.Period.From >= l.b.Period.To || w.Period.To <= l.b.Period.From {
		l.report("Na", where, "lies from %s to %s, outside the period", w.Period.From, w.Period.To)
	}
	if active := w.Period.To > l.b.CutOff; byHours(w.State) && active != (w.State == truce.WindowActive) {
		l.report("Na", where, "is said to be %s; its hours end at %s, the cut-off is %s", w.State, w.Period.To, l.b.CutOff)
	}
	if p := w.Place; p.Lat != nil || p.Lon != nil || p.RadiusM != 0 || p.Near != nil || p.Name != "" {
		l.report("G", where, "holds a position; a window is told by its cell in every edition")
	}
	counted := map[[2]string]bool{}
	for _, c := range w.Counts {
		at := fmt.Sprintf("%s, %s in %s", where, c.Key, c.Unit)
		counted[[2]string{c.Key, string(c.Unit)}] = true
		l.figure(at, c.Figure)
		rows := l.rowsOf(w.ID, c.Key, c.Unit)
		if rows.Len() != c.N-c.Unlisted || rows.String() != c.Rows.String() {
			l.report("Na", at, "counts %d of rows [%s]; the rows say %d of rows [%s]", c.N-c.Unlisted, c.Rows, rows.Len(), rows)
		}
	}
	for _, k := range windowKeys {
		if rows := l.rowsOf(w.ID, k.Key, k.Unit); rows.Len() > 0 && !counted[[2]string{k.Key, string(k.Unit)}] {
			l.report("Na", where, "the rows [%s] are %s, a count the window does not have", rows, k.Key)
		}
	}
}

// byHours says whether a state holds or does not by the hours of the window; whatever was
// cancelled, objected to or not acknowledged is that before and after its end.
func byHours(s truce.WindowState) bool {
	return s != truce.WindowCancelled && s != truce.WindowSuperseded && s != truce.WindowObjected && s != truce.WindowLapsed
}

// rowsOf are the rows of the period that stand so to a window.
func (l *linter) rowsOf(window, wanted string, unit truce.Unit) truce.RowSet {
	var out truce.RowSet
	for i := range l.b.Rows {
		r := &l.b.Rows[i]
		if key, of := standing(r, window); !r.Carried && key == wanted && of == unit {
			out.Add(r.N)
		}
	}
	return out
}

// rowWindows: a row names no window that the bulletin does not have, and none covers what
// is not exempt.
func (l *linter) rowWindows(r *truce.BulletinRow, known map[string]bool) {
	where := fmt.Sprintf("row %d", r.N)
	for _, f := range r.Findings {
		if f.Window != "" && f.Verdict != truce.VerdictExempt {
			l.report("Nh", where, "is covered by window %s and not exempt under %s", f.Window, f.Rule)
		}
		if f.Window != "" && !known[f.Window] {
			l.report("Na", where, "names window %s, which the bulletin does not list", f.Window)
		}
	}
}

// claimSums: the items of a total are complaints of the bulletin in the state they are
// said to have, and what the mission counted beside it is counted from rows.
func (l *linter) claimSums() {
	for _, c := range l.b.Claims {
		if !c.Total() || c.Period == nil {
			continue
		}
		where := "claim " + c.ID
		if want := itemsOf(c, l.b.Claims); !reflect.DeepEqual(want, listOrNil(c.Items)) {
			l.report("Na", where, "the items of the total are not those of the complaints beside it")
		}
		for _, o := range c.Own {
			l.ownFigure(fmt.Sprintf("%s, %s", where, o.Rule), o, *c.Period)
		}
	}
}

// listOrNil is a list as itemsOf makes it: a passage leaves an empty one behind.
func listOrNil(list []truce.ClaimItems) []truce.ClaimItems {
	if len(list) == 0 {
		return nil
	}
	return list
}

func (l *linter) ownFigure(where string, o truce.ClaimOwn, p truce.Period) {
	l.figure(where, o.Figure)
	least := leastOf(l.b.Rules, o.Rule, l.b.CoverageMin)
	l.form(where, o.N, o.Form, formOf(o.N, o.Coverage, least))
	if i := slices.IndexFunc(l.b.Rules, func(r truce.BulletinRule) bool { return r.ID == o.Rule }); i < 0 || l.b.Rules[i].Unit != o.Unit {
		l.report("Nc", where, "counts in %s, which is not the rule's unit", o.Unit)
	}
	n, rows, within := 0, truce.RowSet{}, l.within(o.Rows, p)
	for i := range l.b.Rows {
		r := &l.b.Rows[i]
		key, weight := weighVerdict(r, o.Rule)
		if r.Carried || key != string(truce.VerdictHit) || !within(r) {
			continue
		}
		n += weight
		rows.Add(r.N)
	}
	if n != o.N-o.Unlisted || rows.String() != o.Rows.String() {
		l.report("Na", where, "counts %d of rows [%s]; the rows say %d of rows [%s]", o.N-o.Unlisted, o.Rows, n, rows)
	}
}

// within says whether a row lies in a claim's period. The public edition rounds times, which
// may move the middle of one across the end, so there the rows named are taken as they are.
func (l *linter) within(named truce.RowSet, p truce.Period) func(*truce.BulletinRow) bool {
	if l.b.Edition != truce.EditionPublic {
		return func(r *truce.BulletinRow) bool { return p.Contains(r.Time.Mid()) }
	}
	rows := map[int]bool{}
	for n := range named.All() {
		rows[n] = true
	}
	return func(r *truce.BulletinRow) bool { return rows[r.N] }
}

// publicNotified: what goes out names no internal id and no incident's number.
func (l *linter) publicNotified() {
	for _, w := range l.b.Windows {
		for _, c := range w.Counts {
			if len(c.Refs) > 0 {
				l.report("G", "window "+w.ID, "names internal ids")
			}
		}
	}
	for _, c := range l.b.Claims {
		if !strings.HasPrefix(c.ID, "p") {
			l.report("G", "claim "+c.ID, "holds the internal id")
		}
		for _, o := range c.Own {
			if len(o.Refs) > 0 {
				l.report("G", "claim "+c.ID, "names internal ids")
			}
		}
	}
	for _, r := range l.b.Rows {
		if r.Number != "" {
			l.report("G", fmt.Sprintf("row %d", r.N), "holds the incident's number")
		}
	}
}
