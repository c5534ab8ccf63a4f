package csv

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// The kinds of row that the column kind may name.
const (
	kindReport = "report"
	kindHealth = "health"
)

// healthStates are what the column state may say.
var healthStates = [...]truce.HealthState{truce.HealthUp, truce.HealthDegraded, truce.HealthDown, truce.HealthUnknown}

// healthColumns are the places of the fields that rows of health have beside the common
// ones, -1 where the file has none.
type healthColumns struct{ kind, state, reason int }

func findHealthColumns(t *source.Table) healthColumns {
	return healthColumns{kind: t.Column("kind"), state: t.Column("state"), reason: t.Column("reason")}
}

// only says whether the header is that of a table of health, which needs no place and no
// text.
func (h healthColumns) only() bool { return h.kind >= 0 && h.state >= 0 }

// kindOf is the kind of the current row; a row that names none is a report.
func (d *decoder) kindOf() (string, error) {
	kind := strings.ToLower(d.cols.value(d.table, d.health.kind))
	switch kind {
	case "", kindReport:
		return kindReport, nil
	case kindHealth:
		return kindHealth, nil
	}
	return "", fmt.Errorf("kind is %s, want %s or %s", source.Shown([]byte(kind)), kindReport, kindHealth)
}

// healthRow passes on what the row says of a sensor's health, or why it cannot be read.
func (d *decoder) healthRow(id truce.SourceID, err error) error {
	if err != nil {
		return d.table.Reject(err.Error())
	}
	o, err := d.healthOf(id)
	if err != nil {
		return d.table.Reject(err.Error())
	}
	return d.out.Observe(o)
}

// healthOf reads a row that says how a sensor was: at a moment, which is a heartbeat, or
// from time to time_to.
func (d *decoder) healthOf(id truce.SourceID) (truce.Observation, error) {
	s := d.cols.statement(d.table)
	if s.Act != "" || s.Count != "" || s.Accused != "" || s.Lat != "" || s.Lon != "" {
		return truce.Observation{}, fmt.Errorf("says of the health of a sensor and has act, count, accused, lat or lon; leave them empty, or write kind %s", kindReport)
	}
	s.Details.State = "" // here it is the state of the sensor
	if s.Details != (source.Details{}) {
		return truce.Observation{}, fmt.Errorf("says of the health of a sensor and has columns that speak of an act, such as weapon or quantity; leave them empty, or write kind %s", kindReport)
	}
	sensor := oneLine(s.Sensor)
	if sensor == "" {
		return truce.Observation{}, fmt.Errorf("sensor is empty; a row of health names the sensor it speaks of")
	}
	health, err := d.healthSaid()
	if err != nil {
		return truce.Observation{}, err
	}
	when, err := d.healthTime(s)
	if err != nil {
		return truce.Observation{}, err
	}
	o := truce.Observation{
		Kind: truce.KindHealth, Source: id, Sensor: truce.SensorID(sensor), Phenomenon: when, Health: &health,
		Signature: truce.SignatureNone, Origin: d.out.At(d.table.Line()), Hash: truce.HashOf(d.table.Raw()),
	}
	o.ID = truce.NewID(when.From, string(o.Kind), string(id), healthKey(s.ID, o))
	return o, nil
}

// healthSaid is the state with its reason.
func (d *decoder) healthSaid() (truce.Health, error) {
	text := strings.ToLower(d.cols.value(d.table, d.health.state))
	for _, state := range healthStates {
		if text == string(state) {
			return truce.Health{State: state, Working: state.Working(), Reason: oneLine(d.cols.value(d.table, d.health.reason))}, nil
		}
	}
	return truce.Health{}, fmt.Errorf("state is %s, want one of %v", source.Shown([]byte(text)), healthStates)
}

// healthTime is a moment for a time of day without time_to, else a stretch: a minute is no
// stretch, nobody means that a sensor worked for just one.
func (d *decoder) healthTime(s source.Statement) (truce.PhenomenonTime, error) {
	text := s.Time
	if text == "" {
		text = string(d.rules.Day)
	}
	span, err := source.Time(text, d.rules.Zone)
	if err != nil {
		return truce.PhenomenonTime{}, fmt.Errorf("time %w", err)
	}
	if s.TimeTo == "" {
		if minute := truce.Instant(60_000_000); span.To-span.From <= minute {
			span.To = span.From
		}
		return truce.PhenomenonTime{From: span.From, To: span.To}, nil
	}
	end, err := source.Time(s.TimeTo, d.rules.Zone)
	if err != nil {
		return truce.PhenomenonTime{}, fmt.Errorf("time_to %w", err)
	}
	if span, err = source.Between(span, end); err != nil {
		return truce.PhenomenonTime{}, fmt.Errorf("the time from %s to %s %w", source.Shown([]byte(s.Time)), source.Shown([]byte(s.TimeTo)), err)
	}
	if span.From == span.To {
		return truce.PhenomenonTime{}, fmt.Errorf("time_to is time; leave time_to empty for a heartbeat")
	}
	return truce.PhenomenonTime{From: span.From, To: span.To}, nil
}

// oneLine is clean text on one line, of bounded length.
func oneLine(s string) string {
	line := strings.Join(strings.Fields(truce.CleanText(s)), " ")
	if len(line) <= source.MaxShort {
		return line
	}
	cut := source.MaxShort
	for cut > 0 && !utf8.RuneStart(line[cut]) {
		cut--
	}
	return line[:cut]
}

// healthKey is the sender's id where there is one, else everything that is said.
func healthKey(id string, o truce.Observation) []byte {
	if id = oneLine(id); id != "" {
		return []byte("id|" + id)
	}
	key := []byte("health")
	for _, part := range []string{o.Phenomenon.From.String(), o.Phenomenon.To.String(), string(o.Sensor), string(o.Health.State), o.Health.Reason} {
		key = strconv.AppendQuote(append(key, '|'), part)
	}
	return key
}
