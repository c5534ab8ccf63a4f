package app

import (
	"context"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// rightsColumns stand behind the columns of a list that leaves as a file: whose data each
// row rests on and whether it may be passed on.
var rightsColumns = []string{"sources", "licences", "attributions", "redistribute"}

// declare puts the realm in front of every row, and its sources with their rights behind
// it: a file is copied and cut, and each line must still say that it is an exercise and
// whose it is.
func (l *listing) declare(realm truce.Realm, infos map[truce.SourceID]truce.SourceInfo) {
	l.Columns = slices.Concat([]string{"realm"}, l.Columns, rightsColumns)
	for i := range l.Rows {
		l.Rows[i] = slices.Concat([]string{string(realm)}, l.Rows[i], rightsCells(l.Sources[i], infos))
	}
}

// rightsCells are the rights of a row that rests on sources: it may be passed on when each
// of them allows it. What a source does not declare is left empty between the semicolons.
func rightsCells(ids []truce.SourceID, infos map[truce.SourceID]truce.SourceInfo) []string {
	var licences, attributions []string
	may := len(ids) > 0
	for _, id := range ids {
		info := infos[id]
		licences, attributions = append(licences, info.Licence), append(attributions, info.Attribution)
		may = may && info.Redistribute && info.Licence != "" && info.Attribution != ""
	}
	word := "no"
	if may {
		word = "yes"
	}
	return []string{strings.Join(texts(ids), ";"), strings.Join(licences, ";"), strings.Join(attributions, ";"), word}
}

// declareRights puts realm and rights on a list in the way of its format.
func (a *App) declareRights(ctx context.Context, l *listing, format string) error {
	switch format {
	case "table":
		if note := exerciseNote(a.store.Realm()); note != "" {
			l.Note = note + "\n" + l.Note
		}
	case "csv", "geojson":
		infos, err := a.sourceInfos(ctx)
		if err != nil {
			return err
		}
		l.declare(a.store.Realm(), infos)
	}
	return nil
}

// sourceInfos are the sources of the store by id.
func (a *App) sourceInfos(ctx context.Context) (map[truce.SourceID]truce.SourceInfo, error) {
	list, err := a.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[truce.SourceID]truce.SourceInfo, len(list))
	for _, info := range list {
		out[info.ID] = info
	}
	return out, nil
}

// exerciseNote is the remark under a table of an exercise, "" for a real one.
func exerciseNote(realm truce.Realm) string {
	if !realm.Exercise() {
		return ""
	}
	return "EXERCISE (" + string(realm) + "): none of this happened"
}
