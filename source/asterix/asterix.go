// Package asterix reads the reports that radars and surveillance systems exchange in the
// ASTERIX form: categories 001, 002, 021, 034, 048, 062 and 065.
//
// It never opens a connection and never makes up a position: range and bearing become one only
// where the radar's place is given, and what a report leaves out stays out.
//
// Read Reader in reader.go for the forms of input, layout.go and layout_tracks.go for the items
// of each category with spec.go on how a line of them is read, record.go for the way through a
// record, message.go for what a target report says, time.go for full times, encode.go for the
// way back and observe.go for observations.
//
// Sources: EUROCONTROL Standard Document for Surveillance Data Exchange, part 1 (ASTERIX) and
// the parts of each category, in the editions that layout.go names.
package asterix

// Editions are the categories that are read with the edition of their specification, in order.
func Editions() (out []Edition) {
	for _, c := range categories {
		if c != nil {
			out = append(out, Edition{c.number, c.edition})
		}
	}
	return out
}

// Edition is a category and an edition of its specification.
type Edition struct {
	Category uint8
	Edition  string
}
