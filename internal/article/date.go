package article

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Date is a day as a page states it, in a zone the page seldom names. It is not checked
// against the calendar.
type Date struct {
	Year, Month, Day int
}

// IsZero says whether no date was stated.
func (d Date) IsZero() bool { return d == Date{} }

// String is YYYY-MM-DD.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

var (
	isoDate = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})(?:\b|T)`)
	})
	dayMonth = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)?\.? (\p{L}{3,10})\.?,? (\d{4})\b`)
	})
	monthDay = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(\p{L}{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b`)
	})
	dotted = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b`)
	})
	clockTime = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\d{1,2}[:.]\d{2}(:\d{2})?(am|pm|z)?$|^[+-]\d{2}:?\d{2}$`)
	})
)

// months lists the names of each month as dates write them.
var months = [12][]string{
	{"january", "jan", "січня", "січень", "січ", "января", "январь", "янв"},
	{"february", "feb", "лютого", "лютий", "лют", "февраля", "февраль", "февр", "фев"},
	{"march", "mar", "березня", "березень", "бер", "марта", "март", "мар"},
	{"april", "apr", "квітня", "квітень", "квіт", "кві", "апреля", "апрель", "апр"},
	{"may", "травня", "травень", "трав", "тра", "мая", "май"},
	{"june", "jun", "червня", "червень", "черв", "чер", "июня", "июнь", "июн"},
	{"july", "jul", "липня", "липень", "лип", "июля", "июль", "июл"},
	{"august", "aug", "серпня", "серпень", "серп", "сер", "августа", "август", "авг"},
	{"september", "sep", "sept", "вересня", "вересень", "вер", "сентября", "сентябрь", "сент", "сен"},
	{"october", "oct", "жовтня", "жовтень", "жовт", "жов", "октября", "октябрь", "окт"},
	{"november", "nov", "листопада", "листопад", "лист", "лис", "ноября", "ноябрь", "нояб", "ноя"},
	{"december", "dec", "грудня", "грудень", "груд", "гру", "декабря", "декабрь", "дек"},
}

// dateWords are what a line that is a date may say beside it.
var dateWords = []string{
	"date", "dated", "published", "posted", "updated", "last", "modified", "on", "at", "by", "am", "pm", "a.m", "p.m",
	"utc", "gmt", "est", "edt", "et", "bst", "cet", "cest", "eet", "eest", "msk", "year", "р", "г", "року", "года",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"mon", "tue", "wed", "thu", "fri", "sat", "sun",
	"понеділок", "вівторок", "середа", "четвер", "п'ятниця", "субота", "неділя",
	"понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
	"опубліковано", "оновлено", "дата", "опубликовано", "обновлено",
}

// FindDate is the first date that a line states: 2026-01-08, 8 January 2026, January 8,
// 2026, 08.01.2026, months in English, Ukrainian or Russian. Dates with strokes are not
// read: 1/8 is two different days. The text around the date is given too.
func FindDate(text string) (d Date, before, after string, ok bool) {
	for _, form := range []struct {
		re  *regexp.Regexp
		ymd [3]int
	}{{isoDate(), [3]int{1, 2, 3}}, {dayMonth(), [3]int{3, 2, 1}}, {monthDay(), [3]int{3, 1, 2}}, {dotted(), [3]int{3, 2, 1}}} {
		m := form.re.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		part := func(i int) string { return text[m[2*form.ymd[i]]:m[2*form.ymd[i]+1]] }
		d = Date{Year: number(part(0)), Month: month(part(1)), Day: number(part(2))}
		if d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= 31 {
			return d, text[:m[0]], text[m[1]:], true
		}
	}
	return Date{}, "", "", false
}

func number(digits string) int {
	n := 0
	for _, b := range []byte(digits) {
		n = n*10 + int(b-'0')
	}
	return n
}

func month(text string) int {
	if text[0] >= '0' && text[0] <= '9' {
		return number(text)
	}
	text = strings.ToLower(text)
	return 1 + slices.IndexFunc(months[:], func(names []string) bool { return slices.Contains(names, text) })
}

// dateLine says whether a line is nothing but a date, up to two words such as a place
// beside it. After a date written 2026-01-08 at the start of the line a headline may
// follow, which is then the rest.
func dateLine(text string) (d Date, rest string, ok bool) {
	if isSentence(text) {
		return Date{}, "", false
	}
	d, before, after, found := FindDate(text)
	if !found {
		return Date{}, "", false
	}
	around := unknownWords(before)
	behind := unknownWords(after)
	if around+behind < minHeadlineWords {
		return d, "", true
	}
	iso := isoDate().MatchString(text) && around == 0
	rest = strings.TrimLeft(after, " ,;:|-–—")
	if iso && behind >= minHeadlineWords {
		return d, rest, true
	}
	return Date{}, "", false
}

// unknownWords counts what is neither a weekday, a time, a zone nor a word for dates.
func unknownWords(text string) int {
	n := 0
	for _, word := range strings.Fields(Fold(text)) {
		word = strings.Trim(word, `.,;:|()[]-"`)
		if word != "" && !slices.Contains(dateWords, word) && !clockTime().MatchString(word) {
			n++
		}
	}
	return n
}
