package room

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// back answers a form with the page it came from, where what was done can be seen; what
// was refused is said on a page of its own.
func (s *server) back(w http.ResponseWriter, req *http.Request, v visitor, to string, err error) {
	if err != nil {
		s.fail(w, req, v, err)
		return
	}
	http.Redirect(w, req, to, http.StatusSeeOther)
}

// seen moves the mark of the last look to where the page was read.
func (s *server) seen(w http.ResponseWriter, req *http.Request, v visitor) {
	mark := parseSeq(req.PostFormValue("mark"))
	s.setCookie(w, req, seenCookie, strconv.FormatInt(int64(mark), 10), seenAge)
	s.back(w, req, v, "/", nil)
}

// acknowledge is one click: the form has a button for each kind.
func (s *server) acknowledge(w http.ResponseWriter, req *http.Request, v visitor) {
	id, err := truce.ParseID(req.PathValue("id"))
	if err != nil {
		s.fail(w, req, v, truce.Errorf(truce.CodeNotFound, "%s", s.say(v.lang(), "no_page")))
		return
	}
	a := Answer{Kind: truce.AcknowledgeKind(req.PostFormValue("kind")), Text: req.PostFormValue("text")}
	if position := req.PostFormValue("position"); position != "" {
		a.Kind, a.Position = truce.AckPosition, truce.Position(position)
	}
	_, err = s.Actor.Acknowledge(req.Context(), v.token, id, a)
	s.back(w, req, v, next(req.PostFormValue("next")), err)
}

// deed is what a person does in a case, as the forms of its page say it.
func (s *server) deed(w http.ResponseWriter, req *http.Request, v visitor) {
	number := req.PathValue("number")
	d, err := deedOf(req)
	if err == nil {
		_, err = s.Actor.Do(req.Context(), v.token, number, d)
	}
	s.back(w, req, v, "/cases/"+number, err)
}

func deedOf(req *http.Request) (truce.Deed, error) {
	field := func(name string) string { return strings.TrimSpace(req.PostFormValue(name)) }
	d := truce.Deed{
		Kind: truce.DeedKind(field("kind")), Tier: truce.TierID(field("tier")), Down: field("down") != "", Clock: field("clock"), For: field("for"),
		Meeting: field("meeting"), Option: field("option"), Text: truce.CleanText(field("text")),
	}
	after, err := strconv.Atoi(field("after"))
	if err != nil || after < 1 {
		return d, truce.Errorf(truce.CodeInvalid, "The form does not say which step was the last one you had seen: open the case and send the form from there.")
	}
	d.After = after
	if hash := field("product"); hash != "" {
		if err := d.Product.UnmarshalText([]byte(strings.ToLower(hash))); err != nil {
			return d, truce.Errorf(truce.CodeInvalid, "The hash of a document has 64 digits from 0 to f: %w", err)
		}
	}
	if d.Kind == truce.DeedPause {
		if d.Until, err = clockTime(field("until")); err != nil {
			return d, err
		}
	}
	if d.Kind == truce.DeedMoveT0 {
		basis, old, chosen := strings.Cut(field("basis"), " ") // a choice among all says with each where it stands
		if !chosen {
			old = field("old")
		}
		if d.T0, err = zeroOf(basis, old, field("time"), field("evidence")); err != nil {
			return d, err
		}
	}
	if d.Kind == truce.DeedMove {
		if d.Moved, d.To, err = movedOf(req.PostForm["moved"], field("to")); err != nil {
			return d, err
		}
	}
	if d.Kind == truce.DeedRemedy {
		r := truce.RemedyStep{ID: field("remedy"), Party: truce.PartyID(field("party")), What: truce.CleanText(field("what")), State: truce.RemedyState(field("state"))}
		if r.Due, err = clockTime(field("due")); err != nil {
			return d, err
		}
		d.Remedy = &r
	}
	return d, nil
}

// movedOf reads the incidents that were ticked and the case that takes them.
func movedOf(ticked []string, to string) ([]truce.ID, truce.CaseID, error) {
	if len(ticked) == 0 || to == "" {
		return nil, truce.CaseID{}, truce.Errorf(truce.CodeInvalid, "Tick the incidents and choose the case that takes them.")
	}
	var out []truce.ID
	for _, text := range append(ticked, to) {
		id, err := truce.ParseID(text)
		if err != nil {
			return nil, truce.CaseID{}, truce.Errorf(truce.CodeInvalid, "%.40q is no id: open the case and send the form from there.", text)
		}
		out = append(out, id)
	}
	last := len(out) - 1
	return out[:last], out[last], nil
}

// zeroOf reads a move of a zero point. Whoever agrees to one sends back its exact time.
func zeroOf(basis, old, at, evidence string) (*truce.T0Change, error) {
	z := &truce.T0Change{Basis: truce.T0Basis(basis)}
	if evidence != "" {
		e, err := truce.ParseT0Evidence(evidence)
		if err != nil {
			return nil, err
		}
		z.Evidence = &e
	}
	if old != "" {
		if err := z.Old.UnmarshalText([]byte(old)); err != nil {
			return nil, err
		}
	}
	if z.New.UnmarshalText([]byte(at)) == nil {
		return z, nil
	}
	var err error
	z.New, err = clockTime(at)
	return z, err
}

// clockTime reads what a browser's field for a time sends: UTC, without a zone.
func clockTime(text string) (truce.Instant, error) {
	if text == "" {
		return 0, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, text, time.UTC); err == nil {
			return truce.InstantOf(t), nil
		}
	}
	return 0, truce.Errorf(truce.CodeInvalid, "The time %.40q is not one: write it in UTC as 2026-11-22T09:30.", text)
}

// invoke records a step of an invocation.
func (s *server) invoke(w http.ResponseWriter, req *http.Request, v visitor) {
	number := req.PathValue("number")
	step := truce.InvocationStep{
		State: truce.InvocationState(req.PostFormValue("state")), Body: truce.CleanText(req.PostFormValue("body")), Text: truce.CleanText(req.PostFormValue("text")),
	}
	_, err := s.Actor.Invoke(req.Context(), v.token, req.PostFormValue("commitment"), number, step)
	s.back(w, req, v, "/cases/"+number+"/stake", err)
}
