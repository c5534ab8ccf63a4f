package alert

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// heldBack is the record of what the parties were to be told while one of them had nobody
// who could be. It goes to nobody.
func (in Input) heldBack(d draft, t told, release truce.Instant) truce.Alert {
	everybody := in.id(d)
	if len(t.to) == 0 {
		everybody = truce.AlertID{}
	}
	if d.route.answer != nil && d.route.answer.Role != truce.RoleParty {
		d.route.answer = nil // it is asked of those who are told now
	}
	a := in.alert(d, told{}, release)
	a.ID = truce.NewID(in.at(), "alert", in.Case.ID.String(), []byte("held/"+a.ID.String()))
	a.Kind, a.Held = truce.AlertHeld, &truce.HeldBack{Kind: d.kind, Meant: release, Missing: t.held, Alert: everybody}
	return a
}

// Late composes the alerts that were held back from the parties and that all of them can be
// told now, in the order in which they were meant and all in one second. in.Step is not
// looked at.
func Late(in Input) ([]truce.Alert, error) {
	if err := in.validate(); err != nil {
		return nil, err
	}
	return in.late(newRouter(in), Release(in.Now, in.Margin)), nil
}

func (in Input) late(r router, release truce.Instant) []truce.Alert {
	brought := map[truce.AlertID]truce.AlertID{} // by the record that held it back
	for _, b := range in.Earlier {
		if h := b.Alert.Held; h != nil && b.Alert.Kind != truce.AlertHeld {
			brought[h.Alert] = b.Alert.ID
		}
	}
	var out []truce.Alert
	for _, b := range in.Earlier {
		if b.Alert.Kind != truce.AlertHeld || b.Alert.Held == nil {
			continue
		}
		if _, done := brought[b.Alert.ID]; done {
			continue
		}
		t := r.route(route{roles: []truce.Role{truce.RoleParty}, inside: true}, release)
		if len(t.held) > 0 || len(t.to) == 0 {
			return nil // all or none: a later one alone would be read without the one before
		}
		a := in.bring(b.Alert, t, release, brought)
		brought[b.Alert.ID] = a.ID
		out = append(out, a)
	}
	return out
}

// bring is the alert that brings what was held back: the same words after a line that says
// for when it was meant.
func (in Input) bring(held truce.Alert, t told, release truce.Instant, brought map[truce.AlertID]truce.AlertID) truce.Alert {
	a := held
	a.ID = truce.NewID(held.Held.Meant, "alert", held.Case.String(), []byte("late/"+held.ID.String()))
	a.Kind, a.Release, a.To, a.Wakes = held.Held.Kind, release, t.to, nil
	a.Held = &truce.HeldBack{Kind: a.Kind, Meant: held.Held.Meant, Alert: held.ID} // who was missing is for the mechanism
	a.References = nil
	for _, id := range held.References {
		if late, was := brought[id]; was {
			id = late
		}
		if !slices.Contains(a.References, id) {
			a.References = append(a.References, id)
		}
	}
	outer, inside := in.lateWords("late", held.Read(false), held.Held.Meant, release), in.lateWords("late", held.Read(true), held.Held.Meant, release)
	a.Headline, a.Text, a.Inside = outer.Headline, outer.Text, &inside
	in.wake(&a, t)
	return a
}

// lateWords puts the line about both times after the mark of an exercise, which comes first.
func (in Input) lateWords(why string, of truce.Alert, meant, release truce.Instant) truce.AlertWords {
	out := truce.AlertWords{Headline: truce.Names{}, Text: truce.Names{}}
	for _, lang := range Languages() {
		w := wordsOf(lang)
		mark, first := "", ""
		if in.Realm.Exercise() {
			mark, first = w.sentences["exercise_head"], w.sentences["exercise"]+"\n\n"
		}
		note := w.fill(why, map[string]string{"meant": w.time(meant), "sent": w.time(release)})
		was := strings.TrimPrefix(of.Headline.In(lang), mark)
		out.Headline[lang] = mark + cutRunes(w.sentences["late_head"]+was, MaxHeadline-utf8.RuneCountInString(mark))
		out.Text[lang] = first + note + "\n\n" + strings.TrimPrefix(of.Text.In(lang), first)
	}
	return out
}
