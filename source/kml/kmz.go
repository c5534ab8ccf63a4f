package kml

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
)

// open gives the document: of a KMZ, which is a zip archive, doc.kml or else the first file at
// its top whose name ends in .kml.
func open(r io.Reader) (io.Reader, error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(r, head)
	whole := io.MultiReader(bytes.NewReader(head[:n]), r)
	if err != nil || string(head) != "PK\x03\x04" {
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		return whole, nil
	}
	packed, err := io.ReadAll(io.LimitReader(whole, maxPacked+1))
	if err != nil {
		return nil, err
	}
	if len(packed) > maxPacked {
		return nil, truce.Errorf(truce.CodeInvalid, "the KMZ file is over the bound of %d bytes; unpack it and give its KML", maxPacked)
	}
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "the KMZ file cannot be unpacked: %w", err)
	}
	f, err := document(archive)
	if err != nil {
		return nil, err
	}
	doc, err := f.Open()
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "%s in the KMZ file cannot be unpacked: %w", f.Name, err)
	}
	most := min(int64(f.CompressedSize64)*maxRatio+bounded.RatioSlack, maxUnpacked)
	return &limited{src: doc, left: most, most: most}, nil
}

func document(archive *zip.Reader) (*zip.File, error) {
	if len(archive.File) > maxEntries {
		return nil, truce.Errorf(truce.CodeInvalid, "the KMZ file holds more than %d files", maxEntries)
	}
	var first *zip.File
	for _, f := range archive.File {
		switch {
		case f.Name == "doc.kml":
			return f, nil
		case first == nil && !strings.Contains(f.Name, "/") && strings.HasSuffix(strings.ToLower(f.Name), ".kml"):
			first = f
		}
	}
	if first == nil {
		return nil, truce.Errorf(truce.CodeInvalid, "the KMZ file holds no .kml file at its top")
	}
	return first, nil
}

// limited ends with an error where an unpacked document goes over its bound.
type limited struct {
	src        io.Reader
	left, most int64
}

// Read is io.Reader within the bound.
func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, truce.Errorf(truce.CodeInvalid, "the KMZ file unpacks to more than %d bytes, which is over the bound", l.most)
	}
	n, err := l.src.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	if err != nil && err != io.EOF {
		err = truce.Errorf(truce.CodeInvalid, "the KMZ file cannot be unpacked: %w", err)
	}
	return n, err
}
