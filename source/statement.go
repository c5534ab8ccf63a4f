package source

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// MomentSigma is the least error of a moment: a time written to the second is known no
// better than that, and no estimate goes out without its error.
const MomentSigma truce.Micros = secondMicros

// DefaultSigma is the error of a place that is given without one, in metres: that of
// somebody who names a village.
const DefaultSigma geo.Metres = 1_000

// Statement is one report as its sender wrote it. Every field is text, empty where
// nothing was given; Links and Tags are several texts.
type Statement struct {
	ID        string // the sender's own, makes the row one observation for ever
	Time      string // see Time
	TimeTo    string // end, when it is not a moment
	TimeSigma string // error of the time in seconds
	Lat, Lon  string // decimal degrees, both or neither
	Sigma     string // error of the place in metres, one sigma
	Place     string
	Act       string // one of the acts of the vocabulary
	Count     string // whole number
	Unit      string // one of the counting units, "report" where empty
	Accused   string // a party's mark in the agreement
	Headline  string
	Publisher string
	Text      string
	Sensor    string
	Links     []string
	Tags      []string
	Details   Details // what else is said of the act
}

// Rules say how statements are read.
type Rules struct {
	Source truce.SourceID
	Bounds *Box           // points outside are refused; nil: none are
	Zone   *time.Location // of times without an offset, default UTC
	Day    truce.Day      // for statements without a time, empty: they are refused
	Sigma  geo.Metres     // for places without an error, default DefaultSigma

	// Classes are the weapon classes that may be named; nil: any word that is no misspelt
	// type is one.
	Classes []truce.WeaponClass
}

// Validate refuses rules that no row could satisfy.
func (r Rules) Validate() error {
	if r.Source == "" {
		return truce.Errorf(truce.CodeInvalid, "no source is named for the rows")
	}
	if r.Sigma < 0 || r.Sigma > MaxSigma {
		return truce.Errorf(truce.CodeInvalid, "default sigma is %v m, want more than 0 and at most %d", float64(r.Sigma), MaxSigma)
	}
	if r.Day != "" {
		if _, err := Date([]byte(r.Day)); err != nil {
			return truce.Errorf(truce.CodeInvalid, "day %w", err)
		}
	}
	return r.Bounds.Validate()
}

// Observation makes a report of the statement. The error says which field is wrong and
// what is wanted.
func (s Statement) Observation(rules Rules, origin truce.Origin, raw []byte) (truce.Observation, error) {
	when, err := s.phenomenon(rules)
	if err != nil {
		return truce.Observation{}, err
	}
	place, err := s.position(rules)
	if err != nil {
		return truce.Observation{}, err
	}
	report, err := s.report(rules)
	if err != nil {
		return truce.Observation{}, err
	}
	name := short(s.Place)
	if place == nil && name == "" && report.Text == "" && report.Headline == "" && len(report.Links) == 0 {
		return truce.Observation{}, fmt.Errorf("says nothing: want a position, a place, a text or a link")
	}
	o := truce.Observation{
		Kind: truce.KindReport, Source: rules.Source, Sensor: truce.SensorID(short(s.Sensor)),
		Phenomenon: when, Place: place, PlaceName: name, Report: &report,
		Signature: truce.SignatureNone, Origin: origin, Hash: truce.HashOf(raw),
	}
	o.ID = truce.NewID(when.From, string(o.Kind), string(o.Source), s.key(o))
	return o, nil
}

func (s Statement) phenomenon(rules Rules) (truce.PhenomenonTime, error) {
	var p truce.PhenomenonTime
	text := s.Time
	if strings.TrimSpace(text) == "" {
		text = string(rules.Day)
	}
	if text == "" {
		return p, fmt.Errorf("time is empty, want e.g. 2026-04-11 16:00")
	}
	span, err := Time(text, rules.Zone)
	if err != nil {
		return p, fmt.Errorf("time %w", err)
	}
	if strings.TrimSpace(s.TimeTo) != "" {
		end, err := Time(s.TimeTo, rules.Zone)
		if err != nil {
			return p, fmt.Errorf("time_to %w", err)
		}
		if span, err = Between(span, end); err != nil {
			return p, fmt.Errorf("the time from %s to %s %w", Shown([]byte(s.Time)), Shown([]byte(s.TimeTo)), err)
		}
	}
	if s.TimeSigma != "" {
		seconds, err := NumberIn("time_sigma_s", []byte(s.TimeSigma), 0, MaxSpanDays*86_400)
		if err != nil {
			return p, err
		}
		p.Sigma = truce.Micros(seconds * secondMicros)
	}
	p.From, p.To = span.From, span.To
	if p.From == p.To {
		p.Sigma = max(p.Sigma, MomentSigma)
	}
	return p, nil
}

func (s Statement) position(rules Rules) (*geo.Position, error) {
	if s.Lat == "" && s.Lon == "" {
		if s.Sigma != "" {
			return nil, fmt.Errorf("sigma_m is given without lat and lon")
		}
		return nil, nil
	}
	p, err := Place([]byte(s.Lat), []byte(s.Lon))
	if err != nil {
		return nil, err
	}
	if !rules.Bounds.Contains(p) {
		return nil, errors.New(OutsideBounds)
	}
	sigma := rules.Sigma
	if sigma == 0 {
		sigma = DefaultSigma
	}
	if s.Sigma != "" {
		v, err := NumberIn("sigma_m", []byte(s.Sigma), 0, MaxSigma)
		if err != nil {
			return nil, err
		}
		if v < 0.001 {
			return nil, fmt.Errorf("sigma_m is %s, want more than 0: no place is known exactly", Shown([]byte(s.Sigma)))
		}
		sigma = geo.Metres(v)
	}
	return &geo.Position{Point: p, Error: geo.Isotropic(sigma)}, nil
}

func (s Statement) report(rules Rules) (truce.Report, error) {
	r := truce.Report{
		Publisher: short(s.Publisher), Headline: short(s.Headline),
		Text: Cut(truce.CleanText(strings.TrimSpace(unescape(s.Text))), MaxText),
	}
	if len(s.Links) > MaxLinks || len(s.Tags) > MaxTags {
		return r, fmt.Errorf("%d links and %d tags, the bounds are %d and %d", len(s.Links), len(s.Tags), MaxLinks, MaxTags)
	}
	for _, text := range s.Links {
		link, err := Link(text)
		if err != nil {
			return r, err
		}
		r.Links = append(r.Links, link)
	}
	for _, tag := range s.Tags {
		if tag = short(tag); tag != "" {
			r.Tags = append(r.Tags, tag)
		}
	}
	claim, err := s.claim()
	if err != nil {
		return r, err
	}
	if claim.Detail, err = s.Details.detail(rules); err != nil {
		return r, err
	}
	if claim.Act != "" || claim.Count > 0 {
		r.Claims = []truce.Claim{claim}
	}
	return r, nil
}

var partyMark = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$`)
})

func (s Statement) claim() (truce.Claim, error) {
	c := truce.Claim{Act: truce.Act(s.Act), Unit: truce.Unit(s.Unit), Accused: truce.PartyID(s.Accused)}
	switch {
	case s.Act == "" && s.Details.given() != "":
		return c, fmt.Errorf("%s is given without an act; name the act that it is said of, or leave it empty", s.Details.given())
	case s.Total():
		if s.Count == "" {
			return c, fmt.Errorf("unit is mixed and count is empty, want the number that was stated")
		}
	case s.Act == "" && (s.Count != "" || s.Unit != "" || s.Accused != ""):
		return c, fmt.Errorf("count, unit or accused is given without an act; a total of acts of several kinds has the unit mixed")
	case s.Act == "":
		return c, nil
	case !c.Act.Known():
		return c, fmt.Errorf("act is %s, which is not in the list of acts; leave it empty and keep the word in the text", Shown([]byte(s.Act)))
	}
	if s.Accused != "" && !partyMark().MatchString(s.Accused) {
		return c, fmt.Errorf("accused is %s, want the mark of a party in the agreement, e.g. A", Shown([]byte(s.Accused)))
	}
	if c.Unit == "" {
		c.Unit = truce.UnitReport
	}
	if !slices.Contains(truce.Units(), c.Unit) {
		return c, fmt.Errorf("unit is %s, want one of %v", Shown([]byte(s.Unit)), truce.Units())
	}
	if s.Count != "" {
		n, err := NumberIn("count", []byte(s.Count), 0, MaxCount)
		if err != nil {
			return c, err
		}
		if c.Count = int(n); float64(c.Count) != n {
			return c, fmt.Errorf("count is %s, want a whole number", Shown([]byte(s.Count)))
		}
	}
	return c, nil
}

// Total says whether the statement is a number of acts of several kinds: it has a unit of
// its own, so that nothing can be added to it or compared with it.
func (s Statement) Total() bool { return s.Act == "" && s.Unit == string(truce.UnitMixed) }

// key is the sender's id where there is one, else what was said: two rows alike in
// everything are one statement, however their numbers are written.
func (s Statement) key(o truce.Observation) []byte {
	if id := short(s.ID); id != "" {
		return []byte("id|" + id)
	}
	parts := []string{o.Phenomenon.From.String(), o.Phenomenon.To.String(), o.PlaceName, string(o.Sensor), o.Report.Headline, o.Report.Publisher, o.Report.Text}
	if o.Place != nil {
		parts = append(parts, o.Place.Point.String(), strconv.FormatFloat(o.Place.Error.EE, 'g', -1, 64))
	}
	for _, c := range o.Report.Claims {
		parts = append(parts, string(c.Act), strconv.Itoa(c.Count), string(c.Unit), string(c.Accused))
		if detail, err := truce.Canonical(c.Detail); err == nil && c.Detail != nil {
			parts = append(parts, string(detail))
		}
	}
	parts = append(append(parts, o.Report.Links...), o.Report.Tags...)
	key := []byte("row")
	for _, part := range parts {
		key = strconv.AppendQuote(append(key, '|'), part)
	}
	return key
}

// short is one clean line of bounded length.
func short(s string) string {
	line := strings.Join(strings.Fields(unescape(truce.CleanText(s))), " ")
	return strings.TrimSpace(Cut(truce.CleanText(line), MaxShort))
}

// unescape decodes HTML entities, twice for texts that were escaped again on the way
// (&amp;nbsp;). The result is text and must not be read as HTML.
func unescape(s string) string { return html.UnescapeString(html.UnescapeString(s)) }
