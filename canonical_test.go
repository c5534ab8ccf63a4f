package truce_test

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// The numbers are those of RFC 8785, appendix B, as IEEE 754 bits.
func TestCanonicalNumbersOfTheRFC(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0",
		0x0000000000000001: "5e-324",
		0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308",
		0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992",
		0xc340000000000000: "-9007199254740992",
		0x44b52d02c7e14af5: "9.999999999999997e+22",
		0x44b52d02c7e14af6: "1e+23",
		0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7",
		0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332",
		0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334",
		0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333",
		0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		got, err := truce.Canonical(math.Float64frombits(bits))
		if err != nil || string(got) != want {
			t.Errorf("%016x wrote %s, %v, want %s", bits, got, err, want)
		}
	}
}

func TestCanonicalText(t *testing.T) {
	for in, want := range map[string]string{
		`{"b":1,"a":2}`:                                   `{"a":2,"b":1}`,
		" {\r\n\t\"a\" : [ 1 , 2.50 , true ] } ":          `{"a":[1,2.5,true]}`,
		`{"a":{"d":{},"c":[]},"A":null}`:                  `{"A":null,"a":{"c":[],"d":{}}}`,
		`"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"`: `"€$\u000f\nA'B\"\\\\\"/"`, // RFC 8785, 3.2.2
		`"\b\t\n\f\r\u000b\u007f"`:                        "\"\\b\\t\\n\\f\\r\\u000b\x7f\"",
		`"\ud83d\ude00"`:                                  `"😀"`,
		// RFC 8785, 3.2.3: order by UTF-16 code units, not by code points.
		`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`: "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
		`1E2`:              `100`,
		`-1.5e-9`:          `-1.5e-9`,
		`9007199254740992`: `9007199254740992`,
	} {
		if strings.Contains(in, `\ufb33`) {
			// U+FB33 is not in normal form C: the RFC's own example is refused here.
			in, want = strings.ReplaceAll(in, `\ufb33`, `\ufdfd`), strings.ReplaceAll(want, "\ufb33", "\ufdfd")
		}
		got, err := truce.CanonicalJSON([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s wrote %s, %v, want %s", in, got, err, want)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"two values":            "1 2",
		"garbage behind":        `{"a":1} x`,
		"a trailing comma":      "[1,]",
		"a leading comma":       "[,1]",
		"no comma":              "[1 2]",
		"an open list":          "[1",
		"an open object":        `{"a":1`,
		"a name without quotes": "{a:1}",
		"no colon":              `{"a" 1}`,
		"no value":              `{"a":}`,
		"a name twice":          `{"a":1,"b":2,"a":3}`,
		"neighbours alike":      `{"a":1,"\u0061":3}`,
		"an open string":        `"a`,
		"a raw line feed":       "\"a\nb\"",
		"an unknown escape":     `"\x"`,
		"an escape cut short":   `"\u12"`,
		"no hex digits":         `"\u12g4"`,
		"half a pair":           `"\ud83d"`,
		"half a pair and text":  `"\ud83d\u0041"`,
		"not UTF-8":             "\"\xff\"",
		"the mark of bad UTF-8": `"\ufffd"`,
		"normal form D":         "\"e\u0301\"",
		"minus zero":            "-0",
		"a large whole number":  "1e20",
		"minus zero point":      "-0.0",
		"minus nothing":         "-1e-400",
		"a large integer":       "9007199254740993",
		"a huge integer":        "123456789012345678901234567890",
		"a large negative":      "-9007199254740993",
		"out of range":          "1e400",
		"a leading zero":        "012",
		"a leading plus":        "+1",
		"a point alone":         "1.",
		"no digits":             "1e",
		"a word":                "nul",
		"not a number":          "NaN",
	} {
		if got, err := truce.CanonicalJSON([]byte(text)); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %s wrote %s, %v, want an invalid error", name, text, got, err)
		}
	}
	for name, v := range map[string]any{"NaN": math.NaN(), "infinity": math.Inf(1), "-0": math.Copysign(0, -1), "a large integer": int64(1)<<53 + 1, "a channel": make(chan int)} {
		if got, err := truce.Canonical(v); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s wrote %s, %v, want an invalid error", name, got, err)
		}
	}
}

func TestCanonicalBounds(t *testing.T) {
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if _, err := truce.CanonicalJSON(nested(truce.MaxDepth + 1)); err != nil {
		t.Errorf("at the bound of depth: %v", err)
	}
	if _, err := truce.CanonicalJSON(nested(truce.MaxDepth + 2)); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("beyond the bound of depth: %v, want too large", err)
	}
	if _, err := truce.Canonical(strings.Repeat("x", truce.MaxBody-2)); err != nil {
		t.Errorf("at the bound of size: %v", err)
	}
	if _, err := truce.Canonical(strings.Repeat("x", truce.MaxBody-1)); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("beyond the bound of size: %v, want too large", err)
	}
	if _, err := truce.CanonicalJSON(bytes.Repeat([]byte(" "), 3*truce.MaxBody+1)); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("beyond the bound of raw size: %v, want too large", err)
	}
}

// anyJSON draws a value that may be written.
func anyJSON(depth int) *rapid.Generator[any] {
	text := rapid.Custom(func(t *rapid.T) string { return truce.CleanText(rapid.String().Draw(t, "text")) })
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), text.AsAny(), rapid.Int64Range(-1<<53, 1<<53).AsAny(),
		rapid.Float64().Filter(func(f float64) bool {
			return (f != 0 || !math.Signbit(f)) && (f != math.Trunc(f) || math.Abs(f) < 1<<53)
		}).AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	return rapid.OneOf(append(leaves, rapid.SliceOfN(anyJSON(depth-1), 0, 4).AsAny(), rapid.MapOfN(text, anyJSON(depth-1), 0, 5).AsAny())...)
}

// TestCanonicalAgreesWithASlowOne holds the one-pass writer against a plain one that
// reads into maps and sorts them.
func TestCanonicalAgreesWithASlowOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyJSON(4).Draw(t, "value")
		got, err := truce.Canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if want := slow(raw); string(got) != want {
			t.Fatalf("wrote %s, the slow one %s", got, want)
		}
		again, err := truce.CanonicalJSON(got)
		if err != nil || !bytes.Equal(again, got) {
			t.Fatalf("written again it is %s, %v", again, err)
		}
		indented, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if spaced, err := truce.CanonicalJSON(indented); err != nil || !bytes.Equal(spaced, got) {
			t.Fatalf("written from an indented text it is %s, %v", spaced, err)
		}
	})
}

// slow writes canonical JSON the obvious way.
func slow(raw []byte) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return err.Error()
	}
	return slowValue(v)
}

func slowValue(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var names, parts []string
		for name := range v {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
		for _, name := range names {
			parts = append(parts, slowValue(name)+":"+slowValue(v[name]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, slowValue(e))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case string:
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			return err.Error()
		}
		text := strings.TrimSuffix(buf.String(), "\n")
		return strings.NewReplacer("\\u2028", "\u2028", "\\u2029", "\u2029").Replace(text)
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return err.Error()
		}
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if abs := math.Abs(f); f != 0 && (abs < 1e-6 || abs >= 1e21) {
			text = strconv.FormatFloat(f, 'e', -1, 64)
			text = strings.NewReplacer("e-0", "e-", "e+0", "e+").Replace(text)
		}
		return text
	}
	out, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(out)
}

// TestIsCanonicalAgreesWithWriting: a text is canonical when writing it anew changes
// nothing, short ones and ones that are looked at in pieces.
func TestIsCanonicalAgreesWithWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := []any{anyJSON(3).Draw(t, "first"), strings.Repeat("long", rapid.IntRange(0, 4000).Draw(t, "length")), anyJSON(3).Draw(t, "second")}
		text, err := truce.Canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		if !truce.IsCanonicalBody(truce.RecordBulletin, text) {
			t.Fatalf("%s is called not canonical", text)
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "where")
		other := slices.Insert(bytes.Clone(text), at, rapid.SampledFrom([]byte(` 0a"\,{`)).Draw(t, "byte"))
		written, err := truce.CanonicalBody(truce.RecordBulletin, other)
		if is, want := truce.IsCanonicalBody(truce.RecordBulletin, other), err == nil && bytes.Equal(written, other); is != want {
			t.Fatalf("%s is called canonical: %v; written anew it is %s, %v", other, is, written, err)
		}
	})
	for _, text := range []string{`{"b":1,"a":2}`, `{"a":1,"a":1}`, `[1.0]`, `["\u0061"]`, `[1] `, ` [1]`, ``, `[`, `{"a":{"c":1,"b":2}}`} {
		if truce.IsCanonicalBody(truce.RecordEvent, []byte(text)) {
			t.Errorf("%q is called canonical", text)
		}
	}
	long := []byte(`"` + strings.Repeat("x", truce.MaxBody) + `"`)
	if truce.IsCanonicalBody(truce.RecordEvent, long) || !truce.IsCanonicalBody(truce.RecordBulletin, long) {
		t.Error("the bounds of bodies are not held")
	}
}

func TestCleanText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		clean := truce.CleanText(raw)
		if _, err := truce.Canonical(clean); err != nil {
			t.Fatalf("%q became %q, which is refused: %v", raw, clean, err)
		}
		if truce.CleanText(clean) != clean || !norm.NFC.IsNormalString(clean) {
			t.Fatalf("%q became %q, which is not clean", raw, clean)
		}
	})
	for in, want := range map[string]string{"a\x00b\xffc\x7f": "abc", "e\u0301": "é", "a\tb\nc\r": "a\tb\nc", "\ufffd": ""} {
		if got := truce.CleanText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// TestCleanTextKeepsNoHiddenCharacters: what turns or hides the text around it is gone,
// what a script needs to be written stays.
func TestCleanTextKeepsNoHiddenCharacters(t *testing.T) {
	for in, want := range map[string]string{
		"Os\u202eexe.\u202c\u2066x\u2069\u200f\u200e\u061c": "Osexe.x",
		"Po\u00adkrovsk\u200b\ufeff\u2060":                  "Pokrovsk",
		"a\u009b31m\u0085b":                                 "a31mb",
		"\U000e0041x\u206a\ufff9":                           "x",
		"می\u200cخواهم न\u200dा":                            "می\u200cخواهم न\u200dा", // joiners change letters
		"\u0601\u06dd١":                                     "\u0601\u06dd١",          // signs that are seen
	} {
		if got := truce.CleanText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// TestHiddenCharactersInOldRecordsStand: what was recorded with them is still canonical,
// so that its hash does not change.
func TestHiddenCharactersInOldRecordsStand(t *testing.T) {
	body := []byte("{\"reason\":\"a\u202eb\",\"seq\":\"1\"}")
	if !truce.IsCanonicalBody(truce.RecordErasure, body) {
		t.Error("an old record is not canonical any more")
	}
	out, err := truce.CanonicalBody(truce.RecordErasure, body)
	if err != nil || !bytes.Equal(out, body) {
		t.Errorf("became %q: %v", out, err)
	}
}

// FuzzCanonicalJSON: what is written is canonical, valid, and means the same.
func FuzzCanonicalJSON(f *testing.F) {
	for _, seed := range []string{`{"b":[1,2.5e3,{"":null}],"a":"\u00e9\n"}`, `1E20`, `[-1e-7,"\ud83d\ude00"]`, "{\"\xff\":1}", "[[[[", `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := truce.CanonicalJSON(raw)
		if is, want := truce.IsCanonicalBody(truce.RecordEvent, raw), err == nil && bytes.Equal(out, raw); is != want {
			t.Fatalf("%q is canonical: %v, written anew it is %q, %v", raw, is, out, err)
		}
		if err != nil {
			return
		}
		if !json.Valid(raw) || !json.Valid(out) {
			t.Fatalf("%q wrote %q: valid %v, %v", raw, out, json.Valid(raw), json.Valid(out))
		}
		if again, err := truce.CanonicalJSON(out); err != nil || !bytes.Equal(again, out) {
			t.Fatalf("%q wrote %q, and again %q, %v", raw, out, again, err)
		}
		if want := slow(raw); want != string(out) {
			t.Fatalf("%q wrote %q, the slow one %q", raw, out, want)
		}
	})
}

func TestBulletinsHaveABoundOfTheirOwn(t *testing.T) {
	body := []byte(`"` + strings.Repeat("x", truce.MaxBody) + `"`)
	if _, err := truce.CanonicalBody(truce.RecordEvent, body); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("an event of %d bytes gave %v, want a refusal", len(body), err)
	}
	if _, err := truce.CanonicalBody(truce.RecordBulletin, body); err != nil {
		t.Errorf("a bulletin of %d bytes is refused: %v", len(body), err)
	}
}
