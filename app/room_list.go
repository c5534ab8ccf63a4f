package app

import (
	"context"
	"encoding/binary"
	"encoding/hex"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// Bounds of what a page looks through.
const (
	markBytes = 32 // rank, time, id
	tierCases = 50 // cases of which only tier and time are told
	// closedLooked bounds the closed cases that are folded for one page; few of them were
	// never known outside, and folding one takes a millisecond or two.
	closedLooked = 200
	ownAlerts    = 200 // alerts that say which cases a party was told of
	mostCases    = 500 // rows of one page of the API
	briefCases   = 12
	briefSteps   = 4 // of a case that changed
	briefChange  = 8 // cases that changed
	briefAlerts  = 10
	briefStakes  = 12
	// briefDuties bounds the gates, and the clocks, that the first page shows; how many there
	// are it counts, and the list of cases has them all.
	briefDuties = 16
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
	list := room.CaseList{Sees: sees(p), Rows: []room.CaseLine{}}
	if err := admitted(p); err != nil {
		return list, err
	}
	mark, err := readMark(f.After)
	if err != nil {
		return list, err
	}
	if list.Sees == room.ViewOwnSide {
		return r.ownCases(ctx, p, f.All)
	}
	q := truce.CaseQuery{State: truce.CaseOpen, Limit: min(max(f.Limit, 1), mostCases), After: mark}
	if f.All {
		q.State = ""
	}
	if list.Sees != room.ViewWhole {
		return r.heardCases(ctx, p, q, f.All)
	}
	if f.Mine {
		q.Waits = dutiesOf(p, 0)
	}
	page, err := r.records.Cases(ctx, q)
	if err != nil {
		return list, err
	}
	list.Total, list.Next = page.Total, nextOf(page, q.Limit)
	for _, row := range page.Rows {
		terms, err := r.termsOf(ctx, row)
		if err != nil {
			return list, err
		}
		list.Rows = append(list.Rows, caseLine(row, terms, p.Language))
	}
	return list, nil
}

// dutiesOf asks what waits in the cases for a person.
func dutiesOf(p truce.Person, limit int) *truce.DutyQuery {
	return &truce.DutyQuery{Office: p.Office, Whose: whose(p), Person: p.ID, Limit: limit}
}

// nextOf is the mark of the page after one; "" when this is the last.
func nextOf(page truce.CasePage, limit int) string {
	if len(page.Rows) < limit {
		return ""
	}
	return markOf(page.Rows[len(page.Rows)-1])
}

// heardCases are the cases whose tier is known outside, with tier and time: those that are
// open, then, if all are asked for, those that are closed. They are counted by the ladder of
// each; a page may be shorter than asked for where ladders differ.
func (r *roomDesk) heardCases(ctx context.Context, p truce.Person, q truce.CaseQuery, all bool) (room.CaseList, error) {
	list := room.CaseList{Sees: sees(p), Rows: []room.CaseLine{}}
	first := q.After == nil
	q.Limit = min(q.Limit, tierCases)
	if first || q.After.Rank > 0 { // a closed case is in no tier
		if err := r.heardOpen(ctx, p, q, &list); err != nil {
			return list, err
		}
		q.After = nil
	}
	if !all {
		return list, nil
	}
	list.Total = 0 // how many of the closed ones were ever known outside is in their steps only
	if list.Next != "" {
		return list, nil
	}
	q.Limit -= len(list.Rows)
	err := r.heardClosed(ctx, p, q, &list)
	if first && list.Next == "" {
		list.Total = len(list.Rows)
	}
	return list, err
}

func (r *roomDesk) heardOpen(ctx context.Context, p truce.Person, q truce.CaseQuery, list *room.CaseList) error {
	counts, err := r.records.CaseCounts(ctx)
	if err != nil {
		return err
	}
	for _, n := range counts {
		terms, err := r.termsOf(ctx, truce.CaseRow{Version: n.Version})
		if err != nil {
			return err
		}
		if heard(terms.Ladder, n.Rank) {
			list.Total += n.Cases
			q.MinRank = n.Rank // the counts come with the highest first
		}
	}
	if q.MinRank == 0 {
		return nil
	}
	q.State = truce.CaseOpen
	page, err := r.records.Cases(ctx, q)
	if err != nil {
		return err
	}
	list.Next = nextOf(page, q.Limit)
	return r.hear(ctx, p, page.Rows, list)
}

// heardClosed adds closed cases, the last active first. It looks through so many at most;
// a page may then be short, or empty, and have another after it.
func (r *roomDesk) heardClosed(ctx context.Context, p truce.Person, q truce.CaseQuery, list *room.CaseList) error {
	q.State, q.MinRank = truce.CaseClosed, 0
	wanted := len(list.Rows) + q.Limit
	for looked := 0; looked < closedLooked && len(list.Rows) < wanted; {
		q.Limit = wanted - len(list.Rows)
		page, err := r.records.Cases(ctx, q)
		if err != nil {
			return err
		}
		if err := r.hear(ctx, p, page.Rows, list); err != nil {
			return err
		}
		if list.Next = nextOf(page, q.Limit); list.Next == "" {
			return nil
		}
		m := page.Rows[len(page.Rows)-1].Mark()
		q.After = &m
		looked += len(page.Rows)
	}
	return nil
}

// hear adds those of the rows that are known outside.
func (r *roomDesk) hear(ctx context.Context, p truce.Person, rows []truce.CaseRow, list *room.CaseList) error {
	for _, row := range rows {
		line, known, err := r.heardOf(ctx, p, row)
		if err != nil {
			return err
		}
		if known {
			list.Rows = append(list.Rows, line)
		}
	}
	return nil
}

// ownCases are the cases of which a party was told, the last told first.
func (r *roomDesk) ownCases(ctx context.Context, p truce.Person, all bool) (room.CaseList, error) {
	list := room.CaseList{Sees: sees(p), Rows: []room.CaseLine{}}
	told, err := r.records.Alerts(ctx, truce.AlertQuery{Role: p.Role, Party: p.Party, Released: r.Now(), Brief: true, Limit: ownAlerts})
	if err != nil {
		return list, err
	}
	seen := map[truce.CaseID]bool{}
	for _, a := range told {
		if seen[a.Case] || len(list.Rows) == tierCases {
			continue
		}
		seen[a.Case] = true
		v, err := r.views.View(ctx, a.Case.String())
		if err != nil {
			return list, err
		}
		if v.Case.State != truce.CaseOpen && !all {
			continue
		}
		list.Rows = append(list.Rows, newCaseWriter(p, v).ownLine())
	}
	list.Total = len(list.Rows)
	return list, nil
}

// markOf carries a place in the list of cases in an address.
func markOf(row truce.CaseRow) string {
	m := row.Mark()
	return hex.EncodeToString(appendMark(nil, m))
}
