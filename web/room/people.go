package room

import (
	"net/http"
	"strings"

	"github.com/trucewatch/truce"
)

// WaitingPerson is somebody whose enrolment waits to be confirmed.
type WaitingPerson struct {
	ID     truce.PersonID `json:"id"`
	Name   string         `json:"name"`
	Role   truce.Role     `json:"role"`
	Office truce.Office   `json:"office,omitempty"`
	Party  truce.PartyID  `json:"party,omitempty"`
	State  truce.StateID  `json:"state,omitempty"`
	By     truce.PersonID `json:"enrolled_by"`
}

// WaitingList is who waits to be confirmed by one person.
type WaitingList struct {
	People []WaitingPerson `json:"people"`
}

// joinedPage is what somebody sees who has opened a link: the token, this once.
type joinedPage struct {
	Person truce.Person
	Token  string
	Code   string // to be told to who confirms; "": nobody has to
	Next   string
}

// codeOf is the code that a person tells, as long as nobody has confirmed it.
func codeOf(p truce.Person) (string, error) {
	if p.Stands() {
		return "", nil
	}
	return p.Code()
}

// joined answers the opening of a link. The person is signed in from then on; the token is
// for other machines and programs, and for signing in again.
func (s *server) joined(w http.ResponseWriter, req *http.Request, p truce.Person, token, next string) {
	v := visitor{Person: p, token: token}
	code, err := codeOf(p)
	s.show(w, req, v, "joined.html", s.say(v.lang(), "joined.title"), joinedPage{p, token, code, next}, err)
}

// confirm is the form with which a second person confirms an enrolment.
func (s *server) confirm(w http.ResponseWriter, req *http.Request, v visitor) {
	id, code := truce.PersonID(strings.TrimSpace(req.PostFormValue("id"))), strings.TrimSpace(req.PostFormValue("code"))
	s.back(w, req, v, "/me", s.Actor.Confirm(req.Context(), v.token, id, code))
}
