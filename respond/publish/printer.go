package publish

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
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
var numberToken = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[0-9]+(?:[.,:\x{202f}][0-9]+)*`)
})

// data is text that comes from the bulletin: names, ids, hashes. Its digits are known.
func (p *printer) data(s string) line {
	for _, token := range numberToken().FindAllString(s, -1) {
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

// unitName is a unit without a number, in the plural: in Ukrainian it is the form of few.
func (p *printer) unitName(unit truce.Unit) line {
	return text(p.template("unit."+string(unit), pluralOf(p.lang, 2)))
}

// measure is a number with its measure; digits are left out where they are zeros.
func (p *printer) measure(key string, v float64, digits int) line {
	if v == math.Trunc(v) {
		digits = 0
	}
	return p.say("measure."+key, with("n", p.decimal(v, digits)))
}

func (p *printer) km(v float64) line { return p.measure("km", v, 0) }

// percent is a share; near its ends it keeps a decimal, so that little is not none and
// nearly all is not all.
func (p *printer) percent(share truce.Probability) line {
	v := 100 * float64(share)
	switch {
	case v > 0 && v < 0.1:
		return p.say("figure.less_than", with("n", p.measure("percent", 0.1, 1)))
	case v > 99.9 && v < 100:
		return p.say("figure.more_than", with("n", p.measure("percent", 99.9, 1)))
	case v > 0 && v < 1 || v > 99 && v < 100:
		return p.measure("percent", v, 1)
	default:
		return p.measure("percent", v, 0)
	}
}

// minimum is a share that others are held against, with a decimal where it has one.
func (p *printer) minimum(least truce.Probability) line {
	return p.measure("percent", percentTenths(least), 1)
}

// percentAgainst is a share beside the minimum it is held against. Where rounding to whole
// percents would put it on the other side of the minimum, it keeps a decimal, cut off.
func (p *printer) percentAgainst(share, least truce.Probability) line {
	rounded, bar := math.Round(100*float64(share)), percentTenths(least)
	if (rounded >= bar) == (share >= least) {
		return p.percent(share)
	}
	return p.measure("percent", math.Floor(1000*float64(share))/10, 1)
}

// percentTenths is a share in percent, rounded to a decimal.
func percentTenths(share truce.Probability) float64 { return math.Round(1000*float64(share)) / 10 }

// hours is a length of time in hours, with one decimal where it has one.
func (p *printer) hours(h float64) line {
	h = math.Round(h*10) / 10
	key := "unit." + string(truce.UnitHours)
	if h == math.Trunc(h) {
		return p.countOf(int(h), key)
	}
	return join(" ", p.decimal(h, 1), text(p.template(key, otherForm)))
}

// probability is the verbal band with its number, always together.
func (p *printer) probability(v truce.Probability) line {
	return p.say("band.value", with("word", p.word("band."+v.Band())), with("p", p.share2(v)))
}

// chance is the number with its verbal band behind it, for the middle of a sentence.
func (p *printer) chance(v truce.Probability) line {
	return p.say("band.chance", with("word", p.word("band."+v.Band())), with("p", p.share2(v)))
}

// share2 is a probability with two decimals. What is neither sure nor impossible is not
// printed as if it were.
func (p *printer) share2(v truce.Probability) line {
	switch {
	case v > 0.995 && v < 1:
		return p.say("figure.more_than", with("n", p.decimal(0.99, 2)))
	case v > 0 && v < 0.005:
		return p.say("figure.less_than", with("n", p.decimal(0.01, 2)))
	default:
		return p.decimal(float64(v), 2)
	}
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

// moment is a time in UTC with the local time behind it where it is another.
func (p *printer) moment(t truce.Instant) line {
	local := t.Time().In(p.zone)
	form := dayForm(p.lang) + " 15:04"
	utc := p.data(t.Time().Format(form))
	if _, offset := local.Zone(); offset == 0 {
		return p.say("time.utc", with("utc", utc))
	}
	return p.say("time.zone",
		with("utc", utc), with("local", p.data(local.Format(localForm(form, t.Time(), local)))), with("zone", p.data(offsetName(local))))
}

// localForm leaves the date out where it is the same.
func localForm(form string, first, second time.Time) string {
	if truce.DayOf(first) == truce.DayOf(second) {
		return form[strings.IndexByte(form, ' ')+1:]
	}
	return form
}

// offsetName is the offset of a local time, e.g. UTC+3: it needs no translation, follows
// the clock changes and cannot be misread as Etc/GMT+1 is, which lies an hour behind UTC.
func offsetName(local time.Time) string {
	_, seconds := local.Zone()
	sign, minutes := "+", seconds/60
	if seconds < 0 {
		sign, minutes = "−", -minutes
	}
	name := "UTC" + sign + strconv.Itoa(minutes/60)
	if rest := minutes % 60; rest > 0 {
		name += fmt.Sprintf(":%02d", rest)
	}
	return name
}

// when is a moment or interval with its error; one without, as a deadline or the hours of a
// watch, is printed alone.
func (p *printer) when(t truce.PhenomenonTime) line {
	if t.Sigma == 0 {
		return p.span(t)
	}
	return join(" ± ", p.span(t), p.sigma(t.Sigma))
}

// span is a moment or an interval in UTC. Seconds are printed only where they are known.
func (p *printer) span(t truce.PhenomenonTime) line {
	form := dayForm(p.lang) + " 15:04"
	if t.Sigma < truce.MicrosOf(time.Minute) {
		form += ":05"
	}
	from, to := t.From.Time().Format(form), t.To.Time().Format(localForm(form, t.From.Time(), t.To.Time()))
	out := p.data(from)
	if t.To > t.From && !strings.HasSuffix(from, to) {
		out = join(" – ", out, p.data(to))
	}
	return p.say("time.utc", with("utc", out))
}

// sigma is an error of time in seconds, minutes or hours, rounded up: an error is never
// printed smaller than it is.
func (p *printer) sigma(m truce.Micros) line {
	d := m.Duration()
	switch {
	case d >= 2*time.Hour:
		return p.measure("hours", math.Ceil(d.Hours()*10)/10, 1)
	case d >= 2*time.Minute:
		return p.measure("minutes", math.Ceil(d.Minutes()), 0)
	default:
		return p.measure("seconds", math.Ceil(d.Seconds()), 0)
	}
}
