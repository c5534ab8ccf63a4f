package app

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// releasedStage is the story of the demo with markers in what is not for the public, released.
func releasedStage(t *testing.T) (*roomStage, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s := newRoomStage(t, dir)
	s.plant()
	lead := s.person("lead")
	step := []truce.CommitmentStep{{State: truce.CommitmentReported, Day: "2031-01-01", Source: truce.Citation{Kind: truce.CitePress, Publisher: "MARKPUBLISHER", Title: "MARKTITLE"}}}
	shown := truce.Commitment{ID: "mark-shown", State: "COR", Body: "MARKBODY", Kind: truce.CommitTraining, Instrument: "MARKINSTRUMENT", What: truce.Names{"en": "MARKWHAT"},
		Condition: truce.Names{"en": "MARKCONDITION"}, Caveats: []truce.Names{{"en": "MARKCAVEAT"}}, Binding: truce.BindingLegal, History: step, Public: true}
	if _, err := s.desk.EnterCommitments(t.Context(), lead, []truce.Commitment{shown}); err != nil {
		t.Fatal(err)
	}
	said := truce.Citation{Kind: truce.CitePress, Publisher: "MARKPUBLISHER"}
	supply := []truce.Contribution{
		{ID: "mark-hidden", State: "COR", To: "force", Capability: "markhidden", Quantity: 73577, Unit: "pieces", CostText: "MARKCOST", Steps: []truce.ContributionStep{{State: truce.ContributionPledged, Quantity: 73577, Day: "2031-01-01", Source: said}}},
		{ID: "mark-open", State: "COR", To: "force", Capability: "openone", Quantity: 9, Unit: "pieces", CostText: "MARKCOST", Caveats: []truce.Names{{"en": "MARKCAVEAT"}}, Public: true,
			Steps: []truce.ContributionStep{{State: truce.ContributionPledged, Quantity: 9, Day: "2031-01-01", Source: said},
				{State: truce.ContributionApproved, Quantity: 7, Day: "2031-01-02", Source: said}, {State: truce.ContributionInPlace, Quantity: 5, Day: "2031-01-03", Source: said}}},
	}
	if _, err := s.desk.EnterContributions(t.Context(), lead, supply); err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.releaseGuarantee(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// TestPublicStoreHoldsNothingOfTheGuaranteeButTheMatrix looks for what the public must not
// read in every byte of the file.
func TestPublicStoreHoldsNothingOfTheGuaranteeButTheMatrix(t *testing.T) {
	s, dir := releasedStage(t)
	var file []byte
	for _, name := range []string{"public.db", "public.db-wal", "public.db-journal"} {
		if part, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			file = append(file, part...)
		}
	}
	for _, shown := range []string{"C-2031-1", `"tier":"T2"`, "uav_long_range", "openone", `"kind":"training"`, "Exercise mission"} {
		if !bytes.Contains(file, []byte(shown)) {
			t.Errorf("the file lacks %q", shown)
		}
	}
	v, err := s.desk.View(t.Context(), "C-2031-1")
	if err != nil {
		t.Fatal(err)
	}
	hidden := []string{"MARK", "mark-", "markhidden", "73577", "73119", "as proposed", "a warning is not enough", "three verified strikes", "trajectories", "joint warning", "sanctions package",
		"AVE", "BRE", "COR", "Avenia", "analyst", "liaison", "chair", "ave-duty", "approved", "capable", "hours", "warning handed over", v.Case.ID.String(), "centre", "indirect_fire", "receipt"}
	for _, i := range v.Case.Incidents {
		hidden = append(hidden, i.ID.String())
	}
	for _, c := range v.Case.Clocks {
		hidden = append(hidden, c.Names["uk"])
	}
	for _, text := range hidden {
		if text != "" && bytes.Contains(file, []byte(text)) {
			t.Errorf("the public store holds %q", text)
		}
	}
}

// TestPublicGuaranteeIsWhatTheRoomShowsThePublic: one matrix, two ways out.
func TestPublicGuaranteeIsWhatTheRoomShowsThePublic(t *testing.T) {
	s, _ := releasedStage(t)
	g, err := s.app.publicGuarantee(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	told, err := s.served.Pledges(t.Context(), s.person("reader"), "")
	if err != nil || len(told.Account) != len(g.Supply) {
		t.Fatalf("%d lines released, the room shows %d, %v", len(g.Supply), len(told.Account), err)
	}
	for n, l := range told.Account {
		if p := g.Supply[n]; p.Capability != l.Capability || p.Unit != l.Unit || p.Need != l.Need || p.Pledged != l.Pledged || p.InPlace != l.InPlace || p.Gap != l.Gap {
			t.Errorf("released %+v, the room shows %+v", p, l)
		}
	}
	for _, line := range g.Cases {
		f, err := s.served.Case(t.Context(), s.person("reader"), line.Number)
		if err != nil || f.Line.Tier != line.Tier || f.Line.Entered != line.Entered {
			t.Errorf("%s is released as %+v, the room shows %+v, %v", line.Number, line, f.Line, err)
		}
	}
	site, err := openPublicSite(t.Context(), s.app.cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	for path, want := range map[string]string{"/cases": "C-2031-1", "/cases?lang=uk": "Справи", "/pledges": "gbar", "/pledges.json": `"openone"`, "/": "EXERCISE"} {
		w := httptest.NewRecorder()
		site.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d lacks %q", path, w.Code, want)
		}
	}
}

// TestAClosedCaseIsReleasedWithItsEnd and one that nobody was told of not at all.
func TestAClosedCaseIsReleasedWithItsEnd(t *testing.T) {
	s := newRoomStage(t, filepath.Join(t.TempDir(), "data"))
	s.breach(1, "centre", truce.ActIndirectFire, 25*time.Minute, 3)
	s.after(time.Minute)
	s.sign("watch-officer", "C-2031-1", "L0")
	released := func() []truce.PublicCase {
		t.Helper()
		g, err := s.app.releaseGuarantee(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return g.Cases
	}
	if got := released(); len(got) != 0 {
		t.Errorf("what only the watch looks at is released: %+v", got)
	}
	s.after(2 * time.Minute)
	s.sign("watch-lead", "C-2031-1", "L1")
	open := released()
	if len(open) != 1 || open[0].Tier != "L1" || open[0].Closed != 0 || open[0].Words.In("uk") == "" {
		t.Fatalf("released %+v", open)
	}
	v, err := s.desk.View(t.Context(), "C-2031-1")
	if err != nil {
		t.Fatal(err)
	}
	v.Case.State, v.Case.Tier, v.Case.Closed = truce.CaseClosed, "", open[0].Entered+5
	for n := range v.Case.Tiers {
		v.Case.Tiers[n].Left = open[0].Entered + 4
	}
	if closed, told := publicCase(v); !told || closed.State != truce.CaseClosed || closed.Tier != "L1" || closed.Entered != open[0].Entered || closed.Closed != open[0].Entered+5 {
		t.Errorf("after its end released %+v", closed)
	}
	again := v.Case.Tiers[len(v.Case.Tiers)-1] // a second stay in the same tier: page and release tell the same one
	again.Entered++
	v.Case.Tiers = append(v.Case.Tiers, again)
	line := newCaseWriter(publicReaderOf(), v).tierLine()
	if closed, _ := publicCase(v); closed.Tier != line.Tier || closed.Entered != line.Entered || closed.Entered != open[0].Entered {
		t.Errorf("released %+v, the page says %+v", closed, line)
	}
	v.Case.Tiers = v.Case.Tiers[:1]
	if closed, told := publicCase(v); told {
		t.Errorf("a case that only the watch looked at is released after its end: %+v", closed)
	}
}

// TestNothingIsInvokedInAClosedCase whatever step it is.
func TestNothingIsInvokedInAClosedCase(t *testing.T) {
	s := newRoomStage(t, filepath.Join(t.TempDir(), "data"))
	s.pledges()
	id := s.openCase(1, 1)
	list, err := s.app.store.Commitments(t.Context(), "AVE")
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	ask := truce.InvocationStep{State: truce.InvocationRequested}
	if _, err := s.desk.Invoke(t.Context(), s.person("ave-duty"), list[0].ID, id, ask); err != nil {
		t.Fatal(err)
	}
	row, err := s.app.store.Case(t.Context(), id.String())
	if err != nil {
		t.Fatal(err)
	}
	end := truce.CaseStep{Case: id, Number: row.Steps + 1, Kind: truce.StepClosed, At: s.served.Now(), Summary: row.Summary,
		Deed: &truce.Deed{Kind: truce.DeedClose, Case: id, Person: s.person("lead").ID, At: s.served.Now()}}
	end.Summary.State = truce.CaseClosed
	s.record(truce.RecordCase, "case/"+id.String(), "case/"+id.String()+"/closed", end)
	ask.State = truce.InvocationReceived
	if _, err := s.desk.Invoke(t.Context(), s.person("ave-duty"), list[0].ID, id, ask); truce.CodeOf(err) != truce.CodeConflict || !strings.Contains(err.Error(), "is closed") {
		t.Errorf("in a closed case: %v", err)
	}
}

// TestImportWarnsOfATriggerThatIsNoTier with the tiers that there are.
func TestImportWarnsOfATriggerThatIsNoTier(t *testing.T) {
	s := newRoomStage(t, filepath.Join(t.TempDir(), "data"))
	ladder, err := ladderFor(t.Context(), s.desk)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	list := []truce.Commitment{{ID: "never", Trigger: "T9"}, {ID: "good", Trigger: "T1"}}
	if n, none := (&cli{err: &said}).warnTriggers("account", list, ladder), (&cli{err: &said}).warnTriggers("account", list, nil); n != 1 || none != 0 {
		t.Errorf("%d warnings, without a ladder %d", n, none)
	}
	if got := said.String(); !strings.Contains(got, "warning: commitment never") || !strings.Contains(got, "L0, L1") || strings.Contains(got, "good") {
		t.Errorf("said %q", got)
	}
}
