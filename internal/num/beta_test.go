package num_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce/internal/num"
)

func TestBetaAgainstClosedForms(t *testing.T) {
	for _, x := range []float64{0.001, 0.1, 0.37, 0.5, 0.9, 0.999} {
		for name, row := range map[string]struct{ got, want float64 }{
			"uniform":    {num.BetaCDF(x, 1, 1), x},
			"Beta(n,1)":  {num.BetaCDF(x, 7, 1), math.Pow(x, 7)},
			"Beta(1,n)":  {num.BetaCDF(x, 1, 9), -math.Expm1(9 * math.Log1p(-x))},
			"arcsine":    {num.BetaCDF(x, 0.5, 0.5), 2 / math.Pi * math.Asin(math.Sqrt(x))},
			"Beta(2,2)":  {num.BetaCDF(x, 2, 2), x * x * (3 - 2*x)},
			"turned 3,5": {num.BetaCDF(x, 3, 5), 1 - num.BetaCDF(1-x, 5, 3)},
		} {
			if math.Abs(row.got-row.want) > 1e-11 {
				t.Errorf("%s at %v: %v, want %v", name, x, row.got, row.want)
			}
		}
	}
}

// The binomial tail is the same integral (Abramowitz and Stegun, 26.5.24).
func TestBetaIsTheBinomialTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		k := rapid.IntRange(1, n).Draw(t, "k")
		p := rapid.Float64Range(0.01, 0.99).Draw(t, "p")
		sum := 0.0
		for j := k; j <= n; j++ {
			whole, _ := math.Lgamma(float64(n + 1))
			a, _ := math.Lgamma(float64(j + 1))
			b, _ := math.Lgamma(float64(n - j + 1))
			sum += math.Exp(whole - a - b + float64(j)*math.Log(p) + float64(n-j)*math.Log1p(-p))
		}
		if got := num.BetaCDF(p, float64(k), float64(n-k+1)); math.Abs(got-sum) > 1e-9 {
			t.Fatalf("at least %d of %d at %v: %v, want %v", k, n, p, got, sum)
		}
	})
}

func TestBetaQuantileTurnsTheCDFAround(t *testing.T) {
	for _, ab := range [][2]float64{{1, 1}, {11, 1}, {1, 30}, {200, 3}, {90_000, 10_000}, {0.5, 0.5}} {
		for _, p := range []float64{0.05, 0.1, 0.5, 0.9} {
			x := num.BetaQuantile(p, ab[0], ab[1])
			if got := num.BetaCDF(x, ab[0], ab[1]); math.Abs(got-p) > 1e-6 {
				t.Errorf("Beta%v: the quantile of %v is %v, below which lies %v", ab, p, x, got)
			}
		}
	}
}
