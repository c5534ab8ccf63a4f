package truce

// BulletinKind is one of the mechanism's products.
type BulletinKind string

// The bulletin kinds in use.
const BulletinDaily BulletinKind = "daily"

// Bulletin is a frozen, numbered list of rows. HTML, Markdown and JSON are printed
// from the same bulletin, so they cannot differ in a number.
type Bulletin struct {
	Number     string       `json:"number"` // e.g. D-2026-04-11, with -v2 for a later version
	Kind       BulletinKind `json:"kind"`
	Version    int          `json:"version"`
	Supersedes string       `json:"supersedes,omitempty"`
	Mission    string       `json:"mission"`
	Realm      Realm        `json:"realm"`
	Agreement  string       `json:"agreement"`
	Terms      string       `json:"terms_version"` // agreement version hash
	Day        Day          `json:"day"`           // local day of the period's end
	DayNumber  int          `json:"day_number"`
	DayEpoch   Day          `json:"day_epoch"`
	Period     Period       `json:"period"`
	Previous   Period       `json:"previous"`
	CutOff     Instant      `json:"cut_off"`
	Head       Seq          `json:"head,string"` // the last record it rests on
	HeadHash   Hash         `json:"head_hash"`
}
