package csv

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// columns are the places of the fields in a row, -1 where the file has none.
type columns struct {
	id, time, timeTo, timeSigma, lat, lon, sigma, place int
	family, source, act, count, unit, accused, sensor   int
	headline, publisher, text, link, tags               int
	category, side                                      int // GeoConfirmed's

	details []detailColumn
}

// detailColumn is where a field stands that says more of the act, by the name it has in
// source.Details too.
type detailColumn struct {
	name string
	at   int
}

// findColumns goes by name. The second and later names are those other lists use.
func findColumns(t *source.Table) columns {
	c := columns{
		id:        t.Column("id"),
		time:      t.Column("time", "datetime", "date", "time_from", "timestamp"),
		timeTo:    t.Column("time_to", "end"),
		timeSigma: t.Column("time_sigma_s"),
		lat:       t.Column("lat", "latitude"),
		lon:       t.Column("lon", "lng", "long", "longitude"),
		sigma:     t.Column("sigma_m"),
		place:     t.Column("place"),
		family:    t.Column("family"),
		source:    t.Column("source"),
		act:       t.Column("act"),
		count:     t.Column("count"),
		unit:      t.Column("unit"),
		accused:   t.Column("accused"),
		sensor:    t.Column("sensor"),
		headline:  t.Column("headline", "title"),
		publisher: t.Column("publisher"),
		text:      t.Column("text", "description", "note"),
		link:      t.Column("url", "link", "links"),
		tags:      t.Column("tags"),
		category:  t.Column("category"),
		side:      t.Column("side"),
	}
	for _, name := range source.DetailColumns() {
		if at := t.Column(name); at >= 0 {
			c.details = append(c.details, detailColumn{name, at})
		}
	}
	return c
}

// check says what a header lacks.
func (c columns) check(day truce.Day, health healthColumns) error {
	switch {
	case c.time < 0 && day == "":
		return fmt.Errorf("the first line has no column time; add it, or put the day into the file's name as 2026-04-11")
	case (c.lat < 0) != (c.lon < 0):
		return fmt.Errorf("the first line has one of the columns lat and lon without the other")
	case !health.only() && c.lat < 0 && c.place < 0 && c.text < 0 && c.headline < 0 && c.link < 0:
		return fmt.Errorf("the first line has none of the columns lat and lon, place, headline, text, url; want at least one. "+
			"Columns read: id, time, time_to, time_sigma_s, lat, lon, sigma_m, place, family, source, act, count, unit, accused, sensor, headline, publisher, text, url, tags; of the act %s; for the health of sensors kind, sensor, state, reason", strings.Join(source.DetailColumns(), ", "))
	}
	return nil
}

func (c columns) value(t *source.Table, column int) string {
	return strings.TrimSpace(string(t.Field(column)))
}

func (c columns) statement(t *source.Table) source.Statement {
	s := source.Statement{
		ID:   c.value(t, c.id),
		Time: c.value(t, c.time), TimeTo: c.value(t, c.timeTo), TimeSigma: c.value(t, c.timeSigma),
		Lat: c.value(t, c.lat), Lon: c.value(t, c.lon), Sigma: c.value(t, c.sigma), Place: c.value(t, c.place),
		Act: strings.ToLower(c.value(t, c.act)), Count: c.value(t, c.count), Unit: strings.ToLower(c.value(t, c.unit)),
		Accused: c.value(t, c.accused), Sensor: c.value(t, c.sensor),
		Headline: c.value(t, c.headline), Publisher: c.value(t, c.publisher), Text: c.value(t, c.text),
		Links: strings.Fields(strings.ReplaceAll(c.value(t, c.link), "|", " ")),
		Tags:  strings.FieldsFunc(c.value(t, c.tags), func(r rune) bool { return r == '|' || r == ';' }),
	}
	for _, d := range c.details {
		s.Details.Set(d.name, c.value(t, d.at))
	}
	if category := c.value(t, c.category); category != "" {
		s.Tags = append(s.Tags, "category: "+category)
		if s.Act == "" {
			s.Act = string(actOfCategory(category))
		}
	}
	if side := c.value(t, c.side); side != "" {
		s.Tags = append(s.Tags, "side: "+side)
	}
	return s
}

// actOfCategory reads those of GeoConfirmed's categories that name one act. Others, such
// as "shelling/airstrike", name two, and stay a tag.
func actOfCategory(category string) truce.Act {
	switch strings.ToLower(category) {
	case "short-range drone attack":
		return truce.ActFPVUAV
	case "damaged infrastructure":
		return truce.ActDamage
	}
	return ""
}
