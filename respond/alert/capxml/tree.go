package capxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// node is an element with what it holds, in order. Attributes mean nothing in CAP.
type node struct {
	space, name string
	line        int
	text        strings.Builder
	children    []*node
}

// tree reads a document within its bounds. A DTD is refused before anything in it is
// looked at; the only entities are the five of XML itself.
func tree(document []byte) (*node, error) {
	if len(document) > MaxDocument {
		return nil, truce.Errorf(truce.CodeTooLarge, "cap: the document has %d bytes, at most %d are read", len(document), MaxDocument)
	}
	d := xml.NewDecoder(bytes.NewReader(document))
	d.CharsetReader = charset
	var root *node
	var open []*node
	elements := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := d.InputPos()
		if err != nil {
			return nil, truce.Errorf(truce.CodeInvalid, "cap: line %d: not well-formed XML: %w", line, err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, truce.Errorf(truce.CodeInvalid, "cap: line %d: a DTD is not taken; leave <!%.10s out", line, string(t))
		case xml.StartElement:
			if elements++; elements > MaxElements || len(open) >= MaxDepth {
				return nil, truce.Errorf(truce.CodeTooLarge, "cap: line %d: more than %d elements, or deeper than %d", line, MaxElements, MaxDepth)
			}
			n := &node{space: t.Name.Space, name: t.Name.Local, line: line}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			case root != nil:
				return nil, truce.Errorf(truce.CodeInvalid, "cap: line %d: a second document begins", line)
			default:
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(t)
			} else if len(bytes.TrimSpace(t)) > 0 && len(bytes.Trim(t, "\ufeff \t\r\n")) > 0 {
				return nil, truce.Errorf(truce.CodeInvalid, "cap: line %d: text outside of the document", line)
			}
		}
	}
	if root == nil || len(open) > 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "cap: no XML document")
	}
	return root, nil
}

// charset reads the encodings met in practice beside UTF-8.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "utf-8", "us-ascii", "ascii":
		return in, nil
	case "iso-8859-1", "latin1":
		return &latin{in: in}, nil
	}
	return nil, truce.Errorf(truce.CodeInvalid, "encoding %.40q: write UTF-8 or ISO-8859-1", name)
}

// latin turns ISO-8859-1, whose bytes are the first 256 characters, into UTF-8.
type latin struct {
	in   io.Reader
	left []byte
}

// Read gives UTF-8.
func (l *latin) Read(p []byte) (int, error) {
	if len(l.left) == 0 {
		raw := make([]byte, 512)
		n, err := l.in.Read(raw)
		for _, b := range raw[:n] {
			l.left = utf8.AppendRune(l.left, rune(b))
		}
		if n == 0 {
			return 0, err
		}
	}
	n := copy(p, l.left)
	l.left = l.left[n:]
	return n, nil
}
