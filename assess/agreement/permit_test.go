package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"pgregory.net/rapid"
)

// demining is a window of A from 08:00 to 12:00 on 11 April, 3.7 km west of the line,
// notified three days before and acknowledged by B the day after.
func demining(change func(*Window)) Window {
	w := Window{ID: "N-1", Kind: WindowDemining, Bearer: "A", NotifiedBy: "A", NotifiedAt: at("2026-04-08T00:00:00Z"),
		From: at("2026-04-11T08:00:00Z"), To: at("2026-04-11T12:00:00Z"), AckedAt: at("2026-04-09T00:00:00Z"), AckedBy: "B",
		Circle: &Circle{Lat: -48, Lon: -21.65, RadiusM: 1000}}
	if change != nil {
		change(&w)
	}
	return w
}

// deminingRules are a fire rule that excepts demining, and what demining needs.
func deminingRules(terms Permission) []Rule {
	terms.Windows = []WindowKind{WindowDemining}
	return []Rule{
		{ID: "F", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Anywhere: true}, Unless: []WindowKind{WindowDemining}},
		{ID: "P", Kind: KindPermit, Acts: []truce.Act{truce.ActControlledExplos}, Where: Where{Anywhere: true}, Permit: &terms},
	}
}

func withoutWindows(a *Agreement) { a.Windows = nil }

func blastInside(known string, windows ...Window) Input {
	in := seen(explosion, truce.Detail{}, move(spot(-3729, 100)))
	in.Windows = windows
	if known != "" {
		in.KnownAt = at(known)
	}
	return in
}

func TestWhatAPermissionAsksOfAWindow(t *testing.T) {
	other := Permission{Ack: AckOtherParty, AutoAck: 24 * time.Hour, Notice: 48 * time.Hour, MaxHours: 8, RadiusM: 1000}
	strict, mechanism, both := other, other, other
	strict.AutoAck = 0
	mechanism.Ack, mechanism.AutoAck = AckMechanism, 0
	both.Ack, both.AutoAck = AckBoth, 0
	unacked := func(w *Window) { w.AckedAt, w.AckedBy = 0, "" }
	late := func(w *Window) { w.AckedAt = w.From.Add(10 * time.Minute) }
	too := func(p truce.PartyID, day string) func(*Window) {
		return func(w *Window) { w.Acks = []Acknowledgement{{p, at(day + "T09:00:00Z")}} }
	}
	bothOrSilence := both
	bothOrSilence.AutoAck = 24 * time.Hour
	by := func(p truce.PartyID) func(*Window) { return func(w *Window) { w.AckedBy = p } }
	rows := []struct {
		name   string
		terms  Permission
		change func(*Window)
		known  string
		covers bool
		says   string
	}{
		{"acknowledged", strict, nil, "", true, "notice met, acknowledged by B"},
		{"nobody answered", other, unacked, "", true, "no answer within 24 h, counted as acknowledged"},
		{"nobody answered, and silence is no answer", strict, unacked, "", false, "not acknowledged by the other party, as P asks"},
		{"acknowledged too late", strict, late, "", false, "acknowledged by B 10 min after it began"},
		{"acknowledged by itself", strict, by("A"), "", false, "acknowledged by A, not by the other party"},
		{"acknowledged by the mission, not the party", strict, by("M"), "", false, "acknowledged by M, not by the other party"},
		{"acknowledged by the mission", mechanism, by("M"), "", true, "acknowledged by M"},
		{"by the party, not the mission", mechanism, nil, "", false, "not by the mechanism"},
		{"one word is not that of both", both, nil, "", false, "acknowledged by B, not by the mechanism, as P asks"},
		{"nor is that of the other", both, by("M"), "", false, "acknowledged by M, not by the other party"},
		{"nobody's at all", both, unacked, "", false, "not acknowledged by the other party and the mechanism"},
		{"both gave theirs", both, too("M", "2026-04-10"), "", true, "notice met, acknowledged by B and M"},
		{"in the other order", both, func(w *Window) { w.AckedBy = "M"; too("B", "2026-04-10")(w) }, "", true, "acknowledged by M and B"},
		{"as a list only", both, func(w *Window) { unacked(w); w.Acks = []Acknowledgement{{"B", w.From}, {"M", w.From}} }, "", true, "acknowledged by B and M"},
		{"the second too late", both, too("M", "2026-04-11"), "", false, "acknowledged by M 1 h after it began"},
		{"the second not yet known", both, too("M", "2026-04-10"), "2026-04-09T12:00:00Z", false, "acknowledged by B, not by the mechanism"},
		{"its own word is not that of the other", both, func(w *Window) { w.AckedBy = "M"; too("A", "2026-04-10")(w) }, "", false, "acknowledged by M and A, not by the other party"},
		{"one gave it, the other kept silent", bothOrSilence, nil, "", true, "acknowledged by B, no answer of the mechanism within 24 h, counted as acknowledged"},
		{"one is asked for, two gave theirs", mechanism, too("M", "2026-04-10"), "", true, "notice met, acknowledged by M"},
		{"not yet acknowledged as far as known", strict, nil, "2026-04-08T12:00:00Z", false, "not acknowledged"},
		{"objected", other, func(w *Window) { unacked(w); w.ObjectedAt = at("2026-04-09T00:00:00Z") }, "", false, "objected to at 2026-04-09"},
		{"objected after it began", other, func(w *Window) { w.ObjectedAt = at("2026-04-11T09:00:00Z") }, "", true, ""},
		{"objected, not yet known", other, func(w *Window) { w.ObjectedAt = at("2026-04-11T07:00:00Z") }, "2026-04-10T00:00:00Z", true, ""},
		{"too long", other, func(w *Window) { w.To = w.From.Add(9 * time.Hour) }, "", false, "open for 9 h, at most 8 h permitted by P"},
		{"too large", other, func(w *Window) { w.Circle = &Circle{-48, -21.65, 1500} }, "", false, "its place reaches 1.5 km, at most 1.0 km permitted by P"},
		{"a band is no box", other, func(w *Window) { w.Circle, w.Zone = nil, "Z-BUFFER" }, "", false, "its place reaches along a line"},
		{"late notice by the permission", other, func(w *Window) { w.NotifiedAt = at("2026-04-10T00:00:00Z") }, "", false, "notified 32 h ahead, 48 h asked for"},
		{"and by the window's own", strict, func(w *Window) { w.Notice = 96 * time.Hour }, "", false, "asked for"},
		{"the wrong party's", other, func(w *Window) { w.Bearer, w.NotifiedBy, w.AckedBy = "B", "B", "A" }, "", false, "the place lies in the area of B with p 0.00 only"},
		{"notified by another", other, func(w *Window) { w.NotifiedBy = "B" }, "", false, "notified by B for A"},
		{"over", other, func(w *Window) { w.To = at("2026-04-11T09:46:00Z") }, "", false, "ended 14 min before"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			g := ruled(t, withoutWindows, deminingRules(row.terms)...)
			in := blastInside(row.known, demining(row.change))
			e := g.Evaluate(in)
			f, p := findingOf(t, e, "F"), findingOf(t, e, "P")
			if trace := strings.Join(f.Trace, "\n"); (f.Verdict == exempt) != row.covers || f.ClaimsExempt == row.covers || !strings.Contains(trace, row.says) {
				t.Errorf("%s, claims %v, want covered %v and %q:\n%s", f.Verdict, f.ClaimsExempt, row.covers, row.says, trace)
			}
			if wants := map[bool]truce.Verdict{true: exempt, false: outside}[row.covers]; p.Verdict != wants || p.ClaimsExempt == row.covers || p.Count != 0 || (p.Reason == "") != row.covers {
				t.Errorf("the permission: %s (%s), claims %v, want %s\n%s", p.Verdict, p.Reason, p.ClaimsExempt, wants, strings.Join(p.Trace, "\n"))
			}
			if (f.Window == "N-1") != row.covers || slices.Contains(f.NotCoveredBy, "N-1") == row.covers {
				t.Errorf("window %q, not covered by %v", f.Window, f.NotCoveredBy)
			}
		})
	}
}

func TestAPermissionCountsWhileInForce(t *testing.T) {
	rules := deminingRules(Permission{Ack: AckMechanism})
	rules[1].InForce = Span{From: at("2026-05-01T00:00:00Z")}
	g := ruled(t, withoutWindows, rules...)
	if f := findingOf(t, g.Evaluate(blastInside("", demining(nil))), "F"); f.Verdict != exempt {
		t.Errorf("before the permission asks for the mission's word: %s\n%s", f.Verdict, strings.Join(f.Trace, "\n"))
	}
	want{outside, truce.ReasonTime, 0, 0, nil}.check(t, g, blastInside("", demining(nil)), "P")
	far := ruled(t, withoutWindows, deminingRules(Permission{})...)
	want{outside, truce.ReasonTime, 0, 0, []string{"no window of its kinds is near"}}.check(t, far, blastInside(""), "P")
	want{outside, truce.ReasonAct, 0, 0, nil}.check(t, far, seen(truce.ActDenyAccess, truce.Detail{}), "P")
}

func TestNotifiedWindowsBesideTheAgreements(t *testing.T) {
	g := ruled(t, nil, deminingRules(Permission{Ack: AckOtherParty})...)
	in := blastInside("")
	if f := findingOf(t, g.Evaluate(in), "F"); f.Window != "W-OK" {
		t.Fatalf("the agreement's own window: %q", f.Window)
	}
	replaced := demining(func(w *Window) { w.ID, w.AckedAt = "W-OK", 0 })
	in.Windows = []Window{replaced}
	if f := findingOf(t, g.Evaluate(in), "F"); f.Verdict == exempt {
		t.Error("a window given anew, without its acknowledgement, still covers")
	}
	in.Windows = []Window{{ID: "N-2", Kind: WindowDemining, Zone: "Z-NONE", From: 1, To: 2}}
	if f := findingOf(t, g.Evaluate(in), "F"); f.Window != "W-OK" {
		t.Errorf("a window that cannot be drawn: covered by %q", f.Window)
	}
	if _, err := g.WithWindows(in.Windows); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("WithWindows: %v", err)
	}
	more, err := g.WithWindows([]Window{replaced})
	if err != nil {
		t.Fatal(err)
	}
	in.Windows = nil
	if f := findingOf(t, more.Evaluate(in), "F"); f.Verdict == exempt {
		t.Error("WithWindows keeps the old window")
	}
	if f := findingOf(t, g.Evaluate(in), "F"); f.Window != "W-OK" {
		t.Error("WithWindows changed what it was asked of")
	}
}

// No window exempts without every one of its conditions: take any away and it covers no more.
func TestExemptNeedsEveryCondition(t *testing.T) {
	spoil := map[string]func(*Window){
		"kind":     func(w *Window) { w.Kind = WindowMedevac },
		"place":    func(w *Window) { w.Circle = &Circle{-48.2, -21.65, 1000} },
		"from":     func(w *Window) { w.From = at("2026-04-11T11:00:00Z") },
		"to":       func(w *Window) { w.To = at("2026-04-11T09:00:00Z") },
		"notifier": func(w *Window) { w.NotifiedBy = "M" },
		"notice":   func(w *Window) { w.NotifiedAt = at("2026-04-10T12:00:00Z"); w.AckedAt = at("2026-04-10T13:00:00Z") },
		"bearer":   func(w *Window) { w.Bearer, w.NotifiedBy, w.AckedBy = "B", "B", "A" },
		"ack":      func(w *Window) { w.AckedBy = "A" },
		"length":   func(w *Window) { w.To = at("2026-04-11T20:00:00Z") },
		"radius":   func(w *Window) { w.Circle.RadiusM = 2000 },
		"objected": func(w *Window) { w.ObjectedAt = at("2026-04-10T00:00:00Z") },
	}
	var names []string
	for name := range spoil {
		names = append(names, name)
	}
	slices.Sort(names)
	g := ruled(t, withoutWindows, deminingRules(Permission{Ack: AckOtherParty, Notice: 48 * time.Hour, MaxHours: 8, RadiusM: 1000})...)
	rapid.Check(t, func(t *rapid.T) {
		w := demining(func(w *Window) { w.Circle = &Circle{-48, -21.65, 1000} })
		picked := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 3, rapid.ID[string]).Draw(t, "spoilt")
		for _, name := range picked {
			spoil[name](&w)
		}
		in := seen(explosion, truce.Detail{}, move(spot(-3729, rapid.Float64Range(10, 200).Draw(t, "sigma"))))
		in.Windows, in.NoTrace = []Window{w}, rapid.Bool().Draw(t, "quiet")
		f := g.Evaluate(in).Findings[0]
		if (f.Verdict == exempt) != (len(picked) == 0) {
			t.Fatalf("%s with %v spoilt: %v", f.Verdict, picked, f.Trace)
		}
	})
}
