// Package post reads press texts from files: posts of a Hugo site, whose YAML front
// matter stands over a list of linked headlines or an article, and articles saved as
// plain text.
//
// It never opens a link, never reads a claim or a place out of a text, and passes no text
// on: what it reads is its publishers'.
//
// Read Decode here, then cluster.go (a list of headlines), text.go (an article) and
// front.go (the front matter). How a page is taken apart is in internal/article.
package post

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every report read here.
const ID truce.SourceID = "post"

// Info declares the source. Nothing of it may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:           ID,
		Title:        "News posts and articles from files",
		Family:       truce.FamilyMedia,
		Licence:      "press texts, all rights of their publishers",
		Attribution:  "the publisher named in each report",
		Redistribute: false,
	}
}

// Config says how a file is read. The zero value reads any file that states its date.
type Config struct {
	Day truce.Day // of files that state no date, neither inside nor in their name; empty: they are rejected
}

// Decode reads one file. Each linked headline of a post becomes a report, or the whole
// article does; what cannot be read is rejected with its line and the mend, so every
// file gives at least one of the two. The error is for a failure of r or of sink.
//
// A report's time is the day of its post, [00:00, 24:00) UTC: a headline's own date is
// not in the file. An id begins with that time, so a link listed again on another day is
// another report of the same article; article.LinkKey of Report.Links joins them.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", truce.CleanText(file), err)
	}
	d := decoder{out: source.NewOut(file, sink), file: file, cfg: cfg, raw: raw}
	if line, reason := unreadable(raw); reason != "" {
		return d.reject(line, reason)
	}
	doc := bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !bytes.ContainsRune(doc, '\n') {
		doc = bytes.ReplaceAll(doc, []byte("\r"), []byte("\n"))
	}
	switch {
	case bytes.HasPrefix(doc, []byte(fence)), d.isMarkdown() && hasFront(doc):
		return d.post(doc)
	case d.isMarkdown():
		return d.reject(1, "no front matter: the first line is not ---; write ---, then title, date and so on, then --- over the text")
	case bytes.HasPrefix(bytes.TrimSpace(doc), []byte("<")):
		return d.reject(1, "the file is a web page or XML; save the article's text, or write a post with front matter over it")
	}
	return d.text(string(doc))
}

type decoder struct {
	out  *source.Out
	file string
	cfg  Config
	raw  []byte
}

func (d *decoder) reject(line int, reason string) error { return d.out.Reject(line, d.raw, reason) }

func (d *decoder) isMarkdown() bool {
	name := strings.ToLower(d.file)
	return strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".markdown")
}

// unreadable says why bytes are no text, and on which line that shows.
func unreadable(raw []byte) (line int, reason string) {
	switch {
	case len(raw) > MaxFile:
		return 1, fmt.Sprintf("the file is over the bound of %d bytes; give one post or article a file, without pictures in it", MaxFile)
	case len(bytes.TrimSpace(raw)) == 0:
		return 1, "the file is empty"
	case bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return 1, "the file is UTF-16; save it as UTF-8"
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return lineAt(raw, i), "a NUL byte: the file is not text; give the article as UTF-8 text"
	}
	if i := firstInvalid(raw); i >= 0 {
		return lineAt(raw, i), fmt.Sprintf("byte 0x%02x is not UTF-8; save the file as UTF-8 (it may be Windows-1252 or Windows-1251)", raw[i])
	}
	return 0, ""
}

func lineAt(raw []byte, i int) int { return 1 + bytes.Count(raw[:i], []byte("\n")) }

// firstInvalid is the offset of the first byte that is not UTF-8, -1 for none.
func firstInvalid(raw []byte) int {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// day is the first instant of the day a file is of: the one it states, the one in its
// name, or the configured one.
func (d *decoder) day(stated string) (truce.Instant, error) {
	for _, day := range []string{stated, string(source.DayInName(d.file)), string(d.cfg.Day)} {
		if day == "" {
			continue
		}
		from, err := source.Date([]byte(day))
		if err != nil {
			return 0, fmt.Errorf("date %w", err)
		}
		return from, nil
	}
	return 0, fmt.Errorf("no date is stated")
}

// observation is a report of the file. The hash is that of the row's own bytes.
func (d *decoder) observation(from truce.Instant, key string, line int, row []byte, report truce.Report) truce.Observation {
	return truce.Observation{
		ID:         truce.NewID(from, string(truce.KindReport), string(ID), []byte(key)),
		Kind:       truce.KindReport,
		Source:     ID,
		Phenomenon: truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour), Sigma: truce.MicrosOf(daySigma)},
		Report:     &report,
		Signature:  truce.SignatureNone,
		Origin:     d.out.At(line),
		Hash:       truce.HashOf(row),
	}
}

// short makes a name, headline or tag fit for a record.
func short(s string) string {
	return strings.TrimSpace(source.Cut(truce.CleanText(s), source.MaxShort))
}
