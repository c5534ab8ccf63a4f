package agreement

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// MainFile is the file every agreement directory has.
const MainFile = "agreement.yaml"

const versionTag = "truce/agreement/1\n"

// ReadDir reads an agreement directory: agreement.yaml, GeoJSON and clause texts, in
// name order. Other files (a README, tests) are left out, hidden ones too. It refuses
// a directory over the bounds before reading beyond them.
func ReadDir(dir fs.FS) ([]truce.AgreementFile, error) {
	var files []truce.AgreementFile
	total := 0
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(d.Name(), ".") {
			return skip(d)
		}
		if d.IsDir() || !belongs(name) {
			return nil
		}
		if len(files) == MaxFiles {
			return truce.Errorf(truce.CodeTooLarge, "agreement: over %d files", MaxFiles)
		}
		data, err := readBounded(dir, name, MaxTotalBytes-total)
		total += len(data)
		files = append(files, truce.AgreementFile{Name: name, Data: data})
		return err
	})
	if err != nil {
		return nil, explainRead(err)
	}
	sortFiles(files)
	return files, nil
}

func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// belongs says whether a file is part of the agreement's text.
func belongs(name string) bool {
	if name == MainFile {
		return true
	}
	folder, _, _ := strings.Cut(name, "/")
	switch folder {
	case "lines", "zones", "sites", "areas", "places":
		return path.Ext(name) == ".geojson"
	case "clauses":
		return path.Ext(name) == ".md"
	}
	return false
}

func readBounded(dir fs.FS, name string, left int) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, int64(left)+1))
	err = errors.Join(err, f.Close())
	if len(data) > left {
		return nil, truce.Errorf(truce.CodeTooLarge, "agreement: %s: the files together are over %d bytes", name, MaxTotalBytes)
	}
	return data, err
}

func explainRead(err error) error {
	var coded *truce.Error
	if errors.As(err, &coded) {
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return truce.Errorf(truce.CodeNotFound, "agreement: %w", err)
	}
	return truce.Errorf(truce.CodeInvalid, "agreement: %w", err)
}

// Version names the content of an agreement directory: the SHA-256, in hex, over a tag
// and then, in name order, each file's name and content with their lengths.
func Version(files []truce.AgreementFile) string {
	sorted := slices.Clone(files)
	sortFiles(sorted)
	h := sha256.New()
	h.Write([]byte(versionTag))
	for _, f := range sorted {
		for _, part := range [][]byte{[]byte(f.Name), f.Data} {
			var n [8]byte
			binary.BigEndian.PutUint64(n[:], uint64(len(part)))
			h.Write(n[:])
			h.Write(part)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func sortFiles(files []truce.AgreementFile) {
	slices.SortFunc(files, func(a, b truce.AgreementFile) int { return strings.Compare(a.Name, b.Name) })
}

// index is the files by name, after the bounds were checked.
func index(files []truce.AgreementFile) (map[string][]byte, error) {
	if len(files) > MaxFiles {
		return nil, truce.Errorf(truce.CodeTooLarge, "agreement: %d files, the bound is %d", len(files), MaxFiles)
	}
	byName := make(map[string][]byte, len(files))
	total := 0
	for _, f := range files {
		total += len(f.Data)
		if total > MaxTotalBytes {
			return nil, truce.Errorf(truce.CodeTooLarge, "agreement: %s: the files together are over %d bytes", f.Name, MaxTotalBytes)
		}
		if f.Name == "" || len(f.Name) > MaxNameBytes || f.Name != path.Clean(f.Name) || path.IsAbs(f.Name) || strings.HasPrefix(f.Name, "..") {
			return nil, truce.Errorf(truce.CodeInvalid, "agreement: file name %.40q: want a clean relative path of at most %d bytes", f.Name, MaxNameBytes)
		}
		if _, twice := byName[f.Name]; twice {
			return nil, truce.Errorf(truce.CodeInvalid, "agreement: file %s stands twice", f.Name)
		}
		byName[f.Name] = f.Data
	}
	if _, ok := byName[MainFile]; !ok {
		return nil, truce.Errorf(truce.CodeNotFound, "agreement: no %s in the directory", MainFile)
	}
	return byName, nil
}
