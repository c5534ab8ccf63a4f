package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/trucewatch/truce"
)

// Capture is what is known of how bytes came. It is kept as canonical JSON under its own
// SHA-256, beside the original; the same bytes may have come many times.
type Capture struct {
	Content   truce.Hash    `json:"content"` // SHA-256 of the bytes
	Size      int64         `json:"size"`
	URL       string        `json:"url"`                  // as asked for
	FinalURL  string        `json:"final_url,omitempty"`  // after redirects, where it differs
	Fetched   truce.Instant `json:"fetched"`              // when the answer began
	Status    int           `json:"status,omitempty"`     // of the answer; 0: it did not come over HTTP
	Protocol  string        `json:"protocol,omitempty"`   // e.g. HTTP/1.1
	MediaType string        `json:"media_type,omitempty"` // as the answer says
	Header    []Field       `json:"header,omitempty"`     // of the answer, in order
	By        string        `json:"by"`                   // who or what fetched it, e.g. "feed unian-en"
	Address   string        `json:"address,omitempty"`    // of the server, as it was dialled
	Note      string        `json:"note,omitempty"`       // e.g. that the body was cut by the server
}

// Field is one header line of an answer.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	Raw   []byte `json:"raw,omitempty"` // in the place of Value where that is no plain text
}

// NewField makes a field of whatever bytes a server sent.
func NewField(name, value string) Field {
	if plain(value) {
		return Field{Name: name, Value: value}
	}
	return Field{Name: name, Raw: []byte(value)}
}

// Text is the value as it was sent.
func (f Field) Text() string {
	if f.Raw != nil {
		return string(f.Raw)
	}
	return f.Value
}

// plain says whether a text can stand in canonical JSON as it is.
func plain(s string) bool {
	return utf8.ValidString(s) && norm.NFC.IsNormalString(s) && strings.IndexByte(s, 0) < 0
}

func (c Capture) validate() error {
	if c.By == "" || c.Fetched <= 0 {
		return truce.Errorf(truce.CodeInvalid, "a capture says who fetched it, and when")
	}
	for _, address := range []string{c.URL, c.FinalURL} {
		if _, err := url.Parse(address); err != nil || len(address) > maxURL || !plain(address) {
			return truce.Errorf(truce.CodeInvalid, "the address %.200q of a capture cannot be kept: want at most %d bytes of UTF-8", address, maxURL)
		}
	}
	if c.URL == "" || c.Status != 0 && (c.Status < 100 || c.Status > 999) || len(c.Note) > maxNote {
		return truce.Errorf(truce.CodeInvalid, "a capture needs an address, a status of three digits or none, and a note of at most %d bytes", maxNote)
	}
	return c.validateHeader()
}

func (c Capture) validateHeader() error {
	size := 0
	for _, f := range c.Header {
		text := f.Text()
		size += len(f.Name) + len(text)
		if f.Name == "" || strings.ContainsAny(f.Name, ": \t\r\n") || strings.ContainsAny(text, "\r\n") || f.Raw == nil && !plain(text) || !plain(f.Name) {
			return truce.Errorf(truce.CodeInvalid, "the header %.80q of a capture is no header line; make it with NewField", f.Name)
		}
	}
	if size > maxHeaders || len(c.Header) > maxHeaderFields {
		return truce.Errorf(truce.CodeTooLarge, "%d headers of %d bytes, the bounds are %d and %d", len(c.Header), size, maxHeaderFields, maxHeaders)
	}
	return nil
}

func (s *Store) putCapture(ctx context.Context, c Capture) (truce.Hash, error) {
	body, err := truce.Canonical(c)
	if err != nil {
		return truce.Hash{}, err
	}
	hash := truce.HashOf(body)
	if err := s.putSidecar(ctx, captureName(c.Content, hash), body); err != nil && !errors.Is(err, fs.ErrExist) {
		return hash, err
	}
	return hash, nil
}

// putSidecar keeps a small file; fs.ErrExist when the name is taken.
func (s *Store) putSidecar(ctx context.Context, name string, body []byte) error {
	if len(body) > maxSidecar {
		return truce.Errorf(truce.CodeTooLarge, "%s would have %d bytes, the bound is %d", name, len(body), maxSidecar)
	}
	w, err := s.backend.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return errors.Join(err, w.Discard())
	}
	return errors.Join(w.Create(name), w.Discard())
}

// sidecar reads a small file whole.
func (s *Store) sidecar(ctx context.Context, name string) ([]byte, error) {
	r, size, err := s.backend.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > maxSidecar {
		return nil, truce.Errorf(truce.CodeInternal, "%s has %d bytes, the bound is %d", name, size, maxSidecar)
	}
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(r, maxSidecar))
	return b.Bytes(), err
}

// Captures lists how an original came, the earliest first. They stay when it is taken down.
func (s *Store) Captures(ctx context.Context, content truce.Hash) ([]Capture, error) {
	var out []Capture
	err := s.backend.List(ctx, captureFolder+shard(content), func(name string, _ int64) error {
		c, problem, err := s.readCapture(ctx, name)
		if err == nil && problem != "" {
			err = truce.Errorf(truce.CodeInternal, "%s: %s", name, problem)
		}
		out = append(out, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("evidence: captures of %s: %w", content, err)
	}
	sortCaptures(out)
	return out, nil
}

// EachCapture visits every capture of every original.
func (s *Store) EachCapture(ctx context.Context, visit func(truce.Hash, Capture) error) error {
	return s.backend.List(ctx, captureFolder, func(name string, _ int64) error {
		c, problem, err := s.readCapture(ctx, name)
		if err != nil {
			return err
		}
		if problem != "" {
			return truce.Errorf(truce.CodeInternal, "evidence: %s: %s", name, problem)
		}
		_, hash, _ := captureHashes(name)
		return visit(hash, c)
	})
}

// readCapture reads a capture and says what is wrong with it, "" for nothing.
func (s *Store) readCapture(ctx context.Context, name string) (Capture, string, error) {
	content, hash, ok := captureHashes(name)
	if !ok {
		return Capture{}, "no name of a capture", nil
	}
	body, err := s.sidecar(ctx, name)
	if err != nil {
		return Capture{}, "", err
	}
	if got := truce.HashOf(body); got != hash {
		return Capture{}, fmt.Sprintf("damaged: its hash is %s", got), nil
	}
	var c Capture
	if err := truce.DecodeCanonical(body, &c); err != nil {
		return c, fmt.Sprintf("cannot be read: %v", err), nil
	}
	if c.Content != content {
		return c, fmt.Sprintf("it speaks of %s", c.Content), nil
	}
	return c, "", nil
}
