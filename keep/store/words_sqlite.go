package store

import (
	"context"
	"strings"
)

// Words on SQLite: an FTS5 table without content of its own. What was indexed has to be
// given again to be taken out; secure-delete then takes it out of the file too.

func (e sqliteEngine) words(table string) string {
	return "CREATE VIRTUAL TABLE " + table + " USING fts5(head, body, marks, content='', tokenize='unicode61 remove_diacritics 0', prefix='3 4 5');\n" +
		"INSERT INTO " + table + " (" + table + ", rank) VALUES ('secure-delete', 1)"
}

func (e sqliteEngine) addWords(ctx context.Context, w *session, table string, num int64, row wordRow) error {
	if e.scratch {
		return nil // nobody searches there
	}
	return w.exec(ctx, "INSERT INTO "+table+" (rowid, head, body, marks) VALUES ($1, $2, $3, $4)", num, row.head, row.body, row.marks)
}

func (e sqliteEngine) takeWords(ctx context.Context, w *session, table string, num int64, row wordRow) error {
	if e.scratch {
		return nil
	}
	return w.exec(ctx, "INSERT INTO "+table+" ("+table+", rowid, head, body, marks) VALUES ('delete', $1, $2, $3, $4)", num, row.head, row.body, row.marks)
}

func (e sqliteEngine) clearWords(ctx context.Context, w *session, table string) error {
	return w.exec(ctx, "INSERT INTO "+table+" ("+table+") VALUES ('delete-all')")
}

// wordQuery: a column in front keeps words that look like marks from being taken for them.
func (e sqliteEngine) wordQuery(table string, want []wanted, marks []string) wordQuery {
	var parts []string
	for _, w := range want {
		whole, begun := w.phrases()
		part := `"` + strings.Join(whole, " ") + `"`
		if begun != nil {
			part = `(` + part + ` OR "` + strings.Join(begun, " ") + `" *)`
		}
		parts = append(parts, "{head body} : "+part)
	}
	for _, m := range marks {
		parts = append(parts, `marks : "`+m+`"`)
	}
	return wordQuery{key: "w.rowid", match: "w." + table + " MATCH $%d", arg: strings.Join(parts, " AND ")}
}
