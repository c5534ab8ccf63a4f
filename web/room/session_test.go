package room_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

func sessionOf(t *testing.T, w *httptest.ResponseRecorder) *http.Cookie {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == "truce_session" {
			return c
		}
	}
	t.Fatalf("no session: %d %v", w.Code, w.Header())
	return nil
}

func TestATokenSignsInAndOut(t *testing.T) {
	s := newSite(t)
	for _, path := range everyPage {
		if w := s.get(path); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
			t.Errorf("a stranger at %s: %d %s", path, w.Code, w.Header().Get("Location"))
		}
	}
	if to := s.get("/cases/C-2031-1").Header().Get("Location"); to != "/sign-in?next=%2Fcases%2FC-2031-1" {
		t.Errorf("after signing in: %s", to)
	}
	w := s.post("/sign-in", url.Values{"token": {" " + goodToken + "\n"}, "next": {"/cases/C-2031-1"}})
	c := sessionOf(t, w)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/cases/C-2031-1" || c.Value != goodToken || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure {
		t.Errorf("%d %v %+v", w.Code, w.Header(), c)
	}
	w = s.send(httptest.NewRequest(http.MethodPost, "https://room.example/sign-in", strings.NewReader("token="+goodToken)), []ask{with("Content-Type", "application/x-www-form-urlencoded")})
	if !sessionOf(t, w).Secure {
		t.Error("over TLS the cookie is not marked for TLS only")
	}
	if c := sessionOf(t, s.post("/sign-out", nil, signedIn)); c.Value != "" || c.MaxAge >= 0 {
		t.Errorf("signed out: %+v", c)
	}
	stale := s.get("/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "truce_session", Value: "truce_gone"}) })
	if stale.Code != http.StatusSeeOther || sessionOf(t, stale).MaxAge >= 0 {
		t.Errorf("a token that works no more: %d", stale.Code)
	}
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	s := newSite(t)
	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/sign-out", "/a\r\nX: y", ""} {
		if to := s.post("/sign-in", url.Values{"token": {goodToken}, "next": {next}}).Header().Get("Location"); to != "/" {
			t.Errorf("%q leads to %q", next, to)
		}
	}
}

// TestLinksAreNotUsedUpByBeingFetched: programs that look through mail fetch every link.
func TestLinksAreNotUsedUpByBeingFetched(t *testing.T) {
	s := newSite(t)
	for range 3 {
		w := s.get("/sign-in/" + oneTime)
		if w.Code != http.StatusOK || strings.Count(w.Body.String(), "<button") != 1 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if s.house.used != 0 {
		t.Fatal("a fetch used the link up")
	}
	asCookie := s.get("/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "truce_session", Value: oneTime}) })
	asBearer := s.get("/api/v1/me", with("Authorization", "Bearer "+oneTime))
	if asCookie.Code != http.StatusSeeOther || asBearer.Code != http.StatusUnauthorized {
		t.Errorf("a link that was not exchanged works as a token: %d %d", asCookie.Code, asBearer.Code)
	}
	if c := sessionOf(t, s.post("/sign-in/"+oneTime, nil)); c.Value != lasting || s.house.used != 1 {
		t.Errorf("%+v, used %d times", c, s.house.used)
	}
	if w := s.post("/sign-in/"+oneTime, nil); w.Code != http.StatusUnauthorized {
		t.Errorf("the link works twice: %d", w.Code)
	}
}

// TestALinkShowsItsTokenOnce: without it nobody signs in again once the session is over.
func TestALinkShowsItsTokenOnce(t *testing.T) {
	s := newSite(t)
	s.house.waits = true
	code, err := s.house.person().Code()
	if err != nil {
		t.Fatal(err)
	}
	w := s.post("/sign-in/"+oneTime, nil)
	if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, lasting) || !strings.Contains(body, code) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %s", w.Code, w.Header(), body)
	}
	if body := s.get("/me", signedIn).Body.String(); strings.Contains(body, lasting) || !strings.Contains(body, code) {
		t.Errorf("the page of who was not confirmed: %s", body)
	}
	if body := s.get("/api/v1/me", bearer).Body.String(); !strings.Contains(body, `"stands":false`) || !strings.Contains(body, code) {
		t.Errorf("%s", body)
	}
	s.house.waits = false
	if body := s.get("/me", signedIn).Body.String(); strings.Contains(body, code) {
		t.Error("who was confirmed is asked to tell a code")
	}
}

func TestASecondPersonConfirmsByAForm(t *testing.T) {
	s := newSite(t)
	if body := s.get("/me", signedIn).Body.String(); !strings.Contains(body, `name="id" value="an-1"`) {
		t.Errorf("nobody waits: %s", body)
	}
	w := s.post("/me/confirm", url.Values{"id": {"an-1"}, "code": {" 7h2k 0c9m xw4t "}}, signedIn)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/me" || s.house.confirmed != "an-1 7h2k 0c9m xw4t" {
		t.Errorf("%d %v %q", w.Code, w.Header(), s.house.confirmed)
	}
	s.house.fail = truce.Errorf(truce.CodeForbidden, "who enrolled does not confirm")
	if w := s.post("/me/confirm", url.Values{"id": {"an-1"}, "code": {"x"}}, signedIn); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "who enrolled does not confirm") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestAPaperIsCheckedWithoutSigningIn: who has the code has the form.
func TestAPaperIsCheckedWithoutSigningIn(t *testing.T) {
	s := newSite(t)
	path := "/paper/" + alertID.String() + "/7H2K-0C9M-XW4T"
	for state, said := range map[string]string{"active": "Its alert stands", "updated": "updated by a newer one", "cancelled": "cancelled by"} {
		s.house.paper = state
		if w := s.get(path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), said) || !strings.Contains(w.Body.String(), "C-2031-1") || strings.Contains(w.Body.String(), "<script") {
			t.Errorf("%s: %d %s", state, w.Code, w.Body)
		}
	}
	if w := s.get(path, with("Accept-Language", "uk")); !strings.Contains(w.Body.String(), "Введено рівень T1") {
		t.Errorf("in Ukrainian: %s", w.Body)
	}
	for n := range 25 {
		w := s.get("/paper/" + alertID.String() + "/0000-0000-0000")
		if want := map[bool]int{false: http.StatusNotFound, true: http.StatusTooManyRequests}[n >= 20]; w.Code != want || strings.Contains(w.Body.String(), "C-2031-1") {
			t.Fatalf("forged code %d: %d %s", n+1, w.Code, w.Body)
		}
	}
	if w := s.get(path); w.Code != http.StatusOK {
		t.Errorf("a genuine form after forged ones: %d", w.Code)
	}
	if w := s.get("/paper/x/y"); w.Code != http.StatusTooManyRequests {
		t.Errorf("no alert at all: %d", w.Code)
	}
}

func TestFailuresSayNothingAndAreCounted(t *testing.T) {
	s := newSite(t)
	said := map[string]bool{}
	for _, token := range []string{"", "x", "truce_good ", oneTime + "x", strings.Repeat("a", 500), "truce_withdrawn"} {
		if strings.TrimSpace(token) == goodToken {
			continue
		}
		w := s.post("/sign-in", url.Values{"token": {token}})
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%.20q: %d", token, w.Code)
		}
		said[w.Body.String()] = true
	}
	if len(said) != 1 {
		t.Errorf("%d different answers to tokens that do not work", len(said))
	}
}

// badToken tries to sign in with what is none.
func (s *site) badToken(from string) int {
	return s.post("/sign-in", url.Values{"token": {"x"}}, func(r *http.Request) { r.RemoteAddr = from }).Code
}

// TestATokenThatWorksIsAlwaysLetIn: whatever others try from the same address, as all do
// behind a proxy that the settings do not name.
func TestATokenThatWorksIsAlwaysLetIn(t *testing.T) {
	s := newSite(t)
	const here = "10.0.0.1:1"
	at := func(r *http.Request) { r.RemoteAddr = here }
	for n := range 30 {
		if code := s.badToken(here); (code == http.StatusTooManyRequests) != (n >= 20) {
			t.Fatalf("failed try %d: %d", n+1, code)
		}
	}
	for name, code := range map[string]int{
		"page":    s.get("/", signedIn, at).Code,
		"API":     s.get("/api/v1/me", bearer, at).Code,
		"feed":    s.get("/feed.atom?key=ave-duty.key", at).Code,
		"form":    s.post("/sign-in", url.Values{"token": {goodToken}}, at).Code - http.StatusSeeOther + http.StatusOK,
		"no link": s.post("/sign-in/"+goodToken, nil, at).Code - http.StatusSeeOther + http.StatusOK,
	} {
		if code != http.StatusOK {
			t.Errorf("%s with what works: %d", name, code)
		}
	}
	for name, code := range map[string]int{
		"page": s.get("/", at, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "truce_session", Value: "x"}) }).Code,
		"API":  s.get("/api/v1/me", at, with("Authorization", "Bearer x")).Code,
		"feed": s.get("/feed.atom?key=x", at).Code,
	} {
		if code != http.StatusTooManyRequests {
			t.Errorf("%s with what does not work: %d", name, code)
		}
	}
	if code := s.badToken("10.9.9.9:1"); code != http.StatusUnauthorized {
		t.Errorf("another address waits too: %d", code)
	}
	s.now = s.now.Add(time.Minute)
	if code := s.badToken(here); code != http.StatusUnauthorized {
		t.Errorf("after the window: %d", code)
	}
}

// TestAllAddressesTogetherFailOnlySoOften: who has many addresses is told to wait too, and
// what is remembered of them is bounded.
func TestAllAddressesTogetherFailOnlySoOften(t *testing.T) {
	s := newSite(t)
	for n := range 410 {
		code := s.badToken(fmt.Sprintf("10.1.%d.%d:1", n/250, n%250))
		if (code == http.StatusTooManyRequests) != (n >= 400) {
			t.Fatalf("failed try %d, each from another address: %d", n+1, code)
		}
	}
	if code := s.get("/api/v1/me", bearer).Code; code != http.StatusOK {
		t.Errorf("what works: %d", code)
	}
	s.now = s.now.Add(time.Minute)
	if code := s.badToken("10.1.0.1:1"); code != http.StatusUnauthorized {
		t.Errorf("after the window: %d", code)
	}
}

// TestOneHostIsOneAddress: an IPv6 host has 2^64 addresses.
func TestOneHostIsOneAddress(t *testing.T) {
	s := newSite(t)
	last := 0
	for n := range 21 {
		last = s.badToken(fmt.Sprintf("[2001:db8::%x]:1", n+1))
	}
	if other := s.badToken("[2001:db8:0:1::1]:1"); last != http.StatusTooManyRequests || other != http.StatusUnauthorized {
		t.Errorf("the 21st of a network: %d, the first of another: %d", last, other)
	}
}

func TestStrangersPagesSendNothing(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/sign-in", "/sign-out", "/seen", "/me/confirm", "/cases/C-2031-1/deeds", "/cases/C-2031-1/stake", "/alerts/" + alertID.String()} {
		for _, from := range []ask{with("Sec-Fetch-Site", "cross-site"), with("Origin", "https://evil.example")} {
			if w := s.post(path, url.Values{"kind": {"read"}, "token": {goodToken}}, signedIn, from); w.Code != http.StatusForbidden {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	}
	if s.house.ack.Kind != "" || s.house.deed.Kind != "" || s.house.confirmed != "" {
		t.Error("a page of a stranger acted")
	}
	if w := s.get("/api/v1/me", signedIn); w.Code != http.StatusUnauthorized {
		t.Errorf("the cookie of a browser opens the API: %d", w.Code)
	}
}

func TestAnswersByOneClick(t *testing.T) {
	s := newSite(t)
	path := "/alerts/" + alertID.String()
	w := s.post(path, url.Values{"kind": {"received_by_authority"}, "next": {"/"}}, signedIn)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" || s.house.ack.Kind != truce.AckReceived {
		t.Errorf("%d %+v", w.Code, s.house.ack)
	}
	s.post(path, url.Values{"position": {"reserve"}, "text": {"we wait"}}, signedIn)
	if s.house.ack != (room.Answer{Kind: truce.AckPosition, Position: truce.PositionReserve, Text: "we wait"}) {
		t.Errorf("%+v", s.house.ack)
	}
	if w := s.post("/alerts/nothing", url.Values{"kind": {"read"}}, signedIn); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
	s.house.fail = truce.Errorf(truce.CodeForbidden, "not told")
	if w := s.post(path, url.Values{"kind": {"read"}}, signedIn); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "not told") {
		t.Errorf("%d", w.Code)
	}
}

func TestDeedsOfForms(t *testing.T) {
	s := newSite(t)
	send := func(form url.Values) (int, truce.Deed) {
		s.house.deed = truce.Deed{}
		w := s.post("/cases/C-2031-1/deeds", form, signedIn)
		return w.Code, s.house.deed
	}
	code, d := send(url.Values{"kind": {"sign"}, "after": {"9"}, "tier": {"T2"}, "down": {"1"}, "text": {" as proposed "}})
	if code != http.StatusSeeOther || d.Kind != truce.DeedSign || d.After != 9 || d.Tier != "T2" || !d.Down || d.Text != "as proposed" {
		t.Errorf("%d %+v", code, d)
	}
	code, d = send(url.Values{"kind": {"move_t0"}, "after": {"9"}, "basis": {"event 2031-04-02T05:00:00.000000Z"}, "time": {"2031-04-02T04:30"}})
	if code != http.StatusSeeOther || d.T0 == nil || d.T0.Basis != truce.T0Event || d.T0.New.String() != "2031-04-02T04:30:00.000000Z" || d.T0.Old == 0 {
		t.Errorf("%d %+v", code, d.T0)
	}
	code, d = send(url.Values{"kind": {"move_t0"}, "after": {"9"}, "basis": {"event"}, "old": {"2031-04-02T05:00:00.000000Z"}, "time": {"2031-04-02T04:30:00.000001Z"}, "evidence": {"incident 2031-7"}})
	if code != http.StatusSeeOther || d.T0 == nil || d.T0.New.String() != "2031-04-02T04:30:00.000001Z" || d.T0.Evidence == nil || d.T0.Old == 0 || d.T0.Evidence.Record != "2031-7" {
		t.Errorf("%d %+v", code, d.T0)
	}
	code, d = send(url.Values{"kind": {"remedy"}, "after": {"9"}, "remedy": {"r"}, "party": {"B"}, "what": {"repair"}, "state": {"asked"}, "due": {""}})
	if code != http.StatusSeeOther || d.Remedy == nil || d.Remedy.Party != "B" || d.Remedy.Due != 0 {
		t.Errorf("%d %+v", code, d.Remedy)
	}
	one, two, to := truce.NewID(now, "incident", "test", []byte{1}), truce.NewID(now, "incident", "test", []byte{2}), truce.NewID(now, "case", "test", []byte{2})
	code, d = send(url.Values{"kind": {"move"}, "after": {"9"}, "moved": {one.String(), two.String()}, "to": {to.String()}, "text": {"the same gun"}})
	if code != http.StatusSeeOther || !slices.Equal(d.Moved, []truce.ID{one, two}) || d.To != to {
		t.Errorf("%d %+v", code, d)
	}
	for name, form := range map[string]url.Values{
		"incidents moved that are none": {"kind": {"move"}, "after": {"9"}, "moved": {"x"}, "to": {to.String()}}, "nothing moved": {"kind": {"move"}, "after": {"9"}, "to": {to.String()}},
		"no step": {"kind": {"note"}}, "a step that is none": {"kind": {"note"}, "after": {"x"}}, "a hash that is none": {"kind": {"minute"}, "after": {"9"}, "product": {"zz"}},
		"a time that is none": {"kind": {"move_t0"}, "after": {"9"}, "basis": {"event"}, "time": {"soon"}}, "an old time that is none": {"kind": {"move_t0"}, "after": {"9"}, "basis": {"event x"}},
		"evidence that is none":   {"kind": {"move_t0"}, "after": {"9"}, "basis": {"event"}, "evidence": {"a rumour"}},
		"a due time that is none": {"kind": {"remedy"}, "after": {"9"}, "due": {"x"}},
	} {
		if code, d := send(form); code != http.StatusBadRequest || d.Kind != "" {
			t.Errorf("%s: %d %+v", name, code, d)
		}
	}
}

func TestInvocationsAndTheLastLook(t *testing.T) {
	s := newSite(t)
	w := s.post("/cases/C-2031-1/stake", url.Values{"commitment": {"ave-x"}, "state": {"requested"}, "body": {"ministry"}}, signedIn)
	if w.Code != http.StatusSeeOther || s.house.step.State != truce.InvocationRequested || s.house.step.Body != "ministry" {
		t.Errorf("%d %+v", w.Code, s.house.step)
	}
	w = s.post("/seen", url.Values{"mark": {"77"}}, signedIn)
	mark := w.Result().Cookies()
	if len(mark) != 1 || mark[0].Value != "77" || !mark[0].HttpOnly {
		t.Fatalf("%+v", mark)
	}
	s.get("/", signedIn, func(r *http.Request) { r.AddCookie(mark[0]) })
	if s.house.since != 77 {
		t.Errorf("since %d", s.house.since)
	}
	s.get("/", signedIn, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "truce_seen", Value: "-5"}) })
	if s.house.since != 0 {
		t.Errorf("since %d", s.house.since)
	}
}

func TestFeedAndPaper(t *testing.T) {
	s := newSite(t)
	if w := s.get("/feed.atom?key=ave-duty.key"); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/atom+xml" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, key := range []string{"", "x", goodToken, strings.Repeat("a", 300)} {
		if w := s.get("/feed.atom?key=" + key); w.Code != http.StatusUnauthorized {
			t.Errorf("%.10q: %d", key, w.Code)
		}
	}
	if w := s.get("/alerts/"+alertID.String()+"/paper", signedIn); w.Code != http.StatusOK || strings.Contains(w.Header().Get("Content-Security-Policy"), "script") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestRefusalsHaveTheirPage(t *testing.T) {
	s := newSite(t)
	for code, status := range map[truce.Code]int{truce.CodeForbidden: 403, truce.CodeNotFound: 404, truce.CodeConflict: 409, truce.CodeInternal: 500} {
		s.house.fail = truce.Errorf(code, "the secret reason")
		w := s.get("/", signedIn)
		if w.Code != status || strings.Contains(w.Body.String(), "secret reason") != (code != truce.CodeInternal) {
			t.Errorf("%s: %d", code, w.Code)
		}
	}
	if w := s.get("/nothing"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
	if w := s.get("/sign-in", with("Accept-Language", "uk-UA,uk;q=0.9")); !strings.Contains(w.Body.String(), "Вхід") {
		t.Error("a stranger who reads Ukrainian is asked in English")
	}
}
