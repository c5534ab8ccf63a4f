package csv

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

const healthHead = "kind,time,time_to,sensor,family,state,reason\n"

func TestDecodeHealth(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	in := healthHead +
		"health,2026-04-11T16:00:05Z,,AC-03,acoustic,up,\n" +
		"Health,2026-04-11 16:00,,AC-03,acoustic,UP,\n" +
		"health,2026-04-11 06:00,2026-04-11 18:00,PATROL-1,patrol,down,\"road closed,\n by mud\"\n" +
		"health,2026-04-11,,CAM-1,camera,degraded,fog\n" +
		"health,2026-04-11 23:00,2026-04-12 02:00,CAM-1,,unknown,\n"
	sink := sourcetest.Check(t, decode("health.csv", Config{Zone: kyiv}), []byte(in))
	want := []struct {
		from, to string
		sensor   truce.SensorID
		source   truce.SourceID
		health   truce.Health
	}{
		{"2026-04-11T16:00:05", "2026-04-11T16:00:05", "AC-03", "csv-acoustic", truce.Health{Working: true, State: "up"}},
		{"2026-04-11T13:00:00", "2026-04-11T13:00:00", "AC-03", "csv-acoustic", truce.Health{Working: true, State: "up"}},
		{"2026-04-11T03:00:00", "2026-04-11T15:00:00", "PATROL-1", "csv-patrol", truce.Health{State: "down", Reason: "road closed, by mud"}},
		{"2026-04-10T21:00:00", "2026-04-11T21:00:00", "CAM-1", "csv-camera", truce.Health{Working: true, State: "degraded", Reason: "fog"}},
		{"2026-04-11T20:00:00", "2026-04-11T23:00:00", "CAM-1", "csv", truce.Health{State: "unknown"}},
	}
	if len(sink.Observations) != len(want) || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	for i, w := range want {
		o := sink.Observations[i]
		from, to := o.Phenomenon.From.String()[:19], o.Phenomenon.To.String()[:19]
		if o.Kind != truce.KindHealth || from != w.from || to != w.to || o.Sensor != w.sensor || o.Source != w.source || *o.Health != w.health {
			t.Errorf("row %d: %s to %s, %s of %s, %+v", i+1, from, to, o.Sensor, o.Source, *o.Health)
		}
		if err := o.Validate(); err != nil {
			t.Error(err)
		}
	}
}

// A log may hold reports and health; a row that names no kind is a report.
func TestHealthBesideReports(t *testing.T) {
	in := "kind,time,sensor,state,act,text\n,2026-04-11,PATROL-1,,burst,Heard shots.\nreport,2026-04-11,PATROL-1,,burst,Heard more.\nhealth,2026-04-11 16:00,PATROL-1,up,,\n"
	sink := sourcetest.Check(t, decode("log.csv", Config{}), []byte(in))
	var kinds []string
	for _, o := range sink.Observations {
		kinds = append(kinds, string(o.Kind))
	}
	if got := strings.Join(kinds, " "); got != "report report health" {
		t.Errorf("kinds %s, rejected %q", got, sink.Reasons())
	}
}

func TestHealthIsOneObservationHoweverOften(t *testing.T) {
	row := func(head, line string) truce.ID {
		sink := sourcetest.Check(t, decode("h.csv", Config{}), []byte(head+line+"\n"))
		if len(sink.Observations) != 1 {
			t.Fatalf("%s: rejected %q", line, sink.Reasons())
		}
		return sink.Observations[0].ID
	}
	const numbered = "id,kind,time,sensor,state,reason\n"
	if row(healthHead, "health,2026-04-11 16:00,,A,,up,") != row(healthHead, "health,2026-04-11T16:00:00Z,,A,,UP,") {
		t.Error("one beat written in two ways is two")
	}
	if row(healthHead, "health,2026-04-11 16:00,,A,,up,") == row(healthHead, "health,2026-04-11 16:00,,B,,up,") {
		t.Error("beats of two sensors are one")
	}
	if row(numbered, "7,health,2026-04-11 16:00,A,down,no power") != row(numbered, "7,health,2026-04-11 16:00,A,down,no mains") {
		t.Error("a numbered row with another reason is another observation")
	}
}

func TestHealthIsRefused(t *testing.T) {
	const head = "kind,time,time_to,sensor,family,state,reason,act,lat,lon\n"
	for _, c := range []struct{ name, row, want string }{
		{"kind", "heartbeat,2026-04-11 16:00,,A,,up,,,,", "kind is \"heartbeat\", want report or health"},
		{"no sensor", "health,2026-04-11 16:00,, ,,up,,,,", "sensor is empty"},
		{"no state", "health,2026-04-11 16:00,,A,,,,,,", "state is \"\", want one of [up degraded down unknown]"},
		{"another state", "health,2026-04-11 16:00,,A,,ok,,,,", "state is \"ok\""},
		{"time", "health,at noon,,A,,up,,,,", "time is \"at noon\""},
		{"no time", "health,,,A,,up,,,,", "time is \"\""},
		{"end before beginning", "health,2026-04-11 16:00,2026-04-11 15:00,A,,up,,,,", "ends before it begins"},
		{"end at beginning", "health,2026-04-11 16:00,2026-04-11 16:00,A,,up,,,,", "leave time_to empty"},
		{"end", "health,2026-04-11 16:00,late,A,,up,,,,", "time_to is \"late\""},
		{"an act", "health,2026-04-11 16:00,,A,,up,,burst,,", "says of the health of a sensor and has act"},
		{"a position", "health,2026-04-11 16:00,,A,,up,,,48,37", "leave them empty"},
		{"family", "health,2026-04-11 16:00,,A,rumour,up,,,,", "family is"},
	} {
		sink := sourcetest.Check(t, decode("h.csv", Config{}), []byte(head+c.row+"\n"))
		if len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, c.want) {
			t.Errorf("%s: rejected %q, want %q", c.name, sink.Reasons(), c.want)
		}
	}
}

// A header of health needs no place and no text; one without a state is a table of reports
// that lacks them.
func TestHeaderOfHealth(t *testing.T) {
	for header, usable := range map[string]bool{
		"kind,time,sensor,state\n": true,
		"kind,time,sensor\n":       false,
		"kind,sensor,state\n":      false, // no time
	} {
		err := Decode(strings.NewReader(header), "h.csv", Config{}, &sourcetest.Sink{})
		if (err == nil) != usable {
			t.Errorf("%q: %v", header, err)
		}
	}
}
