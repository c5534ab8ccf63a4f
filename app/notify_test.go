package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// sound is a row that can be used; a test changes one field of it.
func soundRow() notifyRow {
	return notifyRow{"number": "N-1", "step": "given", "by": "A", "kind": "demining", "from": "2031-03-13T10:00:00Z", "to": "2031-03-13T14:00:00Z",
		"lat": "-47.7", "lon": "-21.8", "radius_m": "900"}
}

func TestPlacesOfANotification(t *testing.T) {
	for name, c := range map[string]struct {
		change notifyRow
		points int
		within float64
		box    bool
	}{
		"a circle":   {nil, 1, 900, false},
		"a corridor": {notifyRow{"lat": "", "lon": "", "radius_m": "", "route": "-47.7 -21.8; -47.8,-21.9;-48 -22", "width_m": "250"}, 3, 250, false},
		"a box":      {notifyRow{"lat": "", "lon": "", "radius_m": "", "box": "-48, -22, -47, -21"}, 0, 0, true},
	} {
		row := soundRow()
		for field, text := range c.change {
			row[field] = text
		}
		n, err := row.notification()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p := n.Activity.Place; len(p.Points) != c.points || p.WithinM != c.within || (p.Box != nil) != c.box {
			t.Errorf("%s: %+v", name, p)
		}
		if n.Activity.Bearer != "A" {
			t.Errorf("%s: whose activity it is: %q", name, n.Activity.Bearer)
		}
	}
}

func TestFieldsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ field, text, says string }{
		{"step", "gave", `step: "gave"; write one of given acked`}, {"step", "superseded", "write one of given"},
		{"number", "N 1", "number \"N 1\": want 1 to 40"}, {"from", "", "from: is empty"}, {"from", "1970-01-01T00:00:00Z", "is kept for what is left open"},
		{"to", "3031-03-13T14:00:00Z", "outside the years 1900 to 2200"}, {"lat", "north", `lat: "north"; write degrees`}, {"lon", "181", `lon: "181"; write degrees from -180`},
		{"radius_m", "0", `radius_m: "0"; write how far`}, {"radius_m", "", `radius_m: ""`}, {"width_m", "5", "width_m: goes with a route"},
		{"route", "1 2; 3 4", "route: give a point or a route, not both"}, {"zone", "Z", "exactly one of"}, {"box", "1 2 3", "box: \"1 2 3\" has 3 numbers and not 4"},
		{"box", "1 2 3 x", `box: "x" is no number`}, {"quantity", "12", `object: ""; write one of vehicles`}, {"object", "vehicles", "quantity: is empty"},
		{"ack_asked", "perhaps", `ack_asked: "perhaps"; write yes or no`}, {"until", "2031-03-13T14:00:00Z", "says nothing in the step given"},
		{"supersedes", "N-1", "that is itself"},
	} {
		row := soundRow()
		row[c.field] = c.text
		if _, err := row.notification(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %q: %v, want %q", c.field, c.text, err, c.says)
		}
	}
	for _, c := range []struct {
		row  notifyRow
		says string
	}{
		{notifyRow{"number": "N-1", "step": "acked", "by": "B", "lat": "3"}, `lat: "3" says nothing in the step acked`},
		{notifyRow{"number": "N-1", "step": "extended", "by": "B"}, "until: is empty"},
		{notifyRow{"number": "N-1", "step": "acked"}, "by is empty"},
		{notifyRow{"number": "N-1", "step": "given", "by": "A", "from": "2031-03-13T10:00:00Z", "to": "2031-03-13T14:00:00Z", "radius_m": "5"}, "radius_m: goes with lat and lon"},
		{notifyRow{"number": "N-1", "step": "given", "by": "A", "from": "2031-03-13T10:00:00Z", "to": "2031-03-13T14:00:00Z"}, "zone: no place is given"},
		{notifyRow{"number": "N-1", "step": "given", "by": "A", "from": "2031-03-13T10:00:00Z", "to": "2031-03-13T14:00:00Z", "route": "1 2; 3", "width_m": "5"}, "route: point 2"},
	} {
		if _, err := c.row.notification(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.row, err, c.says)
		}
	}
}

func TestFilesOfNotificationsThatAreRefused(t *testing.T) {
	head := "number,step,by\n"
	for name, c := range map[string]struct{ text, says string }{
		"nothing":             {" \n", "is empty: write a table"},
		"one object":          {`{"number": "N-1"}`, "put it in a list"},
		"an unknown column":   {"number,step,by,where\n", `column "where" is not known`},
		"a column twice":      {"number,step,by,by\n", `column "by" stands there twice`},
		"a column missing":    {"number,step\n", "the column by is missing"},
		"JSON that ends":      {`[{"number": "N-1"`, "f.csv"},
		"something behind it": {`[] x`, "f.csv"},
		"too many rows":       {head + strings.Repeat("1,acked,A\n", maxNotifyRows+1), "more than 10000 rows"},
		"too many objects":    {"[" + strings.Repeat(`{"number":"1"},`, maxNotifyRows) + "{}]", "more than 10000 rows"},
	} {
		if _, err := readNotifications("f.csv", strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	for name, c := range map[string]struct{ text, says string }{
		"more fields than columns": {head + "1,acked,A,B\n", "has 4 fields and the table 3 columns"},
		"a long field":             {head + strings.Repeat("x", truce.MaxNotificationWords+2) + ",acked,A\n", ""},
		"a list in a field":        {`[{"number": ["N-1"]}]`, "number: is a list or an object"},
		"no object":                {`[7]`, "is no object"},
		"unknown members":          {`[{"a": 1, "b": 2}]`, "2 members are not known"},
	} {
		rows, err := readNotifications("f.csv", strings.NewReader(c.text))
		if err != nil || len(rows) != 1 || rows[0].bad == nil || !strings.Contains(rows[0].bad.Error(), c.says) {
			t.Errorf("%s: %+v, %v, want %q", name, rows, err, c.says)
		}
	}
	rows, err := readNotifications("f.json", strings.NewReader(`[{"number": "N-1", "quantity": 12, "ack_asked": true, "words": null}]`))
	if err != nil || len(rows) != 1 || rows[0].fields["quantity"] != "12" || rows[0].fields["ack_asked"] != "true" || rows[0].fields["words"] != "" {
		t.Errorf("numbers and truths: %+v, %v", rows, err)
	}
}

// TestAWordTakenBackAndGivenAgain: from the command line a step that repeats the sender's
// last is the same, any other is new; in a file the n-th of equal rows is the n-th.
func TestAWordTakenBackAndGivenAgain(t *testing.T) {
	p := newProgram(t)
	p.good(t, "notify", "give", "demining", "--number", "N-1", "--by", "A", "--from", "2031-03-23T10:00:00Z", "--to", "2031-03-23T14:00:00Z", "--zone", "Z-BUFFER")
	for _, c := range []struct{ step, says string }{
		{"ack", "record 3"}, {"ack", "known already"}, {"object", "record 4"}, {"ack", "record 5"}, {"ack", "known already"}, {"object", "record 6"},
	} {
		p.now = p.now.Add(time.Minute)
		mustHold(t, p.good(t, "notify", c.step, "N-1", "--by", "B"), c.says)
	}
	mustHold(t, p.good(t, "notify", "list", "--state", "objected"), "N-1")
	file := p.write(t, "steps.csv", "number,step,by\nN-1,acked,B\nN-1,objected,B\nN-1,acked,B\nN-1,objected,B\nN-1,acked,B\n")
	mustHold(t, p.good(t, "notify", "import", file), "1 recorded, 4 known already")
	mustHold(t, p.good(t, "notify", "import", file), "0 recorded, 5 known already")
	mustHold(t, p.good(t, "notify", "list", "--state", "acked"), "N-1")
}

// TestManyNotifications: a file that takes several appends, pairs kept together.
func TestManyNotifications(t *testing.T) {
	p := newProgram(t)
	var text strings.Builder
	text.WriteString("number,step,by,kind,zone,from,to,supersedes\n")
	const many = appendChunk/2 + 300
	for i := range many {
		fmt.Fprintf(&text, "A-%d,given,A,repair,Z-BUFFER,2031-04-01T10:00:00Z,2031-04-01T14:00:00Z,\n", i)
		fmt.Fprintf(&text, "B-%d,given,A,repair,Z-BUFFER,2031-04-02T10:00:00Z,2031-04-02T14:00:00Z,A-%d\n", i, i)
	}
	mustHold(t, p.good(t, "notify", "import", p.write(t, "many.csv", text.String())), fmt.Sprintf("%d recorded, 0 known already, 0 quarantined", 2*many))
	mustHold(t, p.good(t, "notify", "list", "--state", "superseded"), fmt.Sprintf("%d notifications", many))
	mustHold(t, p.good(t, "verify-store"), fmt.Sprintf("%d records", 1+3*many))
}

// FuzzNotifications: whatever a file holds, a row is used or has a reason, and what is
// used can be recorded.
func FuzzNotifications(f *testing.F) {
	f.Add([]byte("number,step,by,kind,zone,from,to\nN-1,given,A,repair,Z,2031-04-01T10:00:00Z,2031-04-01T14:00:00Z\n"))
	f.Add([]byte(`[{"number": "N-1", "step": "given", "by": "A", "kind": "repair", "route": "1 2;3 4", "width_m": 5, "from": "2031-04-01T10:00:00Z", "to": "2031-04-01T14:00:00Z"}]`))
	f.Add([]byte("number,step,by,until,words\nN-1,extended,A,2031-04-01T10:00:00+02:00,\"a \"\"b\"\"\nc\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := readNotifications("f", strings.NewReader(string(data)))
		if err != nil {
			return
		}
		for _, row := range rows {
			if row.bad != nil {
				continue
			}
			n, err := row.fields.notification()
			if err != nil {
				continue
			}
			draft, err := truce.NewDraft(truce.RecordNotification, n.Subject(), "k", n)
			if err != nil {
				t.Fatalf("%v was read and cannot be recorded: %v", row.fields, err)
			}
			var back truce.Notification
			if err := truce.DecodeCanonical(draft.Body, &back); err != nil || back.Validate() != nil {
				t.Fatalf("%s comes back with %v, %v", draft.Body, err, back.Validate())
			}
		}
	})
}
