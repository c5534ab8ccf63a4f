// Package drill reads, plays and scores drills: plain lines in which the people who write
// exercises say what happens, who does what, and what they expect to follow.
//
// It never plays on a real store, never moves a real clock, and sends nothing to a contact
// that is not marked for drills: a drill is a store of its own realm on a clock of its own,
// and every message passes the fence of exits.go.
//
// Read this file for what a drill is made of, parse.go and the files beside it for the
// language, player.go for how it is played through the real cases, clocks and alerts,
// moment.go for what is read back, score.go for the marks, and docs/drills.md for the guide.
package drill

import (
	"context"
	"fmt"
	"time"

	"github.com/trucewatch/truce"
)

// Drill is one drill file.
type Drill struct {
	ID        string // names the realm exercise:<id>
	File      string
	Title     string
	About     truce.Names
	Agreement string // a name or a directory
	Pledges   string // the same; "": none
	Start     truce.Instant
	Until     truce.Instant // the drill is played up to then
	Speed     float64       // seconds of the drill in one of the wall's clock; 0: as fast as possible
	Replicas  int
	Posts     []truce.Person
	Events    []Event // by time, those of one time by line
	Expect    []Expectation
}

// Realm is the realm of the drill's store.
func (d Drill) Realm() truce.Realm { return truce.Realm("exercise:" + d.ID) }

// Event is one line that happens at a time.
type Event struct {
	Line    int
	At      truce.Instant
	Text    string // the line as it stands
	Refused bool   // the writer expects that the rules refuse it
	Action  Action
}

// Action is what happens.
type Action interface {
	play(ctx context.Context, p *player, e Event) error
	say(w words) string
}

// post finds somebody by the id of the post, or by a state or a party, for which its lowest
// office acts.
func (d *Drill) post(name string) (truce.Person, bool) {
	for _, p := range d.Posts {
		if string(p.ID) == name {
			return p, true
		}
	}
	for _, office := range truce.Offices() {
		for _, p := range d.Posts {
			if p.Office == office && name != "" && (string(p.State) == name || string(p.Party) == name) {
				return p, true
			}
		}
	}
	return truce.Person{}, false
}

// Offset writes a time as people count it from the start of a drill: +1h31m05s.
func Offset(start, at truce.Instant) string {
	d := at.Sub(start).Truncate(time.Second)
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	return fmt.Sprintf("%s%dh%02dm%02ds", sign, d/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second)
}
