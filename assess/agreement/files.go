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
			return linkedFolder(dir, name, d)
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

// linkedFolder refuses a link that stands for a folder of the agreement: the folder is not
// gone into, and is not passed over in silence.
func linkedFolder(dir fs.FS, name string, d fs.DirEntry) error {
	if d.Type()&fs.ModeSymlink == 0 || !belongs(name+"/x.geojson") && !belongs(name+"/x.md") {
		return nil
	}
	at, err := follow(dir, name)
	if err != nil {
		return err
	}
	if info, err := fs.Stat(dir, at); err == nil && info.IsDir() {
		return truce.Errorf(truce.CodeInvalid, "agreement: %s is a link to a folder: put the folder itself in its place", name)
	}
	return nil
}

// follow gives the name under which a file lies in the directory, past symbolic links. A
// link that leaves the directory is refused: whoever hands over an agreement must not
// read the files of whoever checks it.
func follow(dir fs.FS, name string) (string, error) {
	at := name
	for range MaxLinks {
		next, linked, err := followOnce(dir, at)
		if err != nil {
			return "", err
		}
		if !linked {
			return at, nil
		}
		if !fs.ValidPath(next) {
			return "", truce.Errorf(truce.CodeInvalid, "agreement: %s is a link out of the directory: put the file itself in its place", name)
		}
		at = next
	}
	return "", truce.Errorf(truce.CodeInvalid, "agreement: %s is a link to a link, over %d times: put the file itself in its place", name, MaxLinks)
}

// followOnce follows the first link of a name. What is no name within the directory is
// where an absolute target leads, and one above it.
func followOnce(dir fs.FS, name string) (next string, linked bool, err error) {
	parts := strings.Split(name, "/")
	for i := range parts {
		at := path.Join(parts[:i+1]...)
		info, err := fs.Lstat(dir, at)
		if err != nil {
			return "", false, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		target, err := fs.ReadLink(dir, at)
		if err != nil || path.IsAbs(target) {
			return target, true, err
		}
		return path.Join(path.Dir(at), target, path.Join(parts[i+1:]...)), true, nil
	}
	return name, false, nil
}

// readBounded reads a file that lies in the directory. A pipe or a device would never end.
func readBounded(dir fs.FS, name string, left int) ([]byte, error) {
	at, err := follow(dir, name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(dir, at)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, truce.Errorf(truce.CodeInvalid, "agreement: %s is no plain file", name)
	}
	f, err := dir.Open(at)
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
