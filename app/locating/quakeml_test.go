package locating

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// identifier is the form that the schema of QuakeML 1.2 asks of every publicID.
var identifier = regexp.MustCompile(`^(smi|quakeml):[\w\d][\w\d\-\.\*\(\)_~']{2,}/[\w\d\-\.\*\(\)_~'][\w\d\-\.\*\(\)\+\?_~'=,;#/&]*$`)

func twoEars() []locate.Sensor {
	return []locate.Sensor{{ID: "IV.ARRO", At: geo.Point{Lat: -47, Lon: -21.5}}, {ID: "північ <1> & more", At: geo.Point{Lat: -47.1, Lon: -21}}}
}

func TestQuakeMLIsAsTheSchemaAsks(t *testing.T) {
	result, list := twoEvents()
	list[1].AzimuthSigma, list[1].Azimuth, list[1].Sigma = 3, 271, .4
	text, err := QuakeML(&Field{twoEars(), list}, result)
	if err != nil {
		t.Fatal(err)
	}
	ids, named := map[string]int{}, map[string]bool{}
	d := xml.NewDecoder(strings.NewReader(string(text)))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if want := map[bool]string{true: quakemlSpace, false: bedSpace}[start.Name.Local == "quakeml"]; start.Name.Space != want {
			t.Errorf("%s is of %s", start.Name.Local, start.Name.Space)
		}
		named[start.Name.Local] = true
		for _, a := range start.Attr {
			if a.Name.Local == "publicID" {
				ids[a.Value]++
				if !identifier.MatchString(a.Value) {
					t.Errorf("publicID %q", a.Value)
				}
			}
			if strings.HasSuffix(a.Name.Local, "Code") && (a.Value == "" || len([]rune(a.Value)) > 8) {
				t.Errorf("%s %q", a.Name.Local, a.Value)
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("publicID %s stands there %d times", id, n)
		}
	}
	if len(ids) != 1+2+2+3+3 {
		t.Errorf("%d identifiers", len(ids))
	}
	for _, name := range []string{"preferredOriginID", "originUncertainty", "confidenceLevel", "backazimuth", "timeResidual", "depth", "phaseHint"} {
		if !named[name] {
			t.Errorf("there is no %s", name)
		}
	}
	for _, want := range []string{
		"<value>2031-03-03T00:00:00.123456Z</value>", "<maxHorizontalUncertainty>110</maxHorizontalUncertainty>", "<value>12345.6</value>",
		`networkCode="IV" stationCode="ARRO"`, `networkCode="XX" stationCode="північ &lt;`, "<pickID>smi:local/pick/b~20~22x~22~2c~202</pickID>",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Count(string(text), "<depth>") != 1 {
		t.Error("an event of sound has a depth")
	}
}

func TestGap(t *testing.T) {
	for _, test := range []struct {
		azimuths []geo.Degrees
		want     geo.Degrees
	}{{nil, 360}, {[]geo.Degrees{17}, 360}, {[]geo.Degrees{350, 10}, 340}, {[]geo.Degrees{270, 0, 90, 180}, 90}, {[]geo.Degrees{350, 10, 100}, 250}} {
		var rays []Ray
		for _, a := range test.azimuths {
			rays = append(rays, Ray{1, a})
		}
		if got := Gap(rays); got != test.want {
			t.Errorf("%v: %g, want %g", test.azimuths, got, test.want)
		}
	}
}
