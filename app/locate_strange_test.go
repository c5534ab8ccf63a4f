package app

import (
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce/sense/locate"
)

// TestLocateRefusesWhereItCannotWrite: before anything is read, with the name that was given.
func TestLocateRefusesWhereItCannotWrite(t *testing.T) {
	p := newProgram(t)
	out := t.TempDir()
	events, assignments := filepath.Join(out, "e.csv"), filepath.Join(out, "a.csv")
	for _, c := range []struct{ events, assignments, says string }{
		{"", assignments, "--events and --assignments need the name of a file each"},
		{out, assignments, out + " is a folder: give the output the name of a file"},
		{events, filepath.Join(out, "none", "a.csv"), "there is no folder " + filepath.Join(out, "none")},
	} {
		mustHold(t, p.bad(t, "locate", "--sensors", "s.csv", "--arrivals", "a.csv", "--events", c.events, "--assignments", c.assignments), c.says)
	}
}

// TestLocateTellsACutFile: of a file that was cut off while it was copied nothing is made.
func TestLocateTellsACutFile(t *testing.T) {
	p := newProgram(t)
	var text strings.Builder
	pack := gzip.NewWriter(&text)
	if _, err := pack.Write([]byte("arrival,sensor,time,phase\na1,E-1,2026-04-11T14:20:18Z,acoustic\na2,E-1,2026-04-11T14:20:19Z,acoustic\n")); err != nil {
		t.Fatal(err)
	}
	if err := pack.Close(); err != nil {
		t.Fatal(err)
	}
	sensors := p.write(t, "sensors.csv", "sensor,lat,lon,elev_m\nE-1,-47.90,-21.60,0\n")
	cut := p.write(t, "cut.csv.gz", text.String()[:text.Len()-10])
	events := filepath.Join(t.TempDir(), "e.csv")
	mustHold(t, p.bad(t, "locate", "--sensors", sensors, "--arrivals", cut, "--events", events, "--assignments", events+"2"), cut, "unexpected EOF")
	if _, err := os.Stat(events); err == nil {
		t.Error("a table was made of half a file")
	}
}

// TestLocateCanBeInterrupted: it does not go on to the end of a day first.
func TestLocateCanBeInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := located(ctx, nil, nil, locate.Config{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
