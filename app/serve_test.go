package app

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func TestDeskAnswersLoopbackOnly(t *testing.T) {
	good := []string{"127.0.0.1:8080", "localhost:0", "[::1]:80", "127.8.9.1:80"}
	bad := []string{"0.0.0.0:80", ":80", "[::]:80", "192.168.0.1:80", "10.0.0.1:80", "example.org:80", "127.0.0.1.example.org:80", "localhost.example.org:80"}
	for _, address := range good {
		if err := requireLoopback(address); err != nil {
			t.Errorf("%s is refused: %v", address, err)
		}
	}
	for _, address := range bad {
		if err := requireLoopback(address); truce.CodeOf(err) != truce.CodeForbidden {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"8080", "", "localhost"} {
		if err := requireLoopback(address); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestAddressForTheBrowser(t *testing.T) {
	cases := map[string]string{"127.0.0.1:8080": "localhost:8080", "[::1]:1": "localhost:1", "0.0.0.0:80": "localhost:80", "192.0.2.1:80": "192.0.2.1:80"}
	for address, want := range cases {
		tcp, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := browserAddress(tcp); got != want {
			t.Errorf("%s is shown as %s, want %s", address, got, want)
		}
	}
	if got := browserAddress(&net.UnixAddr{Name: "/run/truce"}); got != "/run/truce" {
		t.Errorf("a socket is shown as %s", got)
	}
}

// serving runs a command that serves until the test stops it, and gives the address it
// printed.
func serving(t *testing.T, p program, args ...string) (address string, stop func() int) {
	t.Helper()
	return servingAt(t, p.clock(), p.dir, args...)
}

func servingAt(t *testing.T, now func() time.Time, dir string, args ...string) (address string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	printed, out := io.Pipe()
	done := make(chan int, 1)
	go func() {
		var told bytes.Buffer
		c := &cli{in: strings.NewReader(""), out: out, err: &told, now: now}
		code := c.runIn(ctx, append(args, "--listen", "127.0.0.1:0", "--dir", dir))
		out.CloseWithError(fmt.Errorf("exit code %d: %s", code, told.String()))
		done <- code
	}()
	for lines := bufio.NewReader(printed); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			cancel()
			t.Fatalf("no address was printed: %v", err)
		}
		if _, at, found := strings.Cut(strings.TrimSpace(line), ": http://"); found {
			go io.Copy(io.Discard, printed)
			return "http://" + at, func() int { cancel(); return <-done }
		}
	}
}

func fetched(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServeShowsTheDeskUntilItIsStopped(t *testing.T) {
	p := withReports(t)
	address, stop := serving(t, p, "serve")
	status, page := fetched(t, address+"/incidents")
	if status != http.StatusOK || !strings.Contains(page, "2031-1") {
		t.Errorf("status %d:\n%.500s", status, page)
	}
	if code := stop(); code != 0 {
		t.Errorf("stopped with exit code %d", code)
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://")); err == nil {
		conn.Close()
		t.Error("something still answers")
	}
}

// TestPublicPagesShowWhatWasReleased: and nothing of the desk.
func TestPublicPagesShowWhatWasReleased(t *testing.T) {
	p := withReports(t)
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	address, stop := serving(t, p, "serve", "--public")
	defer stop()
	status, page := fetched(t, address+"/daily/2031-03-11")
	if status != http.StatusOK || !strings.Contains(page, "D-2031-03-11") || strings.Contains(page, "-47.90") {
		t.Errorf("status %d:\n%.500s", status, page)
	}
	if status, _ := fetched(t, address+"/quarantine"); status != http.StatusNotFound {
		t.Errorf("a page of the desk answers %d", status)
	}
}

func TestServeOnAnAddressInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	told := newProgram(t).bad(t, "serve", "--listen", taken.Addr().String())
	mustHold(t, told, "cannot listen on 127.0.0.1:", "choose another with --listen")
}

// TestRunningAnswersAreFinished: after the stop nobody new is let in, and who was in
// gets the whole answer.
func TestRunningAnswersAreFinished(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked, finish := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-finish
		fmt.Fprint(w, "the whole answer")
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serveUntil(ctx, listener, handler) }()
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-asked
	cancel()
	for {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			break
		}
		conn.Close()
	}
	close(finish)
	if got := <-answer; got != "the whole answer" {
		t.Errorf("got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}
