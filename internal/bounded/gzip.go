package bounded

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// UnpackLimits bounds compressed input. A zero field means the default of that name.
type UnpackLimits struct {
	Bytes int64 // unpacked, MaxUnpacked
	Ratio int64 // unpacked to packed, MaxRatio
}

// ErrArchive is returned for archives of several files, which must be unpacked first.
var ErrArchive = errors.New("the file is an archive (zip, 7z, xz, bzip2 or zstd): unpack it and give the file inside")

// Unpack gives the bytes of src, through gzip if they begin as gzip does. Only one
// layer is unpacked: what is inside is data, even if it is gzip again.
func Unpack(src io.Reader, lim UnpackLimits) (io.Reader, error) {
	counted := &counter{src: src}
	head := bufio.NewReader(counted)
	magic, err := head.Peek(6)
	if err != nil && err != io.EOF {
		return nil, err
	}
	for _, other := range []string{"PK\x03\x04", "7z\xbc\xaf\x27\x1c", "\xfd7zXZ", "BZh", "\x28\xb5\x2f\xfd"} {
		if bytes.HasPrefix(magic, []byte(other)) {
			return nil, ErrArchive
		}
	}
	if !bytes.HasPrefix(magic, []byte{0x1f, 0x8b}) {
		return head, nil
	}
	z, err := gzip.NewReader(head)
	if err != nil {
		return nil, fmt.Errorf("the file begins as gzip and is not: %w", err)
	}
	u := &unpacked{z: z, packed: counted, bytes: MaxUnpacked, ratio: MaxRatio}
	if lim.Bytes > 0 {
		u.bytes = lim.Bytes
	}
	if lim.Ratio > 0 {
		u.ratio = lim.Ratio
	}
	return u, nil
}

type counter struct {
	src io.Reader
	n   int64
}

// Read counts what it passes on.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n += int64(n)
	return n, err
}

type unpacked struct {
	z            *gzip.Reader
	packed       *counter
	n            int64
	bytes, ratio int64
}

// Read gives unpacked bytes until a bound is reached.
func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the gzip data end in the middle: copy the file again: %w", err)
	}
	u.n += int64(n)
	if u.n > u.bytes {
		return 0, &LimitError{What: "the unpacked size in bytes", Limit: u.bytes}
	}
	if u.n > RatioSlack && u.n/u.ratio > u.packed.n {
		return 0, &LimitError{What: "the ratio of unpacked to packed size", Limit: u.ratio}
	}
	return n, err
}
