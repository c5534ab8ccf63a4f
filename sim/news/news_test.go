package news_test

import (
	"testing"

	"github.com/trucewatch/truce/sim/news"
)

func TestShow(t *testing.T) {
	w, err := news.New(news.Config{Seed: 1, Articles: 300})
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for a := range w.Articles() {
		if a.Event < 3 {
			t.Log(a.Event, a.Role, a.Published.From, a.Headline, "|", a.Text)
		}
		i++
	}
	t.Log(w.Len(), w.Events(), len(w.LookAlikes()))
}
