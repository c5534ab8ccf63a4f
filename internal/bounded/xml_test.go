package bounded

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// tags reads a document as "+name", "-name" and trimmed text.
func tags(src io.Reader, lim XMLLimits) (out []string, err error) {
	x := NewXML(src, lim)
	for {
		t, err := x.Token()
		if err != nil {
			return out, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			out = append(out, "+"+t.Name.Local)
		case xml.EndElement:
			out = append(out, "-"+t.Name.Local)
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); text != "" {
				out = append(out, text)
			}
		}
	}
}

func TestXMLGivesTagsAndText(t *testing.T) {
	in := "\xef\xbb\xbf<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a x=\"1\"><!-- no -->t &amp; u<b/></a>\n"
	got, err := tags(iotest.OneByteReader(strings.NewReader(in)), XMLLimits{})
	if want := "+a|t & u|+b|-b|-a"; err != io.EOF || strings.Join(got, "|") != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	koi := "<?xml version=\"1.0\" encoding=\"koi8-r\"?><a>\xd0\xd5\xd4\xd8</a>"
	if got, err := tags(strings.NewReader(koi), XMLLimits{}); err != io.EOF || len(got) != 3 || got[1] != "путь" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestXMLIsBounded: a document at each bound is read, one over it is refused with its name.
func TestXMLIsBounded(t *testing.T) {
	lim := XMLLimits{Depth: 3, Token: 8192, Attributes: 2}
	for _, row := range []struct{ in, over string }{
		{"<a><b><c/></b></a>", ""},
		{"<a><b><c><d/></c></b></a>", "the nesting of elements is over the bound of 3"},
		{`<a x="" y=""/>`, ""},
		{`<a x="" y="" z=""/>`, "attributes of one element is over the bound of 2"},
		{"<a>" + strings.Repeat("x", 8000) + "</a>", ""},
		{"<a>" + strings.Repeat("x", 20_000) + "</a>", "one tag or text of XML, in bytes, is over the bound of 8192"},
		{"<a>" + strings.Repeat("<b>"+strings.Repeat("x", 4000)+"</b>", 50) + "</a>", ""},
		{"<?xml version=\"1.0\" encoding=\"koi8-r\"?><a>" + strings.Repeat("<b>"+strings.Repeat("\xd0", 3000)+"</b>", 50) + "</a>", ""},
		{"<?xml version=\"1.0\" encoding=\"koi8-r\"?><a>" + strings.Repeat("\xd0", 20_000) + "</a>", "in bytes, is over the bound of 8192"},
	} {
		_, err := tags(strings.NewReader(row.in), lim)
		var limit *LimitError
		if row.over == "" && err != io.EOF || row.over != "" && (!errors.As(err, &limit) || !strings.Contains(limit.Error(), row.over)) {
			t.Errorf("%.40s: %v, want %q", row.in, err, row.over)
		}
	}
}

func TestXMLSaysWhereItBreaks(t *testing.T) {
	gone := errors.New("the disk is gone")
	for _, row := range []struct {
		src  io.Reader
		want string
	}{
		{strings.NewReader("<a>\n<b></c></a>"), "line 2: element <b> closed by </c>"},
		{strings.NewReader("<a>\n\n<b>"), "line 3: the file ends in the middle"},
		{strings.NewReader("<a>&copy;</a>"), "line 1: invalid character entity &copy;"},
		{strings.NewReader("<?xml version=\"1.0\" encoding=\"klingon\"?><a/>"), `the encoding "klingon" is not known`},
		{io.MultiReader(strings.NewReader("<a>"), iotest.ErrReader(gone)), gone.Error()},
	} {
		if _, err := tags(row.src, XMLLimits{}); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v, want %q", err, row.want)
		}
	}
}

func TestXMLTextAndSkip(t *testing.T) {
	x := NewXML(strings.NewReader("<a><b> one <i>two</i> three</b><c><d>x</d></c><e/></a>"), XMLLimits{})
	var got []string
	for {
		tok, err := x.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := tok.(xml.StartElement)
		switch {
		case !ok:
		case start.Name.Local == "b":
			text, err := x.Text()
			got = append(got, fmt.Sprint(text, err, x.Depth()))
		case start.Name.Local == "c":
			got = append(got, fmt.Sprint("skip", x.Skip(), x.Depth()))
		default:
			got = append(got, fmt.Sprint(start.Name.Local, x.Line(), x.Offset() > 0))
		}
	}
	if want := "a1 true|one  three<nil> 1|skip<nil> 1|e1 true"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
	for _, in := range []string{"<a><b>", "<a><b>x"} {
		x := NewXML(strings.NewReader(in), XMLLimits{})
		for range 2 {
			if _, err := x.Token(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := x.Text(); err == nil || err == io.EOF {
			t.Errorf("%s: text ends with %v", in, err)
		}
	}
}

// FuzzXML: reading ends, and depth comes back to 0 where a document is whole.
func FuzzXML(f *testing.F) {
	f.Add("<a x='1'><b>t</b></a>")
	f.Add("<?xml version='1.0' encoding='utf-16'?><a/>")
	f.Fuzz(func(t *testing.T, in string) {
		x := NewXML(strings.NewReader(in), XMLLimits{Depth: 8, Token: 256, Attributes: 4})
		for {
			_, err := x.Token()
			if err == io.EOF && x.Depth() != 0 {
				t.Fatalf("%q ends at depth %d", in, x.Depth())
			}
			if err != nil {
				return
			}
			if x.Depth() > 8 || x.Depth() < 0 {
				t.Fatalf("depth %d", x.Depth())
			}
		}
	})
}
