package asterix

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLayouts: every layout is read, and what a specification says of itself holds.
func TestLayouts(t *testing.T) {
	if errLayout != nil {
		t.Fatal(errLayout)
	}
	want := "[{1 1.4} {2 1.2} {21 2.6} {34 1.29} {48 1.32} {62 1.20} {65 1.6}]"
	if got := fmt.Sprint(Editions()); got != want {
		t.Errorf("editions %s, want %s", got, want)
	}
	for _, c := range categories {
		if c == nil {
			continue
		}
		for number, item := range c.items {
			used := position(c.plots, item) >= 0 || position(c.tracks, item) >= 0
			if !used && item.kind != random {
				t.Errorf("category %d: item %s has no field reference number", c.number, number)
			}
			if item.kind == compound {
				for _, sub := range item.subs {
					if sub != nil && len(sub.parts) == 0 {
						t.Errorf("category %d: subitem %s/%s has no line", c.number, number, sub.Number)
					}
				}
			}
		}
	}
	// lengths in octets that the specifications give in words
	for path, octets := range map[string]int{"1/040": 4, "1/070": 2, "2/100": 8, "21/130": 6, "21/131": 8, "21/260": 7, "34/120": 8, "48/040": 4, "48/100": 4, "48/210": 4, "62/105": 8, "62/100": 6, "62/245": 7} {
		var category uint8
		var number string
		if _, err := fmt.Sscanf(strings.Replace(path, "/", " ", 1), "%d %s", &category, &number); err != nil {
			t.Fatal(err)
		}
		if got := categories[category].items[number].parts[0].octets; got != octets {
			t.Errorf("item %s has %d octets, want %d", path, got, octets)
		}
	}
}

// TestLayoutsRefused: a line that is wrong is an error that repeats it.
func TestLayoutsRefused(t *testing.T) {
	for _, line := range []string{"010", "010 odd a:8", "010 fix a:7", "010 fix a:0", "010 fix a:x", "010 fix a:65", "010 fix a:8*x", "010 fix a:8*1/x", "010 fix a:8@nobody", "010 fix a:8 | b:8", "  a fix a:8", "010 fix a:4 b:64 c:4", "uap 099", "uap.track 099", "must 099"} {
		if _, err := parseLayout(1, "uap SP\nSP exp\n"+line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}

// TestFieldsInWords: the bits of every field come out alone, whatever stands around them and
// wherever the record ends.
func TestFieldsInWords(t *testing.T) {
	c, err := parseLayout(1, "uap 010\n010 fix a:3 b:64 c:1 d:12 e:48 f:8 g:57 h:7")
	if err == nil {
		t.Fatal("a field in nine octets was read", c)
	}
	c, err = parseLayout(1, "uap 010\n010 fix a:4 b:12 c:64 d:1 e:47 f:40 g:56 h:7 i:1")
	if err != nil {
		t.Fatal(err)
	}
	p := &c.items["010"].parts[0]
	for i := range p.fields {
		f := &p.fields[i]
		alone := make([]byte, p.octets)
		for bit := f.at; bit < f.at+f.Bits; bit++ {
			alone[bit/8] |= 0x80 >> (bit % 8)
		}
		for _, b := range [][]byte{alone, append(bytes.Clone(alone), 0xff)} {
			var r Reader
			var m Message
			if n, reason := r.part(b, p, 0, &m); n != p.octets || reason != "" {
				t.Fatal(n, reason)
			}
			for j, v := range m.Items {
				want := uint64(0)
				if j == i {
					want = 1<<f.Bits - 1
				}
				if v.Raw != want {
					t.Errorf("bits of %s alone: %s is %x, want %x", f.Name, v.Field.Name, v.Raw, want)
				}
			}
		}
	}
	var r Reader
	if _, reason := r.part(make([]byte, p.octets-1), p, 0, &Message{}); reason != short {
		t.Errorf("an octet less: %q", reason)
	}
}

// draw makes values for some items of a category, in their order.
func draw(t *rapid.T, c *category, order []*Item, track bool) (items Items) {
	for n, it := range order {
		if it == nil || it.kind == explicit || it.kind == random || !must(c, it) && rapid.IntRange(0, 2).Draw(t, fmt.Sprint("item ", n)) > 0 {
			continue
		}
		if it.kind != compound {
			items = append(items, drawItem(t, it, track)...)
			continue
		}
		first := len(items)
		for _, sub := range it.subs {
			if sub != nil && (len(items) == first || rapid.Bool().Draw(t, "sub")) {
				items = append(items, drawItem(t, sub, track)...)
			}
		}
	}
	return items
}

func must(c *category, it *Item) bool { return position(c.must, it) >= 0 }

func drawItem(t *rapid.T, it *Item, track bool) (items Items) {
	parts, reps := len(it.parts), 1
	if it.kind == extended {
		parts = rapid.IntRange(1, len(it.parts)).Draw(t, "parts")
	}
	if it.kind == chained || it.kind == repeated {
		reps = rapid.IntRange(1, 3).Draw(t, "reps")
	}
	for rep := range reps {
		for i := range parts {
			for j := range it.parts[i].fields {
				f := &it.parts[i].fields[j]
				raw := rapid.Uint64().Draw(t, "raw") & (1<<f.Bits - 1)
				switch roles[f.role].name {
				case "tod", "tod2", "tod3":
					raw %= 86_400 * 128
				case "lat", "lon":
					raw %= uint64(80 / f.Unit)
				case "speed", "vx", "vy":
					raw %= 4000
				case "track001":
					raw = 0
					if track {
						raw = 1
					}
				}
				items = append(items, Value{Field: f, Rep: rep, Raw: raw})
			}
		}
	}
	return items
}

// TestRecordsReadBack: whatever items a record has, what is written is read again, in every
// category, several records to a block, and is written again to the same bytes.
func TestRecordsReadBack(t *testing.T) {
	for _, c := range categories {
		if c == nil {
			continue
		}
		t.Run(fmt.Sprint(c.number), rapid.MakeCheck(func(t *rapid.T) {
			var records []byte
			var want []Items
			for range rapid.IntRange(1, 3).Draw(t, "records") {
				order, track := c.plots, c.tracks != nil && rapid.Bool().Draw(t, "track")
				if track {
					order = c.tracks
				}
				items := draw(t, c, order, track)
				var err error
				if records, err = AppendRecord(records, c.number, items); err != nil {
					t.Fatal(err)
				}
				want = append(want, items)
			}
			block, err := AppendBlock(nil, c.number, records)
			if err != nil {
				t.Fatal(err)
			}
			r := NewReader(bytes.NewReader(block), Options{})
			var again []byte
			for i := range want {
				var m Message
				if err := r.Next(&m); err != nil {
					t.Fatalf("record %d: %v", i, err)
				}
				if !reflect.DeepEqual(append(Items{}, m.Items...), want[i]) {
					t.Fatalf("record %d: read %v, want %v", i, m.Items, want[i])
				}
				if again, err = AppendRecord(again, c.number, m.Items); err != nil {
					t.Fatal(err)
				}
				if _, err := m.Items.MarshalJSON(); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(again, records) {
				t.Fatalf("written again %x, want %x", again, records)
			}
		}))
	}
}

// plot048 is a report of a radar as the simulator makes it.
func plot048(tod, rho, theta float64) *Builder {
	return Build(48).Number("010/sac", 25).Number("010/sic", 201).Number("140/tod_s", tod).Number("020/typ", 5).
		Number("040/rho_nm", rho).Number("040/theta_deg", theta).Text("070/mode3a", "7012").Number("090/fl", 100).
		Text("220/address", "4b1812").Text("240/callsign", "TRUCE1").Number("161/trn", 77)
}

func TestBuilder(t *testing.T) {
	record, err := plot048(3600, 54, 90).Number("120/cal/cal_mps", -30).Number("200/gsp_nmps", .05).Number("200/hdg_deg", 180).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	block, err := AppendBlock(nil, 48, record)
	if err != nil {
		t.Fatal(err)
	}
	got, damage := messages(t, block, Options{Day: "2031-03-03"})
	if len(got) != 1 || len(damage) != 0 {
		t.Fatalf("%d records, %q", len(got), damage)
	}
	m := got[0]
	text := fmt.Sprintf("%s %d/%d %s %s %s %.0f %.0f %.0f %.0f %.1f %.0f %s", m.Time, m.SAC, m.SIC, m.Address, m.Callsign, m.Squawk, m.RangeM.V, m.BearingDeg.V, m.LevelM.V, m.RadialMps.V, m.SpeedMps.V, m.Track.V, m.Seen)
	if want := "2031-03-03T01:00:00.000000Z 25/201 4b1812 TRUCE1 7012 100008 90 3048 -30 92.6 77 secondary"; text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	for name, b := range map[string]*Builder{
		"no category":     Build(49),
		"no item":         Build(48).Number("999/x", 1),
		"no field":        Build(48).Number("040/x", 1),
		"no subitem":      Build(48).Number("120/x/y", 1),
		"too far":         Build(48).Number("040/rho_nm", 300),
		"below":           Build(48).Number("040/rho_nm", -1),
		"text for number": Build(48).Text("040/rho_nm", "1"),
		"number for text": Build(48).Number("240/callsign", 1),
		"a small letter":  Build(48).Text("240/callsign", "truce"),
		"nine letters":    Build(48).Text("240/callsign", "ABCDEFGHI"),
		"no octal digit":  Build(48).Text("070/mode3a", "7018"),
		"three digits":    Build(48).Text("070/mode3a", "701"),
		"no hexadecimal":  Build(48).Text("220/address", "4b18g2"),
		"a track's item":  Build(1).Number("020/typ", 0).Number("161/track", 1),
	} {
		if _, err := b.Append(nil); err == nil {
			t.Errorf("%s: made", name)
		}
	}
	if _, err := AppendBlock(nil, 48, make([]byte, MaxBlock-2)); err == nil {
		t.Error("a block longer than its length can say")
	}
	if _, err := AppendBlock(nil, 48, nil); err == nil {
		t.Error("a block of nothing")
	}
}
