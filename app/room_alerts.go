package app

import (
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/atom"
	"github.com/trucewatch/truce/respond/alert/capxml"
	"github.com/trucewatch/truce/respond/alert/paper"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/room"
)

// Alerts lists what a person's side was told; the mechanism sees every alert.
func (r *roomDesk) Alerts(ctx context.Context, p truce.Person, f room.AlertFilter) (room.AlertList, error) {
	list := room.AlertList{Rows: []room.AlertLine{}}
	if err := admitted(p); err != nil {
		return list, err
	}
	if see := access.See(p.Role, access.ItemLadder); see != access.ViewAll && see != access.ViewOwnAlerts {
		return list, truce.Errorf(truce.CodeForbidden, "Alerts are not shown to your role.")
	}
	q := truce.AlertQuery{Role: p.Role, State: p.State, Party: p.Party, Released: r.Now(), Unanswered: f.Open, Before: f.Before, Limit: f.Limit}
	if p.Role == truce.RoleMechanism && !f.Open {
		q.Role = ""
	}
	rows, err := r.alertLines(ctx, p, q)
	if err != nil {
		return list, err
	}
	list.Rows = append(list.Rows, rows...)
	if len(rows) == f.Limit {
		list.Next = rows[len(rows)-1].Seq
	}
	return list, nil
}

// toldAlert is an alert with how it stands and its case's number for people.
type toldAlert struct {
	row    truce.AlertRow
	box    alert.Box
	number string
}

// alertLines are alerts as a person sees them in a list.
func (r *roomDesk) alertLines(ctx context.Context, p truce.Person, q truce.AlertQuery) ([]room.AlertLine, error) {
	told, err := r.toldAlerts(ctx, p, q)
	out := make([]room.AlertLine, 0, len(told))
	for _, a := range told {
		out = append(out, a.line(p, r.Now()))
	}
	return out, err
}

// toldAlerts reads alerts that a person sees; each is shown from its release on.
func (r *roomDesk) toldAlerts(ctx context.Context, p truce.Person, q truce.AlertQuery) ([]toldAlert, error) {
	rows, err := r.records.Alerts(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]toldAlert, 0, len(rows))
	numbers := map[truce.CaseID]string{}
	for _, row := range rows {
		if !access.SeesAlert(p, row.Alert) {
			continue
		}
		box, err := r.views.Box(ctx, row.Alert)
		if err != nil {
			return nil, err
		}
		if _, had := numbers[row.Case]; !had {
			c, err := r.records.Case(ctx, row.Case.String())
			if err != nil {
				return nil, err
			}
			numbers[row.Case] = c.Summary.Number
		}
		out = append(out, toldAlert{row, box, numbers[row.Case]})
	}
	return out, nil
}

func groupOf(p truce.Person) alert.Group {
	return alert.Group{Role: p.Role, State: p.State, Party: p.Party}
}

// line is the alert in a list, as far as a person sees how others stand.
func (t toldAlert) line(p truce.Person, now truce.Instant) room.AlertLine {
	row, box := t.row, t.box
	row.Alert = row.Read(access.SeesCase(p))
	line := room.AlertLine{
		ID: row.ID, Seq: row.Seq, Kind: row.Kind, Case: row.Case, Number: t.number, Tier: row.Tier, Release: row.Release,
		Headline: row.Headline.In(p.Language), Civil: row.Civil, Mine: toldOf(p, row.Alert) && access.May(p, access.Acknowledge) == nil,
	}
	answers := alert.Answers(box)
	for _, a := range answers {
		if a.Group == groupOf(p) {
			line.Least, line.Due, line.Waits = row.Answer.Least, a.Due, a.Given == nil
		}
	}
	line.Answered = ownAnswer(p, box)
	if !access.SeesCase(p) {
		return line
	}
	line.Asked, line.Told = len(answers), len(row.To)
	for _, a := range answers {
		switch {
		case a.Given != nil:
			line.Given++
		case a.None != nil:
			line.Silent++
		}
	}
	for _, s := range alert.Statuses(box, now) {
		switch s.Progress {
		case alert.Reached:
			line.Reached++
		case alert.NotNeeded, alert.Waiting:
			line.Told--
		}
	}
	return line
}

func toldOf(p truce.Person, a truce.Alert) bool {
	return slices.ContainsFunc(a.To, func(t truce.AlertRecipient) bool {
		return t.Role == p.Role && t.State == p.State && t.Party == p.Party
	})
}

// ownAnswer is the strongest that the person's side has answered, or its silence.
func ownAnswer(p truce.Person, box alert.Box) *room.AnswerLine {
	var best *truce.Acknowledgement
	for i, a := range box.Answers {
		if a.Role == p.Role && a.State == p.State && a.Party == p.Party && (best == nil || a.Kind.AtLeast(best.Kind)) {
			best = &box.Answers[i]
		}
	}
	if best == nil {
		return nil
	}
	line := answerLine(*best)
	return &line
}

func answerLine(a truce.Acknowledgement) room.AnswerLine {
	group := string(a.State) + string(a.Party)
	if group == "" {
		group = string(a.Role)
	}
	return room.AnswerLine{Group: group, Role: a.Role, Kind: a.Kind, Position: a.Position, By: a.Person, Office: a.Office, At: a.At, Due: a.Due, Late: a.Late, Text: a.Text}
}

// alertShown is an alert that a person sees; of others it says that there is none.
func (r *roomDesk) alertShown(ctx context.Context, p truce.Person, id truce.AlertID) (truce.AlertRow, error) {
	row, err := r.records.Alert(ctx, id)
	if truce.CodeOf(err) == truce.CodeNotFound || err == nil && (!access.SeesAlert(p, row.Alert) || row.Release > r.Now()) {
		return row, errNotShown("alert " + id.String())
	}
	return row, err
}

// Alert is an alert with who answered it, as far as a person sees answers.
func (r *roomDesk) Alert(ctx context.Context, p truce.Person, id truce.AlertID) (room.AlertFile, error) {
	row, err := r.alertShown(ctx, p, id)
	if err != nil {
		return room.AlertFile{}, err
	}
	box, err := r.views.Box(ctx, row.Alert)
	if err != nil {
		return room.AlertFile{}, err
	}
	c, err := r.records.Case(ctx, row.Case.String())
	if err != nil {
		return room.AlertFile{}, err
	}
	f := toldAlert{row, box, c.Summary.Number}.file(p, r.Now())
	f.Refers = r.refersShown(ctx, p, row.Alert)
	return f, nil
}

// refersShown are the alerts that one refers to and that a person sees.
func (r *roomDesk) refersShown(ctx context.Context, p truce.Person, a truce.Alert) []truce.AlertID {
	var out []truce.AlertID
	for _, id := range a.References {
		if _, err := r.alertShown(ctx, p, id); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// file is the alert by itself, as far as a person sees who answered it and whom it reached.
func (t toldAlert) file(p truce.Person, now truce.Instant) room.AlertFile {
	f := room.AlertFile{Now: now, Line: t.line(p, now), Text: t.row.Read(access.SeesCase(p)).Text.In(p.Language), Realm: t.row.Realm, SeesCase: sees(p) == room.ViewWhole || sees(p) == room.ViewOwnSide}
	for _, a := range alert.Answers(t.box) {
		if access.SeesCase(p) || a.Group == groupOf(p) {
			f.Answers = append(f.Answers, groupAnswer(a))
		}
	}
	for _, a := range t.box.Answers {
		if access.SeesAcknowledgement(p, a) {
			f.Given = append(f.Given, answerLine(a))
		}
	}
	if access.SeesCase(p) {
		for _, s := range alert.Statuses(t.box, now) {
			f.Reached = append(f.Reached, room.Reached{Person: s.Person, Progress: string(s.Progress), Channel: s.Channel, Since: s.Since, Tries: s.Tries})
		}
	}
	return f
}

// groupAnswer is how a group stands: its answer, its silence on record, or nothing yet.
func groupAnswer(a alert.Answer) room.AnswerLine {
	switch {
	case a.Given != nil:
		return answerLine(*a.Given)
	case a.None != nil:
		return answerLine(*a.None)
	}
	line := answerLine(truce.Acknowledgement{Role: a.Group.Role, State: a.Group.State, Party: a.Group.Party})
	line.Due = a.Due
	return line
}

// Paper is the form of an alert that is printed and carried by hand.
func (r *roomDesk) Paper(ctx context.Context, p truce.Person, id truce.AlertID) (web.Document, error) {
	row, err := r.alertShown(ctx, p, id)
	if err != nil {
		return web.Document{}, err
	}
	if !toldOf(p, row.Alert) {
		return web.Document{}, truce.Errorf(truce.CodeForbidden, "The form of an alert is for those who were told of it.")
	}
	c, err := r.records.Case(ctx, row.Case.String())
	if err != nil {
		return web.Document{}, err
	}
	code, err := r.views.PaperCode(ctx, row, p.ID)
	if err != nil {
		return web.Document{}, err
	}
	to := truce.AlertRecipient{Person: p.ID, Role: p.Role, Office: p.Office, Party: p.Party, State: p.State, Language: p.Language}
	body, err := paper.Write(paper.Form{Alert: row.Read(access.SeesCase(p)), To: to, Name: p.Name, Case: c.Summary.Number, Code: code, Base: r.base})
	return web.Document{ContentType: "text/html; charset=utf-8", Body: body}, err
}

// CAP is an alert as a CAP document.
func (r *roomDesk) CAP(ctx context.Context, p truce.Person, id truce.AlertID) (web.Document, error) {
	if _, err := r.alertShown(ctx, p, id); err != nil {
		return web.Document{}, err
	}
	body, err := r.app.alertAsCAP(ctx, id)
	return web.Document{ContentType: capxml.MediaType, Body: body}, err
}

// AnswerCAP is the last answer of somebody to an alert as a CAP document, for those who see
// who answered.
func (r *roomDesk) AnswerCAP(ctx context.Context, p truce.Person, id truce.AlertID, of truce.PersonID) (web.Document, error) {
	if _, err := r.alertShown(ctx, p, id); err != nil {
		return web.Document{}, err
	}
	body, err := r.desk.AnswerAsCAP(ctx, id, of, func(a truce.Acknowledgement) bool { return access.SeesAcknowledgement(p, a) })
	return web.Document{ContentType: capxml.MediaType, Body: body}, err
}

// Feed is the person's own feed.
func (r *roomDesk) Feed(ctx context.Context, p truce.Person) (web.Document, error) {
	if err := admitted(p); err != nil {
		return web.Document{}, err
	}
	q := truce.AlertQuery{Role: p.Role, State: p.State, Party: p.Party, Released: r.Now(), Limit: atom.MaxEntries}
	rows, err := r.records.Alerts(ctx, q)
	if err != nil {
		return web.Document{}, err
	}
	n, err := r.names(ctx)
	if err != nil {
		return web.Document{}, err
	}
	author := "Truce"
	if n.text != nil {
		author = n.text.Mission.In(p.Language)
	}
	var list []truce.Alert
	for _, row := range rows {
		if access.SeesAlert(p, row.Alert) {
			a := row.Read(access.SeesCase(p))
			a.References = r.refersShown(ctx, p, a)
			list = append(list, a)
		}
	}
	self := r.base + "/feed.atom"
	if r.base == "" {
		self = "urn:truce:feed:" + string(p.ID)
	}
	body, err := atom.Write(atom.Config{Title: truce.Names{"en": author + ": " + p.Name}, Author: author, Self: self, Base: r.base, Language: p.Language, For: groupOf(p)}, list, r.Now())
	return web.Document{ContentType: atom.MediaType, Body: body}, err
}
