package bounded

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// XMLLimits bounds one XML reader. A zero field means the default of that name.
type XMLLimits struct {
	Depth      int // nesting of elements, MaxDepth
	Token      int // bytes of one tag, text or comment, MaxValue
	Attributes int // of one element, MaxAttributes
}

// XML walks one XML document token by token without holding it. Entities beyond the five of
// XML itself are refused, whatever a document type declares, so that no text can grow. Other
// encodings than UTF-8 are read where the declaration names them.
type XML struct {
	dec   *xml.Decoder
	win   *xmlWindow
	lim   XMLLimits
	depth int
}

// xmlWindow lets the decoder read only so far ahead of the token it is at.
type xmlWindow struct {
	src   io.Reader
	read  int64
	until int64
	limit int
	err   error // of src, as it came
}

// Read is io.Reader for the decoder.
func (w *xmlWindow) Read(p []byte) (int, error) {
	room := w.until - w.read
	if room <= 0 {
		return 0, over("one tag or text of XML, in bytes,", w.limit)
	}
	n, err := w.src.Read(p[:min(int64(len(p)), room)])
	w.read += int64(n)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// NewXML reads one document from src. A byte order mark is passed over.
func NewXML(src io.Reader, lim XMLLimits) *XML {
	lim = XMLLimits{
		Depth:      fallback(lim.Depth, MaxDepth),
		Token:      fallback(lim.Token, MaxValue),
		Attributes: fallback(lim.Attributes, MaxAttributes),
	}
	x := &XML{win: &xmlWindow{src: withoutMark(src), limit: lim.Token}, lim: lim}
	x.dec = xml.NewDecoder(x.win)
	x.dec.CharsetReader = x.inCharset
	return x
}

// inCharset goes on behind the declaration in another encoding: the bound holds for what is
// read as UTF-8 from there.
func (x *XML) inCharset(label string, rest io.Reader) (io.Reader, error) {
	decoded, err := charset.NewReaderLabel(label, rest)
	if err != nil {
		return nil, fmt.Errorf("the encoding %.40q is not known; save the file as UTF-8", label)
	}
	x.win.until = 1 << 62
	failed := x.win
	x.win = &xmlWindow{src: decoded, read: x.dec.InputOffset(), until: x.dec.InputOffset() + int64(x.lim.Token), limit: x.lim.Token, err: failed.err}
	return x.win, nil
}

// Offset is how many bytes of text the reader has taken, which are those of the file where it
// is UTF-8 without a mark.
func (x *XML) Offset() int64 { return x.dec.InputOffset() }

// Line is the line the reader has come to, from 1.
func (x *XML) Line() int {
	line, _ := x.dec.InputPos()
	return line
}

// Depth is how many elements are open.
func (x *XML) Depth() int { return x.depth }

// Token gives the next tag or text; comments, instructions and document types are passed
// over. Text is valid until the next call. io.EOF is the end of a whole document; a
// *LimitError or *SyntaxError ends the reading.
func (x *XML) Token() (xml.Token, error) {
	for {
		x.win.until = x.dec.InputOffset() + int64(x.lim.Token)
		t, err := x.dec.Token()
		if err != nil {
			return nil, x.wrap(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if x.depth++; x.depth > x.lim.Depth {
				return nil, over("the nesting of elements", x.lim.Depth)
			}
			if len(t.Attr) > x.lim.Attributes {
				return nil, over("the number of attributes of one element", x.lim.Attributes)
			}
			return t, nil
		case xml.EndElement:
			x.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		}
	}
}

// wrap gives limits and failures of the source as they are and anything else a line.
func (x *XML) wrap(err error) error {
	var limit *LimitError
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &limit):
		return limit
	case x.win.err != nil:
		return x.win.err
	case err == io.EOF:
		return io.EOF
	case errors.As(err, &syntax):
		reason := syntax.Msg
		if strings.Contains(reason, "unexpected EOF") {
			reason = "the file ends in the middle"
		}
		return &SyntaxError{Line: syntax.Line, Reason: reason}
	}
	return &SyntaxError{Line: x.Line(), Reason: err.Error()}
}

// Skip passes over the rest of the element that was begun last.
func (x *XML) Skip() error {
	for until := x.depth - 1; x.depth > until; {
		if _, err := x.Token(); err != nil {
			return cutShort(err)
		}
	}
	return nil
}

// Text is the text of the element that was begun last, without that of elements in it, and
// passes over its end. It is without blanks at both ends.
func (x *XML) Text() (string, error) {
	var whole []byte
	for own, until := x.depth, x.depth-1; x.depth > until; {
		t, err := x.Token()
		if err != nil {
			return "", cutShort(err)
		}
		if text, ok := t.(xml.CharData); ok && x.depth == own {
			if len(whole)+len(text) > x.lim.Token {
				return "", over("the text of one element, in bytes,", x.lim.Token)
			}
			whole = append(whole, text...)
		}
	}
	return strings.TrimSpace(string(whole)), nil
}

// cutShort is the error within an element, where the end of the input is none of the document.
func cutShort(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
