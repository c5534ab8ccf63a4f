package agreement

import (
	"fmt"
	"time"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// Calendar says how the agreement cuts time into periods and counts its days.
type Calendar struct {
	Zone     string        // IANA name, e.g. Europe/Kyiv
	CutOff   time.Duration // local time of day at which a period ends; 0 is midnight
	Epoch    truce.Day     // a local day
	FirstDay int           // the number of the epoch itself: 0 or 1

	location *time.Location
}

// Location is the calendar's zone.
func (c Calendar) Location() *time.Location {
	if c.location == nil {
		return time.UTC
	}
	return c.location
}

// Period is the reporting period named for a local day: with a cut-off at midnight the
// day itself, otherwise the stretch that ends at that day's cut-off. On the days a clock
// changes it is an hour shorter or longer.
func (c Calendar) Period(day truce.Day) (truce.Period, error) {
	from, to := day, day
	if c.CutOff == 0 {
		to = day.AddDays(1)
	} else {
		from = day.AddDays(-1)
	}
	start, err := c.cut(from)
	if err != nil {
		return truce.Period{}, err
	}
	end, err := c.cut(to)
	return truce.Period{From: start, To: end, Zone: c.Zone}, err
}

// DayAt is the local day whose period holds t.
func (c Calendar) DayAt(t truce.Instant) truce.Day {
	day := truce.DayOf(t.Time().In(c.Location()))
	if c.CutOff == 0 {
		return day
	}
	if cut, err := c.cut(day); err == nil && t >= cut {
		return day.AddDays(1)
	}
	return day
}

// DayNumber counts local days since the epoch.
func (c Calendar) DayNumber(day truce.Day) (int, error) {
	from, err := c.Epoch.Start(time.UTC)
	if err != nil {
		return 0, err
	}
	to, err := day.Start(time.UTC)
	return int(to.Sub(from)/(24*time.Hour)) + c.FirstDay, err
}

// cut is the instant of a day's cut-off. A cut-off that a clock change skips falls on
// the instant that the zone's rules give it.
func (c Calendar) cut(day truce.Day) (truce.Instant, error) {
	t, err := time.Parse("2006-01-02", string(day))
	if err != nil {
		return 0, truce.Errorf(truce.CodeInvalid, "day %q: write YYYY-MM-DD", string(day))
	}
	hour, minute := int(c.CutOff/time.Hour), int(c.CutOff%time.Hour/time.Minute)
	return truce.InstantOf(time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, c.Location())), nil
}

// TimeFault says why no agreement and no test can speak of an instant, and the mend; ""
// when they can. 0 stands for what is left open (truce.Instant), and would silently be
// taken for it.
func TimeFault(at truce.Instant) string {
	switch year := at.Time().Year(); {
	case at == 0:
		return "1970-01-01T00:00:00Z is kept for what is left open: write a second before or after it"
	case year < MinYear || year > MaxYear:
		return fmt.Sprintf("lies outside the years %d to %d: mend the year", MinYear, MaxYear)
	}
	return ""
}

// spoken refuses an instant that no agreement can speak of.
func (r *reader) spoken(n *yaml.Node, path string, at truce.Instant) truce.Instant {
	if fault := TimeFault(at); fault != "" {
		r.errorf(n, path, "%q: %s", cut(n.Value), fault)
		return 0
	}
	return at
}

// calendar reads zone, cut_off and day_epoch. Zone names are looked up in the program's
// own copy of the zone table where the machine has none.
func (d *decoder) calendar(m *mapping) Calendar {
	c := Calendar{location: time.UTC}
	zone := m.need("zone")
	c.Zone = d.text(zone, "zone")
	if loc, err := time.LoadLocation(c.Zone); zone != nil && (err != nil || c.Zone == "" || c.Zone == "Local") {
		d.errorf(zone, "zone", "%q is no time zone: write an IANA name, e.g. Europe/Kyiv or UTC", cut(c.Zone))
	} else if loc != nil {
		c.location = loc
	}
	if n := m.get("cut_off"); n != nil {
		t, err := time.Parse("15:04", d.text(n, "cut_off"))
		if err != nil {
			d.errorf(n, "cut_off", "%q: write a local time of day as \"HH:MM\", in quotes", cut(n.Value))
		}
		c.CutOff = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	epoch := d.mapping(m.need("day_epoch"), "day_epoch")
	c.Epoch = d.day(epoch.need("date"), "day_epoch.date")
	c.FirstDay = d.integer(epoch.need("first"), "day_epoch.first", 0, 1)
	epoch.done()
	return c
}

// String is the calendar in words.
func (c Calendar) String() string {
	return fmt.Sprintf("days end at %02d:%02d %s", int(c.CutOff/time.Hour), int(c.CutOff%time.Hour/time.Minute), c.Zone)
}
