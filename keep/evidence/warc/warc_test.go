package warc

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/evidence"
)

var noon = truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC))

// collection is a store with four captures: two of the same bytes, one that did not come
// over HTTP, one that was taken down.
func collection(t testing.TB) (*evidence.Store, []Item) {
	t.Helper()
	disk, err := evidence.OpenDisk(filepath.Join(t.TempDir(), "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := evidence.New(t.Context(), disk, evidence.Options{Clock: noon.Time})
	if err != nil {
		t.Fatal(err)
	}
	head := []evidence.Field{evidence.NewField("Content-Type", "text/html; charset=utf-8"), evidence.NewField("Transfer-Encoding", "chunked"), evidence.NewField("X-Odd", "\xff\xfe")}
	bodies := []string{"<title>Один</title> перша", "<title>Один</title> перша", "plain\r\n\r\ntext WARC/1.1\r\n", "a name that must go"}
	captures := []evidence.Capture{
		{URL: "https://www.example.org/a?b=2&a=1", Fetched: noon, Status: 200, MediaType: "text/html; charset=utf-8", Header: head, By: "feed suite", Address: "192.0.2.7"},
		{URL: "http://example.net/r", FinalURL: "https://example.net:8443/Same", Fetched: noon + 1_234_567, Status: 200, MediaType: "text/html", Header: head, By: "feed suite"},
		{URL: "file:///posts/3.txt", Fetched: noon + 2_000_000, MediaType: "text/plain", By: "import"},
		{URL: "https://example.org/gone", Fetched: noon + 3_000_000, Status: 200, By: "feed suite"},
	}
	var items []Item
	for i, c := range captures {
		receipt, err := s.Put(t.Context(), evidence.Item{Capture: c, Body: strings.NewReader(bodies[i])})
		if err != nil {
			t.Fatal(err)
		}
		c.Content, c.Size = receipt.Content, receipt.Size
		items = append(items, Item{Capture: c, Title: fmt.Sprintf("Title %d", i)})
	}
	if _, err := s.Takedown(t.Context(), items[3].Capture.Content, "desk", "the publisher asked"); err != nil {
		t.Fatal(err)
	}
	return s, items
}

func packed(t testing.TB) ([]byte, Summary, []Item) {
	t.Helper()
	s, items := collection(t)
	var out bytes.Buffer
	sum, err := WriteWACZ(t.Context(), &out, s, Export{Title: "Suite", Description: "four captures", Software: "truce test", At: noon, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), sum, items
}

// files reads a package with the standard library's zip reader, which holds every file
// against its checksum.
func files(t testing.TB, wacz []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(wacz), int64(len(wacz)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil || f.Method != zip.Store {
			t.Errorf("%s: %v, method %d, want stored", f.Name, err, f.Method)
		}
	}
	return out
}

func TestPackageDescribesItsFiles(t *testing.T) {
	wacz, sum, items := packed(t)
	inside := files(t, wacz)
	var d description
	if err := json.Unmarshal(inside[packagePath], &d); err != nil {
		t.Fatal(err)
	}
	if d.Version != "1.1.1" || d.Profile != "data-package" || d.Title != "Suite" || d.MainURL != items[0].Capture.URL || d.Created != "2026-04-12T12:00:00Z" {
		t.Errorf("description %+v", d)
	}
	described := map[string]bool{packagePath: true, digestPath: true}
	for _, r := range d.Resources {
		described[r.Path] = true
		if got := fmt.Sprintf("sha256:%x", sha256.Sum256(inside[r.Path])); got != r.Hash || int64(len(inside[r.Path])) != r.Bytes || r.Name != filepath.Base(r.Path) {
			t.Errorf("%s has hash %s and %d bytes, described as %+v", r.Path, got, len(inside[r.Path]), r)
		}
	}
	for name := range inside {
		if !described[name] {
			t.Errorf("%s is not described", name)
		}
	}
	var signed struct{ Path, Hash string }
	if err := json.Unmarshal(inside[digestPath], &signed); err != nil || signed.Path != packagePath || signed.Hash != fmt.Sprintf("sha256:%x", sha256.Sum256(inside[packagePath])) {
		t.Errorf("digest %+v, %v", signed, err)
	}
	if sum != (Summary{Captures: 4, Revisits: 1, TakenDown: 1, Bytes: int64(len(inside[warcPath]))}) {
		t.Errorf("summary %+v", sum)
	}
	if bytes.Contains(wacz, []byte("must go")) {
		t.Error("what was taken down is in the package")
	}
	lines := strings.Split(strings.TrimSpace(string(inside[pagesPath])), "\n")
	var first page
	if err := json.Unmarshal([]byte(lines[1]), &first); err != nil || len(lines) != 5 || first.Title != "Title 0" || first.URL != items[0].Capture.URL || !strings.Contains(lines[0], `"json-pages-1.0"`) {
		t.Errorf("pages %q, %v", lines, err)
	}
	if again, _, _ := packed(t); !bytes.Equal(again, wacz) {
		t.Error("the same export gives other bytes")
	}
}

// TestIndexLeadsToRecords reads each record by its place in the index alone, with a reader
// written here from the text of the standard: gunzip, named fields up to an empty line, a
// block of Content-Length, two empty lines.
func TestIndexLeadsToRecords(t *testing.T) {
	wacz, _, items := packed(t)
	inside := files(t, wacz)
	lines := strings.Split(strings.TrimSpace(string(inside[indexPath])), "\n")
	if !slices.IsSorted(lines) || len(lines) != 3 {
		t.Fatalf("index %q, want three lines in order", lines)
	}
	keys := []string{"file:///posts/3.txt", "net,example:8443)/same", "org,example)/a?a=1&b=2"}
	want := []Item{items[2], items[1], items[0]}
	for i, line := range lines {
		parts := strings.SplitN(line, " ", 3)
		var at indexed
		if err := json.Unmarshal([]byte(parts[2]), &at); err != nil {
			t.Fatal(err)
		}
		c := want[i].Capture
		if parts[0] != keys[i] || at.URL != target(c) || at.Digest != digest(c.Content) || at.Filename != warcFile || parts[1] != c.Fetched.Time().Format("20060102150405") {
			t.Errorf("line %q, want %s of %s", line, keys[i], target(c))
		}
		var offset, length int
		fmt.Sscan(at.Offset+" "+at.Length, &offset, &length)
		header, block := plainRecord(t, inside[warcPath][offset:offset+length])
		if header.Get("WARC-Target-URI") != at.URL || header.Get("WARC-Payload-Digest") != at.Digest {
			t.Errorf("%s leads to %v", at.URL, header)
		}
		if got := fmt.Sprintf("sha256:%x", sha256.Sum256(block)); header.Get("WARC-Block-Digest") != got {
			t.Errorf("%s: block digest %s, want %s", at.URL, header.Get("WARC-Block-Digest"), got)
		}
		if header.Get("WARC-Type") == "response" {
			checkResponse(t, c, block)
		}
	}
	revisit := lines[1]
	if !strings.Contains(revisit, "warc/revisit") || !strings.Contains(lines[2], `"mime":"text/html","status":"200"`) {
		t.Errorf("index %q", lines)
	}
}

func plainRecord(t *testing.T, member []byte) (textproto.MIMEHeader, []byte) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(member))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	version, rest, _ := strings.Cut(string(whole), "\r\n")
	head, block, found := strings.Cut(rest, "\r\n\r\n")
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(head + "\r\n\r\n"))).ReadMIMEHeader()
	if err != nil || version != "WARC/1.1" || !found {
		t.Fatalf("record begins %q, %v", version, err)
	}
	for _, name := range []string{"WARC-Record-ID", "WARC-Date", "WARC-Type", "Content-Length"} { // mandatory: clause 5.1
		if header.Get(name) == "" {
			t.Errorf("a record lacks %s: %v", name, header)
		}
	}
	block, ended := strings.CutSuffix(block, "\r\n\r\n")
	if fmt.Sprint(len(block)) != header.Get("Content-Length") || !ended {
		t.Errorf("a block of %d bytes, announced %s, ends well: %v", len(block), header.Get("Content-Length"), ended)
	}
	return header, []byte(block)
}

// checkResponse lets net/http read the block: the body must be the original byte for byte.
func checkResponse(t *testing.T, c evidence.Capture, block []byte) {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(block)), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || truce.HashOf(body) != c.Content || res.StatusCode != c.Status || res.Header.Get("X-Odd") != "\xff\xfe" || res.Header.Get("X-Archive-Orig-Transfer-Encoding") != "chunked" {
		t.Errorf("response %d with header %v and %d bytes, %v", res.StatusCode, res.Header, len(body), err)
	}
}

func TestReaderReadsWhatWasWritten(t *testing.T) {
	wacz, _, items := packed(t)
	r := NewReader(bytes.NewReader(files(t, wacz)[warcPath]))
	var types []Type
	var offset int64 = -1
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if record.Offset <= offset {
			t.Errorf("a record at %d behind one at %d", record.Offset, offset)
		}
		offset = record.Offset
		types = append(types, record.Type())
		at, err := record.Date()
		if err != nil {
			t.Error(err)
		}
		if record.Type() == TypeRevisit && (!at.Equal(items[1].Capture.Fetched.Time()) || record.URI() != items[1].Capture.FinalURL || record.Header.Get("warc-refers-to-target-uri") != items[0].Capture.URL) {
			t.Errorf("revisit %+v", record)
		}
		if record.Type() == TypeResource { // others are passed over unread
			if body, err := io.ReadAll(r); err != nil || truce.HashOf(body) != items[2].Capture.Content {
				t.Errorf("resource %q, %v", body, err)
			}
		}
	}
	if want := []Type{TypeInfo, TypeResponse, TypeMetadata, TypeRevisit, TypeMetadata, TypeResource, TypeMetadata, TypeMetadata}; !slices.Equal(types, want) {
		t.Errorf("records %v, want %v", types, want)
	}
}

func TestReaderReadsOtherPrograms(t *testing.T) {
	old := "WARC/1.0\nWARC-Type: response\nWARC-Target-URI: <http://example.org/>\nWARC-Date: 2009-02-03T04:05:06Z\nX-Long: one\n  two\n" +
		"WARC-Block-Digest: sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N\nContent-Length: 5\n\nhello\r\n\r\n"
	r := NewReader(strings.NewReader(strings.Replace(old, "VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", "VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", 1) + "WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"))
	record, err := r.Next()
	if err != nil || record.URI() != "http://example.org/" || record.Header.Get("x-long") != "one two" {
		t.Errorf("record %+v, %v", record, err)
	}
	if record, err = r.Next(); err != nil || record.Type() != TypeMetadata || record.Version != "WARC/1.0" {
		t.Errorf("record %+v, %v", record, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestReaderRefuses(t *testing.T) {
	good := "WARC/1.1\r\nWARC-Block-Digest: sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
	if err := readAll(good); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"another format":     "PK\x03\x04" + good,
		"another digest":     strings.Replace(good, "hello", "hellO", 1),
		"no length":          strings.Replace(good, "Content-Length: 5\r\n", "", 1),
		"a negative length":  strings.Replace(good, ": 5\r", ": -5\r", 1),
		"an immense length":  strings.Replace(good, ": 5\r", ": 99999999999999\r", 1),
		"too long a length":  strings.Replace(good, ": 5\r", ": 500\r", 1),
		"no end":             strings.TrimSuffix(good, "\r\n\r\n") + "xxxx",
		"a broken header":    "WARC/1.1\r\nContent-Length\r\n\r\n",
		"an endless header":  "WARC/1.1\r\n" + strings.Repeat("X: y\r\n", maxHeader),
		"an endless line":    "WARC/1.1\r\nX: " + strings.Repeat("y", maxHeader+1),
		"half a gzip member": string(zipped(t, good))[:60],
		"two in one member":  string(zipped(t, good+good)),
	} {
		err := readAll(file)
		if code := truce.CodeOf(err); err == nil || code != truce.CodeInvalid && code != truce.CodeTooLarge && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if err := readAll(string(zipped(t, good)) + string(zipped(t, good))); err != nil {
		t.Errorf("two members: %v", err)
	}
}

func zipped(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readAll(file string) error {
	r := NewReader(strings.NewReader(file))
	for {
		if _, err := r.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func FuzzReader(f *testing.F) {
	good := "WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
	f.Add([]byte(good))
	f.Add(zipped(f, good))
	f.Fuzz(func(t *testing.T, file []byte) {
		r := NewReader(bytes.NewReader(file))
		for n := 0; ; n++ {
			if _, err := r.Next(); err != nil {
				return
			}
			if n > len(file) {
				t.Fatal("more records than bytes")
			}
		}
	})
}

func TestKeysOfAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.Example.com/Path/": "com,example)/path", "http://example.com:80": "com,example)/", "https://example.com:80/": "com,example:80)/",
		"https://www2.example.com/?b&a=1": "com,example)/?a=1&b", "http://192.0.2.1/x": "192.0.2.1)/x", "http://example.com/a b": "com,example)/a%20b",
		"not an address": "not%20an%20address", "https://приклад.укр/новини": "укр,приклад)/%d0%bd%d0%be%d0%b2%d0%b8%d0%bd%d0%b8",
	} {
		if got := surt(address); got != want {
			t.Errorf("%s gives %s, want %s", address, got, want)
		}
	}
}

func TestExportRefuses(t *testing.T) {
	s, items := collection(t)
	if _, err := WriteWACZ(t.Context(), io.Discard, s, Export{At: noon}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("an empty export: %v", err)
	}
	missing := items[0]
	missing.Capture.Content = truce.HashOf([]byte("?"))
	if _, err := WriteWACZ(t.Context(), io.Discard, s, Export{At: noon, Items: []Item{missing}}); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("what is not there: %v", err)
	}
	short := items[0]
	short.Capture.Size++
	if _, err := WriteWACZ(t.Context(), io.Discard, s, Export{At: noon, Items: []Item{short}}); err == nil {
		t.Error("an original shorter than its capture says was exported")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := WriteWACZ(ended, io.Discard, s, Export{At: noon, Items: items}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

// TestOtherReaderAgrees lets warcio, the library behind replayweb.page, read the file.
func TestOtherReaderAgrees(t *testing.T) {
	missing := t.Skipf
	if os.Getenv("CI") == "true" {
		missing = t.Fatalf
	}
	node, err := exec.LookPath("node")
	if _, statErr := os.Stat("testdata/check/node_modules/warcio"); err != nil || statErr != nil {
		missing("a second reader is not installed (%v, %v): npm ci --prefix keep/evidence/warc/testdata/check", err, statErr)
	}
	wacz, _, items := packed(t)
	path := filepath.Join(t.TempDir(), warcFile)
	if err := os.WriteFile(path, files(t, wacz)[warcPath], 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "testdata/check/read.mjs", path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for line := range strings.Lines(string(out)) {
		var r struct {
			Type, URI, Date, Payload, SHA256, Media, Refers string
			Bytes, Status                                   int64
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if (r.Type == "response" || r.Type == "resource") && (r.Payload != r.SHA256 || r.Bytes == 0) {
			t.Errorf("%s: the payload has digest %s, the record says %s", r.URI, r.SHA256, r.Payload)
		}
		if r.Type == "revisit" && (r.Refers != items[0].Capture.URL || r.Status != 200 || r.Date != "2026-04-12T12:00:01.234567Z") {
			t.Errorf("revisit %+v", r)
		}
		seen = append(seen, r.Type)
	}
	if got := strings.Join(seen, " "); got != "warcinfo response metadata revisit metadata resource metadata metadata" {
		t.Errorf("warcio reads %s", got)
	}
}
