package feed_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/internal/dial"
	"github.com/trucewatch/truce/internal/polite"
	"github.com/trucewatch/truce/source/feed"
	"github.com/trucewatch/truce/source/opml"
	"github.com/trucewatch/truce/source/page"
	"github.com/trucewatch/truce/source/sourcetest"
)

const (
	// memoryBound is how much more memory a payload may leave in use.
	memoryBound = 64 << 20
	// timeBound is how long one payload may take. It ends a test that hangs; it is no
	// measure of speed.
	timeBound = 30 * time.Second
)

// canary is a listener that nothing may reach.
type canary struct {
	listener net.Listener
	hits     atomic.Int64
}

func newCanary(t *testing.T, address string) *canary {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("no listener on %s here: %v", address, err)
	}
	c := &canary{listener: l}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.hits.Add(1)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return c
}

func (c *canary) port() string {
	_, port, _ := net.SplitHostPort(c.listener.Addr().String())
	return port
}

// attacker is a public server as far as the getter knows: its own address is allowed,
// nothing else of this machine is.
type attacker struct {
	server *httptest.Server
	canary *canary
	lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	secret string // a file nothing may read
}

func newAttacker(t *testing.T) *attacker {
	t.Helper()
	a := &attacker{canary: newCanary(t, "127.0.0.1:0")}
	a.secret = filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(a.secret, []byte("CANARY-IN-A-FILE"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.server.Close)
	asked := atomic.Int64{}
	a.lookup = func(_ context.Context, host string) ([]netip.Addr, error) {
		inside := map[string]string{
			"loopback.example": "127.0.0.1", "private.example": "10.0.0.1", "private2.example": "192.168.1.1", "private3.example": "172.16.0.1", "link.example": "169.254.169.254",
			"nat64.example": "64:ff9b::7f00:1", "mapped.example": "::ffff:127.0.0.1", "six.example": "::1", "unique.example": "fd00:ec2::254", "sixtofour.example": "2002:7f00:1::",
			"zero.example": "0.0.0.0", "carrier.example": "100.64.0.1", "broadcast.example": "255.255.255.255", "2130706433": "127.0.0.1", "0x7f000001": "127.0.0.1", "localhost": "127.0.0.1",
		}[strings.TrimSuffix(host, ".")]
		if strings.HasPrefix(host, "rebind") { // public when it is looked at, inside when it is used
			if asked.Add(1)%2 == 1 {
				inside = "8.8.8.8"
			} else {
				inside = "127.0.0.1"
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr(inside)}, nil
		}
		if inside == "" {
			return nil, errors.New("no such host")
		}
		return []netip.Addr{netip.MustParseAddr(inside)}, nil
	}
	return a
}

// getter is made as for real feeds, with smaller times.
func (a *attacker) getter(t *testing.T) *polite.Getter {
	t.Helper()
	g, err := polite.New(polite.Config{
		Contact: "https://watch.example/bot", NoRobots: true, Every: time.Microsecond, Answer: 300 * time.Millisecond, Body: 500 * time.Millisecond,
		Dial: dial.Config{Allow: []string{a.server.Listener.Addr().String()}, Lookup: a.lookup, Connect: 300 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// zeros packs n bytes of nothing, w by w.
func zeros(w io.WriteCloser, n int64) {
	block := make([]byte, 1<<20)
	for ; n > 0; n -= int64(len(block)) {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
	_ = w.Close()
}

const tenGB = 10 << 30

// serve answers by the path, which names the attack.
func (a *attacker) serve(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if to, ok := strings.CutPrefix(name, "to/"); ok {
		w.Header().Set("Location", strings.NewReplacer("PORT", a.canary.port(), "SECRET", a.secret).Replace(to))
		w.WriteHeader(http.StatusFound)
		return
	}
	switch name {
	case "gzip-bomb": // written until the reader hangs up: 10 GB if it never did
		w.Header().Set("Content-Encoding", "gzip")
		zeros(gzip.NewWriter(w), tenGB)
	case "deflate-bomb":
		w.Header().Set("Content-Encoding", "deflate")
		zeros(zlib.NewWriter(w), tenGB)
	case "gzip-twice":
		w.Header().Set("Content-Encoding", "gzip, gzip")
		zeros(gzip.NewWriter(gzip.NewWriter(w)), 1<<20)
	case "endless", "lying-length":
		if name == "lying-length" {
			w.Header().Set("Content-Length", fmt.Sprint(int64(tenGB)))
		}
		zeros(closing{w}, tenGB)
	case "slow-body": // never ends; the reader gives up
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	case "slow-header":
		<-r.Context().Done()
	case "long-header":
		w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
	case "many-headers":
		for i := range 20_000 {
			w.Header().Set(fmt.Sprintf("X-%d", i), "x")
		}
	case "loop":
		http.Redirect(w, r, "/loop", http.StatusFound)
	case "loop-a":
		http.Redirect(w, r, "/loop-b", http.StatusMovedPermanently)
	case "loop-b":
		http.Redirect(w, r, "/loop-a", http.StatusMovedPermanently)
	default:
		if n, ok := strings.CutPrefix(name, "chain-"); ok {
			http.Redirect(w, r, "/chain-"+n+"x", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, goodFeed)
	}
}

type closing struct{ io.Writer }

func (closing) Close() error { return nil }

const goodFeed = `<rss version="2.0"><channel><title>Wire</title><item><title>Talks go on</title><pubDate>Thu, 08 Jan 2026 10:30:00 +0200</pubDate></item></channel></rss>`

// fetched are the attacks on the way: where a redirect, a name or an answer may lead.
func fetched(a *attacker) map[string]string {
	at := func(path string) string { return a.server.URL + "/" + path }
	out := map[string]string{}
	for _, name := range []string{"gzip-bomb", "deflate-bomb", "gzip-twice", "endless", "lying-length", "slow-body", "slow-header", "long-header", "many-headers", "loop", "loop-a", "chain-"} {
		out[name] = at(name)
	}
	for _, to := range []string{
		"http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://[::1]:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/", "http://[2002:7f00:1::]:PORT/",
		"http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0.0.0.0:PORT/", "//127.0.0.1:PORT/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/",
		"file://SECRET", "gopher://127.0.0.1:PORT/_GET", "data:application/rss+xml,<rss/>", "ftp://127.0.0.1:PORT/", "http://me:pw@127.0.0.1:PORT/", "javascript:alert(1)",
	} {
		out["redirect to "+to] = at("to/" + to)
	}
	for _, host := range []string{
		"loopback.example", "private.example", "private2.example", "private3.example", "link.example", "nat64.example", "mapped.example", "six.example", "unique.example",
		"sixtofour.example", "zero.example", "carrier.example", "broadcast.example", "rebind.example", "rebind2.example", "loopback.example.",
	} {
		out["name "+host] = "http://" + host + ":" + a.canary.port() + "/"
		out["redirect to name "+host] = at("to/http://" + host + ":PORT/")
	}
	return out
}

// parsed are the attacks inside the bytes.
func parsed(t *testing.T, a *attacker) map[string][]byte {
	t.Helper()
	lol := `<!DOCTYPE rss [<!ENTITY a "lol">`
	for c := 'b'; c < 'k'; c++ {
		lol += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	item := func(inside string) []byte {
		return []byte(`<rss version="2.0"><channel><title>x</title><item><title>Talks go on</title><pubDate>2026-01-08</pubDate>` + inside + `</item></channel></rss>`)
	}
	external := func(system string) []byte {
		return []byte(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "` + system + `">]><rss version="2.0"><channel><item><title>Hello there &x;</title><pubDate>2026-01-08</pubDate></item></channel></rss>`)
	}
	here := "http://127.0.0.1:" + a.canary.port() + "/"
	var packed bytes.Buffer
	zeros(gzip.NewWriter(&packed), 64<<20)
	var nested bytes.Buffer
	w := gzip.NewWriter(&nested)
	_, _ = w.Write(packed.Bytes())
	_ = w.Close()
	return map[string][]byte{
		"external entity, file":        external("file://" + a.secret),
		"external entity, http":        external(here),
		"external entity, php":         external("php://filter/read=convert.base64-encode/resource=" + a.secret),
		"parameter entity":             []byte(`<!DOCTYPE rss [<!ENTITY % p SYSTEM "` + here + `"> %p;]>` + goodFeed),
		"external DTD":                 []byte(`<!DOCTYPE rss SYSTEM "` + here + `x.dtd">` + strings.Replace(goodFeed, "Talks", "&secret; Talks", 1)),
		"public DTD":                   []byte(`<!DOCTYPE rss PUBLIC "-//x" "` + here + `">` + goodFeed),
		"entity bomb":                  []byte(lol + `]><rss version="2.0"><channel><title>&j;</title></channel></rss>`),
		"quadratic entity":             []byte(`<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 100_000) + `">]><rss><channel><title>` + strings.Repeat("&a;", 10_000) + `</title></channel></rss>`),
		"stylesheet":                   []byte(`<?xml-stylesheet type="text/xsl" href="` + here + `"?>` + goodFeed),
		"XInclude":                     item(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://` + a.secret + `" parse="text"/>`),
		"schema location":              []byte(strings.Replace(goodFeed, "<rss ", `<rss xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="`+here+`" `, 1)),
		"base inside":                  []byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="` + here + `"><entry><title>Talks go on</title><updated>2026-01-08T00:00:00Z</updated><link href="a"/><content src="` + here + `"/></entry></feed>`),
		"picture inside":               item(`<description>&lt;img src="` + here + `"&gt;&lt;script src="` + here + `"&gt;&lt;/script&gt;</description>`),
		"enclosure inside":             item(`<enclosure url="` + here + `" type="audio/mpeg" length="1"/>`),
		"deep elements":                []byte(`<rss><channel>` + strings.Repeat("<a>", 1_000_000)),
		"deep in an item":              item(strings.Repeat("<a>", 300_000)),
		"deep JSON":                    []byte(`{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.Repeat("[", 1_000_000)),
		"many attributes":              []byte(`<rss ` + strings.Repeat("a='b' ", 500_000) + `>`),
		"many namespaces":              item(strings.Repeat(`<n:a xmlns:n="urn:x"/>`, 30_000)),
		"one long tag":                 []byte("<rss><channel><item " + strings.Repeat("x", 15<<20)),
		"one long text":                item("<description>" + strings.Repeat("x", 15<<20) + "</description>"),
		"many items":                   []byte("<rss><channel>" + strings.Repeat("<item/>", 2_000_000)),
		"never closed":                 []byte("<rss><channel>" + strings.Repeat("<item><title>x", 500_000)),
		"comments":                     []byte("<rss><channel>" + strings.Repeat("<!-- ", 2_000_000)),
		"end tags":                     []byte("<feed><entry>" + strings.Repeat("</entry>", 1_500_000)),
		"quotes":                       []byte("<rss><channel>" + strings.Repeat(`<item a="`, 1_500_000)),
		"bad charset":                  []byte("<?xml version='1.0' encoding='x-user-defined'?><rss>\xff\xfe\xfd</rss>"),
		"utf-7":                        []byte("<?xml version='1.0' encoding='UTF-7'?>+ADw-rss+AD4\xff"),
		"iso-2022-cn":                  []byte("<?xml version='1.0' encoding='iso-2022-cn'?><rss>\x0e\xff\xff</rss>"),
		"utf-16 claimed":               []byte("<?xml version='1.0' encoding='UTF-16'?><rss>\xff</rss>"),
		"utf-16 odd":                   []byte("\xff\xfe<\x00r\x00s"),
		"utf-32":                       []byte("\x00\x00\xfe\xff\x00\x00\x00<"),
		"NULs":                         bytes.Repeat([]byte{0}, 1<<20),
		"gzip in a file":               packed.Bytes(),
		"gzip in gzip in a file":       nested.Bytes(),
		"zip in a file":                []byte("PK\x03\x04" + strings.Repeat("\x00", 1000)),
		"entities in a page":           []byte("<title>" + strings.Repeat("&amp;amp;amp;", 200_000) + "</title>"),
		"deep page":                    []byte(strings.Repeat("<div>", 500_000)),
		"misnested page":               []byte(strings.Repeat("<b><p><i>", 100_000)),
		"page that refreshes":          []byte(`<meta http-equiv="refresh" content="0;url=` + here + `"><link rel="canonical" href="` + here + `"><iframe src="` + here + `">`),
		"page with deep JSON-LD":       []byte(`<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 40_000) + `</script>`),
		"OPML that includes":           []byte(`<opml><body><outline type="include" url="` + here + `"/><outline xmlUrl="file://` + a.secret + `"/></body></opml>`),
		"OPML with entities":           []byte(`<!DOCTYPE opml [<!ENTITY x SYSTEM "file://` + a.secret + `">]><opml><head><title>&x;</title></head></opml>`),
		"sitemap that leads elsewhere": []byte(`<sitemapindex><sitemap><loc>` + here + `</loc></sitemap><sitemap><loc>file://` + a.secret + `</loc></sitemap></sitemapindex>`),
	}
}

// everything reads bytes as each format, as a file that may be packed too.
func everything(doc []byte) (said string) {
	sink := &sourcetest.Sink{}
	cfg := feed.Config{Address: "https://feeds.example/all"}
	channel, err := feed.Decode(bytes.NewReader(doc), "poison.xml", cfg, sink)
	said = fmt.Sprint(channel.Title, channel.Notes, err)
	if _, err := page.Decode(bytes.NewReader(doc), "2026-01-08-poison.html", page.Config{}, sink); err != nil {
		said += err.Error()
	}
	list, err := opml.Read(bytes.NewReader(doc), "poison.opml")
	said += fmt.Sprint(list, err)
	if r, err := bounded.Unpack(bytes.NewReader(doc), bounded.UnpackLimits{}); err == nil {
		_, err = feed.Decode(r, "poison.xml.gz", cfg, sink)
		said += fmt.Sprint(err)
	}
	for _, o := range sink.Observations {
		said += o.Report.Headline + o.Report.Text
	}
	for _, r := range sink.Rejections {
		said += r.Reason
	}
	return said
}

// TestPoisonedFeedsR18: at least 60 payloads; nothing inside is reached, no file is read,
// memory stays bounded, each ends in time, and the next good feed is read all the same.
func TestPoisonedFeedsR18(t *testing.T) {
	a := newAttacker(t)
	g := a.getter(t)
	payloads := 0
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	check := func(name, said string, begun time.Time) {
		t.Helper()
		payloads++
		t.Logf("%v %s", time.Since(begun).Round(10*time.Millisecond), name)
		if took := time.Since(begun); took > timeBound {
			t.Errorf("%s: took %v", name, took)
		}
		if strings.Contains(said, "CANARY") {
			t.Errorf("%s: a file was read", name)
		}
		if n := a.canary.hits.Swap(0); n != 0 {
			t.Errorf("%s: %d connections arrived inside", name, n)
		}
	}
	for name, url := range fetched(a) {
		begun := time.Now()
		out, err := g.Get(t.Context(), polite.Request{URL: url})
		if err == nil || out.Body != nil || out.State.Failures != 1 {
			t.Errorf("%s: status %d, %d bytes, %v; want it refused", name, out.Status, len(out.Body), err)
		}
		check(name, fmt.Sprint(err), begun)
	}
	for name, doc := range parsed(t, a) {
		begun := time.Now()
		check(name, everything(doc), begun)
	}
	if payloads < 60 {
		t.Errorf("%d payloads, want at least 60", payloads)
	}
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > memoryBound {
		t.Errorf("%d MiB more are in use", grown>>20)
	}
	stillWorks(t, a, g)
	t.Logf("%d payloads", payloads)
}

// stillWorks: only the poisoned source is degraded.
func stillWorks(t *testing.T, a *attacker, g *polite.Getter) {
	t.Helper()
	out, err := g.Get(t.Context(), polite.Request{URL: a.server.URL + "/good"})
	if err != nil {
		t.Fatalf("a good feed after the bad ones: %v", err)
	}
	sink := &sourcetest.Sink{}
	if _, err := feed.Decode(bytes.NewReader(out.Body), "good.xml", feed.Config{}, sink); err != nil || len(sink.Observations) != 1 || sink.Observations[0].Kind != truce.KindReport {
		t.Errorf("a good feed after the bad ones: %d reports, %v", len(sink.Observations), err)
	}
}

// TestPoisonedFeedsControlR18: a dialer that looks at the name before resolving it, and
// not at the address it connects to, lets the same payloads in; the canary tells.
func TestPoisonedFeedsControlR18(t *testing.T) {
	a := newAttacker(t)
	early := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if ip, err := netip.ParseAddr(host); err == nil && dial.Closed(ip) != "" && address != a.server.Listener.Addr().String() {
			return nil, errors.New("refused")
		} else if err == nil {
			return new(net.Dialer).DialContext(ctx, network, address)
		}
		ips, err := a.lookup(ctx, host) // and whatever it says is connected to
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(ips[0].String(), port))
	}}}
	defer early.CloseIdleConnections()
	for _, host := range []string{"loopback.example", "rebind.example"} {
		for _, url := range []string{"http://" + host + ":" + a.canary.port() + "/", a.server.URL + "/to/http://" + host + ":PORT/"} {
			if answer, err := early.Get(url); err == nil {
				answer.Body.Close()
			}
			if a.canary.hits.Swap(0) == 0 {
				t.Errorf("%s: the control was not caught: the canary was not reached", url)
			}
		}
	}
}
