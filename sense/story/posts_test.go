package story_test

import (
	"testing"

	"github.com/trucewatch/truce/sense/story"
)

func TestPostsShow(t *testing.T) {
	for _, lists := range []bool{true, false} {
		x := story.New(story.Config{})
		articles := story.Articles(newsPosts(t), story.Config{})
		for _, a := range articles {
			if !lists {
				a.Posts = nil
			}
			for _, c := range x.Add(a) {
				t.Logf("%s %s | %.60s | %s", c.Kind, c.Story.String()[20:], a.Headline, c.Why)
			}
		}
		for _, id := range x.All() {
			s, _ := x.Story(id)
			t.Logf("%d articles: %s | %q | %v %v", len(s.Articles), s.Title, s.Tags, s.Entities, s.Places)
		}
	}
}
