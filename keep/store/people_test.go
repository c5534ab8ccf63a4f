package store

import (
	"fmt"
	"testing"

	"github.com/trucewatch/truce"
)

// TestHistoryIsWholeOrRefused holds the history of a subject on each side of its bound.
func TestHistoryIsWholeOrRefused(t *testing.T) {
	d := newDamaged(t)
	var drafts []truce.Draft
	for n := range maxPage + 1 {
		draft, err := truce.NewDraft(truce.RecordWatermark, "long", fmt.Sprint("long/", n), truce.Watermark{Name: "long"})
		if err != nil {
			t.Fatal(err)
		}
		drafts = append(drafts, draft)
	}
	for full, part := range [][]truce.Draft{drafts[:maxPage], drafts[maxPage:]} {
		records, err := d.RecordsOf(t.Context(), "long")
		if err != nil || len(records) != full*maxPage {
			t.Errorf("%d records, %v, want %d", len(records), err, full*maxPage)
		}
		if _, err := d.Append(t.Context(), truce.Batch{Drafts: part}); err != nil {
			t.Fatal(err)
		}
	}
	if records, err := d.RecordsOf(t.Context(), "long"); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("beyond a page: %d records, %v, want a refusal", len(records), err)
	}
	if records, err := d.RecordsOf(t.Context(), ""); err != nil || len(records) != 0 {
		t.Errorf("of no subject: %d records, %v", len(records), err)
	}
}
