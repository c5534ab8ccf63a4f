package ais_test

import (
	"strings"
	"testing"
)

// The two sentences are of the sample of pyais (examples/sample.ais): the second of a group of tag
// blocks does not tell the station again.
const (
	groupFirst  = "\\g:1-2-27300,n:636994,s:b003669710,c:1428621738*5F\\!SAVDM,2,1,2,B,55Mw@A7J1adAL@?;7WPl58F0U<h4pB222222220t1PN5553fN4g?`4iSp5Rc,0*26\r\n"
	groupSecond = "\\g:2-2-27300,n:636995*15\\!SAVDM,2,2,2,B,iP`88888880,2*5E\r\n"
	otherGroup  = "\\g:2-2-27301,n:636995*14\\!SAVDM,2,2,2,B,iP`88888880,2*5E\r\n"
)

func TestAGroupTellsItsStationOnce(t *testing.T) {
	for _, text := range []string{groupFirst + groupSecond, groupSecond + groupFirst} {
		got, damage := read(t, strings.NewReader(text))
		if len(got) != 1 || len(damage) != 0 {
			t.Fatalf("%d messages, damage %q, want 1 and none", len(got), damage)
		}
		if m := got[0]; m.Type != 5 || m.Station.String() != "b003669710" || m.Time != 1428621738e6 {
			t.Errorf("type %d of station %q at %v, want 5 of b003669710 at 1428621738", m.Type, m.Station, m.Time)
		}
	}
}

func TestPartsOfOtherGroupsAreNotJoined(t *testing.T) {
	got, damage := read(t, strings.NewReader(groupFirst+otherGroup))
	if len(got) != 0 || len(damage) != 2 {
		t.Errorf("%d messages, damage %q, want none and two", len(got), damage)
	}
}
