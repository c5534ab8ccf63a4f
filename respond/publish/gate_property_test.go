package publish

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// callers is a day on which protected people reported from places all over the island.
func callers(t *rapid.T) DailyInput {
	in := fixtureInput()
	in.Rows, in.Claims = nil, nil
	for n := range rapid.IntRange(0, 30).Draw(t, "callers") {
		// A few towns, so that some cells hold many callers and some hold one.
		town := rapid.IntRange(0, 5).Draw(t, "town")
		i := incidentOf{
			key: fmt.Sprint("call", n), time: "2026-04-10T18:00:00Z", act: truce.ActBurst, occurrence: truce.OccurrenceReported, area: "north",
			lat: -36.5 - 0.06*float64(town), lon: -12.5 + 0.05*float64(town) + 0.001*float64(n), radiusM: 2000,
			family: truce.FamilyCivilian, source: "hotline",
		}
		if rapid.IntRange(0, 3).Draw(t, "means") == 0 {
			i.family, i.source = truce.FamilyAcoustic, "array"
		}
		in.Rows = append(in.Rows, i.row())
	}
	return in
}

func protectedRow(r truce.BulletinRow) bool { return slices.Contains(r.Means, truce.FamilyCivilian) }

// checkCells: a cell with a protected reporter in it shows as many of them as it must hold.
func checkCells(t *rapid.T, b truce.Bulletin, least int) {
	n := map[string]int{}
	for _, r := range b.Rows {
		if protectedRow(r) && r.Place.Cell != nil {
			n[r.Place.Cell.ID]++
		}
	}
	for id, count := range n {
		if count < least {
			t.Fatalf("the cell %s shows %d reporters, the least is %d", id, count, least)
		}
	}
	for _, r := range b.Rows {
		if !protectedRow(r) && r.Place.Cell == nil {
			t.Fatalf("row %d of no protected reporter has no cell: %+v", r.N, r.Place)
		}
	}
}

// Whatever people call from wherever, no cell shows fewer of them than the policy says,
// and a later version shows no place of a row finer than an earlier one did.
func TestNoCellShowsFewReportersInAnyVersion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := Policy{Key: testKey, KeepTogether: rapid.IntRange(2, 4).Draw(t, "together"), CellKm: rapid.IntRange(1, 5).Draw(t, "km")}
		gate, err := NewGate(policy)
		if err != nil {
			t.Fatal(err)
		}
		in := callers(t)
		inside, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		released, err := gate.Edition(releaseOf(inside))
		if err != nil {
			t.Fatal(err)
		}
		checkCells(t, released, policy.KeepTogether)
		for version := 2; version <= 3; version++ {
			more := callers(t)
			for i := range more.Rows { // people who called since
				more.Rows[i].Incident.ID[15] += byte(version)
			}
			in.Rows = append(slices.Clone(in.Rows), more.Rows...)
			in.Version, in.Superseded = version, &inside
			next, err := Daily(in)
			if err != nil {
				t.Fatal(err)
			}
			out := releaseOf(next)
			out.Superseded = &released
			again, err := gate.Edition(out)
			if err != nil {
				t.Fatal(err)
			}
			checkCells(t, again, policy.KeepTogether)
			checkNeverFiner(t, released, again)
			inside, released = next, again
		}
	})
}

func checkNeverFiner(t *rapid.T, before, after truce.Bulletin) {
	was := map[string]truce.RowPlace{}
	for _, r := range before.Rows {
		was[r.ID] = r.Place
	}
	for _, r := range after.Rows {
		old, there := was[r.ID]
		if !there || !protectedRow(r) || r.Place.Cell == nil {
			continue
		}
		if old.Cell == nil || old.Cell.North-old.Cell.South > 1.01*(r.Place.Cell.North-r.Place.Cell.South) {
			t.Fatalf("row %d was at %+v and is at %+v: the difference shows where one reporter was", r.N, old, r.Place)
		}
	}
}

// Whatever a day holds, its release says the same twice, has the mission's numbers, no
// position, no row of a source that forbids it, and no place before its age.
func TestNothingPreciseLeavesOnAnyDay(t *testing.T) {
	gate := mustGate(t, Policy{})
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		b, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		out := releaseOf(b)
		out.Now = b.Published.Add(time.Duration(rapid.IntRange(0, 72).Draw(t, "hours after")) * time.Hour)
		pub, err := gate.Edition(out)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := JSON(pub)
		if err != nil {
			t.Fatal(err)
		}
		table, err := CSV(pub)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range [][]byte{raw, table} {
			if leaked := found(body, secretsOf(in, pub)); len(leaked) > 0 {
				digits := strings.Trim(leaked[0], `"`)
				i := max(0, strings.Index(string(body), digits))
				t.Fatalf("a release holds %s: ...%s...", strings.Join(leaked, ", "), body[max(0, i-80):min(len(body), i+80)])
			}
		}
		for _, r := range pub.Rows {
			if age := out.Now.Sub(r.Time.To); r.Place.Cell != nil && age < PlaceAge(r.Act.Group()) {
				t.Fatalf("row %d (%s) ended %s ago and has a place: %+v", r.N, r.Act, age, r.Place)
			}
			for _, s := range r.Sources {
				if s == "agency" || s == "undeclared" {
					t.Fatalf("row %d rests on %s and is listed", r.N, s)
				}
			}
			if r.Time.Sigma < truce.MicrosOf(time.Minute) || r.Time.From%60e6 != 0 || r.Time.To%60e6 != 0 {
				t.Fatalf("row %d has the time %+v", r.N, r.Time)
			}
		}
	})
}

// secretsOf are the positions and ids of a day, as digits. A position that lies on the
// edge of a printed cell is no secret.
func secretsOf(in DailyInput, pub truce.Bulletin) [][]byte {
	var edges []string // as printed: a place may begin with the digits of one by chance
	var places []truce.RowPlace
	for _, r := range pub.Rows {
		places = append(places, r.Place)
	}
	for _, w := range pub.Windows {
		places = append(places, w.Place)
	}
	for _, place := range places {
		if c := place.Cell; c != nil {
			for _, edge := range []float64{c.South, c.West, c.North, c.East} {
				edges = append(edges, fmt.Sprintf("%.5f", edge), strconv.FormatFloat(edge, 'f', -1, 64))
			}
		}
	}
	out := [][]byte{[]byte(`"near":`), []byte(`"distance_m"`), []byte(`"radius_m"`)}
	for _, r := range in.Rows {
		out = append(out, []byte(r.Incident.ID.String()))
		if p := r.Incident.Position; p != nil {
			for _, deg := range []float64{float64(p.Lat), float64(p.Lon)} {
				digits := fmt.Sprintf("%.5f", deg)
				if !slices.ContainsFunc(edges, func(edge string) bool { return strings.HasPrefix(edge, digits) }) {
					out = append(out, []byte(digits))
				}
			}
		}
	}
	for _, p := range in.Terms.Places {
		out = append(out, []byte(fmt.Sprintf(`"lat":%v`, float64(p.At.Lat))))
	}
	return out
}

// The age of a place is that of its act group: what shows forces and monitors waits two
// days, the rest one.
func TestPlaceAgesPerGroup(t *testing.T) {
	two := map[truce.ActGroup]bool{truce.GroupGround: true, truce.GroupHoldings: true, truce.GroupMovement: true, truce.GroupAccess: true}
	for _, group := range truce.ActGroups() {
		want := 24 * time.Hour
		if two[group] {
			want = 48 * time.Hour
		}
		if got := PlaceAge(group); got != want {
			t.Errorf("places of %s go out after %s, want %s", group, got, want)
		}
		in := fixtureInput()
		in.Rows = []truce.IncidentRow{incidentOf{"one", "2026-04-10T18:00:00Z", group.Acts()[0], truce.OccurrenceVerified, "north", "", -36.95, -12.31, 50,
			truce.FamilyPatrol, "patrol", nil, nil}.row()}
		b := mustDaily(t, in)
		end := in.Rows[0].Incident.Time.To
		for _, early := range []time.Duration{time.Microsecond, 0} {
			out := releaseOf(b)
			if out.Now = end.Add(want - early); out.Now < out.Bulletin.Published {
				out.Now = out.Bulletin.Published
			}
			pub, err := mustGate(t, Policy{}).Edition(out)
			if err != nil {
				t.Fatal(err)
			}
			place := pub.Rows[0].Place
			if old := out.Now.Sub(end) >= want; (place.Cell != nil) != old || (place.Withheld == withheldAge) == old {
				t.Errorf("%s, %s after its end: place %+v", group, out.Now.Sub(end), place)
			}
		}
	}
}

// Where a source forbids it, its rows are counted as before and named nowhere: not in a
// figure, a part, a correction or a claim.
func TestAForbiddenSourceLeavesItsNumbersOnly(t *testing.T) {
	first := mustDaily(t, fixtureInput())
	firstOut := mustRelease(t, releaseOf(first))
	in := fixtureInput()
	in.Version, in.Superseded = 2, &first
	for i := range in.Sources {
		if in.Sources[i].ID == "array" {
			in.Sources[i].Redistribute = false // withdrawn since
		}
	}
	out := releaseOf(mustDaily(t, in))
	out.Superseded = &firstOut.Bulletin
	second := mustRelease(t, out)
	listed := map[int]bool{}
	for _, r := range second.Bulletin.Rows {
		listed[r.N] = true
		if slices.Contains(r.Sources, "array") {
			t.Errorf("row %d rests on the array and is listed", r.N)
		}
	}
	for i := range second.Bulletin.Tables {
		eachCell(&second.Bulletin.Tables[i], func(line truce.CountLine, name string, split int) {
			for n := range line.Cells[split].This.Rows.All() {
				if !listed[n] {
					t.Errorf("%s names row %d, which is not listed", figureKey(&second.Bulletin.Tables[i], name, split), n)
				}
			}
		})
	}
	hits := tableNamed(t, second.Bulletin, "rule.R01").Total.Cells[0].This
	if hits.N != 2 || hits.Unlisted != 2 || hits.Rows.Len() != 0 {
		t.Errorf("hits of the array's row: %+v, want 2, both unlisted", hits)
	}
	gone := 0
	for _, c := range second.Bulletin.Corrections {
		if c.Field == fieldRow && c.New == rowUnlisted {
			gone++
		}
	}
	if gone != 2 {
		t.Errorf("%d corrections tell of rows no longer listed, want the array's 2: %v", gone, second.Bulletin.Corrections)
	}
}

func TestRestrictionsLeaveWithoutTheirPlace(t *testing.T) {
	in := fixtureInput()
	in.Restrictions[0].Period.From += 12_345_678
	in.Restrictions[0].Period.To += 12_345_678
	pub := mustRelease(t, releaseOf(mustDaily(t, in))).Bulletin
	r := pub.Restrictions[0]
	if r.Place != "" || r.Area != "south" || r.Period.From != at("2026-04-11T03:00:00Z") || r.Period.To != at("2026-04-11T05:01:00Z") {
		t.Errorf("a restriction goes out as %+v", r)
	}
	if in.Restrictions[0].Place == "" {
		t.Error("the mission's own restriction lost its place")
	}
}

// The gate takes what it is given and changes only its own copy.
func TestTheGateLeavesTheMissionsEditionAlone(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	before, err := JSON(b)
	if err != nil {
		t.Fatal(err)
	}
	mustRelease(t, releaseOf(b))
	after, err := JSON(b)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Error("a release changed the mission's edition")
	}
}
