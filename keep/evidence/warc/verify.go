package warc

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// Fault is one thing of an export that does not fit.
type Fault struct {
	File string `json:"file"` // in the package; "" where the export is one WARC file
	At   string `json:"at"`   // such as "byte 120" or "line 3"; "" for the file as a whole
	What string `json:"what"`
}

// String is the fault on one line.
func (f Fault) String() string {
	where := strings.Trim(f.File+", "+f.At, ", ")
	return strings.TrimPrefix(where+": "+f.What, ": ")
}

// Verdict is what an export holds and what of it does not fit.
type Verdict struct {
	Files   int     `json:"files"`   // that a package describes
	Records int     `json:"records"` // in its archives
	Digests int     `json:"digests"` // that were held against bytes and fit
	Unheld  int     `json:"unheld"`  // records of which no digest is stated that can be held
	Indexed int     `json:"indexed"` // lines of the index that lead to their record
	Faults  []Fault `json:"faults"`
	Omitted int     `json:"omitted"` // faults beyond those named
}

// OK says whether all fits.
func (v Verdict) OK() bool { return len(v.Faults) == 0 }

// Verify reads an export back, a WARC file or a WACZ package: every file against the hash
// its package states, every record's block and payload against their digests, and every
// line of the index against the record it leads to. The error is for an export that cannot
// be read at all.
func Verify(r io.ReaderAt, size int64) (Verdict, error) {
	v := &verifier{verdict: Verdict{Faults: []Fault{}}, archives: map[string]*archive{}}
	magic := make([]byte, 5)
	if n, err := r.ReadAt(magic, 0); n < len(magic) {
		return v.verdict, truce.Errorf(truce.CodeInvalid, "warc: no export of %d bytes can be read: %w", size, err)
	}
	switch {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		return v.verdict, v.wacz(r, size)
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}), string(magic) == "WARC/":
		v.records("", io.NewSectionReader(r, 0, size))
		return v.verdict, nil
	}
	return v.verdict, truce.Errorf(truce.CodeInvalid, "warc: it begins %q; want a WARC file, with or without gzip, or a WACZ package", magic)
}

type verifier struct {
	verdict  Verdict
	archives map[string]*archive // by name without folder
}

// archive is what is known of a WARC file when its index is read.
type archive struct {
	records map[int64]located
	digests map[string]string // payload digests by id of the record
}

type located struct {
	uri, digest, date string
	length            int64
	indexed           bool
	wanted            bool // in the index
}

func (v *verifier) fault(file, at, format string, args ...any) {
	if len(v.verdict.Faults) == maxFaults {
		v.verdict.Omitted++
		return
	}
	v.verdict.Faults = append(v.verdict.Faults, Fault{file, at, fmt.Sprintf(format, args...)})
}

// records reads an archive to its end, or to where it cannot be read further.
func (v *verifier) records(file string, in io.Reader) *archive {
	a := &archive{records: map[int64]located{}, digests: map[string]string{}}
	r := NewReader(in)
	last, place := int64(-1), "byte 0"
	held := false // the record under way states the digest of its block
	for {
		record, err := r.Next()
		if errors.Is(err, ErrDigest) {
			v.fault(file, place, "%v", err)
			held = false
			continue
		}
		if held && (err == nil || err == io.EOF) {
			v.verdict.Digests++
		}
		if last >= 0 {
			l := a.records[last]
			l.length = record.Offset - last
			a.records[last] = l
		}
		if err == io.EOF {
			break
		}
		place = fmt.Sprintf("byte %d", record.Offset)
		if err == nil && len(a.records) == maxRecords {
			err = truce.Errorf(truce.CodeTooLarge, "more than %d records", maxRecords)
		}
		if err != nil {
			v.fault(file, place, "it cannot be read further: %v", err)
			break
		}
		last = record.Offset
		v.verdict.Records++
		held = hashOf(record.Header.Get(fieldBlockDigest)) != nil
		a.records[last] = v.record(file, place, record, r, a)
	}
	if v.verdict.Records == 0 && len(v.verdict.Faults) == 0 {
		v.fault(file, "", "it holds no record")
	}
	return a
}

// record holds the payload of a record against its digest; the block is held by the reader
// when it goes on.
func (v *verifier) record(file, place string, record Record, block io.Reader, a *archive) located {
	h := record.Header
	payload := h.Get(fieldPayloadDigest)
	kinds := []Type{TypeResponse, TypeResource, TypeRevisit}
	l := located{uri: record.URI(), digest: payload, date: h.Get(fieldDate), wanted: slices.Contains(kinds, record.Type())}
	if hashOf(h.Get(fieldBlockDigest)) == nil && hashOf(payload) == nil {
		v.verdict.Unheld++
	}
	if id := h.Get(fieldID); id != "" {
		a.digests[id] = payload
	}
	if record.Type() == TypeRevisit {
		if before, known := a.digests[h.Get(fieldRefersTo)]; known && !strings.EqualFold(before, payload) {
			v.fault(file, place, "it repeats a record whose payload has another digest, %.100q", before)
		}
		return l
	}
	v.payload(file, place, record, block)
	return l
}

// payload holds what a record is of against its digest: a resource is its block, a response
// what stands behind its head. One that came in chunks is not held, since programs differ
// in whether those are part of it.
func (v *verifier) payload(file, place string, record Record, block io.Reader) {
	want := record.Header.Get(fieldPayloadDigest)
	sum := hashOf(want)
	if sum == nil {
		return
	}
	in := bufio.NewReader(block)
	switch record.Type() {
	case TypeResponse:
		if chunked, err := passHead(in); err != nil || chunked {
			if err != nil {
				v.fault(file, place, "its head of HTTP does not end: %v", err)
			}
			return
		}
	case TypeResource:
	default:
		return
	}
	if _, err := io.Copy(sum, in); err != nil {
		return // the reader says so when it goes on
	}
	if !sameDigest(want, sum.Sum(nil)) {
		v.fault(file, place, "its payload does not have its digest %.100q", want)
		return
	}
	v.verdict.Digests++
}

// passHead reads a head of HTTP and says whether its body is in chunks.
func passHead(in *bufio.Reader) (chunked bool, err error) {
	for size := 0; size <= maxHeader; {
		line, err := in.ReadSlice('\n')
		size += len(line)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return false, err
		}
		text := strings.ToLower(string(bytes.TrimSpace(line)))
		if text == "" && err == nil {
			return chunked, nil
		}
		chunked = chunked || strings.HasPrefix(text, "transfer-encoding:") && strings.Contains(text, "chunked")
	}
	return false, fmt.Errorf("it has more than %d bytes", maxHeader)
}

// wacz reads a package.
func (v *verifier) wacz(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "wacz: %w", err)
	}
	files := map[string]*zip.File{}
	for _, f := range z.File {
		if files[f.Name] != nil {
			v.fault(f.Name, "", "it stands twice in the package")
		}
		files[f.Name] = f
	}
	v.described(files)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".warc") || strings.HasSuffix(f.Name, ".warc.gz") {
			in, err := f.Open()
			if err != nil {
				v.fault(f.Name, "", "%v", err)
				continue
			}
			v.archives[base(f.Name)] = v.records(f.Name, in)
			in.Close()
		}
	}
	v.indexes(z.File)
	return nil
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// described holds the files against what the package says of them.
func (v *verifier) described(files map[string]*zip.File) {
	body, err := small(files[packagePath])
	var d description
	if err == nil {
		err = json.Unmarshal(body, &d)
	}
	if err != nil {
		v.fault(packagePath, "", "it cannot be read: %v", err)
		return
	}
	v.signed(files[digestPath], body)
	seen := map[string]bool{packagePath: true, digestPath: true}
	for _, r := range d.Resources {
		seen[r.Path] = true
		v.verdict.Files++
		v.resource(files[r.Path], r)
	}
	var more []string
	for name := range files {
		if !seen[name] && !strings.HasSuffix(name, "/") {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	for _, name := range more {
		v.fault(name, "", "it stands in no description")
	}
}

// signed holds the description against the file that states its hash; that file may be
// absent.
func (v *verifier) signed(f *zip.File, body []byte) {
	if f == nil {
		return
	}
	stated, err := small(f)
	var s struct{ Path, Hash string }
	if err == nil {
		err = json.Unmarshal(stated, &s)
	}
	sum := sha256.Sum256(body)
	switch {
	case err != nil:
		v.fault(digestPath, "", "it cannot be read: %v", err)
	case s.Path != packagePath || !sameDigest(s.Hash, sum[:]):
		v.fault(packagePath, "", "it does not have the hash that %s states", digestPath)
	default:
		v.verdict.Digests++
	}
}

func (v *verifier) resource(f *zip.File, r resource) {
	if f == nil {
		v.fault(r.Path, "", "it is described and not there")
		return
	}
	sum := hashOf(r.Hash)
	if sum == nil {
		v.fault(r.Path, "", "its hash %.100q is of no kind that is known here", r.Hash)
		return
	}
	in, err := f.Open()
	if err != nil {
		v.fault(r.Path, "", "%v", err)
		return
	}
	defer in.Close()
	n, err := io.Copy(sum, in)
	switch {
	case err != nil:
		v.fault(r.Path, "", "it cannot be read: %v", err)
	case n != r.Bytes:
		v.fault(r.Path, "", "it has %d bytes, described are %d", n, r.Bytes)
	case !sameDigest(r.Hash, sum.Sum(nil)):
		v.fault(r.Path, "", "it does not have its hash %.100q", r.Hash)
	default:
		v.verdict.Digests++
	}
}

// small reads a file that is kept in memory.
func small(f *zip.File) ([]byte, error) {
	if f == nil {
		return nil, errors.New("it is not there")
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	body, err := io.ReadAll(io.LimitReader(in, maxDescription+1))
	if err == nil && len(body) > maxDescription {
		err = fmt.Errorf("it has more than %d bytes", maxDescription)
	}
	return body, err
}

// indexes reads the indexes in plain lines, and says which records they leave out.
func (v *verifier) indexes(files []*zip.File) {
	found := false
	for _, f := range files {
		name, packed := strings.CutSuffix(f.Name, ".gz")
		if !strings.HasSuffix(name, ".cdx") && !strings.HasSuffix(name, ".cdxj") {
			continue
		}
		found = true
		if err := v.index(f, packed); err != nil {
			v.fault(f.Name, "", "it cannot be read further: %v", err)
		}
	}
	if !found {
		v.fault("indexes/", "", "there is no index")
		return
	}
	for _, f := range files {
		a := v.archives[base(f.Name)]
		if a == nil {
			continue
		}
		var missing []int64
		for at, l := range a.records {
			if l.wanted && !l.indexed {
				missing = append(missing, at)
			}
		}
		slices.Sort(missing)
		for _, at := range missing {
			v.fault(f.Name, fmt.Sprintf("byte %d", at), "%.200q stands in no index", a.records[at].uri)
		}
	}
}

func (v *verifier) index(f *zip.File, packed bool) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	var from io.Reader = in
	if packed {
		if from, err = gzip.NewReader(in); err != nil {
			return err
		}
	}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxHeader)
	before := ""
	for n := 1; lines.Scan(); n++ {
		if n > maxRecords {
			return fmt.Errorf("it has more than %d lines", maxRecords)
		}
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "!meta") {
			continue
		}
		place := fmt.Sprintf("line %d", n)
		if line < before {
			v.fault(f.Name, place, "it is out of order, so that a search misses it")
		}
		before = line
		if why := v.leads(line); why != "" {
			v.fault(f.Name, place, "%s", why)
			continue
		}
		v.verdict.Indexed++
	}
	return lines.Err()
}

// leads holds a line of an index against the record it leads to; why is what does not fit.
func (v *verifier) leads(line string) (why string) {
	parts := strings.SplitN(line, " ", 3)
	var at indexed
	if len(parts) < 3 || json.Unmarshal([]byte(parts[2]), &at) != nil {
		return "it is no line of an index: want key, time and JSON"
	}
	a := v.archives[base(at.Filename)]
	if a == nil {
		return fmt.Sprintf("it leads to %.100q, which is not in the package", at.Filename)
	}
	offset, err := strconv.ParseInt(at.Offset, 10, 64)
	l, found := a.records[offset]
	if err != nil || !found {
		return fmt.Sprintf("no record begins at byte %.20q of %s", at.Offset, at.Filename)
	}
	l.indexed = true
	a.records[offset] = l
	day := strings.NewReplacer("-", "", "T", "", ":", "", "Z", "").Replace(l.date)
	switch {
	case at.URL != l.uri:
		return fmt.Sprintf("it is of %.200q, its record of %.200q", at.URL, l.uri)
	case at.Length != lengthText(l.length):
		return fmt.Sprintf("its record has %d bytes, it says %.20q", l.length, at.Length)
	case strings.Contains(at.Digest, ":") && l.digest != "" && !strings.EqualFold(at.Digest, l.digest):
		return fmt.Sprintf("its digest is %.100q, that of its record %.100q", at.Digest, l.digest)
	case !strings.HasPrefix(day, parts[1][:min(len(parts[1]), len("20060102150405"))]):
		return fmt.Sprintf("its time is %.20q, that of its record %.40q", parts[1], l.date)
	}
	return ""
}
