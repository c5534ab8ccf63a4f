package app

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/post"
)

// maxPostFiles bounds a folder of posts: a million small files are read in minutes, and
// more than that is an archive that belongs into a store.
const maxPostFiles = 1_000_000

// folder is what was read of a folder of posts and texts.
type folder struct {
	reports  []truce.Observation
	rejected []truce.Rejection
	recoded  []string // files that were not UTF-8
	undated  []string // files that state no day
}

// Observe keeps a report.
func (f *folder) Observe(o truce.Observation) error {
	f.reports = append(f.reports, o)
	return nil
}

// Reject keeps a row that could not be read.
func (f *folder) Reject(r truce.Rejection) error {
	f.rejected = append(f.rejected, r)
	return nil
}

// readFolder reads every post and text below a folder, in order of their names. A text that
// states no day, neither inside nor in its name, is of the day given.
func readFolder(dir string, day truce.Day) (*folder, error) {
	out := &folder{}
	files, err := postFiles(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		if err := out.read(dir, name, day); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// postFiles are the files below a folder that may be posts or texts.
func postFiles(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !slices.Contains([]string{".md", ".markdown", ".txt"}, strings.ToLower(filepath.Ext(name))) || !d.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(dir, name)
		out = append(out, rel)
		if len(out) > maxPostFiles {
			return truce.Errorf(truce.CodeTooLarge, "%s holds more than %d posts; give them in parts", dir, maxPostFiles)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	if len(out) == 0 {
		return nil, truce.Errorf(truce.CodeNotFound, "%s holds no posts or texts; they end in .md, .markdown or .txt", dir)
	}
	slices.Sort(out)
	return out, nil
}

// read reads one file.
func (f *folder) read(dir, name string, day truce.Day) error {
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, post.MaxFile+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if text, changed := asUTF8(raw); changed {
		raw = text
		f.recoded = append(f.recoded, name)
	}
	shown := filepath.ToSlash(name)
	before, refused := len(f.reports), len(f.rejected)
	if err := post.Decode(bytes.NewReader(raw), shown, post.Config{}, f); err != nil || len(f.reports) > before {
		return err
	}
	again := &folder{}
	if err := post.Decode(bytes.NewReader(raw), shown, post.Config{Day: day}, again); err != nil || len(again.reports) == 0 {
		return err
	}
	f.undated = append(f.undated, shown)
	f.reports = append(f.reports, again.reports...)
	f.rejected = append(f.rejected[:refused], again.rejected...)
	return nil
}

// asUTF8 reads a text of one of the two old encodings that press texts are met in. Letters
// decide: Windows-1251 writes Cyrillic words with nothing but letters above 0xC0, in
// Windows-1252 they are rare between Latin ones.
func asUTF8(raw []byte) (text []byte, changed bool) {
	if utf8.Valid(raw) || bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) || bytes.IndexByte(raw, 0) >= 0 {
		return raw, false
	}
	latin, high := 0, 0
	for _, b := range raw {
		switch {
		case 'a' <= b|0x20 && b|0x20 <= 'z':
			latin++
		case b >= 0xc0:
			high++
		}
	}
	table := charmap.Windows1252
	if high > latin {
		table = charmap.Windows1251
	}
	text, err := table.NewDecoder().Bytes(raw)
	return text, err == nil
}
