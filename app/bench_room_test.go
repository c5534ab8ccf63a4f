package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// benchCases and the rest are the size that issue 4 names: 35 states, 300 users, 10,000
// open cases, 100,000 wakes.
const (
	benchStates = 35
	benchUsers  = 300
	benchCases  = 10_000
	benchWakes  = 10 // a case
)

// seedRoom fills a store to that size: each case is opened, in a tier, with wakes.
func (s *roomStage) seedRoom(b *testing.B) {
	s.Helper()
	for n := range benchUsers {
		s.enrolOnly(b, truce.Person{ID: truce.PersonID(fmt.Sprintf("user-%d", n)), Name: "x", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: benchState(n), Language: "en",
			Contacts: []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}})
	}
	now := s.served.Now()
	var batch []truce.Draft
	for n := range benchCases {
		state := benchState(n)
		drafts, id := s.caseDrafts(n, 1+n%5, clockStarted("decision", string(state), truce.OfficeDutyOfficer, now.Add(time.Duration(1+n)*time.Hour)),
			passageProposed("T3", 6, truce.OfficeHead, truce.OfficeChair))
		var wakes []truce.Wake
		for w := range benchWakes {
			wakes = append(wakes, truce.Wake{Name: fmt.Sprintf("clock/c%d", w), Due: now + truce.Instant(24+w)*3600e6})
		}
		batch = append(batch, drafts...)
		batch = append(batch, s.waking(id, len(drafts)+1, wakes))
		if len(batch) >= 500 || n == benchCases-1 {
			if _, err := s.app.store.Append(b.Context(), truce.Batch{Drafts: batch}); err != nil {
				b.Fatal(err)
			}
			batch = nil
		}
	}
	if _, err := s.desk.Follow(b.Context()); err != nil { // what is on record has been heard of
		b.Fatal(err)
	}
	count, err := s.app.store.WakeCount(b.Context(), now)
	if err != nil || count.Total < benchCases*benchWakes {
		b.Fatalf("%v: %d wakes", err, count.Total)
	}
}

// benchState is one of the states; BRE, whose duty officer looks, is one of them.
func benchState(n int) truce.StateID {
	if n%benchStates == 0 {
		return "BRE"
	}
	return truce.StateID(fmt.Sprintf("%c%cX", 'A'+n%benchStates/26, 'A'+n%benchStates%26))
}

// waking is a step of a case that sets its wakes.
func (s *roomStage) waking(id truce.CaseID, number int, wakes []truce.Wake) truce.Draft {
	s.Helper()
	now := s.served.Now()
	step := truce.CaseStep{Case: id, Number: number, Kind: truce.StepNoted, At: now, Deed: &truce.Deed{Kind: truce.DeedNote, Person: "lead"}, Text: "timers", Wakes: wakes,
		Summary: truce.CaseSummary{State: truce.CaseOpen, Tier: "L1", Rank: 1 + number%5, Title: s.version.Title, Opened: now, First: now, Last: now, T0: now}}
	draft, err := truce.NewDraft(truce.RecordCase, truce.CaseSubject(id), fmt.Sprintf("%s/%d", truce.CaseSubject(id), number), step)
	if err != nil {
		s.Fatal(err)
	}
	return draft
}

func (s *roomStage) enrolOnly(b *testing.B, p truce.Person) {
	if _, _, err := s.desk.Enrol(b.Context(), p); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRoomPages asks for the pages of one guarantor over a store of 35 states, 300
// users, 10,000 open cases and 100,000 wakes, and over the demo's own cases.
func BenchmarkRoomPages(b *testing.B) {
	s := newRoomStage(b, b.TempDir()+"/room")
	s.play()
	s.seedRoom(b)
	h := s.handler(s.served)
	for _, path := range []string{"/", "/cases", "/cases?state=mine", "/cases/C-2031-1", "/cases/C-2031-1/stake", "/pledges", "/alerts"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				req := httptest.NewRequest(http.MethodGet, path, nil)
				req.AddCookie(&http.Cookie{Name: "truce_session", Value: string(s.tokens["bre-duty"])})
				w := httptest.NewRecorder()
				h.ServeHTTP(w, req)
				if w.Code != http.StatusOK {
					b.Fatalf("%s: %d", path, w.Code)
				}
			}
		})
	}
}
