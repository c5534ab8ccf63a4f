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
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/trucewatch/truce"
	pagesource "github.com/trucewatch/truce/source/page"
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
	passed   passedOver
}

// passedOver is how many files of other kinds a folder has, and the name of the first.
type passedOver struct {
	files int
	first string
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

// textEndings and pageEndings are how the files of a folder end that are read: posts and
// plain texts, and saved web pages.
var (
	textEndings = []string{".md", ".markdown", ".txt"}
	pageEndings = []string{".html", ".htm", ".xhtml"}
)

// readFolder reads every post, text and saved page below a folder, in order of their names.
// One that states no day, neither inside nor in its name, is of the day given.
func readFolder(dir string, day truce.Day) (*folder, error) {
	files, passed, err := postFiles(dir)
	if err != nil {
		return nil, err
	}
	out := &folder{passed: passed}
	for _, name := range files {
		if err := out.read(dir, name, day); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// postFiles are the files below a folder that are read, and those that are passed over.
func postFiles(dir string) (out []string, passed passedOver, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if ending := strings.ToLower(filepath.Ext(name)); !slices.Contains(textEndings, ending) && !slices.Contains(pageEndings, ending) {
			if passed.files++; passed.files == 1 {
				passed.first = filepath.ToSlash(rel)
			}
			return err
		}
		out = append(out, rel)
		if len(out) > maxPostFiles {
			return truce.Errorf(truce.CodeTooLarge, "%s holds more than %d posts; give them in parts", dir, maxPostFiles)
		}
		return err
	})
	if err != nil {
		return nil, passed, fmt.Errorf("read posts: %w", err)
	}
	if len(out) == 0 {
		return nil, passed, truce.Errorf(truce.CodeNotFound, "%s holds no posts, texts or saved pages; they end in %s", dir, strings.Join(slices.Concat(textEndings, pageEndings), ", "))
	}
	slices.Sort(out)
	return out, passed, nil
}

// read reads one file.
func (f *folder) read(dir, name string, day truce.Day) error {
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer file.Close()
	isPage := slices.Contains(pageEndings, strings.ToLower(filepath.Ext(name)))
	most := int64(post.MaxFile)
	if isPage {
		most = pagesource.MaxFile
	}
	raw, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	shown := filepath.ToSlash(name)
	if isPage {
		return f.keep(shown, func(into *folder, day truce.Day) error { return readPage(raw, shown, day, into) }, day)
	}
	if text, changed := asUTF8(raw); changed {
		raw = text
		f.recoded = append(f.recoded, name)
	}
	return f.keep(shown, func(into *folder, day truce.Day) error {
		return post.Decode(bytes.NewReader(raw), shown, post.Config{Day: day}, into)
	}, day)
}

// keep takes in what a file holds. Where nothing can be read of it, it is read once more as a
// file of the day given.
func (f *folder) keep(name string, decode func(into *folder, day truce.Day) error, day truce.Day) error {
	before, refused := len(f.reports), len(f.rejected)
	if err := decode(f, ""); err != nil || len(f.reports) > before {
		return err
	}
	again := &folder{}
	if err := decode(again, day); err != nil || len(again.reports) == 0 {
		return err
	}
	f.undated = append(f.undated, name)
	f.reports = append(f.reports, again.reports...)
	f.rejected = append(f.rejected[:refused], again.rejected...)
	return nil
}

// readPage reads a saved web page; a day stands in for one that it does not state.
func readPage(raw []byte, name string, day truce.Day, into *folder) error {
	var cfg pagesource.Config
	if day != "" {
		at, err := day.Start(time.UTC)
		if err != nil {
			return err
		}
		cfg.Fetched = at
	}
	_, err := pagesource.Decode(bytes.NewReader(raw), name, cfg, into)
	return err
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
