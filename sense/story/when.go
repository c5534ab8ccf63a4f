package story

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// namedDays are the days that the beginning of a text names, as days since 1970: by the day
// of the week (the last such day up to publishing), by "today" and "yesterday", by day and
// month. Days further back than a little over a week are history and left out.
func namedDays(tokens []token, published int32) []int32 {
	var out []int32
	add := func(day int32) {
		if day <= published+1 && day >= published-maxDaysBack && !slices.Contains(out, day) {
			out = append(out, day)
		}
	}
	for i, t := range tokens {
		if weekday, ok := weekdayOf[t.folio]; ok && (i == 0 || !comingWords[tokens[i-1].folio]) {
			today := int32((int(published)%7 + 4) % 7) // 1 January 1970 was a Thursday
			add(published - (today-weekday+7)%7)
		}
		if back, ok := daysBack[t.folio]; ok {
			add(published - back)
		}
		if month, ok := monthOf[t.folio]; ok {
			for _, near := range []int{i - 1, i + 1} {
				if near < 0 || near >= len(tokens) || !tokens[near].digit {
					continue
				}
				if day, err := strconv.Atoi(tokens[near].folio); err == nil && day >= 1 && day <= 31 {
					add(dateNear(published, month, day))
					break // in "8 April 7 lorries" the first number is the day
				}
			}
		}
		if t.digit && strings.Count(t.folio, ".") >= 1 {
			var day, month int
			parts := strings.Split(t.folio, ".")
			day, _ = strconv.Atoi(parts[0])
			month, _ = strconv.Atoi(parts[1])
			if len(parts[0]) == 2 && len(parts[1]) == 2 && day >= 1 && day <= 31 && month >= 1 && month <= 12 {
				add(dateNear(published, time.Month(month), day))
			}
		}
	}
	slices.Sort(out)
	return out
}

// dateNear is a day of a month in the year that brings it nearest to publishing.
func dateNear(published int32, month time.Month, day int) int32 {
	year := time.Unix(int64(published)*86400, 0).UTC().Year()
	best := int32(0)
	for _, y := range []int{year - 1, year, year + 1} {
		d := int32(time.Date(y, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
		if best == 0 || abs(d-published) < abs(best-published) {
			best = d
		}
	}
	return best
}

func abs(n int32) int32 { return max(n, -n) }

var (
	weekdayOf   = numbered[int32]("sunday неділя неділю неділі воскресенье воскресенья|monday понеділок понеділка понедельник понедельника|tuesday вівторок вівторка вторник вторника|wednesday середа середу середи среда среду среды|thursday четвер четверга четверг|friday п'ятниця п'ятницю п'ятниці пятница пятницу пятницы|saturday субота суботу суботи суббота субботу субботы")
	daysBack    = numbered[int32]("today tonight сьогодні сегодня|yesterday учора вчора вчера|позавчора позавчера")
	monthOf     = numbered[time.Month]("|january jan січня января|february feb лютого февраля|march mar березня марта|april apr квітня апреля|may травня мая|june jun червня июня|july jul липня июля|august aug серпня августа|september sept sep вересня сентября|october oct жовтня октября|november nov листопада ноября|december dec грудня декабря")
	comingWords = setOf("next coming наступний наступного наступну следующий следующую ближайший")
)

// numbered gives each word the number of its place in the list.
func numbered[T int32 | time.Month](list string) map[string]T {
	out := map[string]T{}
	for i, words := range strings.Split(list, "|") {
		for _, w := range strings.Fields(words) {
			out[w] = T(i)
		}
	}
	return out
}
