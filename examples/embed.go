// Package examples embeds an example agreement, drills and an account of promises, for
// `truce init`, the exercise and `truce drill`.
//
// It holds files only and interprets nothing.
//
// Read agreements/illustrative/agreement.yaml and drills/README.md.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed agreements/illustrative drills pledges/exercise
var files embed.FS

// Illustrative is the directory of the illustrative agreement.
func Illustrative() fs.FS { return folder("agreements/illustrative") }

// Drills is the directory of the example drills.
func Drills() fs.FS { return folder("drills") }

// Pledges is the account of promises for exercises.
func Pledges() fs.FS { return folder("pledges/exercise") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil { // the name is a constant and valid, so this cannot be reached
		return files
	}
	return sub
}
