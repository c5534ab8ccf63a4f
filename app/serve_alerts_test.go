package app_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/trucewatch/truce/app"
	"github.com/trucewatch/truce/respond/alert/alerttest"
)

// outpost is a real mission on this machine: a data directory whose truce.yaml names a mail
// relay and allows a receiver of signed messages, both on this machine, and truce serve
// --room as a process of its own that is killed without warning.
type outpost struct {
	testing.TB
	dir, clock, ca, secret string
	now                    time.Time
	tokens                 map[string]string
	box                    *alerttest.Mailbox
	hooks                  *alerttest.Hooks
	front                  *httptest.Server // TLS before hooks
	server                 *exec.Cmd
	base                   string
}

const outpostNumber = "C-2031-1"

func newOutpost(t *testing.T) *outpost {
	t.Helper()
	o := &outpost{TB: t, dir: filepath.Join(t.TempDir(), "mission"), tokens: map[string]string{}, now: time.Date(2031, 3, 11, 16, 0, 0, 0, time.UTC),
		secret: "whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes, or"))}
	o.clock, o.ca = filepath.Join(t.TempDir(), "clock"), filepath.Join(t.TempDir(), "ca.pem")
	var err error
	o.box, err = alerttest.NewMailbox(nil)
	o.must(err)
	o.hooks, err = alerttest.NewHooks()
	o.must(err)
	o.front = httptest.NewUnstartedServer(o.hooks)
	o.front.Config.ErrorLog = log.New(io.Discard, "", 0)
	o.front.StartTLS()
	o.must(os.WriteFile(o.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: o.front.Certificate().Raw}), 0o600))
	t.Cleanup(func() {
		o.kill()
		o.must(o.box.Close())
		o.must(o.hooks.Close())
		o.front.Close()
	})
	o.later(0)
	o.truce("init", o.dir)
	config, err := os.OpenFile(filepath.Join(o.dir, app.ConfigFile), os.O_APPEND|os.O_WRONLY, 0)
	o.must(err)
	_, err = fmt.Fprintf(config, "\nalerts:\n  base: https://room.example.org\n  relay: %s\n  from: Truce <alerts@mission.example>\n  security: none\n  allow: [\"%s\", \"%s\"]\n",
		o.box.Address(), o.box.Address(), o.front.Listener.Addr())
	o.must(err)
	o.must(config.Close())
	o.people()
	for n, by := range []string{"patrol 3", "post 7"} {
		o.truce("note", "two loud explosions", "--at", fmt.Sprintf("2031-03-11T14:0%d:00Z", 5+n), "--lat", "-47.91", "--lon", "-21.62", "--radius", "300",
			"--act", "indirect_fire", "--from", by, "--family", []string{"patrol", "civilian"}[n])
	}
	o.truce("assess")
	return o
}

func (o *outpost) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// later moves the clock of every program.
func (o *outpost) later(d time.Duration) {
	o.Helper()
	o.now = o.now.Add(d)
	next := o.clock + ".next"
	o.must(os.WriteFile(next, []byte(o.now.Format(time.RFC3339Nano)), 0o600))
	o.must(os.Rename(next, o.clock))
}

// truce runs a command and returns what it printed, to people last.
func (o *outpost) truce(args ...string) (said, told string) {
	o.Helper()
	var out, errs bytes.Buffer
	if args[0] != "init" {
		args = append(args, "--dir", o.dir)
	}
	if code := app.MainAt(fileClock(o.clock), args, strings.NewReader(""), &out, &errs); code != 0 {
		o.Fatalf("truce %s: %d %s", strings.Join(args, " "), code, errs.String())
	}
	return strings.TrimSpace(out.String()), errs.String()
}

var codeTold = regexp.MustCompile(`your code: (\S+)`)

// people enrols two founders and, through them, those who act here.
func (o *outpost) people() {
	o.Helper()
	file := func(id string) string { return filepath.Join(filepath.Dir(o.clock), id) }
	keep := func(id, text string) {
		o.must(os.WriteFile(file(id), []byte(text), 0o600))
		o.tokens[id] = text
	}
	lead, _ := o.truce("person", "add", "lead", "--office", "mechanism_lead")
	keep("lead", lead)
	for _, p := range [][]string{{"chair", "chair"}, {"wo", "watch_officer"}, {"wl", "watch_lead"},
		{"a", "liaison", "--party", "A", "--email", "a@party.example"}, {"b", "liaison", "--party", "B", "--webhook", o.front.URL + "/b"}} {
		link, _ := o.truce(append([]string{"person", "add", p[0], "--token-file", file("lead"), "--office", p[1]}, p[2:]...)...)
		keep("link", link)
		token, told := o.truce("person", "accept", "--token-file", file("link"))
		keep(p[0], token)
		if code := codeTold.FindStringSubmatch(told); code != nil {
			o.truce("person", "confirm", p[0], code[1], "--token-file", file("chair"))
		}
	}
}

// serve starts the room as a process of its own.
func (o *outpost) serve() {
	o.Helper()
	program, err := os.Executable()
	o.must(err)
	o.server = &exec.Cmd{Path: program, Args: []string{"truce", "serve", "--room", "--listen", "127.0.0.1:0", "--dir", o.dir},
		Env: append(os.Environ(), "TRUCE_TEST_CLOCK="+o.clock, "SSL_CERT_FILE="+o.ca, "TRUCE_WEBHOOK_SECRET_B="+o.secret)}
	out, err := o.server.StdoutPipe()
	o.must(err)
	o.must(o.server.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	o.must(err)
	_, address, found := strings.Cut(strings.TrimSpace(line), ": http://")
	if !found {
		o.Fatalf("no address in %q", line)
	}
	o.base = "http://" + address
}

// kill ends the process as a power cut would.
func (o *outpost) kill() {
	if o.server != nil {
		_ = o.server.Process.Kill()
		_ = o.server.Wait() // says that it was killed
		o.server = nil
	}
}

// ask sends a request to the API as a person and reads the answer.
func (o *outpost) ask(by, method, path, body string, into any) {
	o.Helper()
	req, err := http.NewRequestWithContext(o.Context(), method, o.base+"/api/v1"+path, strings.NewReader(body))
	o.must(err)
	req.Header.Set("Authorization", "Bearer "+o.tokens[by])
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	o.must(err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	o.must(err)
	if answer.StatusCode != http.StatusOK {
		o.Fatalf("%s %s as %s: %d %s", method, path, by, answer.StatusCode, said)
	}
	if into != nil {
		o.must(json.Unmarshal(said, into))
	}
}

// until asks again and again whether something has come about.
func (o *outpost) until(what string, done func() bool) {
	o.Helper()
	tick, end := time.NewTicker(50*time.Millisecond), time.NewTimer(20*time.Second)
	defer tick.Stop()
	defer end.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-end.C:
			said, _ := o.truce("alerts", "--format", "json")
			o.Fatalf("never: %s; mails %d, hooks %d\n%s", what, len(o.box.Mails()), len(o.hooks.Hooks()), said)
		}
	}
}

// brought is how an alert came to a person.
type brought struct {
	Person, Progress string
	Tries            int
}

// hotline is the alert that both parties were sent, and how it came to them.
func (o *outpost) hotline() (id string, to map[string]brought) {
	o.Helper()
	var list struct{ Rows []struct{ ID string } }
	o.ask("wl", http.MethodGet, "/alerts", "", &list)
	for _, row := range list.Rows {
		var file struct{ Recipients []brought }
		o.ask("wl", http.MethodGet, "/alerts/"+row.ID, "", &file)
		to = map[string]brought{}
		for _, r := range file.Recipients {
			to[r.Person] = r
		}
		if _, told := to["a"]; told {
			return row.ID, to
		}
	}
	return "", nil
}

// refused says whether the outcome of an attempt is on record for both parties: the relay's
// and the receiver's own words.
func (o *outpost) refused() bool {
	said, _ := o.truce("alerts", "--format", "json")
	var list []struct {
		Recipients []struct{ Person, Note string }
	}
	o.must(json.Unmarshal([]byte(said), &list))
	words := map[string]string{}
	for _, a := range list {
		for _, r := range a.Recipients {
			words[r.Person] += r.Note
		}
	}
	return strings.Contains(words["a"], "451") && strings.Contains(words["b"], "503")
}

// progress says whether the alert stands so with both parties.
func (o *outpost) progress(done func(brought) bool) func() bool {
	return func() bool {
		_, to := o.hotline()
		return len(to) > 0 && done(to["a"]) && done(to["b"])
	}
}

// raise lets people pass the gates up to the hotline, through the API.
func (o *outpost) raise() {
	o.Helper()
	o.until("a case is open", func() bool {
		var list struct{ Rows []json.RawMessage }
		o.ask("wl", http.MethodGet, "/cases", "", &list)
		return len(list.Rows) == 1
	})
	o.ask("wo", http.MethodPost, "/cases/"+outpostNumber+"/deeds", `{"kind":"sign","tier":"L0"}`, nil)
	o.ask("wl", http.MethodPost, "/cases/"+outpostNumber+"/deeds", `{"kind":"sign","tier":"L1","text":"two families"}`, nil)
}

// TestServeRoomBringsAlertsThroughKillsR23 runs the wiring of truce serve --room as its
// operator has it: truce.yaml, secrets in the environment, people enrolled by two, gates
// passed through the API. A relay and a receiver that refuse, then keep the message and hang,
// then work; the process is killed at each; in the end each party has the alert once or
// twice, under one id, and answers it through the room.
func TestServeRoomBringsAlertsThroughKillsR23(t *testing.T) {
	o := newOutpost(t)
	o.box.Fail(alerttest.Fault{Step: alerttest.StepMail, Reply: "451 4.3.0 later"})
	o.hooks.Answer(alerttest.Reply{Status: http.StatusServiceUnavailable, Drop: true})
	o.serve()
	o.raise()
	o.later(4 * time.Second)
	o.until("both refuse", o.refused)
	if len(o.box.Mails())+len(o.hooks.Hooks()) != 0 {
		t.Fatal("something arrived at sinks that refuse")
	}
	o.kill()

	o.box.Fail(alerttest.Fault{Step: alerttest.StepDot, Keep: true, Hang: true})
	o.hooks.Answer(alerttest.Reply{Hang: true})
	o.later(time.Minute)
	o.serve()
	o.until("both have kept it and hang", func() bool { return len(o.box.Mails()) == 1 && len(o.hooks.Hooks()) == 1 })
	o.kill()

	o.box.Fail(alerttest.Fault{})
	o.hooks.Answer(alerttest.Reply{})
	o.later(5 * time.Minute)
	o.serve()
	o.until("both are reached", o.progress(func(b brought) bool { return b.Progress == "reached" }))
	o.answers()

	o.kill()
	o.later(2 * time.Hour)
	o.serve()
	o.until("the clock for the reply is recorded as missed", func() bool {
		said, _ := o.truce("clock", "list", outpostNumber)
		return strings.Contains(said, "missed")
	})
	o.arrivedOnceOrTwice()
}

// answers lets both parties answer, one by the button of the page and one by the API.
func (o *outpost) answers() {
	o.Helper()
	id, _ := o.hotline()
	req, err := http.NewRequestWithContext(o.Context(), http.MethodPost, o.base+"/alerts/"+id, strings.NewReader(url.Values{"kind": {"read"}}.Encode()))
	o.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.AddCookie(&http.Cookie{Name: "truce_session", Value: o.tokens["a"]})
	answer, err := http.DefaultTransport.RoundTrip(req)
	o.must(err)
	o.must(answer.Body.Close())
	if answer.StatusCode != http.StatusSeeOther {
		o.Fatalf("the button of a: %d", answer.StatusCode)
	}
	o.ask("b", http.MethodPost, "/alerts/"+id+"/acknowledgements", `{"kind":"received_by_authority"}`, nil)
	var file struct {
		Given []struct{ By, Kind string }
	}
	o.ask("wl", http.MethodGet, "/alerts/"+id, "", &file)
	given := map[string]string{}
	for _, g := range file.Given {
		given[g.By] = g.Kind
	}
	if given["a"] != "read" || given["b"] != "received_by_authority" {
		o.Errorf("answers on record: %v", given)
	}
}

// arrivedOnceOrTwice counts what the sinks have kept, by id and address.
func (o *outpost) arrivedOnceOrTwice() {
	o.Helper()
	arrived := map[string]int{}
	for _, m := range o.box.Mails() {
		got, err := m.Message()
		o.must(err)
		arrived["mail "+m.To+" "+got.Header.Get("Message-Id")]++
	}
	verifier, err := standardwebhooks.NewWebhook(o.secret)
	o.must(err)
	for _, h := range o.hooks.Hooks() {
		o.must(verifier.VerifyIgnoringTimestamp(h.Body, h.Header))
		arrived["hook "+h.Path+" "+h.Header.Get("Webhook-Id")]++
	}
	id, _ := o.hotline()
	hotline := 0
	for what, n := range arrived {
		if n > 2 {
			o.Errorf("%s arrived %d times", what, n)
		}
		if strings.Contains(what, id) {
			hotline++
			if n != 2 { // kept before the kill, sent again after it
				o.Errorf("%s arrived %d times: the kill did not bite", what, n)
			}
		}
	}
	if hotline != 2 {
		o.Errorf("alert %s came under %d names: %v", id, hotline, arrived)
	}
}
