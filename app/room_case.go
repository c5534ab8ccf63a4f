package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/web/room"
)

// errNotShown is said of a case that is not there and of one that is not the person's to
// see, in the same words.
func errNotShown(what string) error {
	return truce.Errorf(truce.CodeNotFound, "There is no %.40s, or it is not yours to see.", what)
}

// shown is the row of a case that a person sees at all. Who sees tiers and times sees those
// of cases whose tier the ladder lets others know of; who sees the own side's alerts, those
// told of.
func (r *roomDesk) shown(ctx context.Context, p truce.Person, idOrNumber string) (truce.CaseRow, error) {
	if err := admitted(p); err != nil {
		return truce.CaseRow{}, err
	}
	row, err := r.records.Case(ctx, idOrNumber)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return row, errNotShown(idOrNumber)
	}
	if err != nil {
		return row, err
	}
	switch sees(p) {
	case room.ViewWhole:
		return row, nil
	case room.ViewOwnSide:
		told, err := r.wasTold(ctx, p, row.ID)
		if err == nil && !told {
			err = errNotShown(idOrNumber)
		}
		return row, err
	}
	if _, known, err := r.heardOf(ctx, p, row); err != nil || !known {
		return row, cmp.Or(err, errNotShown(idOrNumber))
	}
	return row, nil
}

// heardOf is tier and time of a case for who is told no more, if it is known outside: an open
// one by the tier it is in, a closed one by those it was in.
func (r *roomDesk) heardOf(ctx context.Context, p truce.Person, row truce.CaseRow) (room.CaseLine, bool, error) {
	if row.Summary.State != truce.CaseClosed {
		terms, err := r.termsOf(ctx, row)
		if err != nil || !heard(terms.Ladder, row.Summary.Rank) {
			return room.CaseLine{}, false, err
		}
	}
	v, err := r.views.View(ctx, row.ID.String())
	if err != nil {
		return room.CaseLine{}, false, err
	}
	_, was := highest(v.Terms.Ladder, v.Case.Tiers)
	return newCaseWriter(p, v).tierLine(), was || v.Case.State != truce.CaseClosed, nil
}

// highest is the first stay in the highest tier of those known outside; false: none was.
func highest(l truce.Ladder, visits []truce.TierVisit) (truce.TierVisit, bool) {
	var top truce.TierVisit
	for _, v := range visits {
		if v.Rank > top.Rank && heard(l, v.Rank) {
			top = v
		}
	}
	return top, top.Rank > 0
}

// wasTold says whether an alert about a case was released to a person's side.
func (r *roomDesk) wasTold(ctx context.Context, p truce.Person, id truce.CaseID) (bool, error) {
	told, err := r.records.Alerts(ctx, truce.AlertQuery{Case: id, Role: p.Role, Party: p.Party, State: p.State, Released: r.Now(), Brief: true, Limit: 1})
	return len(told) > 0, err
}

// heard says whether a case in a tier is known outside: whether the ladder has anybody told
// of it beyond the mechanism itself. Of what the watch looks at, and has told nobody of, the
// public reads a delayed sum in the Daily and nothing here.
func heard(l truce.Ladder, rank int) bool {
	return rank >= 1 && rank <= len(l.Tiers) && slices.ContainsFunc(l.Tiers[rank-1].Tell, func(r truce.Role) bool { return r != truce.RoleMechanism })
}

// Case is a case as far as a person sees it.
func (r *roomDesk) Case(ctx context.Context, p truce.Person, idOrNumber string) (room.CaseFile, error) {
	if _, err := r.shown(ctx, p, idOrNumber); err != nil {
		return room.CaseFile{}, err
	}
	v, err := r.views.View(ctx, idOrNumber)
	if err != nil {
		return room.CaseFile{}, err
	}
	w := newCaseWriter(p, v)
	f := w.file(r.Now())
	q := truce.AlertQuery{Case: v.Case.ID, Released: r.Now(), Limit: caseAlerts}
	switch f.Sees {
	case room.ViewWhole:
	case room.ViewOwnSide:
		q.Role, q.Party = p.Role, p.Party
	default:
		return f, nil
	}
	told, err := r.toldAlerts(ctx, p, q)
	if err != nil {
		return f, err
	}
	w.alerts(&f, told)
	if f.Sees == room.ViewWhole {
		f.Others, err = r.others(ctx, p, f)
	}
	return f, err
}

// others are the open cases that incidents of this one may be put into, for those who may.
func (r *roomDesk) others(ctx context.Context, p truce.Person, f room.CaseFile) ([]room.CaseRef, error) {
	if !slices.Contains(f.May, truce.DeedMove) || f.Line.State != truce.CaseOpen || len(f.Incidents) == 0 {
		return nil, nil
	}
	page, err := r.records.Cases(ctx, truce.CaseQuery{State: truce.CaseOpen, Limit: otherCases})
	if err != nil {
		return nil, err
	}
	var out []room.CaseRef
	for _, row := range page.Rows {
		if row.ID != f.Line.ID {
			out = append(out, room.CaseRef{ID: row.ID, Number: row.Summary.Number, Title: row.Summary.Title.In(p.Language)})
		}
	}
	return out, nil
}

// otherCases bounds the cases that the form for moving incidents offers.
const otherCases = 200

func seesStakes(p truce.Person) bool {
	return access.See(p.Role, access.ItemPledges) != access.ViewNone && p.Role != truce.RolePublic
}

// caseAlerts bounds the alerts a case's page lists; its own list has the rest.
const caseAlerts = 100
