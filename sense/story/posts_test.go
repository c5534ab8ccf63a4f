package story_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
)

// TestSharedPostsAreOneStory: the eleven articles of the three posts and the plain copy of
// 8 January are one story; the text of five months before is a story of its own that Related
// leads to. Post two and three share links; the first joins by paraphrase alone, which the
// changes say. Counts and identities, never the texts.
func TestSharedPostsAreOneStory(t *testing.T) {
	articles := story.Articles(newsPosts(t), story.Config{})
	x := story.New(story.Config{})
	byParaphrase := false
	for _, a := range articles {
		for _, c := range x.Add(a) {
			if c.Kind == truce.StoryGrown && a.Published.From.Day() == "2026-01-08" && strings.Contains(c.Why, "headline") {
				byParaphrase = true
			}
		}
	}
	if !byParaphrase {
		t.Error("no headline of the second post joined the first post's story by its words")
	}
	var stories []truce.Story
	for _, id := range x.All() {
		s, _ := x.Story(id)
		stories = append(stories, s)
	}
	if len(stories) != 2 || len(stories[0].Articles) != 1 || len(stories[1].Articles) != 12 {
		t.Fatalf("stories of %d: want one of 1 and one of 12 articles", len(stories))
	}
	if got := x.Related(stories[1].ID); !slices.Equal(got, []truce.ID{stories[0].ID}) {
		t.Errorf("related to the January story: %v, want the one of August, %v", got, stories[0].ID)
	}
	for _, tag := range []string{"security guarantees", "peace deal", "coalition of the willing"} {
		if !slices.Contains(stories[1].Tags, tag) {
			t.Errorf("tags %q: no %q", stories[1].Tags, tag)
		}
	}
	if keys := entityKeys(stories[1]); !slices.Contains(keys, "person:zelensky") || !slices.Contains(keys, "place:paris") {
		t.Errorf("entities %v: want person:zelensky, whom the headlines spell in two ways, and place:paris", keys)
	}
	if strings.Contains(stories[1].Title, "?") || strings.Contains(stories[1].Title, "briefing") || stories[1].Publisher == "" {
		t.Errorf("the story's headline is of %q and no plain statement", stories[1].Publisher)
	}
}

func entityKeys(s truce.Story) []string {
	var keys []string
	for _, e := range s.Entities {
		keys = append(keys, e.Key)
	}
	return keys
}
