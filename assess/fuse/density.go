package fuse

import "math"

// density counts events by family, place and month, to know what chance alone would put
// beside an event, and how often a family names each kind. Copies of one report count
// once in a cell, else a campaign would hide what bears a report out.
type density struct {
	counts     map[cell]int32
	kinds      map[familyKind]int32
	families   map[int16]span
	background float64
}

type cell struct {
	family, month int16
	row, column   int32
}

type familyKind struct{ family, kind int16 }

// span is a family's data: how many events, from when to when in hours.
type span struct {
	n        int
	from, to float64
}

const (
	densityCellKM, densityDays = 15.0, 30.0

	kmPerDegree  = 111.0
	cellDegrees  = densityCellKM / kmPerDegree
	densityHours = densityDays * 24
)

func newDensity(items []item, background float64) density {
	d := density{map[cell]int32{}, map[familyKind]int32{}, map[int16]span{}, background}
	for i := range items {
		it := &items[i]
		s, seen := d.families[it.family]
		if !seen {
			s.from, s.to = it.when.From, it.when.To
		}
		d.families[it.family] = span{s.n, min(s.from, it.when.From), max(s.to, it.when.To)}
	}
	counted := map[voiceIn]bool{}
	for i := range items {
		d.count(&items[i], counted)
	}
	return d
}

// voiceIn is a set of copies in a cell.
type voiceIn struct {
	cell
	copies int32
}

func (d *density) count(it *item, counted map[voiceIn]bool) {
	var at cell
	if it.located {
		at = d.cellOf(it)
	}
	if it.copies >= 0 {
		key := voiceIn{at, it.copies}
		if counted[key] {
			return
		}
		counted[key] = true
	}
	if it.located {
		d.counts[at]++
	}
	d.kinds[familyKind{it.family, it.kind}]++
	s := d.families[it.family]
	s.n++
	d.families[it.family] = s
}

func (d *density) cellOf(it *item) cell {
	row := math.Floor(it.lat / cellDegrees)
	return cell{it.family, d.month(it), int32(row), column(row, it.lon)}
}

// month is the stretch of densityDays, counted from the family's first event.
func (d *density) month(it *item) int16 {
	return int16(min((it.when.From-d.families[it.family].from)/densityHours, math.MaxInt16))
}

// column keeps cells about square: a row has its own number of them.
func column(row, lon float64) int32 {
	cos := max(math.Cos((row+0.5)*cellDegrees*math.Pi/180), 0.01)
	return int32(math.Floor(lon * cos / cellDegrees))
}

// around is the density of other events of the same family about an event, per km2 and
// hour: those of nine cells and one month, with one event more at the background density
// (the mean of a Gamma posterior with shape 1). A month that the data fill only in part
// counts with that part, a day at least.
func (d *density) around(it *item) float64 {
	if !it.located {
		return 0
	}
	at := d.cellOf(it)
	n := -1.0 // itself
	for row := at.row - 1; row <= at.row+1; row++ {
		middle := column(float64(row), it.lon)
		for c := middle - 1; c <= middle+1; c++ {
			n += float64(d.counts[cell{at.family, at.month, row, c}])
		}
	}
	s := d.families[it.family]
	start := s.from + float64(at.month)*densityHours
	days := max(1, min(densityHours, s.to-start)/24)
	volume := 9 * densityCellKM * densityCellKM * days
	return (n + 1) / (volume + 1/d.background) / 24
}

// share is how often a family names a kind, kept off zero.
func (d *density) share(it *item) float64 {
	n := d.kinds[familyKind{it.family, it.kind}]
	return (float64(n) + 0.5) / (float64(d.families[it.family].n) + 1)
}
