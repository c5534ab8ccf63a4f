package truce

// PublicGuarantee is what anybody may read of the guarantee, as of one moment: the tier and
// time of cases, and totals of what is promised, pledged and in place. No state is in it.
type PublicGuarantee struct {
	Mission  string         `json:"mission"`
	Realm    Realm          `json:"realm"`
	At       Instant        `json:"as_of"`
	Cases    []PublicCase   `json:"cases"` // open ones first, then the tier entered last
	Left     int            `json:"cases_left_out,omitzero"`
	Supply   []PublicSupply `json:"contributions"` // the mechanism's first, then by capability and unit
	Promises []PublicCount  `json:"promises"`      // by kind, then stage
}

// PublicCase is tier and time of a case: of one that is open the tier it is in, of a closed
// one the highest that was told outside the mechanism.
type PublicCase struct {
	Number   string    `json:"number"`
	State    CaseState `json:"state"`
	Tier     TierID    `json:"tier"`
	TierName Names     `json:"tier_name"`
	Words    Names     `json:"public_words,omitempty"` // the ladder's own for the public
	Entered  Instant   `json:"entered"`
	Closed   Instant   `json:"closed,omitzero"`
}

// PublicSupply is one capability in one unit, summed over all states: what is needed beside
// what was pledged and is in place, of contributions that were made public.
type PublicSupply struct {
	To         string  `json:"to"`
	Capability string  `json:"capability"`
	Names      Names   `json:"names,omitempty"`
	Unit       string  `json:"unit"`
	Period     Period  `json:"period,omitzero"` // of the need, else of the contributions; empty: no time was named
	Need       float64 `json:"need"`            // 0: nobody has said what is needed
	Pledged    float64 `json:"pledged"`
	InPlace    float64 `json:"in_place"`
	Gap        float64 `json:"gap"`
}

// PublicCount is how many promises of a kind, of those that were made public, have come to a
// stage.
type PublicCount struct {
	Kind  CommitmentKind  `json:"kind"`
	Stage CommitmentState `json:"stage"`
	Count int             `json:"count"`
}
