package room_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/trucewatch/truce"
)

// description is what the contract test reads of the OpenAPI document.
type description struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		OperationID string                `json:"operationId"`
		Security    []map[string][]string `json:"security"`
		RequestBody *struct {
			Content map[string]struct{} `json:"content"`
		} `json:"requestBody"`
		Responses map[string]struct {
			Content map[string]struct {
				Schema *struct {
					Ref  string `json:"$ref"`
					Type any    `json:"type"`
				} `json:"schema"`
			} `json:"content"`
		} `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]struct {
			Properties map[string]any `json:"properties"`
			Required   []string       `json:"required"`
		} `json:"schemas"`
	} `json:"components"`
}

// bounds holds the lengths of the description to those of the vocabulary.
func (d description) bounds(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		schema, property, keyword string
		want                      int
	}{
		{"DeedBody", "text", "maxLength", truce.MaxWords}, {"DeedBody", "option", "maxLength", truce.MaxLine}, {"DeedBody", "meeting", "maxLength", truce.MaxName},
		{"DeedBody", "clock", "maxLength", truce.MaxName}, {"DeedBody", "moved", "maxItems", truce.MaxMoved}, {"AnswerBody", "text", "maxLength", truce.MaxWords},
		{"ReviewBody", "note", "maxLength", truce.MaxWords}, {"ReviewBody", "reason", "maxLength", truce.MaxName},
		{"InvocationBody", "text", "maxLength", truce.MaxWords}, {"InvocationBody", "body", "maxLength", truce.MaxLine},
	} {
		property, _ := d.Components.Schemas[c.schema].Properties[c.property].(map[string]any)
		if got, _ := property[c.keyword].(float64); int(got) != c.want {
			t.Errorf("%s of %s.%s is %v, the vocabulary has %d", c.keyword, c.schema, c.property, property[c.keyword], c.want)
		}
	}
}

// bodies are what is sent to each operation that takes something.
var bodies = map[string]string{
	"do": `{"kind":"note","text":"x"}`, "acknowledge": `{"kind":"read"}`, "invoke": `{"case":"C-2031-1","state":"requested"}`,
	"review":           `{"incident":"` + alertID.String() + `","revision":1,"outcome":"verified"}`,
	"confirm":          `{"code":"7H2K-0C9M-XW4T"}`,
	"enterCommitments": `[]`, "enterContributions": `[]`, "enterRequirements": `[]`,
	"acknowledgeCAP":    `<alert/>`,
	"doSigned":          `{"case":"` + alertID.String() + `","after":1,"kind":"note","person":"x","at":"2031-04-02T05:00:00Z","signature":{"by":"x","key":"","sig":""}}`,
	"acknowledgeSigned": `{"alert":"` + alertID.String() + `","case":"` + alertID.String() + `","kind":"read","role":"guarantor","at":"2031-04-02T05:00:00Z"}`,
}

// TestTheAPIKeepsItsContract sends something good, something bad and nothing known to every
// operation of the description, and holds each answer to what the description promises.
func TestTheAPIKeepsItsContract(t *testing.T) {
	s := newSite(t)
	var d description
	if err := json.Unmarshal(s.get("/api/v1/openapi.json").Body.Bytes(), &d); err != nil || !strings.HasPrefix(d.OpenAPI, "3.1") {
		t.Fatalf("%v %q", err, d.OpenAPI)
	}
	d.bounds(t)
	operations := 0
	for path, methods := range d.Paths {
		for method, op := range methods {
			operations++
			s.now = s.now.Add(time.Minute) // or so many refusals are too many
			url := strings.NewReplacer("{case}", "C-2031-1", "{alert}", alertID.String(), "{state}", "AVE", "{commitment}", "ave-x", "{person}", "an-1").Replace(path)
			send := func(body string, asks ...ask) *httptest.ResponseRecorder {
				req := httptest.NewRequest(strings.ToUpper(method), url, strings.NewReader(body))
				req.Header.Set("Content-Type", "application/json")
				if op.OperationID == "acknowledgeCAP" {
					req.Header.Set("Content-Type", "application/cap+xml; charset=utf-8")
				}
				return s.send(req, asks)
			}
			good, wanted := bodies[op.OperationID]
			if wanted != (op.RequestBody != nil) {
				t.Fatalf("%s: the test has a body: %v", op.OperationID, wanted)
			}
			w := send(good, bearer)
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d %s", op.OperationID, w.Code, w.Body)
				continue
			}
			if as := w.Header().Get("Content-Type"); as == "application/cap+xml" {
				if _, said := op.Responses["200"].Content[as]; !said || len(op.Responses["200"].Content) != 1 {
					t.Errorf("%s: the description has %v", op.OperationID, op.Responses["200"].Content)
				}
			} else {
				d.holds(t, op.OperationID, op.Responses["200"].Content["application/json"].Schema.Ref, w.Body.Bytes())
			}
			if len(op.Security) > 0 {
				problem(t, op.OperationID, send(good), http.StatusUnauthorized, truce.CodeUnauthenticated)
			} else if !slices.Contains([]string{"doSigned", "acknowledgeSigned"}, op.OperationID) {
				t.Errorf("%s needs no token", op.OperationID)
			}
			if wanted && op.OperationID != "acknowledgeCAP" { // the actor reads the document
				if w := send("{", bearer); w.Code < 400 || w.Code >= 500 || w.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s takes half a body: %d %v", op.OperationID, w.Code, w.Header())
				}
			}
			if op.OperationID != "me" {
				s.house.fail = truce.Errorf(truce.CodeConflict, "moved on")
				problem(t, op.OperationID, send(good, bearer), http.StatusConflict, truce.CodeConflict)
				s.house.fail = truce.Errorf(truce.CodeInternal, "the secret reason")
				if w := send(good, bearer); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
					t.Errorf("%s: %d %s", op.OperationID, w.Code, w.Body)
				}
				s.house.fail = nil
			}
		}
	}
	if operations != len(bodies)+12 {
		t.Errorf("%d operations, want %d", operations, len(bodies)+12)
	}
}

// TestTheAPIRefusesWhatItDoesNotKnow asks every operation with a parameter and a field that it
// does not have, and wants both named, the parameter with those that there are.
func TestTheAPIRefusesWhatItDoesNotKnow(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ path, strange, has string }{
		{"/cases?stat=all", `"stat"`, "there are after, limit, state"},
		{"/cases?State=all&limit=5", `"State"`, "there are after, limit, state"},
		{"/cases?zeta=1&alpha=2", `"alpha", "zeta"`, "there are after, limit, state"},
		{"/alerts?state=open", `"state"`, "there are before, limit, open"},
		{"/brief?from=3", `"from"`, "there are since"},
		{"/me?x=1", `"x"`, "there are none here"},
		{"/cases/C-2031-1?lang=uk", `"lang"`, "there are none here"},
		{"/alerts/" + alertID.String() + "/cap?format=xml", `"format"`, "there are none here"},
		{"/pledges?" + strings.Repeat("й", 100) + "=1", "й…", "there are none here"},
	} {
		w := s.get("/api/v1"+c.path, bearer)
		problem(t, c.path, w, http.StatusBadRequest, truce.CodeInvalid)
		var p huma.ErrorModel
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || !strings.Contains(p.Detail, c.strange) || !strings.HasSuffix(p.Detail, c.has) {
			t.Errorf("%s: %q, want %s and %s", c.path, p.Detail, c.strange, c.has)
		}
	}
	if w := s.get("/api/v1/cases?state=mine&limit=5&after=", bearer); w.Code != http.StatusOK {
		t.Errorf("known ones: %d %s", w.Code, w.Body)
	}
	problem(t, "a stranger", s.get("/api/v1/cases?stat=all"), http.StatusUnauthorized, truce.CodeUnauthenticated)
	var d description
	if err := json.Unmarshal(s.get("/api/v1/openapi.json").Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	for path, methods := range d.Paths {
		good, wanted := bodies[methods["post"].OperationID]
		if !wanted || good == "<alert/>" {
			continue
		}
		url := strings.NewReplacer("{case}", "C-2031-1", "{alert}", alertID.String(), "{commitment}", "ave-x", "{person}", "an-1").Replace(path)
		strange := strings.Replace(good, "{", `{"zz_strange":1,`, 1)
		if good == "[]" {
			strange = `[{"zz_strange":1}]`
		}
		req := httptest.NewRequest(http.MethodPost, url, strings.NewReader(strange))
		req.Header.Set("Content-Type", "application/json")
		if w := s.send(req, []ask{bearer}); w.Code < 400 || w.Code >= 500 || !strings.Contains(w.Body.String(), "zz_strange") {
			t.Errorf("%s takes a field it does not know: %d %s", methods["post"].OperationID, w.Code, w.Body)
		}
	}
}

// holds compares an answer with its schema: what must be there is, what is there is named.
func (d description) holds(t *testing.T, id, ref string, body []byte) {
	t.Helper()
	schema, ok := d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
	if !ok {
		t.Errorf("%s: no schema %s", id, ref)
		return
	}
	var got map[string]any
	if err := json.Unmarshal(body, &got); err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	for _, name := range schema.Required {
		if _, there := got[name]; !there {
			t.Errorf("%s: %s is required and not there", id, name)
		}
	}
	for name := range got {
		if _, named := schema.Properties[name]; !named {
			t.Errorf("%s: %s is not in the description", id, name)
		}
	}
}

func problem(t *testing.T, id string, w *httptest.ResponseRecorder, status int, code truce.Code) {
	t.Helper()
	var p huma.ErrorModel
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != status || p.Status != status || p.Type != "urn:truce:error:"+string(code) ||
		w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %v %d %v %s", id, err, w.Code, w.Header(), w.Body)
	}
}

// TestCAPIsTakenAsWhatItIs: the document comes to the actor byte by byte, under the media types
// of CAP and XML and no other.
func TestCAPIsTakenAsWhatItIs(t *testing.T) {
	s := newSite(t)
	for kind, taken := range map[string]bool{"application/cap+xml": true, "application/xml; charset=utf-8": true, "text/xml": true, "application/json": false, "": false, "text/html": false} {
		s.house.document = nil
		req := httptest.NewRequest(http.MethodPost, "/api/v1/acknowledgements/cap", strings.NewReader("<alert>\xe4</alert>"))
		req.Header.Set("Content-Type", kind)
		w := s.send(req, []ask{bearer})
		if (w.Code == http.StatusOK) != taken || (string(s.house.document) == "<alert>\xe4</alert>") != taken {
			t.Errorf("%q: %d %q %s", kind, w.Code, s.house.document, w.Body)
		}
	}
	if w := s.get("/api/v1/alerts/"+alertID.String()+"/acknowledgements/an-1/cap", bearer); w.Body.String() != "<alert>an-1</alert>" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
