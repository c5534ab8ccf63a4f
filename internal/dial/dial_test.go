package dial_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/internal/dial"
)

func TestClosedRanges(t *testing.T) {
	for address, closed := range map[string]bool{
		"127.0.0.1": true, "127.9.9.9": true, "0.0.0.0": true, "10.1.2.3": true, "172.16.0.1": true, "172.31.255.255": true, "192.168.1.1": true,
		"169.254.169.254": true, "100.100.100.200": true, "100.64.0.1": true, "224.0.0.1": true, "255.255.255.255": true, "198.18.0.1": true,
		"::": true, "::1": true, "::ffff:127.0.0.1": true, "::ffff:10.0.0.1": true, "fe80::1": true, "fe80::1%eth0": true, "fd00:ec2::254": true, "ff02::1": true,
		"64:ff9b::7f00:1": true, "2002:7f00:1::": true, "2002:a00:1::1": true, "2001:db8::1": true, "2001::1": true, "::127.0.0.1": true, "4000::1": true,
		"8.8.8.8": false, "172.32.0.1": false, "11.0.0.1": false, "2606:4700::1111": false, "64:ff9b::808:808": false, "2002:808:808::1": false, "::ffff:8.8.8.8": false,
	} {
		if got := dial.Closed(netip.MustParseAddr(address)); (got != "") != closed {
			t.Errorf("%s: closed because %q, want closed %v", address, got, closed)
		}
	}
	if dial.Closed(netip.Addr{}) == "" {
		t.Error("no address is public")
	}
}

// listen is an HTTP server on this machine with its port.
func listen(t *testing.T, h http.HandlerFunc) (string, string) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, port
}

func client(t *testing.T, c dial.Config, h dial.HTTP) *http.Client {
	t.Helper()
	d, err := dial.New(c)
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Client(h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.CloseIdleConnections)
	return out
}

func names(to map[string]string) func(context.Context, string) ([]netip.Addr, error) {
	return func(_ context.Context, host string) ([]netip.Addr, error) {
		if to[host] == "" {
			return nil, errors.New("no such host")
		}
		return []netip.Addr{netip.MustParseAddr(to[host])}, nil
	}
}

func TestRefusesThisMachineUnlessListed(t *testing.T) {
	hits := 0
	url, port := listen(t, func(http.ResponseWriter, *http.Request) { hits++ })
	lookup := names(map[string]string{"relay.internal": "127.0.0.1", "attacker.example": "127.0.0.1"})
	for _, row := range []struct {
		name  string
		allow []string
		only  bool
		url   string
		ok    bool
	}{
		{"nothing listed", nil, false, url, false},
		{"the address", []string{"127.0.0.1"}, false, url, true},
		{"the address and port", []string{"127.0.0.1:" + port}, false, url, true},
		{"another port", []string{"127.0.0.1:1"}, false, url, false},
		{"the range", []string{"127.0.0.0/8"}, true, url, true},
		{"mapped into IPv6", nil, false, "http://[::ffff:127.0.0.1]:" + port, false},
		{"a name for it", nil, false, "http://attacker.example:" + port, false},
		{"the name", []string{"Relay.internal:" + port}, false, "http://relay.internal:" + port, true},
		{"the name in a drill", []string{"relay.internal:" + port}, true, "http://relay.internal.:" + port, true},
		{"another name for the same", []string{"relay.internal:" + port}, false, "http://attacker.example:" + port, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			hits = 0
			lookup := lookup
			if strings.Contains(row.url, "internal.:") {
				lookup = names(map[string]string{"relay.internal.": "127.0.0.1"})
			}
			answer, err := client(t, dial.Config{Allow: row.allow, Only: row.only, Lookup: lookup}, dial.HTTP{}).Get(row.url)
			if row.ok {
				if err != nil || hits != 1 {
					t.Fatalf("error %v, %d requests", err, hits)
				}
				answer.Body.Close()
				return
			}
			if !dial.Refused(err) || hits != 0 {
				t.Fatalf("error %v, %d requests; want it refused", err, hits)
			}
		})
	}
}

func TestARedirectCannotLeadInside(t *testing.T) {
	inside := 0
	target, _ := listen(t, func(http.ResponseWriter, *http.Request) { inside++ })
	url, port := listen(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
	allow := dial.Config{Allow: []string{"127.0.0.1:" + port}}
	if _, err := client(t, allow, dial.HTTP{Redirects: 3}).Get(url); !dial.Refused(err) || inside != 0 {
		t.Errorf("error %v, %d requests inside", err, inside)
	}
	answer, err := client(t, allow, dial.HTTP{}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusFound || inside != 0 {
		t.Errorf("without redirects: %d", answer.StatusCode)
	}
}

func TestEndlessRedirectsEnd(t *testing.T) {
	hops := 0
	url, port := listen(t, func(w http.ResponseWriter, r *http.Request) { hops++; http.Redirect(w, r, "/", http.StatusFound) })
	_, err := client(t, dial.Config{Allow: []string{"127.0.0.1:" + port}}, dial.HTTP{Redirects: 3}).Get(url)
	if err == nil || hops != 4 {
		t.Errorf("error %v after %d requests", err, hops)
	}
}

// A name that answers with a public address first and with an inside one next is looked
// at each time: what counts is the address connected to.
func TestANameThatChangesItsAnswer(t *testing.T) {
	hits, asked := 0, 0
	_, port := listen(t, func(http.ResponseWriter, *http.Request) { hits++ })
	c := client(t, dial.Config{Connect: 50 * time.Millisecond, Lookup: func(context.Context, string) ([]netip.Addr, error) {
		if asked++; asked == 1 {
			return nil, errors.New("first look: passes any check made on the name alone")
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1"), netip.MustParseAddr("169.254.169.254")}, nil
	}}, dial.HTTP{})
	for range 3 {
		if _, err := c.Get("http://changing.example:" + port); err == nil {
			t.Fatal("connected")
		}
	}
	if hits != 0 || asked != 3 {
		t.Errorf("%d requests arrived, the name was looked up %d times", hits, asked)
	}
}

func TestOnlyWhatADrillMayReach(t *testing.T) {
	d, err := dial.New(dial.Config{Only: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.DialContext(t.Context(), "tcp", "8.8.8.8:53"); !dial.Refused(err) {
		t.Errorf("a public address in a drill: %v", err)
	}
	if _, err := d.DialContext(t.Context(), "udp", "8.8.8.8:53"); !dial.Refused(err) {
		t.Errorf("another network: %v", err)
	}
	if _, err := d.DialContext(t.Context(), "tcp", "no port"); err == nil {
		t.Error("an address without a port")
	}
}

func TestTheBodyIsBounded(t *testing.T) {
	url, port := listen(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", map[string]int{"/fits": 100, "/over": 101}[r.URL.Path]))
	})
	c := client(t, dial.Config{Allow: []string{"127.0.0.1:" + port}}, dial.HTTP{Body: 100})
	for path, over := range map[string]bool{"/fits": false, "/over": true} {
		answer, err := c.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if len(text) != 100 || errors.Is(err, dial.ErrBody) != over {
			t.Errorf("%s: %d bytes, %v", path, len(text), err)
		}
	}
}

func TestAServerThatNeverAnswers(t *testing.T) {
	release := make(chan struct{})
	url, port := listen(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	_, err := client(t, dial.Config{Allow: []string{"127.0.0.1:" + port}}, dial.HTTP{Timeout: 30 * time.Millisecond}).Get(url)
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("error %v, want a timeout", err)
	}
}

func TestRefusesAListThatCannotBeRead(t *testing.T) {
	for _, entry := range []string{"", "relay.internal", "relay:0", "relay:99999", "10.0.0.0/33", ":25"} {
		if _, err := dial.New(dial.Config{Allow: []string{entry}}); err == nil {
			t.Errorf("%q is taken", entry)
		}
	}
	d, err := dial.New(dial.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Client(dial.HTTP{Redirects: dial.MaxRedirects + 1}); err == nil {
		t.Error("eleven redirects are taken")
	}
}
