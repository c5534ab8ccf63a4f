package ladder

import (
	"fmt"
	"testing"

	"github.com/trucewatch/truce"
)

// large is a case in T1 that holds so many incidents.
func large(b *testing.B, incidents int) (Machine, truce.Case, []truce.CaseStep) {
	b.Helper()
	m := machine(b)
	var all []truce.CaseIncident
	for n := range incidents {
		all = append(all, incident(n, after(truce.Micros(n)*minute), 1+n%3))
	}
	steps := m.Open(truce.ID{1}, truce.CaseOpening{Agreement: "reference"}, Fact{Known: after(day), Incidents: all}, after(day))
	c, err := Fold(steps)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range []struct {
		tier truce.TierID
		who  truce.Person
	}{{"L0", watch}, {"L1", lead}, {"L2", analyst}, {"L2", second}} {
		d := truce.Deed{Case: c.ID, After: c.Steps, Kind: truce.DeedSign, Tier: p.tier, Person: p.who.ID, Office: p.who.Office}
		more, err := m.Do(c, d, p.who, after(day))
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range more {
			if err := Apply(&c, s); err != nil {
				b.Fatal(err)
			}
		}
		steps = append(steps, more...)
	}
	return m, c, steps
}

// BenchmarkTake gathers one more incident into a case. A case of ten is the usual one.
func BenchmarkTake(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, c, _ := large(b, n)
			f := Fact{Known: after(day), Incidents: []truce.CaseIncident{incident(n, after(day), 3)}}
			b.ReportAllocs()
			for b.Loop() {
				if len(m.Take(c, f, after(day))) == 0 {
					b.Fatal("nothing was taken")
				}
			}
		})
	}
}

// BenchmarkTick finds that the two liaisons have not confirmed receipt.
func BenchmarkTick(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, c, _ := large(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if len(m.Tick(c, after(day+15*minute))) != 2 {
					b.Fatal("two clocks were to be missed")
				}
			}
		})
	}
}

// BenchmarkDo writes a note.
func BenchmarkDo(b *testing.B) {
	m, c, _ := large(b, 10)
	d := truce.Deed{Case: c.ID, After: c.Steps, Kind: truce.DeedNote, Text: "x", Person: chief.ID, Office: chief.Office}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Do(c, d, chief, after(day)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNext asks a case what is next, as every page of it does.
func BenchmarkNext(b *testing.B) {
	m, c, _ := large(b, 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := m.Next(c); !ok {
			b.Fatal("nothing is next")
		}
	}
}

// BenchmarkFold folds 1,000 steps: notes on a case in L2.
func BenchmarkFold(b *testing.B) {
	m, c, steps := large(b, 10)
	for len(steps) < 1000 {
		d := truce.Deed{Case: c.ID, After: c.Steps, Kind: truce.DeedNote, Text: "x", Person: chief.ID, Office: chief.Office}
		more, err := m.Do(c, d, chief, c.At+truce.Instant(minute))
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range more {
			if err := Apply(&c, s); err != nil {
				b.Fatal(err)
			}
		}
		steps = append(steps, more...)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Fold(steps[:1000]); err != nil {
			b.Fatal(err)
		}
	}
}
