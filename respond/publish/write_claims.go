package publish

import (
	"time"

	"github.com/trucewatch/truce"
)

// claimList tells totals and statements in full and complaints in a table: the same verbs
// and the same columns for every party.
func (w *writer) claimList() {
	w.art.note(w.word("claims.note"))
	switch {
	case len(w.b.Claims) == 0 && w.b.ClaimsWithheld == 0:
		w.art.text(w.word("claims.none"))
		return
	case w.b.ClaimsWithheld > 0:
		w.art.text(w.say("claims.withheld", with("n", w.countOf(w.b.ClaimsWithheld, "unit.claim"))))
	}
	shown := w.b.Claims[:min(len(w.b.Claims), PartItems)]
	var items []item
	var complaints []truce.ClaimRow
	for _, c := range shown {
		if c.Act != "" {
			complaints = append(complaints, c)
			continue
		}
		items = append(items, item{ID: "claim-" + c.ID, Line: w.claim(c)})
	}
	w.art.list(items)
	w.ownTables(shown)
	w.complaintTable(complaints)
	if more := len(w.b.Claims) - len(shown); more > 0 {
		w.art.text(w.say("coverage.gaps_more", with("n", w.countOf(more, "unit.claim"))))
	}
}

// claimant is who claims: a party by its name in the language of the page.
func (w *writer) claimant(c truce.ClaimRow) line {
	if c.Party != "" {
		return w.partyName(c.Party)
	}
	return w.data(c.Claimant)
}

func (w *writer) claim(c truce.ClaimRow) line {
	parts := []line{w.say("claim", with("quote", w.data(c.Quote)), with("claimant", w.claimant(c)),
		with("time", w.moment(c.Received)), with("state", w.word("claim."+string(c.State))))}
	if c.Count == 0 {
		return parts[0]
	}
	n := w.quantity(c.Count, c.Unit)
	if c.Period == nil {
		return join(" ", append(parts, w.say("claim.total", with("n", n)))...)
	}
	parts = append(parts, w.say("claim.total_of", with("n", n), with("when", w.claimTime(c))))
	return join(" ", append(parts, w.itemSentence(c))...)
}

// ownTables say what the mission recorded in the period of the totals, rule by rule: beside
// them, in other units, never against them. Totals of one period share a table.
func (w *writer) ownTables(totals []truce.ClaimRow) {
	told := map[truce.Period]bool{}
	for _, c := range totals {
		if c.Period == nil || len(c.Own) == 0 || told[w.shared(*c.Period)] {
			continue
		}
		told[w.shared(*c.Period)] = true
		t := table{Caption: w.say("claims.own", with("when", w.during(w.shared(*c.Period)))), Wide: true}
		t.Head = [][]cell{heads(w.word("claims.rule"), w.word("claims.counted"), w.word("col.coverage"), w.word("claims.rows"))}
		for _, o := range c.Own {
			rows := text("–")
			if o.Rows.Len() > 0 {
				rows = w.rowLinks(o.Rows)
			}
			title := w.say("caption.rule", with("rule", w.data(string(o.Rule))), with("clause", w.clause(o.Rule)), with("title", w.ruleTitle(o.Rule)))
			t.Rows = append(t.Rows, tableRow{Cells: []cell{
				{Line: title, Head: true}, numberCell(w.figure(o.N, o.Form, o.Unit, true)), numberCell(w.share("", o.Coverage)), {Line: rows},
			}})
		}
		w.art.table(t)
	}
}

// shared is the part of a claim's period that the bulletin speaks of.
func (w *writer) shared(p truce.Period) truce.Period {
	return truce.Period{From: max(p.From, w.b.Period.From), To: min(p.To, w.b.Period.To)}
}

// itemSentence says what became of the items the party listed.
func (w *writer) itemSentence(c truce.ClaimRow) line {
	if len(c.Items) == 0 {
		return w.word("claim.items_none")
	}
	var parts []line
	for _, i := range c.Items {
		n := w.say("claim.item", with("n", w.integer(len(i.Claims))), with("state", w.word("claim."+string(i.State))))
		if i.Rows.Len() > 0 {
			n = w.say("claim.own_of", with("n", n), with("rows", w.rowsNamed(i.Rows)))
		}
		parts = append(parts, n)
	}
	return w.say("claim.items", with("list", join("; ", parts...)))
}

// complaintTable has a line for each complaint.
func (w *writer) complaintTable(list []truce.ClaimRow) {
	t := table{Caption: w.word("claims.complaints"), Wide: true}
	t.Head = [][]cell{heads(w.word("claims.party"), w.word("claims.time"), w.word("claims.says"), w.word("claims.state"), w.word("claims.rows"))}
	for _, c := range list {
		says := w.word("act." + string(c.Act))
		if c.Count > 0 {
			says = join(", ", says, w.quantity(c.Count, c.Unit))
		}
		rows := text("–")
		if c.Rows.Len() > 0 {
			rows = w.rowLinks(c.Rows)
		}
		t.Rows = append(t.Rows, tableRow{ID: "claim-" + c.ID, Cells: []cell{
			{Line: w.claimant(c), Head: true}, {Line: w.claimTime(c)}, {Line: says}, {Line: w.word("claim." + string(c.State))}, {Line: rows},
		}})
	}
	w.art.table(t)
	if len(list) > 0 {
		w.art.note(w.word("claims.state_note"))
	}
}

// claimTime is when a complaint says that it happened, else when it came in.
func (w *writer) claimTime(c truce.ClaimRow) line {
	if c.Period == nil {
		return w.moment(c.Received)
	}
	return w.span(truce.PhenomenonTime{From: c.Period.From, To: c.Period.To, Sigma: truce.MicrosOf(time.Minute)})
}
