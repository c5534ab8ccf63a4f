package sim

import (
	"bytes"
	"strings"
	"testing"

	"github.com/trucewatch/truce/source/post"
	"github.com/trucewatch/truce/source/sourcetest"
)

func TestPostsGiveOneReportALink(t *testing.T) {
	for _, cfg := range []Config{{}, {Seed: 6, Days: 6, Scale: 3}} {
		w := newWorld(t, cfg)
		for _, f := range newsFiles(t, w, FormatPost) {
			sink := &sourcetest.Sink{}
			if err := post.Decode(bytes.NewReader(f.Data), f.Name, post.Config{}, sink); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if len(sink.Rejections) != 0 || len(sink.Observations) != w.Truth().Files[f.Name] {
				t.Errorf("%s: %d reports, %v refused; the truth counts %d", f.Name, len(sink.Observations), sink.Reasons(), w.Truth().Files[f.Name])
			}
			for _, o := range sink.Observations {
				if !strings.Contains(f.Name, string(o.Phenomenon.From.Day())) || strings.Contains(o.Report.Headline, "&") {
					t.Errorf("%s: %q on %v", f.Name, o.Report.Headline, o.Phenomenon.From)
				}
				if strings.HasSuffix(f.Name, ".md") && (len(o.Report.Links) != 1 || o.Report.Publisher == "") {
					t.Errorf("%s: %q by %q, links %v", f.Name, o.Report.Headline, o.Report.Publisher, o.Report.Links)
				}
			}
		}
	}
}
