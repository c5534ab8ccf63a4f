package publish

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// narrowSpace is the space between thousands in Ukrainian: narrow, and it never breaks.
const narrowSpace = "\u202f"

// printer turns values into words of one language. Only it writes numbers, and it keeps
// what it wrote: the linter refuses any other number on the page.
type printer struct {
	lang    string
	words   catalogue
	zone    *time.Location
	printed map[string]int // numbers as written, and how often
	missing []string       // keys the catalogue lacks
}

func newPrinter(lang string, zone *time.Location) (*printer, error) {
	words, err := catalogueOf(lang)
	if err != nil {
		return nil, err
	}
	return &printer{lang: lang, words: words, zone: zone, printed: map[string]int{}}, nil
}

// arg fills one placeholder of a catalogue text.
type arg struct {
	name  string
	value line
}

func with(name string, value line) arg { return arg{name, value} }

// say is a catalogue text with its placeholders filled. The texts hold no digits: every
// number comes in through a placeholder.
func (p *printer) say(key string, args ...arg) line {
	return p.fill(key, p.template(key, otherForm), args)
}

func (p *printer) template(key, class string) string {
	m, ok := p.words[key]
	if !ok {
		p.missing = append(p.missing, key)
		return key
	}
	return m.form(class)
}

func (p *printer) fill(key, template string, args []arg) line {
	var out line
	for template != "" {
		before, rest, found := strings.Cut(template, "{")
		if before != "" {
			out = append(out, span{Text: before})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		out = append(out, p.value(key, name, args)...)
		template = after
	}
	return out
}

func (p *printer) value(key, name string, args []arg) line {
	for _, a := range args {
		if a.name == name {
			return a.value
		}
	}
	p.missing = append(p.missing, key+"{"+name+"}")
	return nil
}

// word is a catalogue text without placeholders.
func (p *printer) word(key string) line { return text(p.template(key, otherForm)) }

// numberToken is a number as it stands on a page, with its separators.
var numberToken = regexp.MustCompile(`[0-9]+(?:[.,:\x{202f}][0-9]+)*`)

// data is text that comes from the bulletin: names, ids, hashes. Its digits are known.
func (p *printer) data(s string) line {
	for _, token := range numberToken.FindAllString(s, -1) {
		p.printed[token]++
	}
	return text(s)
}

// integer is a whole number with its thousands apart.
func (p *printer) integer(n int) line { return p.data(groupThousands(p.lang, strconv.Itoa(n))) }

// decimal is a number with a fixed number of decimals.
func (p *printer) decimal(v float64, digits int) line {
	whole, fraction, has := strings.Cut(decimal(v, digits), ".")
	s := groupThousands(p.lang, whole)
	if has {
		s += decimalMark(p.lang) + fraction
	}
	return p.data(s)
}

func decimalMark(lang string) string {
	if lang == "uk" {
		return ","
	}
	return "."
}

func groupThousands(lang, digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	mark := ","
	if lang == "uk" {
		mark = narrowSpace
	}
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, parts...), mark)
}

// quantity is a number with its unit, in the right plural.
func (p *printer) quantity(n int, unit truce.Unit) line { return p.countOf(n, "unit."+string(unit)) }

func (p *printer) countOf(n int, key string) line {
	return join(" ", p.integer(n), text(p.template(key, pluralOf(p.lang, n))))
}

// unitName is a unit without a number, in the plural of many.
func (p *printer) unitName(unit truce.Unit) line {
	return text(p.template("unit."+string(unit), pluralOf(p.lang, 5)))
}

func (p *printer) measure(key string, v float64, digits int) line {
	return p.say("measure."+key, with("n", p.decimal(v, digits)))
}

func (p *printer) km(v float64) line { return p.measure("km", v, 0) }

// percent is a share; between 0 and 1 % it keeps a decimal, so that little is not none.
func (p *printer) percent(share truce.Probability) line {
	v := 100 * float64(share)
	digits := 0
	if v > 0 && v < 1 || v > 99 && v < 100 {
		digits = 1
	}
	return p.measure("percent", v, digits)
}

// hours is a length of time in hours, with one decimal where it has one.
func (p *printer) hours(h float64) line {
	digits := 1
	if h == float64(int(h)) {
		digits = 0
	}
	form := otherForm
	if digits == 0 {
		form = pluralOf(p.lang, int(h))
	}
	return join(" ", p.decimal(h, digits), text(p.template("unit."+string(truce.UnitHours), form)))
}

// probability is the verbal band with its number, always together.
func (p *printer) probability(v truce.Probability) line {
	return p.say("band.value", with("word", p.word("band."+v.Band())), with("p", p.decimal(float64(v), 2)))
}

func (p *printer) day(d truce.Day) line {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return p.data(string(d))
	}
	return p.data(t.Format(dayForm(p.lang)))
}

func dayForm(lang string) string {
	if lang == "uk" {
		return "02.01.2006"
	}
	return time.DateOnly
}

// moment is a time in UTC with the local time behind it.
func (p *printer) moment(t truce.Instant) line {
	local := t.Time().In(p.zone)
	form := dayForm(p.lang) + " 15:04"
	return p.say("time.zone",
		with("utc", p.data(t.Time().Format(form))), with("local", p.data(local.Format(localForm(form, t.Time(), local)))),
		with("zone", p.data(zoneName(p.zone))))
}

// localForm leaves the local date out where it is the same.
func localForm(form string, utc, local time.Time) string {
	if truce.DayOf(utc) == truce.DayOf(local) {
		return "15:04"
	}
	return form
}

// zoneName is the city of a zone: Kyiv for Europe/Kyiv.
func zoneName(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

// span of time: a moment with its error, or an interval with the error of its ends.
func (p *printer) when(t truce.PhenomenonTime) line {
	form := dayForm(p.lang) + " 15:04:05"
	out := p.data(t.From.Time().Format(form))
	if t.To > t.From {
		out = join(" – ", out, p.data(t.To.Time().Format(localForm(form, t.From.Time(), t.To.Time())+secondsOf(t))))
	}
	return join(" ± ", out, p.sigma(t.Sigma))
}

// secondsOf adds seconds to the short form of an interval's end.
func secondsOf(t truce.PhenomenonTime) string {
	if truce.DayOf(t.From.Time()) == truce.DayOf(t.To.Time()) {
		return ":05"
	}
	return ""
}

func (p *printer) sigma(m truce.Micros) line {
	if d := m.Duration(); d >= 2*time.Minute {
		return p.measure("minutes", d.Minutes(), 0)
	}
	return p.measure("seconds", m.Duration().Seconds(), 0)
}
