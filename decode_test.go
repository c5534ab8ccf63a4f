package truce_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// bodies are the types that are read in bulk, and some whose shape is awkward.
var bodies = []reflect.Type{
	reflect.TypeFor[truce.Observation](), reflect.TypeFor[truce.Event](), reflect.TypeFor[truce.Incident](),
	reflect.TypeFor[truce.Evaluation](), reflect.TypeFor[truce.BatchManifest](), reflect.TypeFor[truce.AgreementText](),
	reflect.TypeFor[truce.Erasure](), reflect.TypeFor[truce.Quarantine](), reflect.TypeFor[truce.Bulletin](),
	reflect.TypeFor[truce.CaseStep](), reflect.TypeFor[truce.Alert](), reflect.TypeFor[truce.Commitment](),
	reflect.TypeFor[awkward](), reflect.TypeFor[tree](), reflect.TypeFor[[]int](), reflect.TypeFor[*string](),
	reflect.TypeFor[lean](), reflect.TypeFor[map[truce.Unit][]truce.Names](),
}

// lean leaves out most members of an evaluation; what is left out is passed over.
type lean struct {
	Findings []struct {
		Rule   truce.RuleID      `json:"rule"`
		Effect []truce.SideShare `json:"effect_side"`
	} `json:"findings"`
	Incident truce.ID `json:"incident"`
	Terms    string   `json:"version"`
}

// awkward has what the fast reader leaves to encoding/json.
type awkward struct {
	Small  int8           `json:"small"`
	Any    any            `json:"any"`
	Map    map[string]int `json:"map"`
	Single float32        `json:"single"`
	Raw    json.RawMessage
}

// tree holds itself.
type tree struct {
	Name string `json:"name"`
	Leaf []tree `json:"leaf"`
}

// fill draws a value that may be written canonically.
func fill(t *rapid.T, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-1_000_000, 1_800_000_000_000_000).Draw(t, "int"))
	case reflect.Float64:
		v.SetFloat(float64(rapid.Int32().Draw(t, "float")) / 1024)
	case reflect.String:
		v.SetString(truce.CleanText(rapid.String().Draw(t, "text")))
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(rapid.Byte().Draw(t, "byte")))
		}
	case reflect.Pointer:
		if depth > 0 && rapid.Bool().Draw(t, "set") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem(), depth-1)
		}
	case reflect.Map:
		for range rapid.IntRange(0, min(depth, 3)).Draw(t, "names") {
			name, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, name, 0)
			fill(t, value, depth-1)
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			v.SetMapIndex(name, value)
		}
	case reflect.Slice:
		if depth > 0 {
			fillSlice(t, v, depth-1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), depth)
			}
		}
	}
}

func fillSlice(t *rapid.T, v reflect.Value, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		if v.Type() == reflect.TypeFor[[]byte]() {
			v.SetBytes(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		}
		return
	}
	n := rapid.IntRange(-1, 3).Draw(t, "length")
	if n < 0 {
		return // nil
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		fill(t, v.Index(i), depth)
	}
}

// sameAsJSON reads a text both ways and compares values and refusals.
func sameAsJSON(t interface {
	Helper()
	Fatalf(string, ...any)
}, kind reflect.Type, text []byte) {
	t.Helper()
	got, want := reflect.New(kind), reflect.New(kind)
	gotErr, wantErr := truce.DecodeCanonical(text, got.Interface()), json.Unmarshal(text, want.Interface())
	if (gotErr == nil) != (wantErr == nil) || gotErr != nil && gotErr.Error() != wantErr.Error() {
		t.Fatalf("%s from %s: error %v, encoding/json says %v", kind, text, gotErr, wantErr)
	}
	if gotErr == nil && !reflect.DeepEqual(got.Interface(), want.Interface()) {
		t.Fatalf("%s from %s:\n%+v, encoding/json reads\n%+v", kind, text, got.Elem(), want.Elem())
	}
}

// TestDecodeAgreesWithEncodingJSON draws values, writes them, damages some of the
// texts, and reads them both ways.
func TestDecodeAgreesWithEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(bodies).Draw(t, "type")
		v := reflect.New(kind)
		fill(t, v.Elem(), 4)
		text, err := truce.Canonical(v.Interface())
		if err != nil {
			t.Fatal(err)
		}
		sameAsJSON(t, kind, text)
		damaged := bytes.Clone(text)
		for range rapid.IntRange(1, 3).Draw(t, "damages") {
			damaged[rapid.IntRange(0, len(damaged)-1).Draw(t, "where")] = rapid.Byte().Draw(t, "byte")
		}
		sameAsJSON(t, kind, damaged)
		sameAsJSON(t, kind, text[:rapid.IntRange(0, len(text)).Draw(t, "cut")])
	})
}

// TestDecodeSkips: a member that is not wanted is passed over, whatever it is, and damage
// in it is damage all the same.
func TestDecodeSkips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var e truce.Evaluation
		fill(t, reflect.ValueOf(&e).Elem(), 4)
		text, err := truce.Canonical(e)
		if err != nil {
			t.Fatal(err)
		}
		sameAsJSON(t, reflect.TypeFor[lean](), text)
		text[rapid.IntRange(0, len(text)-1).Draw(t, "where")] = rapid.Byte().Draw(t, "byte")
		sameAsJSON(t, reflect.TypeFor[lean](), text)
	})
	deep := bytes.Repeat([]byte("["), 5000)
	for _, text := range []string{
		`{"skip":[1,-2.5e3,"a\n",{"b":[],"c":{}},null,true,false]}`, `{"skip":"é"}`, `{"skip":[1,]}`, `{"skip":{"a"}}`, `{"skip":tru}`,
		`{"skip":1,"Name":"x"}`, `{"skip":1,"name":"x","ſkip":2}`, `{"name":"x","skip":1,"name":"y"}`, `{"a":1,"b":2,"name":"x","z":[]}`, `{"skip":}`, `{"skip":[`, `{"skip":01}`, `{"skip":` + string(deep) + `}`, `{"skip":` + string(deep) + string(bytes.Repeat([]byte("]"), 5000)) + `}`,
	} {
		sameAsJSON(t, reflect.TypeFor[struct {
			Name string `json:"name"`
		}](), []byte(text))
	}
}

func TestDecodeOrdinaryJSON(t *testing.T) {
	for _, text := range []string{
		`{"at":"1970-01-01T00:00:00.000000Z","name":"x"}`, `{ "name" : "x" }`, `{"name":"x","at":"1970-01-01T00:00:00Z"}`,
		`{"NAME":"folded"}`, `{"name":"a","name":"b"}`, `{"name":"\u0061\n\"\ud83d\ude00\ud800"}`, `{"name":null}`, `{"extra":1,"name":"x"}`,
		`{"name":"x"} `, `{"name":"x"}1`, `{"name":1}`, `{"at":"noon"}`, `null`, `[]`, ``, `{}`, `{"name":"` + "\xff" + `"}`,
	} {
		sameAsJSON(t, reflect.TypeFor[truce.Watermark](), []byte(text))
	}
	for _, text := range []string{`[1,2]`, `[]`, `null`, `[1,]`, `[01]`, `[1.0]`, `[-0]`, `[9223372036854775807]`, `[9223372036854775808]`, `[1 ]`} {
		sameAsJSON(t, reflect.TypeFor[[]int](), []byte(text))
	}
	var w truce.Watermark
	if err := truce.DecodeCanonical([]byte(`{}`), w); err == nil {
		t.Error("a value that is no pointer was taken")
	}
}

// FuzzDecodeCanonical: any text is read as encoding/json reads it.
func FuzzDecodeCanonical(f *testing.F) {
	f.Add(byte(3), []byte(`{"agreement":"a","findings":[{"p":0.5,"rule":"R01","trace":["x"]}],"incident":"01KNZFSX3VA47P2BSR8VCC7Z38","revision":1,"version":"v"}`))
	f.Add(byte(6), []byte(`{"reason":"r","seq":"7"}`))
	f.Add(byte(7), []byte(`{"rows":[{"file":"f","line":1,"raw":"/wA=","reason":"r"}],"source":"s"}`))
	f.Fuzz(func(t *testing.T, kind byte, text []byte) {
		sameAsJSON(t, bodies[int(kind)%len(bodies)], text)
	})
}
