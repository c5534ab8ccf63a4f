package app

import (
	"context"
	"encoding/binary"
	"encoding/hex"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/web/room"
)

// Bounds of what a page looks through.
const (
	markBytes   = 32  // rank, time, id
	tierCases   = 50  // cases of which only tier and time are told
	ownAlerts   = 200 // alerts that say which cases a party was told of
	mostCases   = 500 // rows of one page of the API
	briefCases  = 12
	briefSteps  = 4 // of a case that changed
	briefChange = 8 // cases that changed
	briefAlerts = 10
	briefStakes = 12
	// briefLooked is how many cases the first page opens to look for gates and clocks of the
	// person's office: those of the highest tiers that wait for a gate, and those due next.
	briefLooked = 16
	// briefAhead bounds the rows that are looked through for them.
	briefAhead = 200
)

func appendMark(b []byte, m truce.CaseMark) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(int64(m.Rank)))
	b = binary.BigEndian.AppendUint64(b, uint64(int64(m.Active)))
	return append(b, m.ID[:]...)
}

func readMark(text string) (*truce.CaseMark, error) {
	if text == "" {
		return nil, nil
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != markBytes {
		return nil, truce.Errorf(truce.CodeInvalid, "%.80q is no place in the list: begin at its first page", text)
	}
	m := &truce.CaseMark{Rank: int(int64(binary.BigEndian.Uint64(b))), Active: truce.Instant(binary.BigEndian.Uint64(b[8:]))}
	copy(m.ID[:], b[16:])
	return m, nil
}

// Cases lists cases as far as a person sees them.
func (r *roomDesk) Cases(ctx context.Context, p truce.Person, f room.CaseFilter) (room.CaseList, error) {
	mark, err := readMark(f.After)
	if err != nil {
		return room.CaseList{}, err
	}
	terms, err := r.desk.Terms(ctx)
	if truce.CodeOf(err) == truce.CodeNotFound { // no agreement with a ladder: no cases
		return room.CaseList{Sees: sees(p), Rows: []room.CaseLine{}}, nil
	}
	if err != nil {
		return room.CaseList{}, err
	}
	q := truce.CaseQuery{State: truce.CaseOpen, Limit: min(max(f.Limit, 1), mostCases), After: mark}
	if f.All {
		q.State = ""
	}
	if sees(p) == room.ViewOwnSide {
		return r.ownCases(ctx, p, terms, f.All)
	}
	list := room.CaseList{Sees: sees(p), Rows: []room.CaseLine{}}
	if list.Sees != room.ViewWhole {
		q.MinRank, q.Limit = 1, min(q.Limit, tierCases)
	}
	page, err := r.app.store.Cases(ctx, q)
	if err != nil {
		return list, err
	}
	list.Total = page.Total
	for _, row := range page.Rows {
		line := r.caseLine(row, terms, p.Language)
		if list.Sees != room.ViewWhole {
			if line, err = r.tierLineOf(ctx, p, row, terms); err != nil {
				return list, err
			}
		}
		list.Rows = append(list.Rows, line)
	}
	if len(page.Rows) == q.Limit {
		list.Next = markOf(page.Rows[len(page.Rows)-1])
	}
	return list, nil
}

func (r *roomDesk) tierLineOf(ctx context.Context, p truce.Person, row truce.CaseRow, terms guarantee.Terms) (room.CaseLine, error) {
	v, err := r.desk.View(ctx, row.ID.String())
	if err != nil {
		return room.CaseLine{}, err
	}
	return caseWriter{room: r, person: p, view: v, terms: terms, lang: p.Language}.tierLine(), nil
}

// ownCases are the cases of which a party was told, the last told first.
func (r *roomDesk) ownCases(ctx context.Context, p truce.Person, terms guarantee.Terms, all bool) (room.CaseList, error) {
	list := room.CaseList{Sees: sees(p), Rows: []room.CaseLine{}}
	told, err := r.app.store.Alerts(ctx, truce.AlertQuery{Role: p.Role, Party: p.Party, Released: r.Now(), Brief: true, Limit: ownAlerts})
	if err != nil {
		return list, err
	}
	seen := map[truce.CaseID]bool{}
	for _, a := range told {
		if seen[a.Case] || len(list.Rows) == tierCases {
			continue
		}
		seen[a.Case] = true
		v, err := r.desk.View(ctx, a.Case.String())
		if err != nil {
			return list, err
		}
		if v.Case.State != truce.CaseOpen && !all {
			continue
		}
		w := caseWriter{room: r, person: p, view: v, terms: terms, lang: p.Language}
		line := w.tierLine()
		for _, k := range w.clocks(func(k truce.CaseClock) bool { return ownsClock(p, k) }) {
			if k.Ticking() && (line.NextDue == 0 || k.Due < line.NextDue) {
				line.NextClock, line.NextDue = k.Name, k.Due
			}
		}
		list.Rows = append(list.Rows, line)
	}
	list.Total = len(list.Rows)
	return list, nil
}
