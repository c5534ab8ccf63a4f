package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// publicStory is a story of the store as anybody may see it: of a text no more than the
// surest sentence that something was read out of.
func (a *App) publicStory(ctx context.Context, s truce.Story) (truce.PublicStory, error) {
	quotes, sure := map[truce.ID]string{}, map[truce.ID]float64{}
	err := a.store.StoryClaims(ctx, s.ID, func(c truce.ReportedClaim) error {
		if q := c.Claim.Quote; q != nil && !q.Headline && c.Claim.Confidence > sure[c.Article.ID] {
			quotes[c.Article.ID], sure[c.Article.ID] = q.Sentence, c.Claim.Confidence
		}
		return nil
	})
	p := storyHead(s)
	if err != nil {
		return p, err
	}
	err = a.store.StoryArticles(ctx, s.ID, func(article truce.Article) error {
		p.Articles = append(p.Articles, publicArticle(article, quotes[article.ID]))
		return nil
	})
	return p, err
}

// storyHead is a story without its articles.
func storyHead(s truce.Story) truce.PublicStory {
	p := truce.PublicStory{ID: s.ID, Title: truce.PublicHeadline(s.Title), First: s.First, Last: s.Last, Tags: s.Tags, Places: s.Places}
	for _, from := range s.From {
		p.Was = append(p.Was, from.String())
	}
	return p
}

func publicArticle(a truce.Article, quote string) truce.PublicArticle {
	return truce.PublicArticle{Headline: truce.PublicHeadline(a.Headline), Publisher: a.Publisher, Link: a.URL, Language: a.Language,
		Published: a.Published.From, Group: a.Group, Agency: a.Agency, Quote: truce.PublicQuote(quote)}
}

// publicStories gives every story of the store that stands, told of last first.
func (a *App) publicStories(ctx context.Context, q truce.StoryQuery, take func(truce.PublicStory) error) error {
	for {
		page, err := a.store.Stories(ctx, q)
		if err != nil || len(page.Rows) == 0 {
			return err
		}
		for _, row := range page.Rows {
			p, err := a.publicStory(ctx, row.Story)
			if err == nil {
				err = take(p)
			}
			if err != nil {
				return err
			}
		}
		mark := page.Rows[len(page.Rows)-1].Mark()
		q.After = &mark
	}
}

// promises are the rows of who promised, refused or held what, from articles published
// before an instant; 0: all.
func (a *App) promises(ctx context.Context, to truce.Instant) ([]claim.Row, error) {
	var said []claim.Sourced
	err := a.store.SaidClaims(ctx, 0, to, func(c truce.ReportedClaim) error {
		said = append(said, claim.Of(c.Article, []truce.Claim{c.Claim})...)
		return nil
	})
	return claim.Promises(said), err
}

// publicPromises are the rows as anybody may see them. Of an article one sentence is quoted,
// however many statements were read out of it.
func publicPromises(rows []claim.Row) []truce.PublicPromise {
	out := make([]truce.PublicPromise, len(rows))
	quoted := map[string]string{}
	for i, r := range rows {
		p := truce.PublicPromise{Actor: r.Actor, Subject: r.Subject, Changed: len(r.Changes) > 0}
		for _, s := range r.Statements {
			key := cmp.Or(s.Link, s.Article.String())
			if quoted[key] == "" {
				quoted[key] = s.Sentence
			}
			if quoted[key] != s.Sentence {
				s.Sentence = ""
			}
			p.Steps = append(p.Steps, truce.PublicStatement{Published: s.Published, Kind: s.Kind, Firmness: s.Firmness, Condition: truce.PublicQuote(s.Condition),
				Quote: truce.PublicQuote(s.Sentence), Publisher: s.Publisher, Link: s.Link, Tellers: tellers(s.Chain)})
		}
		for _, k := range r.Contradictions {
			p.Contradictions = append(p.Contradictions, truce.PublicContradiction{Actor: k.Actor, Kind: k.Kind, Published: k.At, Link: k.Link})
		}
		out[i] = p
	}
	return out
}

// tellers names who passed something on behind the site that published it.
func tellers(chain []truce.Teller) string {
	var names []string
	for _, t := range chain {
		name := t.Name
		if name == "" {
			name = t.As
		}
		if t.Role != truce.TellerSite && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
