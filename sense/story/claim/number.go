package claim

import (
	"math"
	"strconv"
)

// number is a number of a sentence, the words [from, to).
type number struct {
	from, to int
	value    int
	from2    int // of "62 of 74": where the part stands; -1: alone
}

// numbers finds the whole numbers of a sentence: digits, words ("twenty-one", "дві
// тисячі") and parts of a whole ("62 of 74", of which the whole is meant). What is
// within no number: "dozens", ordinals, years are left to the caller.
func (r *reading) numbers() []number {
	var out []number
	for i := 0; i < len(r.words); {
		value, end := r.numberAt(i)
		if end == i {
			i++
			continue
		}
		if value >= 1 && value <= MaxCount && value == math.Trunc(value) {
			out = append(out, number{from: i, to: end, value: int(value), from2: -1})
		}
		i = end
	}
	return joinParts(r, out)
}

// joinParts makes one number of "62 of 74" and "62 out of the 74".
func joinParts(r *reading, list []number) []number {
	var out []number
	for _, n := range list {
		if k := len(out) - 1; k >= 0 && n.value >= out[k].value && r.partOf(out[k].to, n.from) {
			out[k] = number{from: n.from, to: n.to, value: n.value, from2: out[k].from}
			continue
		}
		out = append(out, n)
	}
	return out
}

func (r *reading) partOf(from, to int) bool {
	m, ok := r.at("outof", from)
	return ok && (m.to == to || m.to+1 == to)
}

// numberAt reads one number from a word on; end is the word itself if none stands there.
func (r *reading) numberAt(at int) (value float64, end int) {
	sum, part, end := 0.0, 0.0, at
	any := false
	for end < len(r.words) {
		v, isScale, to := r.numeral(end)
		if to == end {
			break
		}
		switch {
		case !isScale && any && r.words[end].isNumber:
			return sum + part, end
		case !isScale:
			part += v
		case v == 100:
			part = max(part, 1) * v
		default:
			sum += max(part, 1) * v
			part = 0
		}
		any, end = true, to
		if v == 100 && isScale && end+1 < len(r.words) && r.words[end].word == "and" {
			if _, scale, next := r.numeral(end + 1); next > end+1 && !scale {
				end++ // "two hundred and five"
			}
		}
		if end < len(r.words) && r.words[end].word == "." && isScale {
			end++ // "тис."
			if end >= len(r.words) {
				break
			}
		}
	}
	return sum + part, end
}

// numeral is one word of a number.
func (r *reading) numeral(at int) (value float64, scale bool, end int) {
	if t := r.words[at]; t.isNumber {
		return t.number, false, at + 1
	}
	if next := at + 1; r.words[at].word == "both" && (r.covers("actor", at) || next < len(r.words) && r.covers("actor", next)) {
		return 0, false, at // "both sides", "both Kyiv and Moscow"
	}
	for _, section := range []string{"number", "scale"} {
		if m, ok := r.at(section, at); ok {
			v, err := strconv.ParseFloat(m.key, 64)
			if err == nil && !(section == "scale" && r.bareScale(at)) {
				return v, section == "scale", m.to
			}
		}
	}
	return r.compound(at)
}

// bareScale is "thousands" without a number before it: no number.
func (r *reading) bareScale(at int) bool {
	switch r.words[at].word {
	case "сто", "ста", "сотня", "сотню", "тисяча", "тисячу":
		return false
	case "hundred":
		if at > 0 && r.words[at-1].word == "a" {
			return false
		}
	}
	return at == 0 || !r.words[at-1].isNumber && !r.covers("number", at-1)
}

// compound is "twenty-one".
func (r *reading) compound(at int) (float64, bool, int) {
	word := r.words[at].word
	for i := 1; i < len(word); i++ {
		if word[i] == '-' {
			tens, ok1 := wordValue(word[:i])
			ones, ok2 := wordValue(word[i+1:])
			if ok1 && ok2 && tens >= 20 && ones < 10 {
				return tens + ones, false, at + 1
			}
		}
	}
	return 0, false, at
}

// wordValue is the number of one word of the dictionary.
func wordValue(word string) (float64, bool) {
	for _, p := range book().byStart[startOf(word)] {
		if p.section == "number" && len(p.words) == 1 && p.words[0].text == word {
			v, err := strconv.ParseFloat(p.key, 64)
			return v, err == nil
		}
	}
	return 0, false
}
