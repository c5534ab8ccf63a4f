// Package examples embeds the example agreements, for `truce init` and the exercise.
//
// It holds files only and interprets nothing.
//
// Read agreements/illustrative/agreement.yaml.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed agreements/illustrative
var files embed.FS

// Illustrative is the directory of the illustrative agreement.
func Illustrative() fs.FS {
	sub, err := fs.Sub(files, "agreements/illustrative")
	if err != nil { // the name is a constant and valid, so this cannot be reached
		return files
	}
	return sub
}
