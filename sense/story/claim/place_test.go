package claim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/story/claim"
)

// placeOf is the first event's place.
func placeOf(t *testing.T, text string) (string, *geo.Position) {
	t.Helper()
	for _, c := range checkRead(t, truce.Article{Text: text, Published: published}, config(t)) {
		if c.Kind == truce.ClaimEvent {
			return c.PlaceName, c.Place
		}
	}
	return "", nil
}

func TestNamesOfPlacesInTheirCases(t *testing.T) {
	for text, lat := range map[string]float64{
		"Вибухи у Харкові.":                   49.99,
		"Обстріл Харкова.":                    49.99,
		"Вибухи під Кривим Рогом.":            47.91,
		"Вибухи у Кривому Розі.":              47.91,
		"Вибухи в Одесі.":                     46.48,
		"Взрывы в Одессе.":                    46.48,
		"Вибухи у Сумах.":                     50.91,
		"Вибухи біля Часового Яру.":           48.59,
		"Вибухи в Чернігові.":                 51.49,
		"Вибухи біля Великої Новосілки.":      47.84,
		"Вибухи у Білій Церкві.":              49.80,
		"Вибухи в Нікополі.":                  47.57,
		"Взрывы в Никополе.":                  47.57,
		"Вибухи на Харківщині.":               49.6,
		"Explosions were heard in Kryvyi Rih": 47.91,
		"Explosions were heard in Odessa.":    46.48,
		"Explosions were heard in Chasov Yar": 48.59,
		"Взрывы под Часовом Яром.":            48.59,
		"Взрывы в Кривом Роге.":               47.91,
		"Explosions were heard in Krivoy Rog": 47.91,
		"Взрывы в Чернигове.":                 51.49,
		"Explosions were heard in Chernigov":  51.49,
		"Взрывы в Белой Церкви.":              49.80,
	} {
		name, at := placeOf(t, text)
		if at == nil || math.Abs(float64(at.Lat)-lat) > 0.001 {
			t.Errorf("%s: place %q at %v, want latitude %v", text, name, at, lat)
		}
	}
}

func TestPlacesOfOneName(t *testing.T) {
	for _, c := range []struct {
		name, text string
		lat        float64 // 0: name only
	}{
		{"in the area that is named", "Shelling hit Kostiantynivka in Donetsk region.", 48.53},
		{"in the other area", "Обстріл Костянтинівки на Миколаївщині.", 47.83},
		{"near the other places", "Explosions were heard in Chasiv Yar. Shelling was heard in Kostiantynivka.", 48.59},
		{"nothing tells which", "Explosions were heard in Kostiantynivka.", 0},
		{"outside the box there is no other", "Explosions were heard in Pokrovsk.", 48.28},
		{"not in that area", "Explosions were heard in Nikopol, Luhansk region.", 0},
	} {
		_, at := placeOf(t, c.text)
		switch {
		case c.lat == 0 && at != nil:
			t.Errorf("%s: %s: at %v, want no position", c.name, c.text, at)
		case c.lat != 0 && (at == nil || math.Abs(float64(at.Lat)-c.lat) > 0.001):
			t.Errorf("%s: %s: at %v, want latitude %v", c.name, c.text, at, c.lat)
		}
	}
	_, at := lastPlace(t, "Explosions were heard in Chasiv Yar. Shelling was heard in Kostiantynivka.")
	if at == nil || math.Abs(float64(at.Lat)-48.53) > 0.001 {
		t.Errorf("beside Chasiv Yar Kostiantynivka is at %v, want the one 10 km away", at)
	}
}

// lastPlace is the last event's place.
func lastPlace(t *testing.T, text string) (name string, at *geo.Position) {
	t.Helper()
	for _, c := range checkRead(t, truce.Article{Text: text, Published: published}, config(t)) {
		name, at = c.PlaceName, c.Place
	}
	return name, at
}

func TestVillageIsNotInYakutia(t *testing.T) {
	far := claim.Place{Name: "Pokrovsk", At: geo.Point{Lat: 61.48, Lon: 129.15}}
	near := claim.Place{Name: "Donetsk", At: geo.Point{Lat: 48.0, Lon: 37.8}}
	g, err := claim.NewGazetteer([]claim.Place{far, near})
	if err != nil {
		t.Fatal(err)
	}
	text := "Shelling was heard in Pokrovsk. Explosions were heard in Donetsk."
	for _, c := range claim.Read(truce.Article{Text: text}, claim.Config{Gazetteer: g}) {
		if c.PlaceName == "Pokrovsk" && c.Place != nil {
			t.Errorf("a place 5,900 km from the others of the text was taken: %v", c.Place)
		}
	}
	alone := claim.Read(truce.Article{Text: "Shelling was heard in Pokrovsk."}, claim.Config{Gazetteer: g})
	if len(alone) != 1 || alone[0].Place == nil {
		t.Error("a place that stands alone and without a box is refused")
	}
}

func TestPlaceIsTownSized(t *testing.T) {
	_, at := placeOf(t, "Explosions were heard in Sumy.")
	if at == nil {
		t.Fatal("Sumy was not found")
	}
	if r := geo.R90(geo.Metres(math.Sqrt(at.Error.EE))); math.Abs(float64(r)-5000) > 1 || at.Error.EE != at.Error.NN {
		t.Errorf("the circle that holds the place with 90 %% has %v m, want the 5,000 of the gazetteer", r)
	}
}

func TestGazetteerRefuses(t *testing.T) {
	for name, p := range map[string]claim.Place{
		"no name":         {At: geo.Point{Lat: 48, Lon: 37}},
		"out of range":    {Name: "A", At: geo.Point{Lat: 95, Lon: 37}},
		"radius below 0":  {Name: "A", RadiusM: -1},
		"radius no size":  {Name: "A", RadiusM: math.NaN()},
		"radius no bound": {Name: "A", RadiusM: math.Inf(1)},
	} {
		if _, err := claim.NewGazetteer([]claim.Place{{Name: "B"}, p}); err == nil || !strings.Contains(err.Error(), "place 2") {
			t.Errorf("%s: error %v, want one that names place 2", name, err)
		}
	}
	if got := (*claim.Gazetteer)(nil).String(); got != "no places" {
		t.Errorf("a nil gazetteer says %q", got)
	}
	if got := gazetteer(t).String(); got != "32 places" {
		t.Errorf("the gazetteer says %q", got)
	}
}

// TestPlacesUnderOtherNames: a gazetteer that gives one name of a place finds it under those of
// the dictionary, and a village that no dictionary has as Russian usually writes it.
func TestPlacesUnderOtherNames(t *testing.T) {
	g, err := claim.NewGazetteer([]claim.Place{
		{Name: "Bakhmut", At: geo.Point{Lat: 48.59, Lon: 38.00}}, {Name: "Торецьк", At: geo.Point{Lat: 48.39, Lon: 37.85}},
		{Name: "Веселівка", At: geo.Point{Lat: 48.1, Lon: 37.1}}, {Name: "Слобідське", At: geo.Point{Lat: 48.2, Lon: 37.2}},
		{Name: "Старосільський", At: geo.Point{Lat: 48.3, Lon: 37.3}}, {Name: "Млиноцький", At: geo.Point{Lat: 48.4, Lon: 37.4}}, {Name: "Березовий", At: geo.Point{Lat: 48.5, Lon: 37.5}},
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := config(t)
	cfg.Gazetteer = g
	for text, lat := range map[string]float64{
		"Explosions were heard in Artyomovsk.": 48.59, "Обстрел Артёмовска.": 48.59, "Вибухи в Бахмуті.": 48.59, "Explosions were heard in Dzerzhinsk.": 48.39, "Взрывы в Торецке.": 48.39,
		"Взрывы в Веселовке.": 48.1, "Explosions were heard in Veselovka.": 48.1, "Обстрел Слобидского.": 48.2,
		"Explosions were heard in Starosilskiy.": 48.3, "Взрыв в городе Старосильский.": 48.3, "Взрыв в городе Млиноцкий.": 48.4, "Взрыв в городе Березовый.": 48.5, "Explosions were heard in Veselivka.": 0,
	} {
		claims := claim.Read(truce.Article{Text: text, Published: published}, cfg)
		if len(claims) != 1 {
			t.Fatalf("%s: %d claims", text, len(claims))
		}
		if at := claims[0].Place; (at == nil) != (lat == 0) || at != nil && math.Abs(float64(at.Lat)-lat) > 0.001 {
			t.Errorf("%s: %v, want latitude %v", text, at, lat)
		}
	}
}
