package truce

import (
	"slices"

	"github.com/trucewatch/truce/geo"
)

// weaponTypes are the types by which texts tell weapons apart.
var weaponTypes = []string{"small_arms", "gun", "howitzer", "mortar", "mlrs", "rocket", "missile", "tank", "ifv_apc", "aa_gun", "sam", "uav",
	"aircraft", "helicopter", "naval", "mine"}

// WeaponTypes lists the types a weapon may be said to be of.
func WeaponTypes() []string { return slices.Clone(weaponTypes) }

// WeaponClass is a node in an agreement's tree of weapon kinds, e.g. "tube_ge100".
type WeaponClass string

// Weapon is one thing the weapon may have been. What is not known stays empty: a calibre
// heard of without a type, or a type without a calibre.
type Weapon struct {
	Class     WeaponClass `json:"class,omitempty"`
	Type      string      `json:"type,omitempty"`       // e.g. howitzer, mortar, tank
	CalibreMM float64     `json:"calibre_mm,omitempty"` // 0: not known
	P         Probability `json:"p"`                    // the alternatives may sum to less than 1
}

// Detail is what is known of a happening beyond act, time and place. Every field may be
// empty, and empty means not known.
type Detail struct {
	Weapons    []Weapon      `json:"weapons,omitempty"`
	Quantity   int           `json:"quantity,omitempty"` // objects, vehicles or people seen at once
	Numbers    []Number      `json:"numbers,omitempty"`  // of what, where that is told; each sort once
	Origin     *geo.Position `json:"origin,omitempty"`   // launch area; never published
	OriginSide []SideShare   `json:"origin_side,omitempty"`
	Altitude   *Span         `json:"altitude_m,omitempty"`
	State      string        `json:"state,omitempty"` // e.g. in_sealed_store
	Site       string        `json:"site,omitempty"`  // the listed site it speaks of, by ID
	Evidence   []string      `json:"evidence,omitempty"`
	Imagery    *ImagePair    `json:"imagery,omitempty"` // two images whose difference shows it
	Damage     bool          `json:"damage,omitempty"`
	Casualties int           `json:"casualties,omitempty"`
	Holding    *Holding      `json:"holding,omitempty"`
	Duty       *Duty         `json:"duty,omitempty"`
	Claim      *SelfDefence  `json:"claim,omitempty"`
	Flight     *Flight       `json:"flight,omitempty"` // of something that was followed; never published
}

// Validate refuses what could not be held against a rule: chances that are none or sum to
// more than 1, places out of range, a height whose lower end is the higher, numbers below 0.
func (d *Detail) Validate() error {
	if d == nil {
		return nil
	}
	weapons, sides := Probability(0), Probability(0)
	for _, w := range d.Weapons {
		if weapons += w.P; !w.P.Valid() || !(w.CalibreMM >= 0) {
			return Errorf(CodeInvalid, "detail: weapon %+v has no valid probability or calibre", w)
		}
	}
	for _, s := range d.OriginSide {
		if sides += s.P; !s.P.Valid() {
			return Errorf(CodeInvalid, "detail: the share of %s in the origin is %v, want 0 to 1", s.Party, float64(s.P))
		}
	}
	for i, n := range d.Numbers {
		if n.N < 0 || n.Object == "" || slices.ContainsFunc(d.Numbers[:i], func(o Number) bool { return o.Object == n.Object }) {
			return Errorf(CodeInvalid, "detail: the number %+v is below 0, of nothing or given twice", n)
		}
	}
	if p := d.Imagery; p != nil && !(p.GSDM >= 0 && p.Before <= p.After) {
		return Errorf(CodeInvalid, "detail: of the two images the earlier comes first, and the size of a pixel is no number below 0")
	}
	switch h := d.Holding; {
	case weapons > 1+maxShareError || sides > 1+maxShareError:
		return Errorf(CodeInvalid, "detail: the weapons or the sides of the origin sum to more than 1")
	case d.Origin != nil && !validPosition(*d.Origin):
		return Errorf(CodeInvalid, "detail: origin %v is out of range or its error is not a number", d.Origin.Point)
	case d.Altitude != nil && !(d.Altitude.Low <= d.Altitude.High):
		return Errorf(CodeInvalid, "detail: height from %v m to %v m, want the lower end first", d.Altitude.Low, d.Altitude.High)
	case d.Quantity < 0 || d.Casualties < 0 || h != nil && min(h.Declared, h.Observed, h.NotVerified) < 0:
		return Errorf(CodeInvalid, "detail: a number of objects or people is below 0")
	}
	return d.Flight.Validate()
}

// maxShareError is how far shares written in decimals may sum beyond 1.
const maxShareError = 1e-6

// Span is a stretch of a quantity, e.g. of height in metres: it lies in [Low, High].
type Span struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Number is how many of one sort of thing were seen at once, e.g. 600 troops beside 40
// vehicles.
type Number struct {
	Object string `json:"object"` // troops, vehicles, vessels, aircraft, weapons, battalions, ...
	N      int    `json:"n"`
}

// NumberOf is how many of a sort were seen. Where no sorts are told, the quantity stands
// for whatever is asked about; 0: not known.
func (d *Detail) NumberOf(object string) int {
	for _, n := range d.Numbers {
		if n.Object == object {
			return n.N
		}
	}
	if len(d.Numbers) > 0 {
		return 0
	}
	return d.Quantity
}

// ImagePair are two images of one place, before and after, whose difference shows a
// change on the ground.
type ImagePair struct {
	Before Instant `json:"before"`
	After  Instant `json:"after"`
	GSDM   float64 `json:"gsd_m,omitempty"` // metres of ground in a pixel of the coarser one; 0: not known
}

// Holding is how many objects of a class a site declares and how many an inspection found.
type Holding struct {
	Class       WeaponClass `json:"class"`
	Declared    int         `json:"declared"`
	Observed    int         `json:"observed"`
	NotVerified int         `json:"could_not_verify"` // could not be counted: neither there nor missing
}

// Missing is how many objects are neither seen nor uncounted; never below 0.
func (h Holding) Missing() int { return max(0, h.Declared-h.Observed-h.NotVerified) }

// Duty is something owed since a time: an answer, an access, a notice of discipline. What
// follows MetAt is known of duties of the mission's own register.
type Duty struct {
	Since   Instant `json:"since"`
	MetAt   Instant `json:"met_at,omitempty"`  // 0: not met yet
	Rule    RuleID  `json:"rule,omitempty"`    // that asks for it
	By      PartyID `json:"by,omitempty"`      // who owes it
	After   string  `json:"after,omitempty"`   // what asks for an answer: a notification, complaint or determination
	Of      string  `json:"of,omitempty"`      // its number, or that of its case
	Records []Seq   `json:"records,omitempty"` // what asks, and what met it
}

// SelfDefence is what a claim of return fire says for itself; zero fields were not said.
type SelfDefence struct {
	Incident       string  `json:"incident,omitempty"` // the incident it answers, as the claimant names it
	CoordinationAt Instant `json:"coordination_at,omitempty"`
	OrderedBy      string  `json:"ordered_by,omitempty"`
	NotifiedAt     Instant `json:"notified_at,omitempty"`
}
