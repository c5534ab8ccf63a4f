package geojson

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/trucewatch/truce/source"
)

// props are the properties of a feature by name in lower case.
type props map[string]json.RawMessage

func properties(raw json.RawMessage) (props, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(raw, &given); err != nil {
		return nil, fmt.Errorf("properties are no object")
	}
	p := props{}
	for name, value := range given {
		lower := strings.ToLower(name)
		if _, twice := p[lower]; twice {
			return nil, fmt.Errorf("the property %.40q stands twice in different case", lower)
		}
		p[lower] = value
	}
	return p, nil
}

// scalar is a text, number or truth value as text, empty for anything else.
func scalar(raw json.RawMessage) string {
	var text string
	switch {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null":
		return ""
	case raw[0] == '"' && json.Unmarshal(raw, &text) == nil:
		return strings.TrimSpace(text)
	}
	return string(raw)
}

// text is the first of the names that is there and not empty.
func (p props) text(names ...string) string {
	for _, name := range names {
		if s := scalar(p[name]); s != "" {
			return s
		}
	}
	return ""
}

// list is a list of texts, or one text as a list of one.
func (p props) list(names ...string) []string {
	for _, name := range names {
		var many []string
		if len(p[name]) > 0 && p[name][0] == '[' && json.Unmarshal(p[name], &many) == nil {
			return many
		}
		if s := scalar(p[name]); s != "" {
			return []string{s}
		}
	}
	return nil
}

// statement reads the documented names; the later of each are those other files use.
func (p props) statement() source.Statement {
	return source.Statement{
		ID:        p.text("id"),
		Time:      p.text("time", "datetime", "date", "timestamp"),
		TimeTo:    p.text("time_to", "end"),
		TimeSigma: p.text("time_sigma_s"),
		Sigma:     p.text("sigma_m"),
		Place:     p.text("place"),
		Act:       strings.ToLower(p.text("act")),
		Count:     p.text("count"),
		Unit:      strings.ToLower(p.text("unit")),
		Accused:   p.text("accused"),
		Headline:  p.text("headline", "title"),
		Publisher: p.text("publisher", "source"),
		Text:      p.text("text", "description", "snippet"),
		Sensor:    p.text("sensor"),
		Links:     p.list("url", "link", "links"),
		Tags:      p.list("tags"),
	}
}
