package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

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
	text, err := s.app.store.Agreement(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for n := range benchUsers {
		state := truce.StateID(fmt.Sprintf("%c%c%c", 'A'+n%benchStates/26, 'A'+n%benchStates%26, 'X'))
		s.enrolOnly(b, truce.Person{ID: truce.PersonID(fmt.Sprintf("user-%d", n)), Name: "x", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: state, Language: "en",
			Contacts: []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}})
	}
	now := s.served.Now()
	var batch []truce.Draft
	for n := range benchCases {
		id := truce.NewID(now, "case", "bench", fmt.Append(nil, n))
		summary := truce.CaseSummary{State: truce.CaseOpen, Tier: "L1", Rank: 2, Incidents: 1, Hits: 1, Severity: 2, Opened: now, First: now, Last: now, T0: now, NextClock: "reply", NextDue: now + 7200e6}
		step := truce.CaseStep{Case: id, Number: 1, Kind: truce.StepOpened, At: now, Open: &truce.CaseOpening{Agreement: text.ID, Version: text.Version}, Summary: summary}
		for w := range benchWakes {
			step.Wakes = append(step.Wakes, truce.Wake{Name: fmt.Sprintf("clock/c%d", w), Due: now + truce.Instant(1+w)*3600e6})
		}
		draft, err := truce.NewDraft(truce.RecordCase, truce.CaseSubject(id), truce.CaseSubject(id)+"/1", step)
		if err != nil {
			b.Fatal(err)
		}
		if batch = append(batch, draft); len(batch) == 500 || n == benchCases-1 {
			if _, err := s.app.store.Append(b.Context(), truce.Batch{Drafts: batch}); err != nil {
				b.Fatal(err)
			}
			batch = nil
		}
	}
	count, err := s.app.store.WakeCount(b.Context(), now)
	if err != nil || count.Total < benchCases*benchWakes {
		b.Fatalf("%v: %d wakes", err, count.Total)
	}
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
	for _, path := range []string{"/", "/cases", "/cases/C-2031-1", "/cases/C-2031-1/stake", "/pledges", "/alerts"} {
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
