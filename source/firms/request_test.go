package firms

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

const key Key = "0123456789abcdef0123456789abcdef"

func TestURL(t *testing.T) {
	ask := Request{Key: key, Product: "VIIRS_NOAA20_NRT", Area: "22, 44,41,52.50", Days: 2, Date: "2026-04-10"}
	cases := []struct {
		name string
		edit func(*Request)
		want string
	}{
		{"all", func(*Request) {}, BaseURL + "/api/area/csv/" + string(key) + "/VIIRS_NOAA20_NRT/22,44,41,52.5/2/2026-04-10"},
		{"world, latest", func(q *Request) { q.Area, q.Date = "world", "" }, BaseURL + "/api/area/csv/" + string(key) + "/VIIRS_NOAA20_NRT/world/2"},
		{"another service", func(q *Request) { q.Base, q.Date = "http://127.0.0.1:8080/mirror", "" }, "http://127.0.0.1:8080/mirror/api/area/csv/" + string(key) + "/VIIRS_NOAA20_NRT/22,44,41,52.5/2"},
		{"most days", func(q *Request) { q.Days = MaxDays }, BaseURL + "/api/area/csv/" + string(key) + "/VIIRS_NOAA20_NRT/22,44,41,52.5/5/2026-04-10"},
	}
	for _, c := range cases {
		q := ask
		c.edit(&q)
		if got, err := q.URL(); err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestURLRefuses(t *testing.T) {
	ask := Request{Key: key, Product: "VIIRS_NOAA20_NRT", Area: "22,44,41,53", Days: 1}
	cases := []struct {
		name string
		edit func(*Request)
		want string
	}{
		{"no key", func(q *Request) { q.Key = "" }, "no map key"},
		{"key with a path", func(q *Request) { q.Key = key + "/../x" }, "other than letters and digits"},
		{"long key", func(q *Request) { q.Key = Key(strings.Repeat("a", 65)) }, "other than letters and digits"},
		{"product", func(q *Request) { q.Product = "LANDSAT_NRT" }, "want one of VIIRS_SNPP_NRT"},
		{"no days", func(q *Request) { q.Days = 0 }, "want 1 to 5"},
		{"too many days", func(q *Request) { q.Days = MaxDays + 1 }, "want 1 to 5"},
		{"date", func(q *Request) { q.Date = "10.04.2026" }, "want YYYY-MM-DD"},
		{"area of three", func(q *Request) { q.Area = "22,44,41" }, "write west,south,east,north"},
		{"area not numbers", func(q *Request) { q.Area = "22,44,41,north" }, "north is"},
		{"area out of range", func(q *Request) { q.Area = "22,44,41,95" }, "latitude goes from -90 to 90"},
		{"area upside down", func(q *Request) { q.Area = "22,53,41,44" }, "south must lie below north"},
		{"area across the date line", func(q *Request) { q.Area = "170,44,-170,53" }, "180th meridian"},
		{"base", func(q *Request) { q.Base = "firms.example" }, "want scheme and host"},
		{"base of a file", func(q *Request) { q.Base = "file:///etc/passwd" }, "want scheme and host"},
		{"base with a user", func(q *Request) { q.Base = "https://u:p@firms.example" }, "want scheme and host"},
	}
	for _, c := range cases {
		q := ask
		c.edit(&q)
		_, err := q.URL()
		if err == nil || !strings.Contains(err.Error(), c.want) || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), string(key)) {
			t.Errorf("%s: the error shows the key: %v", c.name, err)
		}
	}
}

// TestKeyIsNotPrinted: neither by a log of the request nor by an error of the transport.
func TestKeyIsNotPrinted(t *testing.T) {
	q := Request{Key: key, Product: "MODIS_NRT", Area: "world", Days: 1}
	address, err := q.URL()
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{
		fmt.Sprint(q), fmt.Sprintf("%+v", q), fmt.Sprintf("%#v", q), fmt.Sprintf("%q", q.Key), string(asJSON),
		q.Hide("Get \"" + address + "\": connection refused"),
	} {
		if strings.Contains(printed, string(key)) {
			t.Errorf("the key stands in %s", printed)
		}
	}
	if text := (Request{}).Hide("as it is"); text != "as it is" {
		t.Errorf("no key to hide, and the text became %q", text)
	}
}

func TestDecodePassesOnAFailure(t *testing.T) {
	broken := errors.New("link down")
	if err := Decode(iotest.ErrReader(broken), "x.csv", Config{}, &sourcetest.Sink{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestInfoMayBePassedOn(t *testing.T) {
	if err := Info().Validate(); err != nil || !Info().Redistribute || Info().Family != truce.FamilyThermal {
		t.Errorf("%+v: %v", Info(), err)
	}
}
