package truce_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// mixed has every shape that is written without encoding/json.
type mixed struct {
	inner
	Names   map[truce.PartyID]string   `json:"names,omitempty"`
	Deep    map[string]map[string]bool `json:"deep"`
	Seq     truce.Seq                  `json:"seq,string"`
	Flag    bool                       `json:"flag,omitempty"`
	Float   float64                    `json:"float,omitempty"`
	Time    truce.ResultTime           `json:"time,omitempty"`
	Hash    truce.Hash                 `json:"hash,omitempty"`
	Bytes   []byte                     `json:"bytes"`
	Texts   []string                   `json:"texts,omitempty"`
	Self    *inner                     `json:"self"`
	Rows    truce.RowSet               `json:"rows"`
	Skipped string                     `json:"-"`
	Bare    int
}

type inner struct {
	Z string `json:"z"`
	A *int   `json:"a,omitempty"`
}

// foreign has a name that is not ASCII, which is left to encoding/json.
type foreign struct {
	Z string `json:"ž"`
	A inner  `json:"a"`
}

// omitsZero has an option that is left to encoding/json.
type omitsZero struct {
	At truce.Instant `json:"at,omitzero"`
}

var encoded = append([]reflect.Type{
	reflect.TypeFor[mixed](), reflect.TypeFor[inner](), reflect.TypeFor[foreign](), reflect.TypeFor[omitsZero](), reflect.TypeFor[truce.IncidentRow](),
	reflect.TypeFor[map[string]int](), reflect.TypeFor[**int](), reflect.TypeFor[float64](), reflect.TypeFor[string](),
}, bodies...)

// fillWild draws any value, also such as must be refused.
func fillWild(t *rapid.T, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.OneOf(rapid.Int64Range(-9, 9), rapid.Int64Range(1<<53-1, 1<<53+1), rapid.Int64()).Draw(t, "int"))
	case reflect.Float64:
		v.SetFloat(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1e-7, 1 << 53, 1<<53 + 2, 1e20, 1e21, math.NaN(), math.Inf(1)})).Draw(t, "float"))
	case reflect.String:
		v.SetString(rapid.OneOf(rapid.StringMatching(`[a-z <&"\\]{0,9}`), rapid.String(),
			rapid.SampledFrom([]string{"e\u0301", "\u00e9", "\x80", "\ufffd", "\u2028", "\x00\x1f\x7f", "\U0001F54A\uffee"})).Draw(t, "text"))
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(rapid.Byte().Draw(t, "byte")))
		}
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if depth > 0 && rapid.Bool().Draw(t, "set") {
			fillBehind(t, v, depth-1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous {
				fillWild(t, v.Field(i), depth)
			}
		}
	}
}

func fillBehind(t *rapid.T, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillWild(t, v.Elem(), depth)
	case reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(t, "length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fillWild(t, v.Index(i), depth)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			name, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fillWild(t, name, depth)
			fillWild(t, value, depth)
			v.SetMapIndex(name, value)
		}
	}
}

// byWayOfJSON is the definition of the canonical form: encoding/json, rewritten.
func byWayOfJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return truce.CanonicalJSON(raw)
}

// TestCanonicalAgreesWithEncodingJSON draws values of every shape, by value and by
// pointer, and compares texts and refusals.
func TestCanonicalAgreesWithEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(encoded).Draw(t, "type")
		v := reflect.New(kind)
		if rapid.Bool().Draw(t, "wild") {
			fillWild(t, v.Elem(), 4)
		} else {
			fill(t, v.Elem(), 4)
		}
		want, wantErr := byWayOfJSON(v.Interface())
		for how, value := range map[string]any{"pointer": v.Interface(), "value": v.Elem().Interface()} {
			got, err := truce.Canonical(value)
			if (err == nil) != (wantErr == nil) || string(got) != string(want) {
				t.Fatalf("%s by %s:\n%s, %v\nby way of JSON\n%s, %v", kind, how, got, err, want, wantErr)
			}
		}
	})
}

func TestCanonicalOfNothingIsNull(t *testing.T) {
	for _, v := range []any{nil, (*truce.Observation)(nil), []string(nil), map[string]int(nil)} {
		if got, err := truce.Canonical(v); err != nil || string(got) != "null" {
			t.Errorf("%T: %s, %v, want null", v, got, err)
		}
	}
}

// TestCanonicalOfRecordsTakesNoDetour: a row of a batch is written with one allocation,
// which encoding/json does not manage.
func TestCanonicalOfRecordsTakesNoDetour(t *testing.T) {
	o := firmsLike()
	allocations := testing.AllocsPerRun(100, func() {
		if _, err := truce.Canonical(&o); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 1 {
		t.Errorf("%v allocations an observation, want 1", allocations)
	}
}

func TestCanonicalKeepsItsBoundOnLongLists(t *testing.T) {
	long := make([]string, truce.MaxBody/4)
	for i := range long {
		long[i] = "a"
	}
	if _, err := truce.Canonical(long); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("%d bytes over the bound: %v, want too large", len(long)*4+1-truce.MaxBody, err)
	}
	if _, err := truce.Canonical(long[:len(long)-1]); err != nil {
		t.Errorf("just within the bound: %v", err)
	}
}

// TestAppendCanonical puts the same text behind what is there, or leaves it alone.
func TestAppendCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(encoded).Draw(t, "type")
		v := reflect.New(kind)
		fillWild(t, v.Elem(), 3)
		before := make([]byte, 3, 3+rapid.IntRange(0, 200).Draw(t, "room"))
		copy(before, "abc")
		got, err := truce.AppendCanonical(before, v.Interface())
		want, wantErr := truce.Canonical(v.Interface())
		if string(got) != "abc"+string(want) || (err == nil) != (wantErr == nil) {
			t.Fatalf("%s: appended %q, %v, want %q, %v", kind, got, err, want, wantErr)
		}
	})
}
