package room

import (
	"net/http"

	"github.com/trucewatch/truce"
)

// PaperFile is what the holder of a printed form is told of it, whoever that is.
type PaperFile struct {
	ID       truce.AlertID
	Exercise bool
	Kind     truce.AlertKind
	State    string        // active, updated or cancelled
	By       truce.AlertID // the alert that updated or cancelled it
	Number   string        // of the case
	Tier     truce.TierID
	Release  truce.Instant
	For      string // the post it was printed for
	Headline truce.Names
}

// paperPage is PaperFile, or that no form has the code.
type paperPage struct {
	PaperFile
	Genuine, Wait bool
	Said          string // the headline in the reader's language
}

// checkPaper is the page that the square of a form opens. It asks for no sign-in: who has
// the code has the form, and the page says less than the form does.
func (s *server) checkPaper(w http.ResponseWriter, req *http.Request) {
	var page paperPage
	id, err := truce.ParseID(req.PathValue("id"))
	if err == nil {
		page.PaperFile, err = s.Reader.CheckPaper(req.Context(), req.PathValue("code"), id)
	}
	lang, status := s.preferred(req), http.StatusOK
	switch code := truce.CodeOf(err); {
	case err == nil:
		page.Genuine, page.Said = true, page.Headline.In(lang)
	case code == truce.CodeNotFound || code == truce.CodeInvalid:
		status = http.StatusNotFound
		if page.Wait = s.doors.fail(s.address(req)); page.Wait {
			status = http.StatusTooManyRequests
		}
	default:
		s.fail(w, req, visitor{}, err)
		return
	}
	s.stranger(w, req, status, "paper.html", s.say(lang, "paper.title"), page)
}
