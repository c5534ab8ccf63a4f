package sim

import (
	"encoding/json"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Truth is the key to an exercise: what happened, what only seemed to, and which
// rows of which file came of it.
type Truth struct {
	Notice      string         `json:"notice"`
	Island      string         `json:"island"`
	Seed        uint64         `json:"seed,string"`
	Start       truce.Day      `json:"start"`
	Days        int            `json:"days"`
	History     int            `json:"history"`
	Scale       float64        `json:"scale"`
	Happenings  []Happening    `json:"happenings"`
	Nuisances   []Nuisance     `json:"nuisances"`
	Passes      []Pass         `json:"passes"`
	Clouds      []CloudDay     `json:"clouds"`
	Outages     []Outage       `json:"outages"`
	Windows     []Window       `json:"windows"`
	Shots       []Shot         `json:"shots"` // what the field of ears could hear
	EarTroubles []EarTrouble   `json:"ear_troubles"`
	Flights     []Flight       `json:"flights"`
	BadRows     []BadRow       `json:"bad_rows"`
	Files       map[string]int `json:"files"` // rows, map items or links written to each, bad ones and copies included
	Counts      []ActCount     `json:"counts"`

	causes map[string]*[]RowRef
}

// Happening is one true act. Side is where it had its effect; Origin is where it came
// from, which no observer is told.
type Happening struct {
	ID         string         `json:"id"`
	Act        truce.Act      `json:"act"`
	Also       []truce.Act    `json:"also,omitempty"` // what else it is, e.g. an attack on an energy site
	From       truce.Instant  `json:"from"`
	To         truce.Instant  `json:"to"`
	Point      geo.Point      `json:"point"`
	Place      string         `json:"place"`
	Area       truce.AreaID   `json:"area"`
	Side       truce.PartyID  `json:"effect_side"`
	OriginSide truce.PartyID  `json:"origin_side,omitempty"`
	Origin     *geo.Point     `json:"origin,omitempty"`
	FromLineM  geo.Metres     `json:"from_line_m"`
	AtSea      bool           `json:"at_sea"`
	Site       string         `json:"site,omitempty"`
	Count      int            `json:"count"` // rounds, explosions or objects
	Unit       truce.Unit     `json:"unit"`  // what the happening itself is one of
	Rows       []RowRef       `json:"rows,omitempty"`
	Families   []truce.Family `json:"families,omitempty"` // independent families with a row of it

	unseenBy truce.Family // a family that was elsewhere
}

// Nuisance is something that looks like an act and is not, or is told twice.
type Nuisance struct {
	ID    string        `json:"id"`
	Kind  NuisanceKind  `json:"kind"`
	From  truce.Instant `json:"from"`
	To    truce.Instant `json:"to"`
	Point *geo.Point    `json:"point,omitempty"`
	Place string        `json:"place,omitempty"`
	Of    string        `json:"of,omitempty"`    // the happening or nuisance it repeats
	Count int           `json:"count,omitempty"` // of a party's total: the number it states
	Note  string        `json:"note"`
	Rows  []RowRef      `json:"rows,omitempty"`
}

// NuisanceKind is a class of nuisance.
type NuisanceKind string

// The nuisance kinds.
const (
	NuisanceStubble   NuisanceKind = "stubble_fire"
	NuisanceRecurring NuisanceKind = "recurring_heat"
	NuisanceQuarry    NuisanceKind = "quarry_blast"
	NuisanceThunder   NuisanceKind = "thunder"
	NuisanceFalse     NuisanceKind = "false_report"
	NuisanceOldFilm   NuisanceKind = "old_footage"
	NuisanceCopied    NuisanceKind = "copied_news"
	NuisanceDuplicate NuisanceKind = "duplicate_row"
	NuisanceTotal     NuisanceKind = "party_total"
)

// RowRef is one row of one file.
type RowRef struct {
	File   string       `json:"file"`
	Line   int          `json:"line"` // 1 is the header; 0 where the format has no lines
	Family truce.Family `json:"family"`
}

// Outage is a stretch in which a sensor saw nothing.
type Outage struct {
	Sensor truce.SensorID `json:"sensor"`
	Family truce.Family   `json:"family"`
	From   truce.Instant  `json:"from"`
	To     truce.Instant  `json:"to"`
	Reason string         `json:"reason"`
	Stated bool           `json:"stated"` // a row of health says so; else only the missing heartbeats do
	Blind  bool           `json:"blind"`  // its heartbeats came all the same
}

// Window is a notified activity: what happens inside it is permitted.
type Window struct {
	Kind    string        `json:"kind"`
	Bearer  truce.PartyID `json:"bearer"`
	From    truce.Instant `json:"from"`
	To      truce.Instant `json:"to"`
	Point   geo.Point     `json:"point"`
	RadiusM geo.Metres    `json:"radius_m"`
}

// BadRow is a row written wrong on purpose: a decoder must quarantine it and go on.
type BadRow struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// ActCount says how often an act happened, was recorded at all, and was recorded by
// two independent families or more.
type ActCount struct {
	Act          truce.Act `json:"act"`
	Happened     int       `json:"happened"`
	Recorded     int       `json:"recorded"`
	Corroborated int       `json:"corroborated"`
}

// JSON is the truth as a file, ending in a newline.
func (t Truth) JSON() ([]byte, error) {
	out, err := json.MarshalIndent(t, "", " ")
	return append(out, '\n'), err
}

func (w *World) newTruth() Truth {
	t := Truth{
		Notice: "EXERCISE. The island, its people and everything said to happen there are invented.",
		Island: w.island.Name, Seed: w.cfg.Seed, Start: w.cfg.Start, Days: w.cfg.Days, History: w.cfg.History, Scale: w.cfg.Scale,
		Passes: w.passes, Files: map[string]int{}, causes: map[string]*[]RowRef{},
	}
	for day := -w.cfg.History; day < w.cfg.Days; day++ {
		for i, a := range w.island.Areas {
			t.Clouds = append(t.Clouds, CloudDay{Day: w.day(day), Area: a.ID, Cover: w.clouds.cover(day, i)})
		}
	}
	return t
}

// credit notes that a row came of a happening or nuisance.
func (t *Truth) credit(cause string, row RowRef) {
	if t.causes[cause] == nil {
		t.causes[cause] = &[]RowRef{}
	}
	*t.causes[cause] = append(*t.causes[cause], row)
}

// seal hands the rows to their causes and counts.
func (t *Truth) seal() {
	for i := range t.Happenings {
		h := &t.Happenings[i]
		if rows := t.causes[h.ID]; rows != nil {
			h.Rows, h.Families = *rows, familiesOf(*rows)
		}
		t.count(*h)
	}
	for i := range t.Nuisances {
		if rows := t.causes[t.Nuisances[i].ID]; rows != nil {
			t.Nuisances[i].Rows = *rows
		}
	}
}

func familiesOf(rows []RowRef) []truce.Family {
	var out []truce.Family
	for _, r := range rows {
		if r.Family.Witness() && !slices.Contains(out, r.Family) {
			out = append(out, r.Family)
		}
	}
	slices.Sort(out)
	return out
}

func (t *Truth) count(h Happening) {
	i := slices.IndexFunc(t.Counts, func(c ActCount) bool { return c.Act == h.Act })
	if i < 0 {
		t.Counts = append(t.Counts, ActCount{Act: h.Act})
		i = len(t.Counts) - 1
	}
	c := &t.Counts[i]
	c.Happened++
	if len(h.Families) >= 1 {
		c.Recorded++
	}
	if len(h.Families) >= 2 {
		c.Corroborated++
	}
}
