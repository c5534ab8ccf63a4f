package warc

import (
	"bufio"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// ErrDigest marks a block that was read whole and does not have its digest; the next call
// of Next goes on behind it.
var ErrDigest = errors.New("warc: a block does not have its digest")

// Reader reads the records of a WARC file of version 1.0 or 1.1, with or without gzip, one
// after the other. Memory stays the same however long a record is.
type Reader struct {
	in    *bufio.Reader
	count *countingReader
	zip   *gzip.Reader
	from  *bufio.Reader // of the record under way
	left  *io.LimitedReader
	sum   hash.Hash
	want  string
	begun bool
}

type countingReader struct {
	from io.Reader
	n    int64
}

// Read counts what comes in.
func (r *countingReader) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	r.n += int64(n)
	return n, err
}

// NewReader reads a file.
func NewReader(r io.Reader) *Reader {
	count := &countingReader{from: r}
	return &Reader{in: bufio.NewReader(count), count: count}
}

// Next goes to the next record; what was left of the last is read and held against its
// block digest first. io.EOF follows the last.
func (r *Reader) Next() (Record, error) {
	if r.begun {
		if err := r.finish(); err != nil {
			return Record{}, err
		}
	}
	record := Record{Offset: r.count.n - int64(r.in.Buffered())}
	if err := r.begin(); err != nil {
		return record, err
	}
	var err error
	if record.Version, record.Header, err = readHeader(r.from); err != nil {
		return record, err
	}
	size, err := strconv.ParseInt(record.Header.Get(fieldLength), 10, 64)
	if err != nil || size < 0 || size > maxBlock {
		return record, truce.Errorf(truce.CodeInvalid, "warc: at byte %d: Content-Length %.40q, want 0 to %d", record.Offset, record.Header.Get(fieldLength), maxBlock)
	}
	r.left = &io.LimitedReader{R: r.from, N: size}
	r.want = record.Header.Get(fieldBlockDigest)
	r.sum, r.begun = hashOf(r.want), true
	return record, nil
}

// begin finds whether a gzip member begins here.
func (r *Reader) begin() error {
	magic, err := r.in.Peek(2)
	if err != nil {
		if len(magic) == 0 && errors.Is(err, io.EOF) {
			return io.EOF
		}
		return truce.Errorf(truce.CodeInvalid, "warc: the file ends inside a record: %w", err)
	}
	if magic[0] != 0x1f || magic[1] != 0x8b {
		r.from, r.zip = r.in, nil
		return nil
	}
	if r.zip == nil {
		r.zip, err = gzip.NewReader(r.in)
	} else {
		err = r.zip.Reset(r.in)
	}
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "warc: %w", err)
	}
	r.zip.Multistream(false)
	r.from = bufio.NewReader(r.zip)
	return nil
}

func readHeader(in *bufio.Reader) (version string, h Header, err error) {
	size := 0
	line := func() (string, error) {
		var b []byte
		for {
			part, err := in.ReadSlice('\n')
			if size += len(part); size > maxHeader {
				return "", truce.Errorf(truce.CodeTooLarge, "warc: a header of more than %d bytes", maxHeader)
			}
			b = append(b, part...)
			if err == nil {
				return strings.TrimRight(string(b), "\r\n"), nil
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return "", truce.Errorf(truce.CodeInvalid, "warc: the file ends inside a header: %w", err)
			}
		}
	}
	if version, err = line(); err != nil {
		return "", nil, err
	}
	if version != "WARC/1.0" && version != versionLine {
		return "", nil, truce.Errorf(truce.CodeInvalid, "warc: a record begins %.40q, want WARC/1.0 or WARC/1.1", version)
	}
	for {
		text, err := line()
		switch {
		case err != nil:
			return version, h, err
		case text == "":
			return version, h, nil
		case (text[0] == ' ' || text[0] == '\t') && len(h) > 0: // a folded line, of 1.0
			h[len(h)-1].Value += " " + strings.TrimSpace(text)
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok || len(h) >= maxHeaderFields {
			return version, h, truce.Errorf(truce.CodeInvalid, "warc: %.80q is no header line, or there are more than %d", text, maxHeaderFields)
		}
		h = append(h, Field{name, strings.TrimSpace(value)})
	}
}

// hashOf is the hash a labelled digest is of, nil when it is none that is known here.
func hashOf(labelled string) hash.Hash {
	switch name, _, _ := strings.Cut(strings.ToLower(labelled), ":"); name {
	case "sha1", "sha-1":
		return sha1.New()
	case "sha256", "sha-256":
		return sha256.New()
	case "sha512", "sha-512":
		return sha512.New()
	}
	return nil
}

// Read reads the block of the record under way.
func (r *Reader) Read(b []byte) (int, error) {
	if !r.begun {
		return 0, io.EOF
	}
	n, err := r.left.Read(b)
	if r.sum != nil {
		r.sum.Write(b[:n])
	}
	if err == io.EOF && r.left.N > 0 {
		err = truce.Errorf(truce.CodeInvalid, "warc: the file ends %d bytes before the end of a block", r.left.N)
	}
	return n, err
}

// finish reads what is left of a record, checks its digest and passes over its end.
func (r *Reader) finish() error {
	if _, err := io.Copy(io.Discard, struct{ io.Reader }{r}); err != nil {
		return err
	}
	r.begun = false
	var damaged error
	if r.sum != nil && !sameDigest(r.want, r.sum.Sum(nil)) {
		damaged = truce.Errorf(truce.CodeInvalid, "%w %.100q", ErrDigest, r.want)
	}
	for range 4 { // two empty lines
		if c, err := r.from.ReadByte(); err != nil || c != '\r' && c != '\n' {
			return truce.Errorf(truce.CodeInvalid, "warc: two empty lines are missing behind a block")
		}
	}
	if r.zip == nil {
		return damaged
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(r.from, 1)); err != nil || n > 0 {
		return truce.Errorf(truce.CodeInvalid, "warc: a gzip member holds more than one record or is damaged: %w", err)
	}
	return damaged
}

// sameDigest: values are written in base 32 or 16.
func sameDigest(labelled string, sum []byte) bool {
	_, value, _ := strings.Cut(labelled, ":")
	return strings.EqualFold(value, hex.EncodeToString(sum)) || strings.EqualFold(strings.TrimRight(value, "="), base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum))
}
