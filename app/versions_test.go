package app

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// A late report makes a second version of a day. The first stays under its address, says
// that it is superseded, and its bytes have the hash in the address.
func (s sites) testVersionsStay(t *testing.T) {
	const first, second = "D-2031-03-11", "D-2031-03-11-v2"
	before := get(s.public, "/bulletins/"+first+".json").body
	s.releaseAgain(t, "2031-03-11")
	link := regexp.MustCompile(`href="(/bulletins/` + first + `/[0-9a-f]{64})"`).FindStringSubmatch(get(s.public, "/").body)
	if link == nil {
		t.Fatal("the list of days does not link the version that was replaced")
	}
	checkPages(t, s.public, []page{
		{link[1], 200, []string{"Superseded.", "/bulletins/" + second + "/", `role="note">EXERCISE`}, nil},
		{link[1] + "?lang=uk", 200, []string{"Замінено.", "?lang=uk"}, nil},
		{"/bulletins/" + second, 200, []string{"Permanent link to this version"}, []string{"Superseded."}},
		{"/daily/2031-03-11", 200, []string{second, "Permanent link to this version"}, []string{"Superseded."}},
		{"/bulletins/" + first + "/" + strings.Repeat("0", 64), 404, []string{"which is not the one asked for", "Report an error"}, nil},
		{"/bulletins/" + first + "?lang=xx", 400, []string{"no language named", "en, uk"}, nil},
	})
	after := get(s.public, "/bulletins/"+first+".json").body
	if after != before {
		t.Error("the first version changed when the second came out")
	}
	if hash := truce.HashOf([]byte(after)).String(); !strings.HasSuffix(link[1], hash) {
		t.Errorf("the JSON has the hash %s, its address is %s", hash, link[1])
	}
	secret, corners := s.gatherSecrets(t), s.corners(t)
	for _, path := range []string{link[1], "/bulletins/" + second, "/bulletins/" + second + ".json"} {
		for kind, example := range secret.leaks(get(s.public, path).body, corners) {
			t.Errorf("public %s tells a %s: %s", path, kind, example)
		}
	}
}

// releaseAgain gives a day a late report and releases it once more.
func (s sites) releaseAgain(t *testing.T, day truce.Day) {
	t.Helper()
	ctx := context.Background()
	f, err := formatNamed("csv")
	if err != nil {
		t.Fatal(err)
	}
	late := "time,lat,lon,sigma_m,family,act,text\n" + string(day) + "T10:20:00Z,-47.904,-21.6225,150,patrol,crater,a fresh crater\n"
	if _, err := s.app.Import(ctx, f, importOptions{}, strings.NewReader(late), "late.csv"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.Assess(ctx); err != nil {
		t.Fatal(err)
	}
	b, err := s.app.Daily(ctx, day, 0)
	if err != nil {
		t.Fatal(err)
	}
	if b.Version != 2 {
		t.Fatalf("the late report made version %d of %s", b.Version, day)
	}
	if err := s.app.release(ctx, b); err != nil {
		t.Fatal(err)
	}
}
