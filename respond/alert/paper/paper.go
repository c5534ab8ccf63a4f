// Package paper makes the form that carries an alert by hand when nothing else does: one A4
// page in black and white, with a square code that a telephone reads. It draws no colour,
// fetches nothing and needs no script. Read Form and Write; Code and ReadScan are for the
// answer that comes back.
package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"rsc.io/qr"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// The page holds a text of so many lines of so many characters beside everything else, with
// a gap between paragraphs; what is longer is cut, and the form says so.
const (
	maxLines = 22
	lineLong = 98
	gap      = .4 // lines
)

// Form is what is printed.
type Form struct {
	Alert truce.Alert
	To    truce.AlertRecipient
	Name  string // of the post, e.g. "Duty officer, Farland"; "": the id
	Case  string // the case as people call it, e.g. "C-2026-19"
	Code  string // see Code
	Base  string // where the pages are; "": nowhere
}

//go:embed form.html.tmpl
var source string

var form = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("form").Parse(source))
})

type view struct {
	Form
	Lang, Headline, Exercise string
	Paragraphs               []string
	Cut                      bool
	ID, Released, Due, Least string
	URL                      string
	Square                   template.HTML
	Words                    map[string]string
	Who                      string
}

// Write is the form as an HTML page in the recipient's language.
func Write(f Form) ([]byte, error) {
	if f.Code == "" || f.Alert.ID.IsZero() {
		return nil, truce.Errorf(truce.CodeInvalid, "paper: a form needs an alert and its code")
	}
	lang := f.To.Language
	if _, ok := labels[lang]; !ok {
		lang = "en"
	}
	v := view{
		Form: f, Lang: lang, Headline: f.Alert.Headline.In(lang), ID: f.Alert.ID.String(), Released: at(f.Alert.Release, lang),
		Words: labels[lang], URL: alert.AnswerURL(f.Base, f.Alert.ID), Who: f.Name,
	}
	if v.Who == "" {
		v.Who = string(f.To.Person)
	}
	if f.Alert.Realm.Exercise() {
		v.Exercise = v.Words["exercise"]
	}
	if a := f.Alert.Answer; a != nil && a.Within > 0 && a.Role == f.To.Role {
		v.Due, v.Least = at(f.Alert.Release.Add(a.Within.Duration()), lang), v.Words["least_"+string(a.Least)]
	}
	v.Paragraphs, v.Cut = fit(f.Alert.Text.In(lang))
	square, err := svg(Scan{f.Alert.ID, f.Code, v.Headline, f.Base}.Text())
	if err != nil {
		return nil, err
	}
	v.Square = square
	var out bytes.Buffer
	if err := form().Execute(&out, v); err != nil {
		return nil, truce.Errorf(truce.CodeInternal, "paper: %w", err)
	}
	return out.Bytes(), nil
}

func at(t truce.Instant, lang string) string {
	layout := "2006-01-02 15:04:05 UTC"
	if lang == "uk" {
		layout = "02.01.2006 15:04:05 UTC"
	}
	return t.Time().Format(layout)
}

// fit gives the paragraphs that fit the page, and says whether some did not.
func fit(text string) ([]string, bool) {
	var out []string
	lines := 0.
	for _, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		lines += gap
		var kept []string
		for _, line := range strings.Split(paragraph, "\n") {
			need := float64(1 + len([]rune(line))/lineLong)
			if lines+need > maxLines {
				if len(kept) > 0 {
					out = append(out, strings.Join(kept, "\n"))
				}
				return out, true
			}
			lines += need
			kept = append(kept, line)
		}
		out = append(out, strings.Join(kept, "\n"))
	}
	return out, false
}

// svg draws a square code: black runs on white, with the quiet zone of four modules that
// scanners need.
func svg(text string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", truce.Errorf(truce.CodeTooLarge, "paper: square code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+4, y+4, run, run)
				x += run
			}
		}
	}
	size := code.Size + 8
	return template.HTML(fmt.Sprintf( // numbers and letters of our own only
		`<svg viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img" aria-label="QR"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		size, size, size, size, path.String())), nil
}

var labels = map[string]map[string]string{
	"en": {
		"exercise": "EXERCISE", "title": "Alert carried by hand", "to": "For", "id": "Alert", "case": "Case", "tier": "Tier", "released": "Released",
		"due": "Answer asked by", "least": "at least", "cut": "The text is longer than this page. The whole of it is on record under the number of the alert.",
		"scan": "Scan, or give the code by telephone", "code": "Code", "answer": "Answer (mark one; write the time in UTC)",
		"delivered": "delivered", "read": "read", "received": "received by the authority", "position": "position taken:",
		"agree": "agree", "reserve": "reserve", "object": "object", "name": "Name and office", "sign": "Signature", "time": "Date and time (UTC)", "words": "Remarks",
		"foot": "This form says what is on record. It does not say who is responsible. That no answer came is recorded, too.", "url": "Or answer at",
		"least_delivered": "that it was delivered", "least_read": "that it was read", "least_received_by_authority": "that an authority has received it", "least_position_taken": "a position",
	},
	"uk": {
		"exercise": "НАВЧАННЯ", "title": "Сповіщення, передане від руки", "to": "Кому", "id": "Сповіщення", "case": "Справа", "tier": "Рівень", "released": "Надіслано",
		"due": "Відповідь до", "least": "щонайменше", "cut": "Текст довший за цю сторінку. Повністю він записаний під номером сповіщення.",
		"scan": "Зскануйте або назвіть код телефоном", "code": "Код", "answer": "Відповідь (позначте одне; час пишіть за UTC)",
		"delivered": "доставлено", "read": "прочитано", "received": "отримано органом влади", "position": "позиція:",
		"agree": "згода", "reserve": "застереження", "object": "заперечення", "name": "Ім'я та посада", "sign": "Підпис", "time": "Дата й час (UTC)", "words": "Примітки",
		"foot": "Цей бланк передає те, що є в записах. Він не каже, хто відповідальний. Відсутність відповіді також записується.", "url": "Або відповідайте тут",
		"least_delivered": "що доставлено", "least_read": "що прочитано", "least_received_by_authority": "що отримано органом влади", "least_position_taken": "позиція",
	},
}
