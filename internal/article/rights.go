package article

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Rights is what a page or its server says of the use of its text.
type Rights struct {
	NoMining bool   // opted out of text and data mining, indexing or quoting
	Said     string // every statement that was found, e.g. "robots: noai; tdm-reservation: 1"
}

// refusing are the words of robots meta elements and X-Robots-Tag headers by which a
// publisher keeps a text out of indexes, models, archives or excerpts.
var refusing = []string{"none", "noindex", "noai", "noml", "nosnippet", "noarchive", "nocache", "max-snippet:0"}

// Robots takes the content of a robots meta element or X-Robots-Tag header. Directives
// for a named robot other than us do not count.
func (r *Rights) Robots(content string) {
	var said []string
	for _, part := range strings.Split(strings.ToLower(content), ",") {
		part = strings.Join(strings.Fields(part), "")
		agent, rest, named := strings.Cut(part, ":")
		if named && !strings.HasPrefix(agent, "max-") && agent != "unavailable_after" {
			if agent != "truce" {
				return // what follows is for that robot too
			}
			part = rest
		}
		if slices.Contains(refusing, part) {
			said = append(said, part)
		}
	}
	if len(said) > 0 {
		r.say("robots: "+strings.Join(said, ", "), true)
	}
}

// TDM takes a tdm-reservation, 1 for reserved, as the TDM Reservation Protocol (W3C
// community group, 2024) has it in headers, meta elements and /.well-known/tdmrep.json.
func (r *Rights) TDM(value string) {
	switch strings.TrimSpace(value) {
	case "1":
		r.say("tdm-reservation: 1", true)
	case "0":
		r.say("tdm-reservation: 0", false)
	}
}

// Policy takes the address of a TDM policy. It says under which terms mining is allowed
// and refuses nothing by itself.
func (r *Rights) Policy(address string) {
	if address = Line(address); address != "" {
		r.say("tdm-policy: "+address, false)
	}
}

var minesNot = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(text (and|&) data mining|\btdm\b|machine learning|ai training|training of ai|train(ing)? (of )?(artificial intelligence|ai)).{0,120}(reserv|prohibit|forbidden|not permitted|not allowed)|` +
		`(reserv|prohibit|forbid|not permitted|not allowed|opt(s|ed)? out).{0,120}(text (and|&) data mining|\btdm\b|machine learning|ai training|training of ai)`)
})

// Copyright takes a notice in words, as feeds carry it, and looks for a reservation of
// text and data mining in it.
func (r *Rights) Copyright(notice string) {
	if len(notice) > maxNotice {
		notice = strings.ToValidUTF8(notice[:maxNotice], "")
	}
	if minesNot().MatchString(Line(notice)) {
		r.say("copyright notice reserves text and data mining", true)
	}
}

// Header takes what HTTP headers say; values gives all values of one name.
func (r *Rights) Header(values func(name string) []string) {
	for _, v := range values("X-Robots-Tag") {
		r.Robots(v)
	}
	for _, v := range values("Tdm-Reservation") {
		r.TDM(v)
	}
	for _, v := range values("Tdm-Policy") {
		r.Policy(v)
	}
}

func (r *Rights) say(words string, refuses bool) {
	r.NoMining = r.NoMining || refuses
	if len(r.Said)+len(words) > maxNotice || strings.Contains(r.Said, words) {
		return
	}
	if r.Said != "" {
		words = "; " + words
	}
	r.Said += words
}
