// Package sim is a seeded world on invented land: it writes files in the real
// sources' formats, with the truth beside them.
//
// It never touches a disk, a clock or the network, and its island exists nowhere.
//
// Read island.go and gazetteer.go for the land, then plan.go for what happens on it,
// and the file of each format for what an observer makes of that.
package sim

// Format says which decoder reads a file.
type Format string

// The formats the world writes.
const (
	FormatFIRMS   Format = "firms"
	FormatVIINA   Format = "viina"
	FormatPost    Format = "post"
	FormatCSV     Format = "csv"
	FormatCloud   Format = "cloud"
	FormatControl Format = "geojson-control"
	FormatGeoJSON Format = "geojson" // the agreement's own lines, zones, areas and sites
)

// File is one file of the world. Sim writes nothing itself.
type File struct {
	Name   string
	Format Format
	Data   []byte
}
