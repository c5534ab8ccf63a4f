package room_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/room"
)

const (
	goodToken = "truce_good"
	oneTime   = "truce_once"
	lasting   = "truce_lasting"
)

// house is the room's store in memory: everything filled, or empty.
type house struct {
	room.Reader
	room.Actor
	role      truce.Role
	lang      string
	empty     bool
	fail      error
	used      int  // of the one-time token
	waits     bool // the person's enrolment waits to be confirmed
	confirmed string
	paper     string
	deed      truce.Deed
	ack       room.Answer
	document  []byte
	step      truce.InvocationStep
	since     truce.Seq
	clocks    []room.ClockLine // of the case, in place of all kinds; nil: those
}

func (h *house) person() truce.Person {
	p := truce.Person{ID: "ave-duty", Name: "Duty officer, Avenia", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "AVE", Language: h.lang}
	if h.role != "" {
		p.Role, p.Office, p.State, p.Party = h.role, truce.OfficeLiaison, "", "A"
	}
	if h.waits {
		p.Enrolment = &truce.Enrolment{Kind: truce.EnrolmentInvited, Opened: 1}
	}
	return p
}

func (h *house) Frame(context.Context, string) (web.Frame, error) {
	return web.Frame{Mission: "Test Mission", Realm: truce.ExerciseRealm("test")}, nil
}

var errToken = truce.Errorf(truce.CodeUnauthenticated, "refused")

func (h *house) Who(_ context.Context, token string) (truce.Person, error) {
	p := h.person()
	switch {
	case token == goodToken || token == lasting:
		return p, nil
	case token == oneTime && h.used == 0:
		p.OneTime = true
		return p, nil
	}
	return truce.Person{}, errToken
}

func (h *house) SignIn(ctx context.Context, token string) (truce.Person, string, error) {
	p, err := h.Who(ctx, token)
	if err == nil && p.OneTime {
		h.used++
		return p, lasting, nil
	}
	return p, token, err
}

func (h *house) Waiting(context.Context, truce.Person) ([]room.WaitingPerson, error) {
	if h.empty {
		return nil, h.fail
	}
	return []room.WaitingPerson{{ID: "an-1", Name: "First analyst", Role: truce.RoleMechanism, Office: truce.OfficeAnalyst, By: "lead"}}, h.fail
}

func (h *house) Confirm(_ context.Context, _ string, id truce.PersonID, code string) error {
	h.confirmed = string(id) + " " + code
	return h.fail
}

func (h *house) CheckPaper(_ context.Context, code string, id truce.AlertID) (room.PaperFile, error) {
	if id != alertID || code != "7H2K-0C9M-XW4T" {
		return room.PaperFile{}, truce.Errorf(truce.CodeNotFound, "no form")
	}
	return room.PaperFile{ID: id, Kind: truce.AlertNew, State: h.paper, By: alertID, Number: "C-2031-1", Tier: "T1", Release: now, For: "Duty officer, Avenia",
		Headline: truce.Names{"en": "Tier T1 entered", "uk": "Введено рівень T1"}}, h.fail
}

func (h *house) FeedKey(truce.Person) string { return "ave-duty.key" }

func (h *house) FeedOf(_ context.Context, key string) (truce.Person, error) {
	if key != "ave-duty.key" {
		return truce.Person{}, errToken
	}
	return h.person(), nil
}

const now = truce.Instant(1_930_000_000_000_000)

func (h *house) Now() truce.Instant { return now }

func (h *house) view() room.View {
	if h.role == truce.RoleParty {
		return room.ViewOwnSide
	}
	return room.ViewWhole
}

func (h *house) Brief(_ context.Context, _ truce.Person, since truce.Seq) (room.Brief, error) {
	h.since = since
	if h.empty {
		return room.Brief{Sees: h.view(), Now: now}, h.fail
	}
	return room.Brief{Sees: h.view(), Now: now, Head: 77, Since: since, Due: 3, Changed: []room.Change{{Case: line(), Steps: steps(), More: 2}}, Total: 1,
		Alerts: []room.AlertLine{alertLine()}, Gates: []room.GateLine{gate()}, Clocks: clocks(), Tiers: []room.TierCount{{Tier: "T1", Name: "Warning", Cases: 1}},
		Cases: []room.CaseLine{line()}, Open: 40, Stakes: []room.StakeLine{stake()}}, h.fail
}

func (h *house) Cases(context.Context, truce.Person, room.CaseFilter) (room.CaseList, error) {
	if h.empty {
		return room.CaseList{Sees: h.view(), Rows: []room.CaseLine{}}, h.fail
	}
	return room.CaseList{Sees: h.view(), Rows: []room.CaseLine{line()}, Total: 40, Next: "abc"}, h.fail
}

func (h *house) Case(_ context.Context, _ truce.Person, number string) (room.CaseFile, error) {
	if number != "C-2031-1" {
		return room.CaseFile{}, truce.Errorf(truce.CodeNotFound, "There is no %s.", number)
	}
	if h.empty {
		return room.CaseFile{Sees: h.view(), Now: now, Line: line(), May: []truce.DeedKind{}}, h.fail
	}
	f := file(h.view())
	if h.clocks != nil {
		f.Clocks = h.clocks
	}
	return f, h.fail
}

func (h *house) Stake(context.Context, truce.Person, string) (room.StakeFile, error) {
	f := room.StakeFile{Now: now, Line: line(), Of: "AVE", May: true}
	if !h.empty {
		f.Stakes = []room.StakeLine{stake()}
	}
	return f, h.fail
}

func (h *house) Pledges(_ context.Context, _ truce.Person, of truce.StateID) (room.Pledges, error) {
	p := room.Pledges{Now: now, Of: of, From: "2031-01-01", To: "2031-01-30"}
	if h.empty {
		return p, h.fail
	}
	p.States, p.Rows, p.Stages = []truce.StateID{"AVE"}, []room.CommitmentLine{stake().Commitment}, []room.StageCount{{Stage: truce.CommitmentInForce, Count: 2}}
	p.Account = []room.AccountLine{{To: "mechanism", Capability: "uav", Name: "Drones", Unit: "pieces", Need: 12, Pledged: 8, InPlace: 5, Gap: 7, HoursNeed: 96, Hours: 40.25,
		Shares: []room.ShareLine{{State: "AVE", Pledged: 8, InPlace: 5}}}, {To: "force", Capability: "fund", Name: "Fund", Unit: "EUR", Pledged: 1_200_000}}
	p.Rows2 = []room.SupplyLine{{ID: "s", State: "AVE", Capability: "uav", Unit: "pieces", Quantity: 8, Steps: []truce.ContributionStep{{State: truce.ContributionPledged, Quantity: 8, Day: "2031-01-02"}}}}
	return p, h.fail
}

func (h *house) Alerts(context.Context, truce.Person, room.AlertFilter) (room.AlertList, error) {
	if h.empty {
		return room.AlertList{}, h.fail
	}
	return room.AlertList{Rows: []room.AlertLine{alertLine()}, Next: 12}, h.fail
}

func (h *house) Alert(_ context.Context, _ truce.Person, id truce.AlertID) (room.AlertFile, error) {
	if id != alertID {
		return room.AlertFile{}, truce.Errorf(truce.CodeNotFound, "There is no alert.")
	}
	f := room.AlertFile{Now: now, Line: alertLine(), Text: "First line.\nSecond <b>line</b>.", SeesCase: true}
	if !h.empty {
		f.Answers = []room.AnswerLine{{Group: "AVE", Role: truce.RoleGuarantor, Kind: truce.AckPosition, Position: truce.PositionAgree, By: "ave-duty", At: now, Text: "yes"},
			{Group: "BRE", Role: truce.RoleGuarantor, Kind: truce.AckNone, At: now, Due: now}, {Group: "COR", Role: truce.RoleGuarantor, Due: now}}
		f.Given, f.Reached = f.Answers[:1], []room.Reached{{Person: "ave-duty", Progress: "reached", Channel: truce.ChannelEmail, Since: now, Tries: 1}}
	}
	return f, h.fail
}

func (h *house) Paper(context.Context, truce.Person, truce.AlertID) (web.Document, error) {
	return web.Document{ContentType: "text/html; charset=utf-8", Body: []byte("form")}, h.fail
}

func (h *house) Feed(context.Context, truce.Person) (web.Document, error) {
	return web.Document{ContentType: "application/atom+xml", Body: []byte("<feed/>")}, h.fail
}

func (h *house) Do(_ context.Context, _, number string, d truce.Deed) (room.Outcome, error) {
	h.deed = d
	return room.Outcome{Number: number, Steps: steps()}, h.fail
}

func (h *house) DoSigned(_ context.Context, d truce.Deed) (room.Outcome, error) {
	h.deed = d
	return room.Outcome{Number: "C-2031-1"}, h.fail
}

func (h *house) Acknowledge(_ context.Context, _ string, _ truce.AlertID, a room.Answer) (room.Acknowledged, error) {
	h.ack = a
	return room.Acknowledged{Seq: 5}, h.fail
}

func (h *house) AcknowledgeSigned(_ context.Context, a truce.Acknowledgement) (room.Acknowledged, error) {
	return room.Acknowledged{Acknowledgement: a, Seq: 5}, h.fail
}

func (h *house) AcknowledgeCAP(_ context.Context, _ string, document []byte) ([]room.Acknowledged, error) {
	h.document = document
	return []room.Acknowledged{{Seq: 5}}, h.fail
}

func (h *house) CAP(context.Context, truce.Person, truce.AlertID) (web.Document, error) {
	return web.Document{ContentType: "application/cap+xml", Body: []byte("<alert/>")}, h.fail
}

func (h *house) AnswerCAP(_ context.Context, _ truce.Person, _ truce.AlertID, of truce.PersonID) (web.Document, error) {
	return web.Document{ContentType: "application/cap+xml", Body: []byte("<alert>" + of + "</alert>")}, h.fail
}

func (h *house) Review(context.Context, string, truce.Review) (room.Reviewed, error) {
	return room.Reviewed{Changed: true, Revision: 2, Seq: 9}, h.fail
}

func (h *house) Invoke(_ context.Context, _, id, _ string, s truce.InvocationStep) (truce.Commitment, error) {
	h.step = s
	return truce.Commitment{ID: id}, h.fail
}

func (h *house) EnterCommitments(_ context.Context, _ string, l []truce.Commitment) (int, error) {
	return len(l), h.fail
}

func (h *house) EnterContributions(_ context.Context, _ string, l []truce.Contribution) (int, error) {
	return len(l), h.fail
}

func (h *house) EnterRequirements(_ context.Context, _ string, l []truce.Requirement) (int, error) {
	return len(l), h.fail
}

var alertID = truce.NewID(now, "alert", "test", []byte{1})

func line() room.CaseLine {
	return room.CaseLine{ID: truce.NewID(now, "case", "test", nil), Number: "C-2031-1", Title: "Centre", State: truce.CaseOpen, Tier: "T1", TierName: "Warning", Entered: now, Proposed: "T2",
		Areas: []string{"Centre"}, Incidents: 2, Severity: 3, Opened: now, Last: now, T0: now, NextClock: "Report", NextDue: now - 3600e6, Missed: 1, Consult: true, Seq: 70}
}

func steps() []room.StepLine {
	return []room.StepLine{{Number: 3, Seq: 60, Kind: truce.StepEntered, At: now, Late: now, Text: "tier T1 was entered <i>"}}
}

func gate() room.GateLine {
	return room.GateLine{Case: "C-2031-1", After: 9, Tier: "T2", TierName: "Consultation", At: now, Because: []string{"one incident"}, Mine: true,
		Gates: []room.GateSign{{Office: truce.OfficeChair, Attribution: truce.AttributionBalance, By: "chair", At: now}, {Office: truce.OfficeMechanismLead}}}
}

func clocks() []room.ClockLine {
	return []room.ClockLine{
		{Case: "C-2031-1", ID: "situation", Name: "Report", Round: 2, Owner: truce.OfficeDutyHead, Tier: "T2", Basis: truce.T0Entered, T0: now - 7200e6, Started: now - 7200e6, Due: now + 7200e6,
			State: truce.ClockRunning, Mine: true, May: true, Asked: "chair", Moves: []truce.ClockChange{{OldDue: now}}},
		{Case: "C-2031-1", ID: "receipt", For: "A", Name: "Receipt", Owner: truce.OfficeLiaison, Basis: truce.T0Event, T0: now - 7200e6, Due: now - 3600e6, State: truce.ClockMissed, Ended: now - 3600e6, Late: now, Done: now},
		{Case: "C-2031-1", ID: "owed", Name: "Owed", Owner: truce.OfficeDutyHead, T0: now - 7200e6, Due: now - 1800e6, State: truce.ClockMissed, Ended: now - 1800e6, Mine: true},
		{Case: "C-2031-1", ID: "warning", Name: "Warning", Owner: truce.OfficeChair, T0: now - 7200e6, Due: now, State: truce.ClockMet, Ended: now - 60e6},
		{Case: "C-2031-1", ID: "reply", Name: "Reply", Owner: truce.OfficeLiaison, T0: now, Due: now, State: truce.ClockStopped, Ended: now,
			Pauses: []truce.ClockPause{{From: now, By: [2]truce.PersonID{"x", "y"}, Text: "access"}}},
		{Case: "C-2031-1", ID: "held", Name: "Held", Owner: truce.OfficeChair, T0: now, Due: now - 400*3600e6, State: truce.ClockPaused, May: true},
	}
}

func alertLine() room.AlertLine {
	return room.AlertLine{ID: alertID, Seq: 50, Kind: truce.AlertNew, Number: "C-2031-1", Tier: "T1", Release: now, Headline: "Tier T1 entered", Civil: true, Least: truce.AckReceived, Due: now + 1,
		Waits: true, Mine: true, Reached: 3, Told: 4, Given: 1, Silent: 1, Asked: 3, Answered: &room.AnswerLine{Kind: truce.AckRead, By: "ave-duty", At: now, Late: true}}
}

func stake() room.StakeLine {
	return room.StakeLine{Case: "C-2031-1", Due: true, Open: "not signed", Next: []truce.InvocationState{truce.InvocationRequested, truce.InvocationRefused},
		Commitment: room.CommitmentLine{ID: "ave-x", State: "AVE", Kind: truce.CommitMilitary, What: "Units", Condition: "a mandate", Instrument: "accord", Trigger: "T2", Binding: truce.BindingLegal,
			Caveats: []string{"not at sea"}, Stage: truce.CommitmentSigned, Rank: 5, Since: "2031-01-02", Source: truce.Citation{Publisher: "Gazette", Kind: truce.CiteGazette},
			Ratification: []truce.Ratification{{Body: "parliament", State: "tabled", Day: "2031-01-03"}}, History: []truce.CommitmentStep{{State: truce.CommitmentSigned, Day: "2031-01-02"}}},
		Void:       []room.VoidLine{{Condition: "attacks itself", Parties: []room.VoidReading{{Party: "A", State: truce.ConditionNotMet}, {Party: "B", State: truce.ConditionUnknown, Because: []string{"open"}}}}},
		Invocation: []room.InvocationLine{{InvocationStep: truce.InvocationStep{State: truce.InvocationRequested, At: now, By: "x", Body: "ministry", Text: "please", Marks: []truce.InvocationMark{truce.InvocationEarly}}, Words: []string{"MARKEDEARLY"}}}}
}

func file(v room.View) room.CaseFile {
	f := room.CaseFile{Sees: v, Now: now, Line: line(), Steps: 9, May: truce.DeedKinds(), Stakes: true, Parties: []truce.PartyID{"A", "B"},
		Ladder: room.LadderLine{Name: "Ladder", Standing: truce.StandingReported, Source: "press", T0: truce.T0Event, Tiers: []room.TierCount{{Tier: "L0", Name: "Watch"}, {Tier: "T1", Name: "Warning"}, {Tier: "T2", Name: "Consultation"}}, Quorum: 50, States: 3},
		Zeros:  []room.Zero{{Basis: truce.T0Event, At: now - 7200e6, Chosen: true, Moves: []truce.T0Move{{T0Change: truce.T0Change{Old: now - 9000e6, New: now - 7200e6}, By: "chair", Text: "late film"}}}, {Basis: truce.T0Complaint}},
		Visits: []room.Visit{{Tier: "T1", Rank: 2, Entered: now - 3600e6}, {Tier: "L0", Rank: 1, Entered: now - 7200e6, Left: now - 3600e6}},
		Clocks: clocks(), Gates: []room.GateLine{gate(), {Case: "C-2031-1", Tier: "T1", Down: true, To: "L0", At: now}, {Case: "C-2031-1", Tier: "T1", Down: true, At: now}}, Alerts: []room.AlertLine{alertLine()}, History: steps(),
		Incidents: []room.IncidentLine{{Number: "2031-1", Act: "shelling", Occurrence: truce.OccurrenceVerified, Words: "verified", P: 1, Casualties: 2, Area: "Centre", Gone: true,
			Findings: []room.FindingLine{{Rule: "R01", Title: "No fire", Verdict: truce.VerdictHit, Words: "hit", Severity: 3, P: .9, Count: 1, Unit: "engagement"}}}},
		Blind: []truce.BlindSpell{{From: now, To: now, Reason: "jammed"}}, Advances: []truce.Advance{{Line: "L", Metres: 300, From: "v1", To: "v2"}},
		Attributions: []room.AttributionLine{{Incident: "2031-1", Level: truce.AttributionBalance, Party: "B", P: .8, Basis: []string{"radar"}, Alternatives: []string{"none"}, Dissent: "open", Withdrawn: true, People: []truce.PersonID{"a", "b"}}},
		Remedies:     []truce.RemedyStep{{ID: "r", Party: "B", What: "repair", Due: now, State: truce.RemedyAsked, Ground: "clause 3"}},
	}
	k := truce.Consultation{ID: "K1", Ground: "three strikes", Called: now, Calls: []truce.Call{{By: "head", At: now}}, Convened: true, Quorum: true, Present: []truce.StateID{"AVE"}, Options: []string{"warn"},
		Votes: []truce.Vote{{State: "AVE", Option: "warn", Dissent: "more", By: "ave-duty", At: now}}, Tally: []truce.Tally{{Option: "warn", Votes: 1, Carried: true}}, Minutes: []truce.Hash{{1}}}
	over := k
	over.ID, over.Ended, over.Outcome, over.Public = "K2", now, "warn", "We warn."
	f.Consultations = []room.Meeting{{Consultation: k, Absent: []truce.StateID{"BRE"}, Present: true, Voted: "warn"}, {Consultation: over}, {Consultation: truce.Consultation{ID: "K3", Ground: "g"}}}
	return f
}

// site is a room over a house, with its clock.
type site struct {
	*testing.T
	house *house
	http.Handler
	now time.Time
}

func newSite(t *testing.T) *site {
	s := &site{T: t, house: &house{lang: "en"}, now: time.Unix(1_930_000_000, 0)}
	h, err := room.Handler(room.Config{Reader: s.house, Actor: s.house, Log: slog.New(slog.DiscardHandler), Zone: time.FixedZone("X", 7200), Clock: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	s.Handler = h
	return s
}

type ask func(*http.Request)

func with(name, value string) ask { return func(r *http.Request) { r.Header.Set(name, value) } }

func signedIn(r *http.Request) { r.AddCookie(&http.Cookie{Name: "truce_session", Value: goodToken}) }

func bearer(r *http.Request) { r.Header.Set("Authorization", "Bearer "+goodToken) }

func (s *site) get(path string, asks ...ask) *httptest.ResponseRecorder {
	return s.send(httptest.NewRequest(http.MethodGet, path, nil), asks)
}

func (s *site) post(path string, form url.Values, asks ...ask) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(req, asks)
}

func (s *site) send(req *http.Request, asks []ask) *httptest.ResponseRecorder {
	for _, a := range asks {
		a(req)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

var everyPage = []string{"/", "/?live=1", "/cases", "/cases?state=all", "/cases/C-2031-1", "/cases/C-2031-1?all=1", "/cases/C-2031-1/stake", "/pledges", "/pledges/AVE", "/alerts", "/alerts?open=1",
	"/alerts/" + alertID.String(), "/alert/" + alertID.String(), "/me"}

// TestEveryPageStandsInBothLanguages: no key is left over, nothing of a record is markup,
// nothing runs, and the exercise is marked everywhere.
func TestEveryPageStandsInBothLanguages(t *testing.T) {
	left := regexp.MustCompile(`>\s*[a-z0-9_]+\.[a-z_.]+\s*<|\{[a-z]+\}|%!|&lt;no value`)
	for _, lang := range web.Languages() {
		for _, role := range []truce.Role{"", truce.RoleParty} {
			for _, empty := range []bool{false, true} {
				s := newSite(t)
				s.house.lang, s.house.role, s.house.empty = lang, role, empty
				for _, path := range everyPage {
					w := s.get(path, signedIn)
					body := w.Body.String()
					where := lang + " " + string(role) + " " + path
					if w.Code != http.StatusOK || !strings.Contains(body, `<html lang="`+lang+`">`) {
						t.Fatalf("%s: %d %.300s", where, w.Code, body)
					}
					if found := left.FindString(body); found != "" {
						t.Errorf("%s: %q is no text", where, found)
					}
					for _, bad := range []string{"<script", " style=", "onclick", "<i>\n", "<b>line"} {
						if strings.Contains(body, bad) {
							t.Errorf("%s holds %q", where, bad)
						}
					}
					if !strings.Contains(body, `role="note"`) || w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
						t.Errorf("%s: no mark of the exercise, kept by caches, or no policy: %v", where, w.Header())
					}
				}
			}
		}
	}
}

// TestTextsAreTheSameInBothLanguages: the same keys with the same values to put in.
func TestTextsAreTheSameInBothLanguages(t *testing.T) {
	texts := map[string]map[string]string{}
	for _, lang := range web.Languages() {
		raw, err := os.ReadFile(filepath.Join("text", lang+".json"))
		if err != nil {
			t.Fatal(err)
		}
		text := map[string]string{}
		if err := json.Unmarshal(raw, &text); err != nil {
			t.Fatal(err)
		}
		texts[lang] = text
	}
	slot := regexp.MustCompile(`\{[a-z0-9]+\}`)
	slots := func(text string) string {
		found := slot.FindAllString(text, -1)
		seen := map[string]bool{}
		for _, f := range found {
			seen[f] = true
		}
		out := ""
		for _, name := range []string{"{n}", "{seq}", "{length}", "{tier}", "{to}", "{name}", "{state}", "{case}", "{standing}", "{quorum}", "{states}", "{from}", "{line}", "{m}", "{place}", "{need}", "{pledged}", "{shown}", "{total}"} {
			if seen[name] {
				out += name
				delete(seen, name)
			}
		}
		if len(seen) > 0 {
			t.Errorf("%q: a value nobody knows", text)
		}
		return out
	}
	for key, text := range texts["en"] {
		other, ok := texts["uk"][key]
		if base, found := strings.CutSuffix(key, ".other"); !ok && found {
			other, ok = texts["uk"][base+".many"]
		}
		if !ok || other == "" {
			t.Errorf("%s is missing in Ukrainian", key)
		} else if slots(text) != slots(other) {
			t.Errorf("%s: %q and %q put in other values", key, text, other)
		}
	}
	for key := range texts["uk"] {
		base := regexp.MustCompile(`\.(few|many)$`).ReplaceAllString(key, ".other")
		if _, ok := texts["en"][key]; !ok && texts["en"][base] == "" {
			t.Errorf("%s is missing in English", key)
		}
	}
}

// TestEveryTextOfATemplateExists finds the keys in the pages.
func TestEveryTextOfATemplateExists(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("text", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("pages", "*.html"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%v %v", err, files)
	}
	single, plural := regexp.MustCompile(`[{( ]t "([a-z0-9_.]+)"`), regexp.MustCompile(`[{( ]n "([a-z0-9_.]+)"`)
	found := 0
	for _, name := range files {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range single.FindAllStringSubmatch(string(page), -1) {
			found++
			if _, ok := texts[m[1]]; !ok {
				t.Errorf("%s: no text %s", name, m[1])
			}
		}
		for _, m := range plural.FindAllStringSubmatch(string(page), -1) {
			found++
			if _, ok := texts[m[1]+".one"]; !ok {
				t.Errorf("%s: no text %s.one", name, m[1])
			}
		}
	}
	if found < 200 {
		t.Errorf("%d texts found in the pages: too few", found)
	}
}
