package store

import (
	"context"
	"fmt"
	"strings"
)

// Words on PostgreSQL: a tsvector written by us word for word, which no dictionary of the
// server changes.

func (e postgresEngine) words(table string) string {
	return "CREATE TABLE " + table + " (num BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL);\n" +
		"CREATE INDEX " + table + "_words ON " + table + " USING gin (words) WITH (fastupdate = off)"
}

func (e postgresEngine) addWords(ctx context.Context, w *session, table string, num int64, row wordRow) error {
	return w.exec(ctx, "INSERT INTO "+table+" (num, words) VALUES ($1, CAST($2 AS tsvector))", num, lexemes(row.head, row.body, row.marks))
}

// lexemes writes words with their places. Between two parts a place is left out, so that
// no phrase reaches from one into the next. All behind maxLexeme have that place.
func lexemes(parts ...string) string {
	var b strings.Builder
	at := 0
	for _, part := range parts {
		for word := range strings.FieldsSeq(part) {
			at = min(at+1, maxLexeme)
			fmt.Fprintf(&b, "'%s':%d ", word, at)
		}
		at++
	}
	return b.String()
}

func (e postgresEngine) takeWords(ctx context.Context, w *session, table string, num int64, _ wordRow) error {
	return w.exec(ctx, "DELETE FROM "+table+" WHERE num = $1", num)
}

func (e postgresEngine) clearWords(ctx context.Context, w *session, table string) error {
	return w.exec(ctx, "DELETE FROM "+table)
}

func (e postgresEngine) wordQuery(_ string, want []wanted, marks []string) wordQuery {
	var parts []string
	for _, w := range want {
		whole, begun := w.phrases()
		part := "'" + strings.Join(whole, "' <-> '") + "'"
		if begun != nil {
			part += " | '" + strings.Join(begun, "' <-> '") + "':*"
		}
		parts = append(parts, "("+part+")")
	}
	for _, m := range marks {
		parts = append(parts, "'"+m+"'")
	}
	return wordQuery{key: "w.num", match: "w.words @@ CAST($%d AS tsquery)", arg: strings.Join(parts, " & ")}
}
