package app

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/polite"
)

// maxProbed is how many items a test prints.
const maxProbed = 10

// feedProbe is what a feed would give, nothing of it recorded.
type feedProbe struct {
	URL      string      `json:"url"` // that answered
	Status   int         `json:"status,omitempty"`
	Robots   string      `json:"robots"` // allows, or why not
	Channel  string      `json:"channel,omitempty"`
	Format   string      `json:"format,omitempty"`
	Language string      `json:"language,omitempty"`
	Rights   string      `json:"rights,omitempty"`
	ETag     string      `json:"etag,omitempty"`
	Modified string      `json:"last_modified,omitempty"`
	Reports  int         `json:"reports"`
	Links    int         `json:"links"` // reports that are a headline and a link
	Items    []probeItem `json:"items"`
	Rejected []probeFail `json:"rejected"`
	Refused  int         `json:"refused"` // how many were rejected in all
	Notes    []string    `json:"notes,omitempty"`
	Problem  string      `json:"problem,omitempty"`
}

type probeItem struct {
	Published truce.Instant `json:"published"`
	Headline  string        `json:"headline"`
	Publisher string        `json:"publisher,omitempty"`
	URL       string        `json:"url,omitempty"`
	Words     int           `json:"words"` // of its text
}

type probeFail struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// summary says it on one line.
func (p feedProbe) summary() string {
	return fmt.Sprintf("%s: %s, %d reports (%d of them a headline and a link), %d rejected", p.Channel, p.Format, p.Reports, p.Links, p.Refused)
}

func (c *cli) feedTestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "test URL|ID", Short: "Fetch a feed and print what would be read; nothing is recorded",
		Example: "  truce feed test https://news.example/rss.xml\n  truce feed test news-example --json", Args: cobra.ExactArgs(1),
	}
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		f, err := a.feedNamed(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		probe, err := a.probe(cmd.Context(), f)
		if err != nil {
			return err
		}
		return c.printProbe(probe)
	}
	return cmd
}

// feedNamed is a feed on record, or one that would be made of an address.
func (a *App) feedNamed(ctx context.Context, name string) (truce.Feed, error) {
	if !strings.Contains(name, "://") {
		row, err := a.store.Feed(ctx, truce.FeedID(name))
		return row.Feed, err
	}
	address, err := feedAddress(name)
	return truce.Feed{ID: "test", URL: address, Source: "feed"}, err
}

// probe fetches a feed and reads it. What is wrong with it stands in the result.
func (a *App) probe(ctx context.Context, f truce.Feed) (feedProbe, error) {
	p := feedProbe{URL: f.URL, Robots: "allows", Items: []probeItem{}, Rejected: []probeFail{}}
	getter, err := a.cfg.Feeds.getter(0)
	if err != nil {
		return p, err
	}
	defer getter.Close()
	answer, err := getter.Get(ctx, polite.Request{URL: f.URL, Accept: feedAccept, Now: true})
	if ctx.Err() != nil {
		return p, ctx.Err()
	}
	p.Status = answer.Status
	switch {
	case polite.ReasonOf(err) == polite.Robots:
		p.Robots, p.Problem = "forbids", failureWords(err)
	case err != nil:
		p.Robots, p.Problem = "not asked", failureWords(err)
	case answer.Status != http.StatusOK:
		p.Problem = statusProblem(answer.Status)
	default:
		p.fill(f, answer, truce.InstantOf(a.now()))
	}
	return p, nil
}

func (p *feedProbe) fill(f truce.Feed, answer polite.Response, now truce.Instant) {
	p.URL, p.ETag, p.Modified, p.Rights = answer.URL, answer.Header.Get("Etag"), answer.Header.Get("Last-Modified"), headerRights(answer.Header).Said
	read, err := readFeed(f, answer, now)
	if err != nil {
		p.Problem = failureWords(err)
	}
	p.Channel, p.Format, p.Language, p.Notes = read.channel.Title, read.channel.Format, read.channel.Language, read.channel.Notes
	if read.channel.Format == sitemapIndex {
		p.Notes = append(p.Notes, fmt.Sprintf("it names %d sitemaps; each look reads those of its own host that changed last, at most %d", len(read.channel.Pages), maxSitemaps))
	}
	p.Reports, p.Refused = len(read.reports), len(read.rejected)
	for _, o := range read.reports {
		item := probeItem{Published: o.Phenomenon.From, Headline: o.Report.Headline, Publisher: o.Report.Publisher, Words: len(strings.Fields(o.Report.Text))}
		if len(o.Report.Links) > 0 {
			item.URL = o.Report.Links[0]
		}
		if item.Words == 0 {
			p.Links++
		}
		if len(p.Items) < maxProbed {
			p.Items = append(p.Items, item)
		}
	}
	for _, r := range read.rejected[:min(len(read.rejected), maxProbed)] {
		p.Rejected = append(p.Rejected, probeFail{r.Line, r.Reason})
	}
}

func (c *cli) printProbe(p feedProbe) error {
	if c.asJSON {
		if err := printJSON(c.out, p); err != nil {
			return err
		}
	} else {
		c.printProbeLines(p)
	}
	if p.Problem != "" {
		fmt.Fprintf(c.err, "truce: %s\n", plainCell(p.Problem))
		return errQuiet
	}
	return nil
}

func (c *cli) printProbeLines(p feedProbe) {
	say := func(name, value string) {
		if value != "" {
			fmt.Fprintf(c.out, "%-14s %s\n", name+":", plainCell(value))
		}
	}
	say("address", p.URL)
	say("status", zeroAsDash(p.Status))
	say("robots.txt", p.Robots)
	say("channel", p.Channel)
	say("format", p.Format)
	say("language", p.Language)
	say("rights", p.Rights)
	say("etag", p.ETag)
	say("last-modified", p.Modified)
	if p.Problem == "" {
		say("conditional", conditionalWords(p))
		say("reports", fmt.Sprintf("%d, %d of them a headline and a link", p.Reports, p.Links))
	}
	for _, item := range p.Items {
		fmt.Fprintf(c.out, "  %s  %s\n", stamp(item.Published), plainCell(item.Headline))
	}
	if more := p.Reports - len(p.Items); more > 0 {
		fmt.Fprintf(c.out, "  and %d more\n", more)
	}
	if p.Refused > 0 {
		say("rejected", fmt.Sprint(p.Refused))
	}
	for _, r := range p.Rejected {
		fmt.Fprintf(c.out, "  line %d: %s\n", r.Line, plainCell(r.Reason))
	}
	for _, note := range p.Notes {
		say("note", note)
	}
}

func conditionalWords(p feedProbe) string {
	if p.ETag == "" && p.Modified == "" {
		return "not possible: the server gives neither a tag nor a date, so that the whole is sent each time"
	}
	return "possible"
}
