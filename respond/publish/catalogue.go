package publish

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
)

//go:embed text/*.json
var catalogueFiles embed.FS

// languages are the languages every catalogue key exists in; the first is the default.
var languages = [...]string{"en", "uk"}

// Languages lists the languages bulletins are printed in.
func Languages() []string { return slices.Clone(languages[:]) }

// message is one text; plural forms are by class: one, few, many, other.
type message map[string]string

const otherForm = "other"

// UnmarshalJSON reads a plain text or an object of plural forms.
func (m *message) UnmarshalJSON(b []byte) error {
	var plain string
	if json.Unmarshal(b, &plain) == nil {
		*m = message{otherForm: plain}
		return nil
	}
	forms := map[string]string{}
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	if forms[otherForm] == "" {
		return fmt.Errorf("plural forms %s: need one called other", b)
	}
	*m = forms
	return nil
}

type catalogue map[string]message

// catalogues reads the embedded files once; they never change afterwards.
var catalogues = sync.OnceValues(func() (map[string]catalogue, error) {
	out := map[string]catalogue{}
	for _, lang := range languages {
		raw, err := catalogueFiles.ReadFile("text/" + lang + ".json")
		if err != nil {
			return nil, err
		}
		c := catalogue{}
		if err := json.Unmarshal(raw, &c); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", lang, err)
		}
		out[lang] = c
	}
	return out, nil
})

func catalogueOf(lang string) (catalogue, error) {
	all, err := catalogues()
	if err != nil {
		return nil, err
	}
	c, ok := all[lang]
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "language %q: bulletins are printed in %s", lang, strings.Join(languages[:], ", "))
	}
	return c, nil
}

// pluralOf is the plural class of a whole number (Unicode CLDR, cardinal rules).
func pluralOf(lang string, n int) string {
	if lang != "uk" {
		if n == 1 {
			return "one"
		}
		return otherForm
	}
	tens, ones := n%100, n%10
	switch {
	case ones == 1 && tens != 11:
		return "one"
	case ones >= 2 && ones <= 4 && (tens < 12 || tens > 14):
		return "few"
	default:
		return "many"
	}
}

// form is the text for a plural class; languages without the class use other.
func (m message) form(class string) string {
	if s := m[class]; s != "" {
		return s
	}
	return m[otherForm]
}
