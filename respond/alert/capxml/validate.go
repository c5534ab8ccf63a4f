package capxml

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// Validate holds an alert against the standard: what must be there, what may stand
// nowhere, and what belongs together.
func (a Alert) Validate() error {
	switch {
	case restrictedCharacters(a.Identifier):
		return a.invalid("identifier %.80q: must be there and hold no space, comma, < or &", a.Identifier)
	case restrictedCharacters(a.Sender):
		return a.invalid("sender %.80q: must be there and hold no space, comma, < or &", a.Sender)
	case a.Sent.IsZero():
		return a.invalid("sent: is missing")
	case !slices.Contains(statuses, string(a.Status)):
		return a.invalid("status %.40q: want one of %v", string(a.Status), statuses)
	case !slices.Contains(types, string(a.MsgType)):
		return a.invalid("msgType %.40q: want one of %v", string(a.MsgType), types)
	case !slices.Contains(scopes, string(a.Scope)):
		return a.invalid("scope %.40q: want one of %v", string(a.Scope), scopes)
	case a.Scope == ScopeRestricted && a.Restriction == "":
		return a.invalid("restriction: is missing, and the scope is Restricted")
	case a.Scope == ScopePrivate && len(a.Addresses) == 0:
		return a.invalid("addresses: are missing, and the scope is Private")
	case a.MsgType != TypeAlert && len(a.References) == 0:
		return a.invalid("references: are missing, and the msgType is %s", a.MsgType)
	}
	for _, r := range a.References {
		if restrictedCharacters(r.Sender) || restrictedCharacters(r.Identifier) || r.Sent.IsZero() {
			return a.invalid("references: %.80q is not sender,identifier,sent", r.Sender+","+r.Identifier)
		}
	}
	for i, info := range a.Infos {
		if err := info.validate(); err != nil {
			return a.invalid("info %d: %w", i+1, err)
		}
	}
	return nil
}

func (a Alert) invalid(format string, args ...any) error {
	return truce.Errorf(truce.CodeInvalid, "cap alert %.80q: "+format, append([]any{a.Identifier}, args...)...)
}

func (i Info) validate() error {
	if len(i.Categories) == 0 || i.Event == "" {
		return truce.Errorf(truce.CodeInvalid, "category and event must be there")
	}
	for _, set := range []struct {
		name   string
		values []string
		of     []string
	}{
		{"category", i.Categories, categories}, {"responseType", i.Responses, responses}, {"urgency", []string{i.Urgency}, urgencies},
		{"severity", []string{i.Severity}, severities}, {"certainty", []string{i.Certainty}, certainties},
	} {
		for _, v := range set.values {
			if !slices.Contains(set.of, v) {
				return truce.Errorf(truce.CodeInvalid, "%s %.40q: want one of %v", set.name, v, set.of)
			}
		}
	}
	for _, a := range i.Areas {
		if err := a.validate(); err != nil {
			return truce.Errorf(truce.CodeInvalid, "area %.80q: %w", a.Description, err)
		}
	}
	for _, r := range i.Resources {
		if r.Description == "" {
			return truce.Errorf(truce.CodeInvalid, "resource: resourceDesc is missing")
		}
	}
	return nil
}

func (a Area) validate() error {
	if a.Description == "" {
		return truce.Errorf(truce.CodeInvalid, "areaDesc is missing")
	}
	if a.Ceiling != "" && a.Altitude == "" {
		return truce.Errorf(truce.CodeInvalid, "a ceiling needs an altitude")
	}
	for _, p := range a.Polygons {
		if len(p) < 4 || p[0] != p[len(p)-1] {
			return truce.Errorf(truce.CodeInvalid, "a polygon needs four points at least, the last like the first; this has %d", len(p))
		}
		for _, q := range p {
			if err := q.validate(); err != nil {
				return err
			}
		}
	}
	for _, c := range a.Circles {
		if err := c.Centre.validate(); err != nil {
			return err
		}
		if !(c.RadiusKm >= 0) || math.IsInf(c.RadiusKm, 0) {
			return truce.Errorf(truce.CodeInvalid, "a circle of radius %g km", c.RadiusKm)
		}
	}
	return nil
}

func (p Point) validate() error {
	if !(math.Abs(p.Lat) <= 90) || !(math.Abs(p.Lon) <= 180) {
		return truce.Errorf(truce.CodeInvalid, "point %g,%g: want latitude within 90 and longitude within 180 degrees", p.Lat, p.Lon)
	}
	return nil
}
