package publish

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// CheckInput is a check of a total on its way out.
type CheckInput struct {
	// Check counts everything as not attributed: attributions have a release of their own.
	Check  truce.ClaimCheck
	Words  truce.Names // verdict and reasons in sentences, by language
	Source truce.SourceInfo
	Silent bool               // its text may not be cited: taken down or gone
	Before *truce.PublicCheck // the version that is out; nil when none ever was
	Last   int                // number of the newest version there ever was; 0: none
}

// ChecksInput is a release of checks.
type ChecksInput struct {
	Mission string
	Realm   truce.Realm
	Parties []truce.BulletinParty
	Now     truce.Instant
	Checks  []CheckInput
}

// CheckHold is why a check stays inside.
type CheckHold string

// The reasons to hold a check back.
const (
	HoldEarly  CheckHold = "early"  // its hours ended, or it was stated, too short a time ago
	HoldRights CheckHold = "rights" // its source does not allow its data to be passed on
	HoldPerson CheckHold = "person" // it would show a protected reporter
	HoldRival  CheckHold = "rival"  // what the other party says of the same hours is held back
)

// HeldCheck is a check that stays inside.
type HeldCheck struct {
	ID    truce.ID
	Why   CheckHold
	Until truce.Instant // of early: when it may leave
}

// EarliestCheck is when a check may leave: when no row that it counts is preliminary any
// more.
func EarliestCheck(c truce.ClaimCheck) truce.Instant {
	last := c.Total.Said
	if p := c.Total.Period; p != nil {
		last = max(last, p.To)
	}
	return last.Add(PreliminaryAge)
}

// Checks makes the next public versions of checks, those alone that say something new, all
// of one moment. Of parties that accuse each other of the same hours all checks leave or
// none, so that no edition speaks for one of them.
func (g *Gate) Checks(in ChecksInput) (out []truce.PublicCheck, held []HeldCheck, err error) {
	holds := g.holds(in)
	for _, c := range in.Checks {
		if h, stays := holds[c.Check.ID]; stays {
			held = append(held, h)
			continue
		}
		next := g.publicCheck(in, c)
		if c.Before != nil && sameCheck(*c.Before, next) {
			continue
		}
		if err := Refusal(next.ID, wordProblems(in.Parties, next)); err != nil {
			return nil, nil, err
		}
		if err := next.Validate(); err != nil {
			return nil, nil, err
		}
		out = append(out, next)
	}
	slices.SortFunc(out, func(a, b truce.PublicCheck) int {
		return cmp.Or(cmp.Compare(a.Total.Said, b.Total.Said), cmp.Compare(a.ID, b.ID))
	})
	return out, held, nil
}

// holds are the checks that stay inside. What holds one back holds its rivals, and theirs.
func (g *Gate) holds(in ChecksInput) map[truce.ID]HeldCheck {
	out := map[truce.ID]HeldCheck{}
	known := map[truce.ID]bool{}
	for _, c := range in.Checks {
		id := c.Check.ID
		known[id] = true
		free := c.Source.Family == truce.FamilyMedia || c.Source.Redistribute && c.Source.Licence != "" && c.Source.Attribution != ""
		switch at := EarliestCheck(c.Check); {
		case slices.Contains(g.policy.Protected, c.Source.Family):
			out[id] = HeldCheck{ID: id, Why: HoldPerson}
		case !free:
			out[id] = HeldCheck{ID: id, Why: HoldRights}
		case in.Now < at:
			out[id] = HeldCheck{ID: id, Why: HoldEarly, Until: at}
		}
	}
	for again := true; again; {
		again = false
		for _, c := range in.Checks {
			stays := func(rival truce.ID) bool { return !known[rival] || out[rival].Why != "" }
			if _, already := out[c.Check.ID]; !already && slices.ContainsFunc(c.Check.Rivals, stays) {
				out[c.Check.ID], again = HeldCheck{ID: c.Check.ID, Why: HoldRival}, true
			}
		}
	}
	return out
}

func (g *Gate) publicCheck(in ChecksInput, c CheckInput) truce.PublicCheck {
	out := truce.PublicCheck{
		ID: g.PublicID(c.Check.ID.String()), Version: c.Last + 1, Mission: in.Mission, Realm: in.Realm, Released: in.Now,
		Total: publicTotal(c.Check.Total), Verdict: c.Check.Verdict, Reasons: c.Check.Reasons, Words: c.Words, Own: publicOwn(c.Check.Own),
		Known: c.Check.Known, Method: c.Check.Method,
	}
	if c.Silent {
		out.Total.Quote = ""
	}
	if c.Last > 0 {
		out.Supersedes = truce.PublicCheck{ID: out.ID, Version: c.Last}.Address()
	}
	for _, id := range c.Check.Rivals {
		i := slices.IndexFunc(in.Checks, func(o CheckInput) bool { return o.Check.ID == id })
		if i < 0 {
			continue // then it is held back
		}
		r := in.Checks[i].Check
		rival := truce.PublicRival{ID: g.PublicID(id.String()), Total: publicTotal(r.Total), Verdict: r.Verdict, Reasons: r.Reasons}
		rival.Total.Quote = ""
		out.Beside = append(out.Beside, rival)
	}
	slices.SortFunc(out.Beside, func(a, b truce.PublicRival) int {
		return cmp.Or(cmp.Compare(a.Total.Party, b.Total.Party), cmp.Compare(a.Total.Said, b.Total.Said), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func publicTotal(t truce.ClaimTotal) truce.PublicTotal {
	out := truce.PublicTotal{Claimant: t.Claimant, Party: t.Party, Accused: t.Accused, Act: t.Act, Unit: t.Unit, Count: t.Count, AtLeast: t.AtLeast,
		Area: t.Area, AreaNamed: truce.PublicQuote(t.AreaNamed), Period: t.Period, Said: t.Said, Quote: truce.PublicQuote(t.Quote)}
	if strings.HasPrefix(t.Link, "https://") || strings.HasPrefix(t.Link, "http://") {
		out.Link = t.Link
	}
	return out
}

// publicOwn leaves out whose acts they were and which incidents; coverage is rounded down,
// so that one below the minimum never reads as met.
func publicOwn(list []truce.OwnCount) []truce.PublicOwn {
	var out []truce.PublicOwn
	for _, o := range list {
		p := truce.PublicOwn{Rule: o.Rule, Unit: o.Unit, Count: o.All(), Undecided: o.Undecided, Least: o.Least, Matches: o.Matches}
		if o.Coverage != nil {
			coverage := truce.Probability(math.Floor(float64(*o.Coverage)*100+1e-9) / 100)
			if o.Observed() {
				coverage = max(coverage, o.Least) // met, by less than a hundredth
			}
			p.Coverage = &coverage
		}
		out = append(out, p)
	}
	return out
}

// sameCheck says whether a version would say what is out already.
func sameCheck(out, next truce.PublicCheck) bool {
	next.Version, next.Released, next.Known, next.Supersedes = out.Version, out.Released, out.Known, out.Supersedes
	return reflect.DeepEqual(out, next)
}

// wordProblems holds our own sentences against the rules of wording. What a party is quoted
// with keeps its words.
func wordProblems(parties []truce.BulletinParty, c truce.PublicCheck) []Problem {
	l := &linter{b: truce.Bulletin{Parties: parties}}
	rules := slices.Concat(wordRules(), zeroRules(), l.partyRules())
	for _, lang := range languages {
		if c.Words[lang] == "" {
			l.report("G", c.ID, "has no words in %s", lang)
		}
		for _, sentence := range strings.SplitAfter(c.Words[lang], ". ") {
			l.sentence(c.ID, sentence, rules)
		}
	}
	return l.problems
}
