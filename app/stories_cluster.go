package app

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish/press"
)

// exportClusters writes each list of headlines that was read as a post again.
func (c *cli) exportClusters(opt exportOptions) error {
	day := truce.Day(opt.day)
	if day == "" {
		day = truce.InstantOf(c.now()).Day()
	}
	if _, err := day.Start(time.UTC); err != nil {
		return fmt.Errorf("--day: %w", err)
	}
	f, err := readFolder(opt.posts, day)
	if err != nil {
		return err
	}
	c.tellFolder(f, day)
	if err := os.MkdirAll(opt.hugo, 0o755); err != nil {
		return err
	}
	clusters := f.clusters()
	for _, k := range clusters {
		if err := os.WriteFile(filepath.Join(opt.hugo, k.file), k.cluster.Post(), 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.err, "%s of lists of headlines written to %s; texts have no list and are left out\n", plural(len(clusters), "post"), opt.hugo)
	return nil
}

// clusterPost is a list of headlines and the name its post had.
type clusterPost struct {
	file    string
	cluster press.Cluster
}

// clusters are the lists of headlines of a folder in order of their files' names. A file
// with one report that has a text is an article and no list.
func (f *folder) clusters() []clusterPost {
	var out []clusterPost
	for _, o := range f.reports {
		r := o.Report
		if r.Via == "" || len(r.Links) == 0 || r.Text != "" {
			continue
		}
		file := filepath.Base(filepath.FromSlash(o.Origin.File))
		if n := len(out); n == 0 || out[n-1].file != file {
			out = append(out, clusterPost{file: file, cluster: press.Cluster{Day: o.Phenomenon.From.Day(), Source: r.Via}})
		}
		last := &out[len(out)-1].cluster
		last.Items = append(last.Items, press.Item{Headline: r.Headline, Publisher: r.Publisher, Link: r.Links[0]})
	}
	return out
}
