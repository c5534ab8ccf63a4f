package story

import (
	"fmt"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// told is a report of one paper on a day of May 2031.
func told(day int, publisher, headline, text string) truce.Observation {
	from := truce.InstantOf(time.Date(2031, 5, day, 0, 0, 0, 0, time.UTC))
	return truce.Observation{
		ID: truce.NewID(from, "report", "test", []byte(publisher+headline)), Phenomenon: truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour)},
		Report: &truce.Report{Publisher: publisher, Headline: headline, Text: text, Links: []string{"https://" + fmt.Sprintf("%x", publisher+headline) + ".example/1"}},
	}
}

// voices is how many independent tellers the articles are.
func voices(articles []truce.Article) int {
	groups := map[string]bool{}
	alone := 0
	for _, a := range articles {
		if a.Group == "" {
			alone++
		}
		groups[a.Group] = true
	}
	delete(groups, "")
	return alone + len(groups)
}

func TestOneAgencyTellsOfSeveralPlacesInTheSameWords(t *testing.T) {
	var reports []truce.Observation
	for i, town := range []string{"Barmut", "Marivka", "Stavyshche"} {
		reports = append(reports, told(18, fmt.Sprint("Regional ", i), fmt.Sprintf("Shelling of %s kills %d", town, i+1),
			fmt.Sprintf("KYIV (Ukrinform) - Artillery shelled the town of %s on Sunday, killing %d people, the regional administration said. "+
				"Houses, power lines and farm machinery were damaged, its head said. Rescuers and medics are working at the scene.", town, i+1)))
	}
	if articles := Articles(reports, Config{}); voices(articles) != 3 {
		t.Errorf("three towns are %d voices: %+v", voices(articles), articles)
	}
}

func TestTranslationAndCopySignedAtTheEndAreTheAgencys(t *testing.T) {
	articles := Articles([]truce.Observation{
		told(18, "AFP", "Monitors barred from the bridge at Barmut", "PARIS (AFP) - A patrol of unarmed monitors was refused passage over the bridge at Barmut on Sunday, the mission said in a statement. "+
			"It was the third refusal in a week, according to mission head Ilse Kramer. The patrol waited for two hours and turned back."),
		told(18, "Metro", "Barmut: unarmed monitors refused passage", "A patrol of unarmed monitors was refused passage over the bridge at Barmut on Sunday, the mission said. "+
			"It was the third refusal within a week, mission chief Ilse Kramer said. The patrol waited two hours before turning back. (AFP)"),
		told(19, "Газета", "Патруль спостерігачів не пустили на міст в Бармуті", "Патруль неозброєних спостерігачів у неділю не пропустили через міст в Бармуті, повідомляє AFP із посиланням на місію. "+
			"За словами очільниці місії Ільзе Крамер, це третя відмова за тиждень. Патруль чекав дві години й повернувся."),
		told(18, "Own Voice", "I watched the patrol wait at the bridge", "BARMUT - I stood on the bank when four white cars stopped before the bridge. Ilse Kramer, who heads the monitors, "+
			"told me by phone on Sunday that her people had been refused passage. After two hours the cars turned round."),
	}, Config{})
	if len(articles) != 4 || voices(articles) != 2 {
		t.Errorf("one agency's report and one of an eyewitness are %d voices", voices(articles))
		for _, a := range articles {
			t.Logf("%s: %q of %q", a.Publisher, a.Group, a.Agency)
		}
	}
}

func TestEveryPostThatListsAnArticleIsNamed(t *testing.T) {
	one := told(18, "Metro", "Barmut: unarmed monitors refused passage", "")
	one.Origin.File = "a.md"
	again := one
	again.Origin.File = "b.md"
	articles := Articles([]truce.Observation{one, again}, Config{})
	if len(articles) != 1 || fmt.Sprint(articles[0].Posts) != "[a.md b.md]" || len(articles[0].Reports) != 1 {
		t.Errorf("%+v", articles)
	}
}
