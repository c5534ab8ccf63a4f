package warc

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/evidence"
)

// Originals is where the bytes are; *evidence.Store is one.
type Originals interface {
	Open(ctx context.Context, hash truce.Hash) (io.ReadCloser, int64, error)
	TakenDown(ctx context.Context, hash truce.Hash) (*evidence.Step, error)
}

// Info is what the first record of a file says of it (6.2).
type Info struct {
	Software    string // that writes it, with its version
	Description string
	Filename    string
	At          truce.Instant
}

// Writer writes captures as records, each a gzip member of its own (annex D.2), so that one
// can be read by its place alone.
type Writer struct {
	out     countingWriter
	from    Originals
	infoID  string
	written map[truce.Hash]Entry // payloads that are in the file, by their digest
}

// Entry is where a record lies in the file.
type Entry struct {
	ID      string
	URI     string
	Date    truce.Instant
	Type    Type
	Media   string
	Status  int
	Payload truce.Hash
	Offset  int64
	Length  int64
}

type countingWriter struct {
	to io.Writer
	n  int64
}

// Write counts what goes out.
func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.to.Write(b)
	w.n += int64(n)
	return n, err
}

// NewWriter begins a file with its warcinfo record.
func NewWriter(out io.Writer, from Originals, info Info) (*Writer, error) {
	w := &Writer{out: countingWriter{to: out}, from: from, written: map[truce.Hash]Entry{}}
	w.infoID = recordID("warcinfo", info.Software, info.Description, info.Filename, dateText(info.At))
	block := fieldsText(Header{{"software", info.Software}, {"format", "WARC File Format 1.1"},
		{"conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"}, {"description", info.Description}})
	var h Header
	h.add(fieldType, string(TypeInfo))
	h.add(fieldID, w.infoID)
	h.add(fieldDate, dateText(info.At))
	h.add(fieldFilename, info.Filename)
	h.add(fieldContentType, typeFields)
	_, err := w.record(h, text(block))
	return w, err
}

// fieldsText writes named fields, leaving out those without a value. A value stands on one
// line.
func fieldsText(fields Header) string {
	var b strings.Builder
	for _, f := range fields {
		if f.Value != "" {
			b.WriteString(f.Name + ": " + strings.Join(strings.FieldsFunc(f.Value, func(r rune) bool { return r == '\r' || r == '\n' }), " ") + "\r\n")
		}
	}
	return b.String()
}

// block is the content of a record: its bytes can be read more than once.
type block struct {
	size int64
	open func() (io.ReadCloser, error)
}

func text(s string) block {
	return block{int64(len(s)), func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }}
}

// behind puts a text before a block.
func (b block) behind(head string) block {
	return block{int64(len(head)) + b.size, func() (io.ReadCloser, error) {
		r, err := b.open()
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{io.MultiReader(strings.NewReader(head), r), r}, nil
	}}
}

// record writes one record with its length and block digest; the block is read twice, once
// for the digest that stands before it.
func (w *Writer) record(h Header, b block) (Entry, error) {
	sum, n, err := hashed(b)
	if err != nil {
		return Entry{}, fmt.Errorf("warc: %w", err)
	}
	if n != b.size {
		return Entry{}, truce.Errorf(truce.CodeInternal, "warc: a block of %d bytes where %d were announced", n, b.size)
	}
	h.add(fieldBlockDigest, digest(sum))
	h.add(fieldLength, lengthText(b.size))
	entry := Entry{ID: h.Get(fieldID), Type: Type(h.Get(fieldType)), Offset: w.out.n}
	zip, err := gzip.NewWriterLevel(&w.out, gzip.BestSpeed)
	if err != nil {
		return entry, err
	}
	if _, err = io.WriteString(zip, h.text()); err == nil {
		_, err = copied(zip, b)
	}
	if err == nil {
		_, err = io.WriteString(zip, "\r\n\r\n") // every record ends so (clause 4)
	}
	if err = errors.Join(err, zip.Close()); err != nil {
		return entry, fmt.Errorf("warc: %w", err)
	}
	entry.Length = w.out.n - entry.Offset
	return entry, nil
}

func hashed(b block) (truce.Hash, int64, error) {
	sum := sha256.New()
	n, err := copied(sum, b)
	return truce.Hash(sum.Sum(nil)), n, err
}

func copied(to io.Writer, b block) (int64, error) {
	r, err := b.open()
	if err != nil {
		return 0, err
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{r}, make([]byte, copyBuffer))
	return n, errors.Join(err, r.Close())
}

// Capture writes one capture: its bytes as response (6.3), or as resource (6.4) when they
// did not come over HTTP, or as revisit (6.7) when the file has them already; then what
// else is known of it as metadata (6.6). Of what was taken down only the metadata are
// written, with the reason. The entry is that of the first of them.
func (w *Writer) Capture(ctx context.Context, c evidence.Capture) (Entry, error) {
	down, err := w.from.TakenDown(ctx, c.Content)
	if err != nil {
		return Entry{}, err
	}
	if down != nil {
		return w.metadata(c, "", Header{{"taken-down", down.At.String()}, {"taken-down-reason", down.Reason}})
	}
	entry, err := w.payload(ctx, c)
	if err != nil {
		return entry, fmt.Errorf("warc: %s: %w", c.URL, err)
	}
	_, err = w.metadata(c, entry.ID, nil)
	return entry, err
}

// target is where the bytes came from in the end.
func target(c evidence.Capture) string {
	if c.FinalURL != "" {
		return c.FinalURL
	}
	return c.URL
}

func (w *Writer) payload(ctx context.Context, c evidence.Capture) (Entry, error) {
	body := block{c.Size, func() (io.ReadCloser, error) {
		r, _, err := w.from.Open(ctx, c.Content)
		return r, err
	}}
	h := w.header(c, TypeResponse)
	var entry Entry
	var err error
	before, again := w.written[c.Content]
	switch {
	case again && c.Status != 0:
		h = w.header(c, TypeRevisit)
		h.add(fieldProfile, identicalPayload)
		h.add(fieldRefersTo, before.ID)
		h.add(fieldRefersURI, before.URI)
		h.add(fieldRefersDate, dateText(before.Date))
		h.add(fieldContentType, typeHTTPResponse)
		entry, err = w.record(h, text(httpHead(c)))
	case c.Status != 0:
		h.add(fieldContentType, typeHTTPResponse)
		entry, err = w.record(h, body.behind(httpHead(c)))
	default:
		h = w.header(c, TypeResource)
		h.add(fieldContentType, mediaOf(c))
		entry, err = w.record(h, body)
	}
	entry.URI, entry.Date, entry.Media, entry.Status, entry.Payload = target(c), c.Fetched, mediaOf(c), c.Status, c.Content
	if err == nil && !again {
		w.written[c.Content] = entry
	}
	return entry, err
}

// mediaOf is the media type without its parameters.
func mediaOf(c evidence.Capture) string {
	media, _, _ := strings.Cut(c.MediaType, ";")
	if media = strings.ToLower(strings.TrimSpace(media)); media == "" || strings.ContainsAny(media, " \r\n\t") {
		return "application/octet-stream"
	}
	return media
}

func (w *Writer) header(c evidence.Capture, kind Type) Header {
	var h Header
	h.add(fieldType, string(kind))
	h.add(fieldID, recordID(string(kind), c.URL, target(c), dateText(c.Fetched), c.Content.String(), c.By))
	h.add(fieldDate, dateText(c.Fetched))
	h.add(fieldURI, target(c))
	h.add(fieldAddress, c.Address)
	h.add(fieldInfoID, w.infoID)
	h.add(fieldPayloadDigest, digest(c.Content))
	return h
}

func (w *Writer) metadata(c evidence.Capture, of string, more Header) (Entry, error) {
	var h Header
	h.add(fieldType, string(TypeMetadata))
	h.add(fieldID, recordID("metadata", c.URL, target(c), dateText(c.Fetched), c.Content.String(), c.By))
	h.add(fieldDate, dateText(c.Fetched))
	h.add(fieldURI, target(c))
	h.add(fieldInfoID, w.infoID)
	h.add(fieldConcurrent, of)
	h.add(fieldContentType, typeFields)
	fields := Header{{"via", via(c)}, {"captured-by", c.By}, {"content-sha256", c.Content.String()}, {"content-bytes", lengthText(c.Size)}, {"note", c.Note}}
	entry, err := w.record(h, text(fieldsText(append(fields, more...))))
	entry.URI, entry.Date, entry.Payload = target(c), c.Fetched, c.Content
	return entry, err
}

// via is the address asked for, where a redirect led away from it.
func via(c evidence.Capture) string {
	if c.URL == target(c) {
		return ""
	}
	return c.URL
}

// moved are headers that speak of how the bytes came and not of the bytes as they are kept:
// chunks are taken off by any client. They stay under another name.
var moved = []string{"Transfer-Encoding", "Content-Length"}

// httpHead writes the head of the answer.
func httpHead(c evidence.Capture) string {
	protocol := c.Protocol
	if !strings.HasPrefix(protocol, "HTTP/1.") {
		protocol = "HTTP/1.1" // replay knows no other way to write a head
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %03d %s\r\n", protocol, c.Status, http.StatusText(c.Status))
	for _, f := range c.Header {
		name := f.Name
		for _, m := range moved {
			if strings.EqualFold(name, m) && !(m == "Content-Length" && f.Text() == lengthText(c.Size)) {
				name = "X-Archive-Orig-" + name
			}
		}
		b.WriteString(name + ": " + f.Text() + "\r\n")
	}
	b.WriteString("\r\n")
	return b.String()
}
