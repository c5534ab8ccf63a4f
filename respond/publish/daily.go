package publish

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
)

// daily is the state of one call of Daily.
type daily struct {
	in              DailyInput
	grid            Grid
	preliminaryFrom truce.Instant
	support         map[truce.ID]int
	places          map[string]bool // keys of the agreed names
	gazetteer       gazetteer
	lines           liner
	now, before     watch
	rules           map[truce.RuleID]truce.BulletinRule
	covers          map[truce.ID][]Cover
	claimSights     map[claimArea]truce.Probability
}

// Daily freezes the period's incidents into the mission edition of the daily bulletin.
// It is a pure function of its input: rows in order of time, parts and tables in fixed
// order, and every number counted from the rows it names.
func Daily(in DailyInput) (truce.Bulletin, error) {
	if in.Terms.CoverageMin == 0 {
		in.Terms.CoverageMin = DefaultCoverageMin
	}
	if err := checkInput(in); err != nil {
		return truce.Bulletin{}, err
	}
	d := newDaily(in)
	b, err := d.header()
	if err != nil {
		return truce.Bulletin{}, err
	}
	entries := d.entries()
	b.Coverage = fitReasons(b)
	b.Rows = listedRows(entries)
	b.Coverage = rowGaps(b.Coverage, b.Rows)
	b.Tables = d.tables(entries)
	b.Windows = d.windows(entries)
	b.Bodies = bodiesOf(d.in.Terms.Bodies, b.Windows)
	b.Restrictions = append(listOf(in.Restrictions), restrictionsOf(b.Rows)...)
	b.Claims = d.claims(b, entries)
	b.Absences = listOf(in.Absences)
	b.Parts, b.Absences = d.parts(b, unlistedByPart(entries))
	b.Sources = countSources(in.Sources, b.Rows)
	b.Corrections = d.corrections(b)
	b.Places = usedPlaces(in.Terms.Places, b)
	return b, nil
}

func newDaily(in DailyInput) *daily {
	d := &daily{
		in: in, grid: gridOf(DefaultCellKm),
		preliminaryFrom: in.Published.Add(-PreliminaryAge),
		support:         supportOf(in.Events),
		places:          map[string]bool{},
		gazetteer:       newGazetteer(in.Terms.Places),
		lines:           linerOf(in.Terms.Areas, in.Terms.Parties),
		now:             watch{in.Period, coverageOf(in.Coverage), in.Absences, in.Sights},
		before:          watch{in.Previous, coverageOf(in.PreviousCoverage), in.PreviousAbsences, in.PreviousSights},
		rules:           map[truce.RuleID]truce.BulletinRule{},
		covers:          coversOf(in.Covers),
		claimSights:     claimSightsOf(in.Sights),
	}
	for _, p := range in.Terms.Places {
		d.places[p.Key] = true
	}
	for _, r := range in.Terms.Rules {
		d.rules[r.ID] = r
	}
	return d
}

// header fills everything that is not counted.
func (d *daily) header() (truce.Bulletin, error) {
	in, t := d.in, d.in.Terms
	loc, err := zoneOf(in.Period)
	if err != nil {
		return truce.Bulletin{}, err
	}
	// The last microsecond belongs to the day: a period may end at midnight.
	day := truce.DayOf((in.Period.To - 1).Time().In(loc))
	number, err := dayNumber(day, t.Epoch, t.EpochIsOne)
	if err != nil {
		return truce.Bulletin{}, err
	}
	b := truce.Bulletin{
		Number: BulletinNumber(day, in.Version), Kind: truce.BulletinDaily, Edition: truce.EditionMission,
		Version: in.Version, Mission: in.Mission, Realm: in.Realm, ReportError: in.ReportError,
		Agreement: t.Agreement, Terms: t.Version, Day: day, DayNumber: number, DayEpoch: t.Epoch,
		Period: in.Period, Previous: in.Previous, CutOff: in.Period.To, Published: in.Published,
		Head: in.Head, HeadHash: in.HeadHash,
		MissionNames: in.MissionNames, AgreementNames: t.AgreementNames, BoundaryNote: t.BoundaryNote,
		PreliminaryFrom: d.preliminaryFrom, CoverageMin: t.CoverageMin,
		Areas: listOf(t.Areas), Parties: listOf(t.Parties), Rules: listOf(t.Rules), Lines: listOf(t.Lines),
		Coverage: listOf(in.Coverage), Clouds: in.Clouds, WindowsKnown: in.Windows != nil, NotEvaluated: t.NotEvaluated,
	}
	if in.Superseded != nil {
		b.Supersedes = in.Superseded.Number
	}
	return b, nil
}

// BulletinNumber is the number of a day's bulletin: D-2026-04-11, and -v2 behind a
// second version.
func BulletinNumber(day truce.Day, version int) string {
	if version > 1 {
		return fmt.Sprintf("D-%s-v%d", day, version)
	}
	return "D-" + string(day)
}

// dayNumber counts local calendar days since the epoch.
func dayNumber(day, epoch truce.Day, epochIsOne bool) (int, error) {
	end, err := day.Start(time.UTC)
	if err != nil {
		return 0, err
	}
	start, err := epoch.Start(time.UTC)
	if err != nil {
		return 0, fmt.Errorf("epoch of the day number: %w", err)
	}
	n := int(end.Sub(start) / (24 * time.Hour))
	if epochIsOne {
		n++
	}
	return n, nil
}

// checkInput refuses what would make a bulletin that cannot be read or compared.
func checkInput(in DailyInput) error {
	invalid := func(format string, args ...any) error {
		return truce.Errorf(truce.CodeInvalid, "daily bulletin: "+format, args...)
	}
	switch {
	case in.Mission == "" || in.Terms.Agreement == "":
		return invalid("needs the names of the mission and of the agreement")
	case in.Period.From >= in.Period.To:
		return invalid("period ends at %s, it begins at %s", in.Period.To, in.Period.From)
	case in.Previous.To != in.Period.From || in.Previous.From >= in.Previous.To:
		return invalid("previous period must end at %s where this one begins, it is %s to %s", in.Period.From, in.Previous.From, in.Previous.To)
	case in.Published < in.Period.To:
		return invalid("published at %s, before its cut-off %s", in.Published, in.Period.To)
	case in.Version < 1:
		return invalid("version is %d, the first is 1", in.Version)
	case in.Version > 1 && in.Superseded == nil:
		return invalid("version %d needs the version it replaces", in.Version)
	case len(in.Rows) > truce.MaxBulletinRows:
		return invalid("%d rows, the bound is %d", len(in.Rows), truce.MaxBulletinRows)
	case !in.Terms.CoverageMin.Valid():
		return invalid("coverage minimum %v is not between 0 and 1", float64(in.Terms.CoverageMin))
	}
	if err := in.Realm.Validate(); err != nil {
		return err
	}
	for _, a := range in.Terms.Areas {
		switch string(a.ID) {
		case "", lineTotal, lineUnknown, string(truce.AreaElsewhere):
			return invalid("area %q: the word names a line of every table; give the area another id", a.ID)
		}
	}
	return checkNeighbours(in)
}

// checkNeighbours holds the consistency rule: the previous period of day N is the period
// of day N-1, and a new version speaks of the same period.
func checkNeighbours(in DailyInput) error {
	if p := in.PreviousBulletin; p != nil && (p.Period != in.Previous || p.Realm != in.Realm) {
		return truce.Errorf(truce.CodeInvalid, "daily bulletin: the previous period is %s to %s, bulletin %s is of %s to %s",
			in.Previous.From, in.Previous.To, p.Number, p.Period.From, p.Period.To)
	}
	if s := in.Superseded; s != nil && (s.Period != in.Period || s.Version >= in.Version || s.Realm != in.Realm) {
		return truce.Errorf(truce.CodeInvalid, "daily bulletin: version %d of %s to %s cannot replace %s of %s to %s",
			in.Version, in.Period.From, in.Period.To, s.Number, s.Period.From, s.Period.To)
	}
	return nil
}

func listedRows(entries []*entry) []truce.BulletinRow {
	out := make([]truce.BulletinRow, 0, len(entries))
	for _, e := range entries {
		if e.listed() {
			out = append(out, e.row)
		}
	}
	return out
}

// usedPlaces keeps the agreed names that rows, restrictions or corrections use.
func usedPlaces(places []truce.PlaceName, b truce.Bulletin) []truce.PlaceName {
	used := map[string]bool{}
	for _, r := range b.Rows {
		used[r.Place.Name] = true
		if r.Place.Near != nil {
			used[r.Place.Near.Name] = true
		}
	}
	for _, r := range b.Restrictions {
		used[r.Place] = true
	}
	for _, c := range b.Corrections {
		if c.Field == fieldPlace {
			was, _ := splitPlace(c.Old)
			is, _ := splitPlace(c.New)
			used[was], used[is] = true, true
		}
	}
	var out []truce.PlaceName
	for _, p := range places {
		if used[p.Key] {
			out = append(out, p)
		}
	}
	return out
}

// countSources says of each source how many listed rows rest on it. A source that rows
// name but nobody declared is printed as one that forbids redistribution.
func countSources(infos []truce.SourceInfo, rows []truce.BulletinRow) []truce.BulletinSource {
	out := make([]truce.BulletinSource, 0, len(infos))
	at := map[truce.SourceID]int{}
	for _, s := range infos {
		at[s.ID] = len(out)
		out = append(out, truce.BulletinSource{SourceInfo: s})
	}
	for _, r := range rows {
		for _, id := range r.Sources {
			i, declared := at[id]
			if !declared {
				i = len(out)
				at[id] = i
				out = append(out, truce.BulletinSource{SourceInfo: truce.SourceInfo{ID: id, Title: string(id)}})
			}
			out[i].Listed++
		}
	}
	return out
}

// listOf copies a list; an empty one is [] in JSON, never null.
func listOf[T any](list []T) []T { return append([]T{}, list...) }
