package bounded

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// JSONLimits bounds one JSON reader. A zero field means the default of that name.
type JSONLimits struct {
	Depth int // nesting of arrays and objects, MaxDepth
	Value int // bytes of a value read in one piece, and of a name, MaxValue
	Names int // names in one object, MaxNames
}

// A SyntaxError says where JSON stops being JSON, or repeats a name.
type SyntaxError struct {
	Line   int // 1-based
	Reason string
}

// Error names the line before the reason.
func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// JSON walks one JSON document without holding it: Object and Array call back for each
// member, and the callback takes the member with Object, Array, Value or Skip. Memory is
// bounded by the largest value read in one piece and the names of the open objects. A
// name that an object repeats is refused, since two readers could take it differently.
type JSON struct {
	dec   *json.Decoder
	win   *window
	lim   JSONLimits
	depth int
	begun int // line on which the last value began
}

// window lets the decoder read only so far ahead, so that one endless string or value
// cannot fill the memory, and remembers where lines end.
type window struct {
	src   io.Reader
	read  int64
	until int64
	limit int
	ends  []int64 // offsets of line feeds; those before first are behind the reader
	first int
	lines int   // line feeds taken out of ends
	err   error // of src, as it came
}

// Read is io.Reader for the decoder.
func (w *window) Read(p []byte) (int, error) {
	room := w.until - w.read
	if room <= 0 {
		return 0, over("one JSON value, in bytes,", w.limit)
	}
	n, err := w.src.Read(p[:min(int64(len(p)), room)])
	for i, b := range p[:n] {
		if b == '\n' {
			w.ends = append(w.ends, w.read+int64(i))
		}
	}
	w.read += int64(n)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

func (w *window) lineAt(offset int64) int {
	i, _ := slices.BinarySearch(w.ends[w.first:], offset)
	w.first += i
	if w.first > len(w.ends)/2 { // moving less often would keep all, more often is quadratic
		w.lines += w.first
		w.ends = append(w.ends[:0], w.ends[w.first:]...)
		w.first = 0
	}
	return w.lines + w.first + 1
}

// NewJSON reads one document from src. A byte order mark is passed over.
func NewJSON(src io.Reader, lim JSONLimits) *JSON {
	lim = JSONLimits{
		Depth: fallback(lim.Depth, MaxDepth),
		Value: fallback(lim.Value, MaxValue),
		Names: fallback(lim.Names, MaxNames),
	}
	w := &window{src: withoutMark(src), limit: lim.Value}
	dec := json.NewDecoder(w)
	dec.UseNumber()
	return &JSON{dec: dec, win: w, lim: lim}
}

// withoutMark passes over a leading UTF-8 byte order mark.
func withoutMark(src io.Reader) io.Reader {
	head := make([]byte, 3)
	n, err := io.ReadFull(src, head)
	if err == nil && bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		return src
	}
	rest := src
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		rest = failing{err}
	}
	return io.MultiReader(bytes.NewReader(head[:n]), rest)
}

type failing struct{ err error }

// Read gives the error.
func (f failing) Read([]byte) (int, error) { return 0, f.err }

// ValueLine is the line on which the value that Value gave last began.
func (j *JSON) ValueLine() int { return j.begun }

// Line is the line the reader has come to.
func (j *JSON) Line() int { return j.win.lineAt(j.dec.InputOffset()) }

// advance moves the window of what may be read to where the reader is.
func (j *JSON) advance() {
	j.win.until = j.dec.InputOffset() + int64(j.lim.Value)
	if len(j.win.ends) > 4<<10 {
		j.Line() // forgets the lines behind
	}
}

func (j *JSON) token() (json.Token, error) {
	j.advance()
	t, err := j.dec.Token()
	if err != nil {
		return nil, j.wrap(err)
	}
	return t, nil
}

// wrap gives limits and failures of the source as they are and anything else a line.
func (j *JSON) wrap(err error) error {
	var limit *LimitError
	switch {
	case errors.As(err, &limit):
		return limit
	case j.win.err != nil:
		return j.win.err
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return &SyntaxError{Line: j.Line(), Reason: "the file ends in the middle"}
	default:
		return &SyntaxError{Line: j.Line(), Reason: err.Error()}
	}
}

func (j *JSON) open(want json.Delim) error {
	t, err := j.token()
	if err != nil {
		return err
	}
	if t != want {
		return &SyntaxError{Line: j.Line(), Reason: fmt.Sprintf("want %v, found %.40v", want, t)}
	}
	if j.depth++; j.depth > j.lim.Depth {
		return over("the nesting of arrays and objects", j.lim.Depth)
	}
	return nil
}

func (j *JSON) close(want json.Delim) error {
	j.depth--
	t, err := j.token()
	if err == nil && t != want { // More ended at a bound and not at the end
		return over("the white space between two values, in bytes,", j.lim.Value)
	}
	return err
}

// Object calls visit for each name; visit must take the value behind it.
func (j *JSON) Object(visit func(name string) error) error {
	if err := j.open('{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for j.dec.More() {
		t, err := j.token()
		if err != nil {
			return err
		}
		name := t.(string) // the decoder admits no other token here
		if seen[name] {
			return &SyntaxError{Line: j.Line(), Reason: fmt.Sprintf("the name %.40q stands twice in one object", name)}
		}
		if len(seen) == j.lim.Names {
			return over("the number of names in one object", j.lim.Names)
		}
		seen[name] = true
		if err := visit(name); err != nil {
			return err
		}
	}
	return j.close('}')
}

// Array calls visit for each element; visit must take it.
func (j *JSON) Array(visit func(i int) error) error {
	if err := j.open('['); err != nil {
		return err
	}
	for i := 0; j.dec.More(); i++ {
		if err := visit(i); err != nil {
			return err
		}
	}
	return j.close(']')
}

// Value takes the next value in one piece, as it stands in the file, valid until the
// next call. Names are checked at every depth of it.
func (j *JSON) Value() (json.RawMessage, error) {
	j.advance()
	var raw json.RawMessage
	if err := j.dec.Decode(&raw); err != nil {
		return nil, j.wrap(err)
	}
	j.begun = j.win.lineAt(j.dec.InputOffset() - int64(len(raw)))
	if err := checkValue(raw, j.lim, j.depth); err != nil {
		if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
			syntax.Line = j.Line()
		}
		return nil, err
	}
	return raw, nil
}

// Skip takes the next value and drops it, whatever its size.
func (j *JSON) Skip() error {
	for nested := 0; ; {
		t, err := j.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			nested++
		case json.Delim('}'), json.Delim(']'):
			nested--
		}
		if j.depth+nested > j.lim.Depth {
			return over("the nesting of arrays and objects", j.lim.Depth)
		}
		if nested == 0 {
			return nil
		}
	}
}

// End refuses anything but white space behind the document.
func (j *JSON) End() error {
	j.advance()
	t, err := j.dec.Token()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return j.wrap(err)
	}
	return &SyntaxError{Line: j.Line(), Reason: fmt.Sprintf("%.40v follows the end of the document", t)}
}

// CheckJSON refuses a document that is not JSON, nests too deep, or repeats a name in
// an object. It allocates for names only.
func CheckJSON(doc []byte, lim JSONLimits) error {
	if !json.Valid(doc) {
		j := NewJSON(bytes.NewReader(doc), JSONLimits{Value: len(doc) + 1, Depth: lim.Depth})
		if err := errors.Join(j.Skip(), j.End()); err != nil {
			return err
		}
		return &SyntaxError{Line: 1, Reason: "not a JSON document"}
	}
	lim.Depth, lim.Names = fallback(lim.Depth, MaxDepth), fallback(lim.Names, MaxNames)
	return checkValue(doc, lim, 0)
}
