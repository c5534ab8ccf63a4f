package app

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/source/firms"
)

const testKey = "0123456789abcdef0123456789abcdef"

const firmsHeader = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight,instrument\n"

// firmsRows are n rows of one satellite, a minute and a few hundred metres apart.
func firmsRows(satellite string, n int) string {
	var b strings.Builder
	b.WriteString(firmsHeader)
	for i := range n {
		fmt.Fprintf(&b, "%.5f,-21.62240,331.2,0.42,0.38,2031-03-11,14%02d,%s,n,2.0NRT,290.1,6.4,D,VIIRS\n", -47.9+float64(i)*.005, i%60, satellite)
	}
	return b.String()
}

// fetchFrom answers the requests of `truce fetch firms` with a handler and gives what the
// command printed. Nothing that is printed may hold the key.
func fetchFrom(t *testing.T, p program, handler http.HandlerFunc, args ...string) result {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return p.fetch(t, server.URL, args...)
}

func (p program) fetch(t *testing.T, base string, args ...string) result {
	t.Helper()
	t.Setenv(keyVariable, testKey)
	r := p.run(append([]string{"fetch", "firms", "--base-url", base, "--area", "-25,-50,-20,-45"}, args...)...)
	if strings.Contains(r.out+r.err, testKey) {
		t.Errorf("the key is printed:\n%s%s", r.out, r.err)
	}
	return r
}

func TestFetchAsksForEachSensor(t *testing.T) {
	p := newProgram(t)
	var asked []string
	answers := map[string]string{"VIIRS_NOAA20_NRT": firmsRows("N20", 3), "VIIRS_NOAA21_NRT": firmsRows("N21", 2), "VIIRS_SNPP_NRT": firmsHeader}
	handler := func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		fmt.Fprint(w, answers[strings.Split(r.URL.Path, "/")[5]])
	}
	r := fetchFrom(t, p, handler, "--days", "2", "--date", "2031-03-10")
	mustHold(t, r.out, "VIIRS_NOAA20_NRT: 3 accepted, 0 duplicate, 0 quarantined", "VIIRS_NOAA21_NRT: 2 accepted", "VIIRS_SNPP_NRT: 0 accepted")
	want := "/api/area/csv/" + testKey + "/VIIRS_NOAA20_NRT/-25,-50,-20,-45/2/2031-03-10"
	if r.code != 0 || len(asked) != 3 || asked[0] != want {
		t.Errorf("exit code %d, asked %q, want first %q", r.code, asked, want)
	}
	again := fetchFrom(t, p, handler, "--days", "2", "--sensor", "VIIRS_NOAA20_NRT", "--json")
	mustHold(t, again.out, `"file": "VIIRS_NOAA20_NRT"`, `"accepted": 0`, `"duplicate": 3`)
}

// TestFetchNamesTheDataSetThatFailed: what came is imported, and the command fails, so
// that a script does not take the day for complete.
func TestFetchNamesTheDataSetThatFailed(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "NOAA21") {
			http.Error(w, "broken", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, firmsRows("N20", 3))
	}
	p := newProgram(t)
	for _, format := range [][]string{nil, {"--json"}} {
		r := fetchFrom(t, p, handler, append(format, "--sensor", "VIIRS_NOAA20_NRT", "--sensor", "VIIRS_NOAA21_NRT")...)
		if r.code != 1 {
			t.Errorf("%v: exit code %d, want 1", format, r.code)
		}
		mustHold(t, r.err, "1 of 2 data sets did not come whole: VIIRS_NOAA21_NRT;")
		mustHold(t, r.out, "VIIRS_NOAA20_NRT", "the service answered 503")
	}
	mustHold(t, fetchFrom(t, p, handler, "--sensor", "VIIRS_NOAA20_NRT").out, "0 accepted, 3 duplicate")
}

// TestFetchOfPublicFiles serves files as the service has given them out.
func TestFetchOfPublicFiles(t *testing.T) {
	files := publicFirms(t)
	p := newProgram(t)
	handler := func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, files[path.Base(r.URL.Path)])
	}
	rows := map[string]int{"2026-04-10": 43, "2026-04-11": 26, "2026-04-12": 33}
	for day, want := range rows {
		r := fetchFrom(t, p, handler, "--area", "22,44,41,53", "--sensor", "VIIRS_NOAA20_NRT", "--date", day)
		if r.code != 0 || !strings.Contains(r.out, fmt.Sprintf("%d accepted, 0 duplicate, 0 quarantined", want)) {
			t.Errorf("%s: want %d rows, exit code %d:\n%s%s", day, want, r.code, r.out, r.err)
		}
	}
}

// publicFirms are the daily files of NOAA-20 in the shared data, by day.
func publicFirms(t *testing.T) map[string]string {
	t.Helper()
	dir := os.Getenv("TRUCE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	files := map[string]string{}
	for day, number := range map[string]string{"2026-04-10": "100", "2026-04-11": "101", "2026-04-12": "102"} {
		files[day] = filepath.Join(dir, "firms", "J1_VIIRS_C2_Global_VJ114IMGTDL_NRT_2026"+number+".txt.csv")
		if _, err := os.Stat(files[day]); err != nil {
			t.Skipf("real public data is not at %s: this test needs it (set TRUCE_SHARED)", dir)
		}
	}
	return files
}

func TestFetchTellsWhatTheServiceAnswers(t *testing.T) {
	cases := []struct {
		name, want string
		answer     http.HandlerFunc
	}{
		{"fault", "the service answered 500 Internal Server Error; check the map key and --area",
			func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) }},
		{"refusal with the key", "the service answered 403",
			func(w http.ResponseWriter, r *http.Request) { http.Error(w, r.URL.Path, http.StatusForbidden) }},
		{"page", "the file is a web page",
			func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><body>Sorry</body></html>") }},
		{"words", "the service does not know the map key",
			func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Invalid MAP_KEY.") }},
		{"words with the key", "the answer repeats the map key and is not read",
			func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "Invalid MAP_KEY %s.", testKey) }},
		{"nothing", "not read",
			func(http.ResponseWriter, *http.Request) {}},
		{"another host", "it sends on to elsewhere.example; give that with --base-url if you trust it",
			func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://elsewhere.example"+r.URL.Path, http.StatusFound)
			}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := fetchFrom(t, newProgram(t), c.answer, "--sensor", "MODIS_NRT")
			if r.code != 1 || !strings.Contains(r.err, "nothing could be read") {
				t.Errorf("exit code %d, told %s", r.code, r.err)
			}
			mustHold(t, r.out, c.want)
		})
	}
}

func TestFetchKeepsWhatCameBeforeTheLineBroke(t *testing.T) {
	r := fetchFrom(t, newProgram(t), func(w http.ResponseWriter, _ *http.Request) {
		body := firmsRows("N20", 500)
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+1000))
		fmt.Fprint(w, body)
	}, "--sensor", "VIIRS_NOAA20_NRT")
	mustHold(t, r.out, "500 accepted", "not read to the end: ", "unexpected EOF")
	if r.code != 1 {
		t.Errorf("exit code %d for an answer that broke off, want 1", r.code)
	}
}

// TestFetchDoesNotWaitForEver: the service sends some rows and then nothing, until the
// command has given up.
func TestFetchDoesNotWaitForEver(t *testing.T) {
	p := newProgram(t)
	handler := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, firmsRows("N20", 500))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	r := fetchFrom(t, p, handler, "--sensor", "VIIRS_NOAA20_NRT", "--timeout", "200ms")
	mustHold(t, r.out, "500 accepted", "no whole answer within 200 ms; try again later, or give a longer --timeout")
}

func TestFetchOfAServiceThatIsNotThere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	r := newProgram(t).fetch(t, server.URL, "--sensor", "MODIS_NRT")
	mustHold(t, r.out, "the service cannot be asked", "refused")
}

func TestFetchRefusesBeforeItAsks(t *testing.T) {
	p := newProgram(t)
	cases := []struct {
		name, want string
		args       []string
	}{
		{"no days", "0 days: want 1 to 5", []string{"--days", "0"}},
		{"too many days", "6 days: want 1 to 5", []string{"--days", "6"}},
		{"area", "write west,south,east,north", []string{"--area", "22,44,41"}},
		{"area of words", "west is", []string{"--area", "a,b,c,d"}},
		{"date", "want YYYY-MM-DD", []string{"--date", "11.04.2026"}},
		{"sensor", "want one of VIIRS_SNPP_NRT", []string{"--sensor", "MODIS_NRT", "--sensor", "LANDSAT_NRT"}},
		{"key", "letters and digits", []string{"--map-key", "../../etc"}},
		{"timeout", "--timeout 0 s: want more than 0", []string{"--timeout", "0"}},
		{"base", "want scheme and host", []string{"--base-url", "firms.example"}},
	}
	for _, c := range cases {
		r := fetchFrom(t, p, func(http.ResponseWriter, *http.Request) { t.Errorf("%s: the service was asked", c.name) }, c.args...)
		if r.code != 1 || !strings.Contains(r.err, c.want) || !strings.Contains(r.err, "see: truce fetch firms --help") {
			t.Errorf("%s: exit code %d, told %q, want %q", c.name, r.code, r.err, c.want)
		}
	}
	t.Setenv(keyVariable, "")
	mustHold(t, p.bad(t, "fetch", "firms", "--area", "world"), "give --map-key or set "+keyVariable)
}

func TestBoundOfAnAnswer(t *testing.T) {
	exact := &boundedBody{r: strings.NewReader("12345678"), left: 8}
	if text, err := bufio.NewReader(exact).ReadString('!'); text != "12345678" || err == nil || err.Error() != "EOF" {
		t.Errorf("at the bound: %q, %v", text, err)
	}
	over := &boundedBody{r: strings.NewReader("123456789"), left: 8}
	if _, err := bufio.NewReader(over).ReadString('!'); err == nil || !strings.Contains(err.Error(), "over the bound of 256 MiB") {
		t.Errorf("over the bound: %v", err)
	}
}

// TestTheCommandEndsWithItsCaller: an interrupt ends a request that hangs.
func TestTheCommandEndsWithItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	opt := firmsOptions{base: server.URL, key: firms.Key(testKey), area: "world", days: 1, timeout: time.Hour}
	result := (&App{}).fetchSensor(ctx, format{}, opt, "MODIS_NRT")
	mustHold(t, result.Error, "context canceled")
	if strings.Contains(result.Error, testKey) {
		t.Errorf("the key is told: %s", result.Error)
	}
}
