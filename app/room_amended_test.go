package app

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/web/room"
)

// amend records an amendment of the agreement: a tier is put below the others, and the names
// of a tier, a clock, an area, a rule and the ladder become other ones.
func (s *roomStage) amend() {
	s.Helper()
	text, err := s.app.store.Agreement(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	changes := []struct{ old, now string }{
		{"  tiers:\n", "  tiers:\n    - {id: LX, title: {en: AMENDED lowest, uk: AMENDED}, enter: {occurrence: detected}, gates: [watch_officer], tell: [mechanism]}\n"},
		{"title: {en: Hotline,", "title: {en: AMENDED hotline,"}, {"title: {en: Verify,", "title: {en: AMENDED verify,"}, {"title: {en: Warning,", "title: {en: AMENDED warning,"},
		{"title: {en: Consultation,", "title: {en: AMENDED consultation,"}, {"title: {en: Situation report,", "title: {en: AMENDED report,"},
		{"title: {en: No fire near", "title: {en: AMENDED no fire near"}, {"{en: under review,", "{en: AMENDED under review,"},
	}
	for i := range text.Files {
		for _, c := range changes {
			text.Files[i].Data = bytes.Replace(text.Files[i].Data, []byte(c.old), []byte(c.now), 1)
		}
	}
	terms, err := agreement.Parse(text.Files)
	if err != nil || terms.Version == text.Version || terms.Ladder.Rank("T2") != 6 {
		s.Fatalf("the amendment: %v", err)
	}
	s.record(truce.RecordAgreement, "agreement/"+terms.ID, "amended", truce.AgreementText{ID: terms.ID, Version: terms.Version, Files: text.Files})
}

// TestACaseIsShownUnderItsOwnLadder: after an amendment, with other ranks and other names,
// every page and operation shows the cases that were open as before it to everybody.
func TestACaseIsShownUnderItsOwnLadder(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.play()
	h := s.handler(s.served)
	before := map[truce.PersonID]map[string]string{}
	people := []truce.PersonID{"lead", "chair", "a-liaison", "ave-duty", "bre-uk", "ave-planner", "reader"}
	for _, id := range people {
		before[id] = s.walk(h, s.person(id))
	}
	s.amend()
	for _, id := range people {
		after := s.walk(h, s.person(id))
		if len(after) != len(before[id]) {
			t.Errorf("%s opens %d pages, before the amendment %d", id, len(after), len(before[id]))
		}
		for path, page := range after {
			if strings.Contains(page, "AMENDED") {
				at := strings.Index(page, "AMENDED")
				t.Errorf("%s reads at %s of the ladder of today: ...%s", id, path, page[max(0, at-60):min(len(page), at+60)])
			}
			if strings.HasPrefix(path, "/api/v1/") && unmarked(t, page) != unmarked(t, before[id][path]) {
				t.Errorf("%s at %s: after the amendment\n%.600s\nbefore\n%.600s", id, path, page, before[id][path])
			}
		}
	}
	done, err := s.served.Do(t.Context(), string(s.tokens["watch-lead"]), "C-2031-3", truce.Deed{Kind: truce.DeedNote, Text: "after the amendment"})
	if err != nil || len(done.Steps) != 1 {
		t.Fatalf("%v: %+v", err, done)
	}
	s.after(time.Minute)
	s.sign("watch-officer", "C-2031-3", "L0")
	s.after(time.Minute)
	line, err := s.served.Case(t.Context(), s.person("lead"), "C-2031-3")
	if err != nil || line.Line.TierName != "Watch" {
		t.Errorf("%v: a tier entered after the amendment is %q, want Watch", err, line.Line.TierName)
	}
}

// TestAnAmendedCaseIsShownUnderTheNewLadder: the negative control, a case that opens after
// the amendment has its names.
func TestAnAmendedCaseIsShownUnderTheNewLadder(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	s.amend()
	s.breach(1, "centre", truce.ActIndirectFire, 25*time.Minute, 3)
	s.after(time.Minute)
	s.sign("watch-officer", "C-2031-1", "LX")
	s.sign("watch-officer", "C-2031-1", "L0")
	s.sign("watch-lead", "C-2031-1", "L1")
	s.after(10 * time.Minute)
	for _, id := range []truce.PersonID{"lead", "a-liaison", "reader"} {
		list, err := s.served.Cases(t.Context(), s.person(id), room.CaseFilter{Limit: 10})
		if err != nil || len(list.Rows) != 1 || list.Rows[0].TierName != "AMENDED hotline" {
			t.Errorf("%v: %s reads %+v", err, id, list.Rows)
		}
	}
	f, err := s.served.Case(t.Context(), s.person("lead"), "C-2031-1")
	if err != nil || len(f.Incidents) != 1 || !strings.HasPrefix(f.Incidents[0].Findings[0].Title, "AMENDED no fire") {
		t.Errorf("%v: %+v", err, f.Incidents)
	}
}

// unmarked is an answer without the number of the newest record, which an amendment moves.
func unmarked(t *testing.T, body string) string {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v: %.200s", err, body)
	}
	delete(v, "head")
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
