package app

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func TestFilesSayRealmAndRightsInEveryRow(t *testing.T) {
	infos := map[truce.SourceID]truce.SourceInfo{
		"open":   {ID: "open", Licence: "CC0", Attribution: "Open data", Redistribute: true},
		"closed": {ID: "closed", Licence: "all rights", Attribution: "=A1"},
	}
	for _, row := range []struct {
		name    string
		sources []truce.SourceID
		want    string
	}{
		{"open", []truce.SourceID{"open"}, "open|CC0|Open data|yes"},
		{"one of two is closed", []truce.SourceID{"open", "closed"}, "open;closed|CC0;all rights|Open data;=A1|no"},
		{"nobody knows the source", []truce.SourceID{"other"}, "other|||no"},
		{"no source", nil, "|||no"},
	} {
		l := listing{Columns: []string{"number"}, Rows: [][]string{{"2031-1"}}, Sources: [][]truce.SourceID{row.sources}}
		l.declare("exercise:demo", infos)
		if got := strings.Join(l.Rows[0], "|"); got != "exercise:demo|2031-1|"+row.want {
			t.Errorf("%s: %s", row.name, got)
		}
		if got := strings.Join(l.Columns, ","); got != "realm,number,sources,licences,attributions,redistribute" {
			t.Errorf("%s: columns %s", row.name, got)
		}
	}
}

func TestTablesOfAnExerciseSaySo(t *testing.T) {
	if note := exerciseNote("exercise:x"); !strings.Contains(note, "EXERCISE") || exerciseNote(truce.RealmReal) != "" {
		t.Errorf("notes %q and %q", note, exerciseNote(truce.RealmReal))
	}
}
