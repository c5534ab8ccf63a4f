package email

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"sync"

	gomail "github.com/wneessen/go-mail"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// letter is the message as a mail. Everything in it follows from the message, so that the
// same alert is the same bytes; its id is the alert's and the person's, in every attempt.
func (c *Channel) letter(m alert.Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("truce-"+m.Alert.String()), gomail.WithEncoding(gomail.EncodingQP))
	if err := letter.From(c.config.From); err != nil {
		return nil, fmt.Errorf("mail from: %w", err)
	}
	if err := letter.To(m.Contact.Address); err != nil {
		return nil, fmt.Errorf("mail to %.80q: %w", m.Contact.Address, err)
	}
	letter.Subject(m.Headline)
	letter.SetMessageIDWithValue(c.messageID(m.Alert, m.Person))
	letter.SetDateWithValue(m.Release.Time())
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notes, please
	letter.SetGenHeader("Content-Language", m.Language)
	letter.SetGenHeader("X-Truce-Alert", m.Alert.String())
	letter.SetGenHeader("X-Truce-Case", m.Case.String())
	if m.Realm.Exercise() {
		letter.SetGenHeader("X-Truce-Exercise", string(m.Realm))
	}
	if len(m.Refers) > 0 {
		var refers []string
		for _, id := range m.Refers {
			refers = append(refers, "<"+c.messageID(id, m.Person)+">")
		}
		letter.SetGenHeader("In-Reply-To", refers[len(refers)-1])
		letter.SetGenHeader("References", strings.Join(refers, " "))
	}
	letter.SetBodyString(gomail.TypeTextPlain, m.Body)
	page, err := htmlPage(m)
	if err != nil {
		return nil, err
	}
	letter.AddAlternativeString(gomail.TypeTextHTML, page)
	return letter, nil
}

func (c *Channel) messageID(a truce.AlertID, p truce.PersonID) string {
	return a.String() + "." + string(p) + "@" + c.domain
}

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("mail").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><title>{{.Headline}}</title></head>
<body style="font-family:sans-serif;max-width:44em">
<h1 style="font-size:1.2em">{{.Headline}}</h1>
{{range .Paragraphs}}<p style="white-space:pre-line">{{.}}</p>
{{end}}{{with .URL}}<p><a href="{{.}}">{{.}}</a></p>
{{end}}</body></html>
`))
})

// htmlPage is the same text with its paragraphs, for readers that show nothing else.
func htmlPage(m alert.Message) (string, error) {
	var out bytes.Buffer
	err := page().Execute(&out, struct {
		Language, Headline, URL string
		Paragraphs              []string
	}{m.Language, m.Headline, m.URL, strings.Split(strings.TrimSpace(m.Body), "\n\n")})
	return out.String(), err
}
