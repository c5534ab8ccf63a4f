package app

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
)

// buildInfo is what `truce version` prints.
type buildInfo struct {
	Version    string `json:"version"`
	Commit     string `json:"commit,omitempty"`
	CommitDate string `json:"commit_date,omitempty"`
	Go         string `json:"go"`
	Platform   string `json:"platform"`
}

func (c *cli) printVersion() error {
	info := buildInfo{Version: version, Commit: commit, CommitDate: commitDate, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if c.asJSON {
		return printJSON(c.out, info)
	}
	line := "truce " + info.Version
	if info.Commit != "" {
		line += " (" + info.Commit + ", " + info.CommitDate + ")"
	}
	_, err := fmt.Fprintf(c.out, "%s %s %s\n", line, info.Go, info.Platform)
	return err
}

// printJSON writes v indented, for people and programs alike.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// printJSONLine prints one value on one line.
func printJSONLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
