package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sim "github.com/trucewatch/truce/sim/arrivals"
)

// TestLiveTellsOfAnEventWhileTheStreamIsOpen: nothing follows the arrivals of a shot, and it is
// told all the same; the files are written when the stream ends.
func TestLiveTellsOfAnEventWhileTheStreamIsOpen(t *testing.T) {
	folder := t.TempDir()
	name := func(file string) string { return filepath.Join(folder, file) }
	cfg, err := sim.ParseWorkload("A300/0.3", 5)
	if err != nil {
		t.Fatal(err)
	}
	quiet := &cli{out: io.Discard, err: io.Discard}
	if err := quiet.writeWorkload(cfg, folder); err != nil {
		t.Fatal(err)
	}
	in, feed := io.Pipe()
	printed, out := io.Pipe()
	var said bytes.Buffer
	c := &cli{in: in, out: out, err: &said}
	done := make(chan error, 1)
	go func() {
		err := c.runLocateLive(t.Context(), locateOptions{sensors: name(sim.SensorsFile), arrivals: "-", events: name("e.csv"), assignments: name("a.csv"), live: true})
		out.Close()
		done <- err
	}()
	rows, err := os.ReadFile(name(sim.ArrivalsFile))
	if err != nil {
		t.Fatal(err)
	}
	half := bytes.LastIndexByte(rows[:len(rows)/2], '\n') + 1
	first := make(chan struct{})
	go func() {
		_, err := feed.Write(rows[:half])
		<-first // the stream stays open and says nothing until something was told
		if err == nil {
			_, err = feed.Write(rows[half:])
		}
		if err != nil {
			t.Error(err)
		}
		feed.Close()
	}()
	lines := bufio.NewScanner(printed)
	told := 0
	for lines.Scan() {
		var line struct {
			What, Event string
			Arrivals    []string
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.What == "" || line.Event == "" || len(line.Arrivals) == 0 {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		if told++; told == 1 {
			close(first)
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	events, err := os.ReadFile(name("e.csv"))
	if err != nil || told < 2 || strings.Count(string(events), "\n") < 200 {
		t.Errorf("%d lines told, %d rows of events, %v", told, strings.Count(string(events), "\n"), err)
	}
	if want := fmt.Sprintf("%s: %d events", name("e.csv"), strings.Count(string(events), "\n")-1); !strings.Contains(said.String(), want) {
		t.Errorf("said %q, want %q", said.String(), want)
	}
}

// TestLiveRefusesABadStream as a file would be refused.
func TestLiveRefusesABadStream(t *testing.T) {
	folder := t.TempDir()
	sensors := filepath.Join(folder, "s.csv")
	if err := os.WriteFile(sensors, []byte("sensor,lat,lon\na,1,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"": "the file is empty", "a,b\n": "no column arrival", "PK\x03\x04xxxxxx": "archive",
		"arrival,sensor,time,phase\n1,zz,2031-03-03T00:00:00Z,P\n": "no row can be used",
	} {
		c := &cli{in: strings.NewReader(text), out: io.Discard, err: io.Discard}
		err := c.runLocateLive(t.Context(), locateOptions{sensors: sensors, arrivals: "-", events: filepath.Join(folder, "e"), assignments: filepath.Join(folder, "a"), live: true})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
