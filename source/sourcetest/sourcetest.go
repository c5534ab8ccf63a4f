// Package sourcetest holds what the tests of every decoder share: a sink that keeps
// what it is given, the promises every decoder makes, and the way to the shared data.
//
// It never reads a format itself, and nothing outside tests may import it.
//
// Read Check first: it is the list of promises.
package sourcetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Sink keeps everything. It fails with Err after After rows when Err is set.
type Sink struct {
	Observations []truce.Observation
	Rejections   []truce.Rejection
	Err          error
	After        int
}

// Observe keeps an observation.
func (s *Sink) Observe(o truce.Observation) error {
	s.Observations = append(s.Observations, o)
	return s.failing()
}

// Reject keeps a rejection.
func (s *Sink) Reject(r truce.Rejection) error {
	s.Rejections = append(s.Rejections, r)
	return s.failing()
}

func (s *Sink) failing() error {
	if s.Err != nil && len(s.Observations)+len(s.Rejections) > s.After {
		return s.Err
	}
	return nil
}

// IDs is the set of ids seen.
func (s *Sink) IDs() map[truce.ID]int {
	ids := map[truce.ID]int{}
	for _, o := range s.Observations {
		ids[o.ID]++
	}
	return ids
}

// Reasons is the reasons of the rejections, in order, as "line: reason".
func (s *Sink) Reasons() []string {
	var out []string
	for _, r := range s.Rejections {
		out = append(out, fmt.Sprintf("%d: %s", r.Line, r.Reason))
	}
	return out
}

// Decode is a decoder with its configuration bound.
type Decode func(in []byte, sink truce.Sink) error

// Check runs the decoder twice over in and holds it to what every decoder promises:
// the same rows with the same ids again, observations that are valid and can be
// recorded, a reason and a bounded copy with every rejection, a coded error that names
// the file, and the error of its sink passed on.
func Check(t testing.TB, decode Decode, in []byte) *Sink {
	t.Helper()
	first, again := &Sink{}, &Sink{}
	err := decode(bytes.Clone(in), first)
	if errAgain := decode(bytes.Clone(in), again); fmt.Sprint(err) != fmt.Sprint(errAgain) || !reflect.DeepEqual(first, again) {
		t.Fatalf("read twice, two results: %v and %v", err, errAgain)
	}
	if err != nil && truce.CodeOf(err) != truce.CodeInvalid {
		t.Fatalf("error without the code invalid: %v", err)
	}
	for _, o := range first.Observations {
		checkObservation(t, o)
	}
	for _, r := range first.Rejections {
		if r.Reason == "" || r.File == "" || r.Line < 0 || len(r.Raw) > truce.MaxRejectedRow {
			t.Fatalf("rejection %+v: want file, line, reason and at most %d bytes", r, truce.MaxRejectedRow)
		}
	}
	if len(first.Observations)+len(first.Rejections) > 0 {
		stop := errors.New("sink is full")
		if err := decode(bytes.Clone(in), &Sink{Err: stop}); !errors.Is(err, stop) {
			t.Fatalf("the sink's error became %v", err)
		}
	}
	return first
}

func checkObservation(t testing.TB, o truce.Observation) {
	t.Helper()
	if err := o.Validate(); err != nil {
		t.Fatal(err)
	}
	if _, err := truce.Canonical(o); err != nil {
		t.Fatalf("%+v cannot be recorded: %v", o, err)
	}
	if o.Hash.IsZero() || o.Origin.File == "" || o.Signature == "" {
		t.Fatalf("%s: no hash, origin or signature state", o.ID)
	}
	if o.Received != 0 {
		t.Fatalf("%s: a decoder cannot know when the bytes were received", o.ID)
	}
}

// Open reads a file of the shared test data, e.g. "firms/x.csv", and skips the test
// where the data is absent. TRUCE_SHARED names the folder that has data/ in it.
func Open(t testing.TB, name string) []byte {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(Data(t), filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("shared data: %v", err)
	}
	return doc
}

// Files are the shared files that match a pattern such as "firms/*.csv", in order.
func Files(t testing.TB, pattern string) []string {
	t.Helper()
	root := Data(t)
	found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil || len(found) == 0 {
		t.Skipf("shared data: no %s", pattern)
	}
	for i, f := range found {
		found[i] = strings.TrimPrefix(filepath.ToSlash(f), filepath.ToSlash(root)+"/")
	}
	return found
}

// Data is the folder of the shared data, found beside the repository.
func Data(t testing.TB) string {
	t.Helper()
	if shared := os.Getenv("TRUCE_SHARED"); shared != "" {
		return filepath.Join(shared, "data")
	}
	dir, err := os.Getwd()
	for err == nil && filepath.Dir(dir) != dir {
		data := filepath.Join(filepath.Dir(dir), "shared", "data")
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			if _, absent := os.Stat(data); absent == nil {
				return data
			}
			break
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("the shared data is absent (../shared/data beside the repository, or TRUCE_SHARED)")
	return ""
}

// Messages gives what a reader of messages reads, as JSON, and its damage in words.
func Messages[M any](t testing.TB, next func(*M) error) (messages, damage []string) {
	t.Helper()
	var m M
	for {
		err := next(&m)
		var d *source.Damage
		switch {
		case err == io.EOF:
			return messages, damage
		case errors.As(err, &d):
			damage = append(damage, d.Error())
		case err != nil:
			t.Fatal(err)
		default:
			text, err := json.Marshal(&m)
			if err != nil || !json.Valid(text) {
				t.Fatalf("%v in %s", err, text)
			}
			messages = append(messages, string(text))
		}
	}
}
