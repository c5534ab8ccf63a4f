package guarantee

import (
	"testing"

	"github.com/trucewatch/truce"
)

func TestAPaperSaysWhetherItsAlertStillStands(t *testing.T) {
	id := func(n byte) truce.AlertID { return truce.AlertID{n} }
	row := func(n byte, kind truce.AlertKind, refers ...byte) truce.AlertRow {
		a := truce.AlertRow{Alert: truce.Alert{ID: id(n), Kind: kind}}
		for _, r := range refers {
			a.References = append(a.References, id(r))
		}
		return a
	}
	first, beside := row(1, truce.AlertNew), row(9, truce.AlertNew)
	for _, c := range []struct {
		name  string
		later []truce.AlertRow // the newest first
		want  PaperState
		by    byte
	}{
		{"nothing since", []truce.AlertRow{beside, first}, PaperActive, 0},
		{"another was cancelled", []truce.AlertRow{row(3, truce.AlertCancel, 9), beside, first}, PaperActive, 0},
		{"updated", []truce.AlertRow{row(2, truce.AlertUpdate, 1), first}, PaperUpdated, 2},
		{"updated twice", []truce.AlertRow{row(3, truce.AlertUpdate, 2), row(2, truce.AlertUpdate, 1), first}, PaperUpdated, 3},
		{"cancelled", []truce.AlertRow{row(2, truce.AlertCancel, 9, 1), first}, PaperCancelled, 2},
		{"its update was cancelled", []truce.AlertRow{row(3, truce.AlertCancel, 2), row(2, truce.AlertUpdate, 1), first}, PaperCancelled, 3},
		{"cancelled, and another after it", []truce.AlertRow{row(4, truce.AlertNew), row(2, truce.AlertCancel, 1), first}, PaperCancelled, 2},
	} {
		if state, by := standsAs(id(1), c.later); state != c.want || by != (truce.AlertID{c.by}) {
			t.Errorf("%s: %s by %v", c.name, state, by)
		}
	}
}
