package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/sense/story/claim"
)

// storiesOf groups articles, which come in order of time. Stories are in the order of their
// first article.
func storiesOf(ctx context.Context, articles []truce.Article) ([]truce.Story, error) {
	index := story.New(story.Config{})
	for range index.AddAll(slices.Values(articles)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	var out []truce.Story
	for _, id := range index.All() {
		s, _ := index.Story(id)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b truce.Story) int { return cmp.Compare(a.First, b.First) })
	return out, nil
}

// public are the stories as anybody may see them.
func (g grouped) public() []truce.PublicStory {
	byID := map[truce.ID]*truce.Article{}
	for i := range g.articles {
		byID[g.articles[i].ID] = &g.articles[i]
	}
	var out []truce.PublicStory
	for _, s := range g.stories {
		p := storyHead(s)
		for _, id := range s.Articles {
			p.Articles = append(p.Articles, publicArticle(*byID[id], quoteOfArticle(*byID[id])))
		}
		out = append(out, p)
	}
	return out
}

// quoteOfArticle is the one sentence of an article that may be public: of the claims that
// its text makes the surest; "" where nothing was read out of it.
func quoteOfArticle(a truce.Article) string {
	if a.Text == "" {
		return ""
	}
	best, sure := "", 0.0
	for _, c := range claim.Read(a, claim.Config{}) {
		if c.Quote != nil && !c.Quote.Headline && c.Confidence > sure {
			best, sure = c.Quote.Sentence, c.Confidence
		}
	}
	return best
}
