package asterix

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// messages reads a feed to its end, damage beside what could be read. Items are copied.
func messages(t testing.TB, in []byte, opt Options) (out []Message, damage []string) {
	t.Helper()
	r := NewReader(bytes.NewReader(in), opt)
	for {
		var m Message
		err := r.Next(&m)
		var d *source.Damage
		switch {
		case err == io.EOF:
			return out, damage
		case errors.As(err, &d):
			damage = append(damage, err.Error())
		case err != nil:
			t.Fatal(err)
		default:
			m.Items = append(Items(nil), m.Items...)
			m.Raw = bytes.Clone(m.Raw)
			out = append(out, m)
		}
	}
}

// published are the names of the published decodes where they are not ours in capital letters
// without the unit, with what turns our number into theirs: a flight level into feet, and the
// speed whose step of 2^-14 NM/s is published as 0.22 kt.
var published = map[string]struct {
	path  string
	times float64
}{
	"001/I161/tpn": {"161/track", 1}, "001/I200/CalcGS": {"200/gsp_nmps", 16384 * .22}, "001/I200/CalcHdg": {"200/hdg_deg", 1},
	"001/I090/ModeC": {"090/hgt_fl", 1}, "001/I141/Time": {"", 0}, "001/I210/Qty": {"210/quality", 1},
	"002/I000/type": {"000/type", 1}, "002/I020/Azi": {"020/sector_deg", 1}, "002/I030/ToD": {"030/tod_s", 1},
	"062/I015/SID": {"015/service", 1}, "062/I070/ToT": {"070/tod_s", 1}, "062/I040/TrkN": {"040/track", 1},
	"062/I200/TRANSA": {"200/trans", 1}, "062/I200/LONGA": {"200/long", 1}, "062/I200/VERTA": {"200/vert", 1},
	"062/I136/MFL": {"136/measured_fl", 100}, "062/I130/Alt": {"130/altitude_ft", 1}, "062/I135/CTBA": {"135/ctb_fl", 100},
	"062/I220/RoC": {"220/climb_ft_min", 1}, "062/I380/ID/ACID": {"380/id/id", 1},
	"062/I340/MDC/CV": {"340/mdc/v", 1}, "062/I340/MDC/CG": {"340/mdc/g", 1}, "062/I340/MDC/ModeC": {"340/mdc/lmc_fl", 1},
	"065/I000/Typ": {"000/type", 1}, "065/I015/SID": {"015/service", 1}, "065/I030/ToD": {"030/tod_s", 1}, "065/I020/BTN": {"020/batch", 1},
}

// ours finds our value for a published path.
func ours(m *Message, category, path string) (any, bool) {
	if path == "I141/Time" { // the bits alone; the item's own value is the time of day
		v, ok := m.Items.Get("141/time_s")
		return v.Number(), ok
	}
	if p, ok := published[category+"/"+path]; ok {
		v, ok := m.Items.Get(p.path)
		if text := v.textOrEmpty(); text != "" {
			return text, ok
		}
		return v.numberOrZero() * p.times, ok
	}
	want := strings.ToLower(strings.TrimPrefix(path, "I"))
	for _, v := range m.Items {
		got := v.Path()
		rest, ok := strings.CutPrefix(got, want)
		if !ok || rest != "" && rest[0] != '_' {
			continue
		}
		if v.Field.Unit == 0 {
			return v.Text(), true
		}
		return v.Number(), true
	}
	return nil, false
}

func (v *Value) textOrEmpty() string {
	if v.Field == nil {
		return ""
	}
	return v.Text()
}

func (v *Value) numberOrZero() float64 {
	if v.Field == nil {
		return math.NaN()
	}
	return v.Number()
}

// TestGoldenDecodes holds every value of every record of the published decodes against ours,
// and the bytes of the records: 8 of categories 001 and 002, 3 of 062 and 065.
func TestGoldenDecodes(t *testing.T) {
	for _, test := range []struct {
		capture, output string
		records, values int
	}{
		{"asterix/sample_data/cat_001_002.pcap", "asterix/sample_output/cat_001_002_json.txt", 8, 201},
		{"asterix/sample_data/cat_062_065.pcap", "asterix/sample_output/cat_062_065_json.txt", 3, 164},
	} {
		got, damage := messages(t, sourcetest.Open(t, test.capture), Options{})
		if len(got) != test.records || len(damage) != 0 {
			t.Fatalf("%s: %d records, damage %q", test.capture, len(got), damage)
		}
		lines := bufio.NewScanner(bytes.NewReader(sourcetest.Open(t, test.output)))
		values := 0
		for i := 0; lines.Scan(); i++ {
			var want map[string]any
			if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
				t.Fatal(err)
			}
			m := &got[i]
			if !strings.EqualFold(hex.EncodeToString(m.Raw), want["hexdata"].(string)) || float64(m.Category) != want["cat"] || float64(len(m.Raw)) != want["length"] {
				t.Errorf("%s, record %d: category %d, %x, want %v", test.capture, i, m.Category, m.Raw, want["hexdata"])
			}
			for name, items := range want {
				if category, ok := strings.CutPrefix(name, "CAT"); ok {
					values += compare(t, m, category, "", items)
				}
			}
		}
		if values != test.values {
			t.Errorf("%s: %d values compared, want %d", test.output, values, test.values)
		}
	}
}

// compare walks through published values; bits without meaning (spare, FX) are left out.
func compare(t *testing.T, m *Message, category, path string, want any) (n int) {
	switch w := want.(type) {
	case map[string]any:
		for name, v := range w {
			if name != "FX" && name != "spare" {
				n += compare(t, m, category, strings.TrimPrefix(path+"/"+name, "/"), v)
			}
		}
		return n
	case []any:
		for _, v := range w {
			n += compare(t, m, category, path, v)
		}
		return n
	}
	got, ok := ours(m, category, path)
	if !ok {
		t.Errorf("category %s: we have no %s, want %v", category, path, want)
		return 1
	}
	number, isNumber := got.(float64)
	wanted, alsoNumber := want.(float64)
	switch {
	case isNumber && alsoNumber && math.Abs(number-wanted) <= 1e-6*max(1, math.Abs(wanted)):
	case !isNumber && !alsoNumber && strings.EqualFold(strings.TrimRight(want.(string), " "), got.(string)):
	default:
		t.Errorf("category %s: %s is %v, want %v", category, path, got, want)
	}
	return 1
}
