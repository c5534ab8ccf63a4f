package warc

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/evidence"
)

// Item is one capture to export, with the title its page has in the list of pages.
type Item struct {
	Capture evidence.Capture
	Title   string // "": its address
}

// Export is what a package holds and says of itself.
type Export struct {
	Title       string
	Description string
	Software    string // that made it, with its version
	At          truce.Instant
	Items       []Item
}

// Summary is what was written.
type Summary struct {
	Captures  int
	Revisits  int
	TakenDown int   // named without their bytes
	Bytes     int64 // of the WARC file
}

// The files of a package (WACZ 1.1.1, section 5).
const (
	warcFile    = "data.warc.gz"
	warcPath    = "archive/" + warcFile
	indexPath   = "indexes/index.cdx"
	pagesPath   = "pages/pages.jsonl"
	packagePath = "datapackage.json"
	digestPath  = "datapackage-digest.json"
)

// WriteWACZ writes a package. The caller notes the export in the custody of every original
// first: what follows may reach anybody. It is for those who may see whole texts; a package
// is never public.
func WriteWACZ(ctx context.Context, out io.Writer, from Originals, e Export) (Summary, error) {
	var sum Summary
	if len(e.Items) == 0 || len(e.Items) > maxItems {
		return sum, truce.Errorf(truce.CodeInvalid, "wacz: %d captures, want 1 to %d", len(e.Items), maxItems)
	}
	p := &packager{zip: zip.NewWriter(out), at: e.At.Time()}
	entries, err := p.archive(ctx, from, e, &sum)
	if err == nil {
		err = p.file(indexPath, func(w io.Writer) error { return writeIndex(w, entries) })
	}
	if err == nil {
		err = p.file(pagesPath, func(w io.Writer) error { return writePages(w, e) })
	}
	if err == nil {
		err = p.describe(e)
	}
	if err = errors.Join(err, ignoreClosed(err, p.zip)); err != nil {
		return sum, fmt.Errorf("wacz: %w", err)
	}
	return sum, nil
}

// ignoreClosed ends the package only when all before went well: half of one is no package.
func ignoreClosed(err error, z *zip.Writer) error {
	if err != nil {
		return nil
	}
	return z.Close()
}

type packager struct {
	zip       *zip.Writer
	at        time.Time
	resources []resource
}

// resource is one file as the package describes it.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// file writes a file without compression, so that a part of it can be read by its place
// (section 5.2.1), and remembers its hash.
func (p *packager) file(path string, write func(io.Writer) error) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Store, Modified: p.at})
	if err != nil {
		return err
	}
	sum := &summing{to: w, sum: sha256.New()}
	if err := write(sum); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	p.resources = append(p.resources, resource{Name: name, Path: path, Hash: fmt.Sprintf("sha256:%x", sum.sum.Sum(nil)), Bytes: sum.n})
	return nil
}

type summing struct {
	to  io.Writer
	sum hash.Hash
	n   int64
}

// Write hashes and counts what goes out.
func (s *summing) Write(b []byte) (int, error) {
	n, err := s.to.Write(b)
	s.sum.Write(b[:n])
	s.n += int64(n)
	return n, err
}

func (p *packager) archive(ctx context.Context, from Originals, e Export, sum *Summary) (entries []Entry, err error) {
	err = p.file(warcPath, func(out io.Writer) error {
		w, err := NewWriter(out, from, Info{Software: e.Software, Description: e.Description, Filename: warcFile, At: e.At})
		if err != nil {
			return err
		}
		for _, item := range e.Items {
			if err := ctx.Err(); err != nil {
				return err
			}
			entry, err := w.Capture(ctx, item.Capture)
			if err != nil {
				return err
			}
			sum.add(entry)
			entries = append(entries, entry)
		}
		sum.Bytes = w.out.n
		return nil
	})
	return entries, err
}

func (s *Summary) add(e Entry) {
	s.Captures++
	switch e.Type {
	case TypeMetadata:
		s.TakenDown++
	case TypeRevisit:
		s.Revisits++
	}
}

// indexed is the JSON of a CDXJ line (section 5.3). All numbers are text there.
type indexed struct {
	URL      string `json:"url"`
	Media    string `json:"mime"`
	Status   string `json:"status,omitempty"`
	Digest   string `json:"digest"`
	Length   string `json:"length"`
	Offset   string `json:"offset"`
	Filename string `json:"filename"`
}

// writeIndex writes the index sorted by key and time. What was taken down has no bytes and
// stands in no index.
func writeIndex(w io.Writer, entries []Entry) error {
	lines := make([]string, 0, len(entries))
	for _, e := range entries {
		if e.Type == TypeMetadata {
			continue
		}
		media := e.Media
		if e.Type == TypeRevisit {
			media = "warc/revisit"
		}
		status := ""
		if e.Status != 0 {
			status = lengthText(int64(e.Status))
		}
		body, err := plainJSON(indexed{e.URI, media, status, digest(e.Payload), lengthText(e.Length), lengthText(e.Offset), warcFile})
		if err != nil {
			return err
		}
		lines = append(lines, surt(e.URI)+" "+e.Date.Time().Format("20060102150405")+" "+body+"\n")
	}
	slices.Sort(lines)
	for _, line := range lines {
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

func plainJSON(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// page is a line of the list of pages (section 5.4).
type page struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Time  string `json:"ts"`
	Title string `json:"title"`
}

func writePages(w io.Writer, e Export) error {
	if _, err := io.WriteString(w, `{"format":"json-pages-1.0","id":"pages","title":"Pages"}`+"\n"); err != nil {
		return err
	}
	for i, item := range e.Items {
		title := item.Title
		if title == "" {
			title = target(item.Capture)
		}
		line, err := plainJSON(page{ID: fmt.Sprintf("page-%d", i+1), URL: target(item.Capture), Time: dateText(item.Capture.Fetched), Title: title})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// description is datapackage.json (section 5.5).
type description struct {
	Profile     string     `json:"profile"`
	Version     string     `json:"wacz_version"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Created     string     `json:"created"`
	Modified    string     `json:"modified"`
	Software    string     `json:"software,omitempty"`
	MainURL     string     `json:"mainPageUrl"`
	MainDate    string     `json:"mainPageDate"`
	Resources   []resource `json:"resources"`
}

func (p *packager) describe(e Export) error {
	first := e.Items[0].Capture
	at := dateText(e.At)
	d := description{Profile: "data-package", Version: "1.1.1", Title: e.Title, Description: e.Description, Created: at, Modified: at,
		Software: e.Software, MainURL: target(first), MainDate: dateText(first.Fetched), Resources: p.resources}
	body, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	whole := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(b); return err }
	}
	if err := p.file(packagePath, whole(body)); err != nil {
		return err
	}
	last := p.resources[len(p.resources)-1]
	signed, err := plainJSON(struct {
		Path string `json:"path"`
		Hash string `json:"hash"`
	}{last.Path, last.Hash})
	if err != nil {
		return err
	}
	return p.file(digestPath, whole([]byte(signed)))
}
