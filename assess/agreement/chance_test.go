package agreement

import (
	"math"
	"slices"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"pgregory.net/rapid"
)

func at(s string) truce.Instant {
	var t truce.Instant
	if err := t.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return t
}

func TestDuring(t *testing.T) {
	noon := at("2026-04-11T12:00:00Z")
	hour := truce.Instant(time.Hour / time.Microsecond)
	sharp := truce.Moment(noon, 0)
	blurred := truce.Moment(noon, time.Hour)
	long := truce.PhenomenonTime{From: noon, To: noon + 4*hour}
	rows := []struct {
		name     string
		t        truce.PhenomenonTime
		from, to truce.Instant
		want     float64
	}{
		{"moment inside", sharp, noon - hour, noon + hour, 1},
		{"moment at the start counts", sharp, noon, noon + hour, 1},
		{"moment at the end does not", sharp, noon - hour, noon, 0},
		{"no bounds", sharp, 0, 0, 1},
		{"interval cut in the middle", long, noon + 2*hour, 0, 0.5},
		{"interval cut at both ends", long, noon + hour, noon + 3*hour, 0.5},
		{"one sigma each side", blurred, noon - hour, noon + hour, 0.6827},
		{"half the Gaussian", blurred, noon, 0, 0.5},
		{"far away", blurred, noon + 90*24*hour, 0, 0},
		{"interval and sigma, symmetric", truce.PhenomenonTime{From: noon - hour, To: noon + hour, Sigma: truce.MicrosOf(time.Hour)}, noon, 0, 0.5},
	}
	for _, row := range rows {
		if got := during(row.t, row.from, row.to); math.Abs(got-row.want) > 1e-4 {
			t.Errorf("%s: got %.5f, want %.5f", row.name, got, row.want)
		}
	}
}

// The closed form agrees with a sum over the interval.
func TestBeforeAgainstASum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.Int64Range(1, 1e6).Draw(t, "length")
		sigma := rapid.Int64Range(length/100+1, 1e6).Draw(t, "sigma") // smooth enough for the sum
		x := rapid.Int64Range(-3e6, 3e6).Draw(t, "x")
		const base = 1_800_000_000_000_000
		p := truce.PhenomenonTime{From: base, To: base + truce.Instant(length), Sigma: truce.Micros(sigma)}
		const n = 2000
		want := 0.0
		for i := range n {
			moment := (float64(i) + 0.5) / n * float64(length)
			want += normal((float64(x)-moment)/float64(sigma)) / n
		}
		if got := before(p, base+truce.Instant(x)); math.Abs(got-want) > 1e-4 {
			t.Fatalf("got %.6f, a sum gives %.6f", got, want)
		}
	})
}

func TestSpan(t *testing.T) {
	if got := (span{0.5, 0.8}).and(span{0.5, 1}); got != (span{0.25, 0.8}) {
		t.Errorf("and: %v", got)
	}
	if got := (span{0.5, 0.6}).or(span{0.3, 0.7}); got != (span{0.5, 1}) {
		t.Errorf("or: %v", got)
	}
	if known(1.5) != certain || known(-1) != (span{}) {
		t.Error("known does not hold to [0, 1]")
	}
}

func support(n byte, family truce.Family, group string) truce.Support {
	return truce.Support{Observation: truce.ID{15: n}, Family: family, Group: group}
}

func TestWitnesses(t *testing.T) {
	media, thermal, party := truce.FamilyMedia, truce.FamilyThermal, truce.FamilyParty
	rows := []struct {
		name     string
		incident []truce.Family
		support  []truce.Support
		want     []truce.Family
	}{
		{"from the incident", []truce.Family{thermal, media, thermal}, nil, []truce.Family{media, thermal}},
		{"maps and weather witness nothing", []truce.Family{truce.FamilyReference}, nil, nil},
		{"from the support", nil, []truce.Support{support(1, thermal, ""), support(2, media, "")}, []truce.Family{media, thermal}},
		{"reference among the support", []truce.Family{media}, []truce.Support{support(1, truce.FamilyReference, "")}, []truce.Family{media}},
		{"many papers are one family", nil, []truce.Support{support(1, media, ""), support(2, media, "")}, []truce.Family{media}},
		{"a paper prints a party's words", nil, []truce.Support{support(1, media, "g"), support(2, party, "g")}, []truce.Family{media}},
		{"and another paper saw it", nil, []truce.Support{support(1, media, "g"), support(2, party, "g"), support(3, media, "")}, []truce.Family{media, party}},
		{"three families, two groups", nil, []truce.Support{support(1, media, "g"), support(2, party, "g"), support(3, truce.FamilyCivilian, "g"), support(4, truce.FamilyCivilian, "h")}, []truce.Family{truce.FamilyCivilian, media}},
	}
	for _, row := range rows {
		events := []truce.Event{{Support: row.support}}
		if got, _ := witnesses(&truce.Incident{Families: row.incident}, events); !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestShares(t *testing.T) {
	weights := []truce.ActWeight{{Act: truce.ActMissileStrike, P: 0.45}, {Act: truce.ActAttackEnergy, P: 0.45}, {Act: truce.ActHeat, P: 0.1}}
	want := []float64{0.9, 0.9, 0.1}
	for i, s := range addShares(nil, weights) {
		if math.Abs(s.p-want[i]) > 1e-12 {
			t.Errorf("means and target: %s has %.3f, want %.3f", s.act, s.p, want[i])
		}
	}
	for i, s := range addShares(nil, []truce.ActWeight{{Act: truce.ActMissileStrike, P: 0.5}, {Act: truce.ActOWAUAV, P: 0.5}}) {
		if s.p != 0.5 {
			t.Errorf("two means compete: %d has %.3f, want 0.5", i, s.p)
		}
	}
}

// What is told of the means and of the target by itself is not shared out again.
func TestSharesOfMeansAndTargetByThemselves(t *testing.T) {
	weights := []truce.ActWeight{{Act: truce.ActIndirectFire, P: 1}, {Act: truce.ActAttackEnergy, P: 0.7}, {Act: truce.ActHeat, P: 0.1}}
	for i, s := range addShares(nil, weights) {
		if s.p != float64(weights[i].P) {
			t.Errorf("%s has %.3f, want %.3f", s.act, s.p, float64(weights[i].P))
		}
	}
}

func TestRelationTo(t *testing.T) {
	fire := []truce.Act{truce.ActDirectFire, truce.ActIndirectFire}
	rows := []struct {
		act        truce.Act
		prohibited []truce.Act
		want       relation
	}{
		{truce.ActIndirectFire, fire, named},
		{truce.ActSniper, fire, named},
		{truce.ActDirectFire, []truce.Act{truce.ActSniper}, maybe},
		{truce.ActHeat, fire, maybe},
		{truce.ActExplosion, fire, maybe},
		{truce.ActBurst, []truce.Act{truce.ActSniper}, maybe},
		{truce.ActBurst, []truce.Act{truce.ActAirStrike}, unrelated},
		{truce.ActUAVHeard, []truce.Act{"recon_uav"}, maybe},
		{truce.ActHeat, []truce.Act{truce.ActDenyAccess}, unrelated},
		{truce.ActExplosion, []truce.Act{truce.ActExplosion}, named},
		{"illumination_flare", fire, unrelated},
	}
	for _, row := range rows {
		if got := relationTo(row.act, row.prohibited); got != row.want {
			t.Errorf("%s to %v: got %d, want %d", row.act, row.prohibited, got, row.want)
		}
	}
}

func TestSignsAreSignsAndLeadToKnownActs(t *testing.T) {
	for sign, acts := range signs {
		if sign.Group() != truce.GroupSignature {
			t.Errorf("%s is no sign", sign)
		}
		for _, act := range acts {
			if !act.Known() || act.Group() == truce.GroupSignature {
				t.Errorf("%s leads to %s, which is no act", sign, act)
			}
		}
	}
	for kind, acts := range activities {
		if !slices.Contains(windowKinds, kind) {
			t.Errorf("%s is no kind of window", kind)
		}
		for _, act := range acts {
			if !act.Known() {
				t.Errorf("a %s window permits %s, which is no act", kind, act)
			}
		}
	}
}

func TestNumbersNeverReadAsCertain(t *testing.T) {
	for p, want := range map[float64]string{0: "0.00", 0.001: "< 0.01", 0.42: "0.42", 0.9951: "> 0.99", 1: "1.00"} {
		if got := number(p); got != want {
			t.Errorf("number(%g) = %q, want %q", p, got, want)
		}
	}
	for m, want := range map[float64]string{12.3: "12 m", 994: "994 m", 996: "1.0 km", 3149: "3.1 km", 123456: "123 km"} {
		if got := metres(m); got != want {
			t.Errorf("metres(%g) = %q, want %q", m, got, want)
		}
	}
}
