package truce

// Family groups sources that fail together; only two different families
// corroborate each other.
type Family string

// The independence families.
const (
	FamilyAcoustic     Family = "acoustic"
	FamilySeismic      Family = "seismic"
	FamilyInfrasound   Family = "infrasound"
	FamilyRadar        Family = "radar"
	FamilyCamera       Family = "camera"
	FamilyDrone        Family = "drone"
	FamilyOptical      Family = "optical"
	FamilySAR          Family = "sar"
	FamilyThermal      Family = "thermal"
	FamilyTransponder  Family = "transponder"
	FamilyInterference Family = "interference"
	FamilyPatrol       Family = "patrol"
	FamilyParty        Family = "party"
	FamilyCivilian     Family = "civilian"
	FamilyMedia        Family = "media"
	FamilyReference    Family = "reference" // maps and weather: context, never a witness

	// FamilyRegister is the mission's own records. That something was not recorded is a
	// fact of record: nobody observed it, and no second witness is needed.
	FamilyRegister Family = "register"
)

// Families lists every family of sources that can be a witness, in the order of the
// handbook.
func Families() []Family {
	return []Family{FamilyAcoustic, FamilySeismic, FamilyInfrasound, FamilyRadar, FamilyCamera, FamilyDrone, FamilyOptical, FamilySAR,
		FamilyThermal, FamilyTransponder, FamilyInterference, FamilyPatrol, FamilyParty, FamilyCivilian, FamilyMedia}
}

// Witness says whether the family can observe an act at all.
func (f Family) Witness() bool { return f != FamilyReference && f != FamilyRegister && f != "" }

// SourceInfo is what a source declares about itself before a row of it is used.
// Nothing declared means nothing may be redistributed.
type SourceInfo struct {
	ID           SourceID `json:"id"`
	Title        string   `json:"title"`
	Family       Family   `json:"family"`
	Licence      string   `json:"licence"`
	Attribution  string   `json:"attribution"`
	Redistribute bool     `json:"redistribute"`
	URL          string   `json:"url,omitempty"`
}

// Validate asks for an id and a family; a source that may be redistributed must
// name the licence that says so and whom to credit.
func (s SourceInfo) Validate() error {
	if s.ID == "" || s.Family == "" {
		return Errorf(CodeInvalid, "source %q: needs an id and a family", s.ID)
	}
	if s.Redistribute && (s.Licence == "" || s.Attribution == "") {
		return Errorf(CodeInvalid, "source %s: redistribute is yes but licence or attribution is empty", s.ID)
	}
	return nil
}

// Rejection is a row that could not be read. It is kept with its reason.
type Rejection struct {
	File   string `json:"file"`
	Line   int    `json:"line"` // 1-based; 0 when the format has no lines
	Reason string `json:"reason"`
	Raw    []byte `json:"raw"` // the row verbatim, cut at MaxRejectedRow
}

// Sink takes what a decoder finds, row by row. A decoder stops at the first error
// of its sink and returns it.
type Sink interface {
	Observe(Observation) error
	Reject(Rejection) error
}
