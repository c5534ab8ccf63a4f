package public_test

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func TestVersionsStayUnderTheirAddress(t *testing.T) {
	h := handler(t, &reader{days: 3, rows: 1})
	first, second := truce.HashOf([]byte("2031-03-11")).String(), truce.HashOf([]byte("2031-03-11v2")).String()
	newer := `<p class="superseded" role="note"><strong>Superseded.</strong> A later version of this bulletin is out: <a href="/bulletins/D-2031-03-11-v2/` + second + `">D-2031-03-11-v2</a>.</p>`
	for _, row := range []struct {
		path   string
		status int
		must   []string
		not    []string
	}{
		{"/bulletins/D-2031-03-11", 200, []string{newer, "D-2031-03-11 in", `href="/bulletins/D-2031-03-11/` + first}, nil},
		{"/bulletins/D-2031-03-11/" + first, 200, []string{newer}, nil},
		{"/bulletins/D-2031-03-11/" + first[:12], 200, []string{newer}, nil},
		{"/bulletins/D-2031-03-11?lang=uk", 200, []string{"Замінено.", second + "?lang=uk", "Постійне посилання"}, []string{"Superseded"}},
		{"/bulletins/D-2031-03-11-v2", 200, []string{"Permanent link", second}, []string{"superseded"}},
		{"/bulletins/D-2031-03-12", 200, nil, []string{"superseded"}},
		{"/bulletins/D-2031-03-11.md", 200, []string{"> **Superseded.**", "/bulletins/D-2031-03-11-v2/" + second}, []string{"<p class"}},
		{"/bulletins/D-2031-03-11.json", 200, nil, []string{"uperseded", "Permanent"}},
		{"/bulletins/D-2031-03-11/" + second, 404, []string{"is out with the SHA-256 " + first}, nil},
		{"/bulletins/D-2031-03-11/" + first[:4], 404, nil, nil},
		{"/bulletins/D-2030-01-01", 404, []string{"no bulletin D-2030-01-01 is out", "Report an error"}, nil},
		{"/bulletins/D-2031-03-11/x/y", 404, []string{"Report an error"}, nil},
		{"/assets/nothing", 404, []string{"There is no page at /assets/nothing", "Report an error"}, nil},
		{"/", 200, []string{`replaces <a href="/bulletins/D-2031-03-11/` + first + `">D-2031-03-11</a>`, "/bulletins/D-2031-03-12/"}, nil},
	} {
		w := get(h, row.path)
		body := w.Body.String()
		if w.Code != row.status {
			t.Errorf("%s: %d, want %d: %s", row.path, w.Code, row.status, body)
			continue
		}
		for _, want := range row.must {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q: %s", row.path, want, body)
			}
		}
		for _, bad := range row.not {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %q", row.path, bad)
			}
		}
	}
}

func TestVersionsPointToTheirSuccessors(t *testing.T) {
	h := handler(t, &reader{days: 3})
	for path, want := range map[string]bool{"/bulletins/D-2031-03-11.csv": true, "/bulletins/D-2031-03-11-v2.csv": false, "/daily/2031-03-11.csv": false} {
		links := strings.Join(get(h, path).Header().Values("Link"), ", ")
		if !strings.Contains(links, `rel="canonical"`) || strings.Contains(links, `rel="successor-version"`) != want {
			t.Errorf("%s: Link is %q", path, links)
		}
	}
}
