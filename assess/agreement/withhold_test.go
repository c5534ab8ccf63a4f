package agreement

import (
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// TestTheDelayOfWhatShowsForces: an agreement lengthens the program's two days and never
// shortens them; one that says nothing has them.
func TestTheDelayOfWhatShowsForces(t *testing.T) {
	for name, c := range map[string]struct {
		section string
		want    time.Duration
		wrong   string
	}{
		"nothing said":     {"", 48 * time.Hour, ""},
		"the least":        {`withhold: {forces: 48h, clause: "1.1"}`, 48 * time.Hour, ""},
		"a little more":    {`withhold: {forces: 48h1s, clause: "1.1"}`, 48*time.Hour + time.Second, ""},
		"a week":           {`withhold: {forces: 168h, clause: "1.1"}`, 168 * time.Hour, ""},
		"a little less":    {`withhold: {forces: 47h59m59s, clause: "1.1"}`, 0, "47 h 59 min 59 s is shorter than 48 h"},
		"nothing at all":   {`withhold: {forces: 0h, clause: "1.1"}`, 0, "0 s is shorter than 48 h"},
		"no length":        {`withhold: {forces: two days, clause: "1.1"}`, 0, "write a length of time"},
		"below nothing":    {`withhold: {forces: -72h, clause: "1.1"}`, 0, "write a length of time"},
		"no clause":        {`withhold: {forces: 72h, clause: "9.9"}`, 0, `no clause "9.9" is defined`},
		"an empty section": {`withhold: {}`, 0, "withhold.forces"},
		"another field":    {`withhold: {forces: 72h, clause: "1.1", troops: 12h}`, 0, "troops"},
	} {
		t.Run(name, func(t *testing.T) {
			files := plainFiles(t)
			for i := range files {
				if files[i].Name == MainFile {
					files[i].Data = append(append([]byte{}, files[i].Data...), "\n"+c.section+"\n"...)
				}
			}
			a, err := Parse(files)
			switch {
			case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
				t.Errorf("%v, want %q", err, c.wrong)
			case c.wrong == "" && (err != nil || a.ForcesDelay() != c.want):
				t.Errorf("%v, %v, want %s", a, err, c.want)
			case err != nil && truce.CodeOf(err) != truce.CodeInvalid:
				t.Errorf("%v", err)
			}
		})
	}
}

// TestAClauseThatWithholdsIsCited: the clause of the delay is no clause without a rule.
func TestAClauseThatWithholdsIsCited(t *testing.T) {
	files := append(plainFiles(t), truce.AgreementFile{Name: "clauses/en/8.8.md", Data: []byte("# 8.8 Delay\n")}, truce.AgreementFile{Name: "clauses/uk/8.8.md", Data: []byte("# 8.8 Затримка\n")})
	remark := func(files []truce.AgreementFile) bool {
		for _, p := range mustParse(t, files).Warnings {
			if strings.Contains(p.String(), "no rule cites clause 8.8") {
				return true
			}
		}
		return false
	}
	if !remark(files) {
		t.Error("a clause that nothing speaks of is not remarked")
	}
	cited, err := Amend(files, "delay.yaml", []byte(`withhold: {forces: 72h, clause: "8.8"}`))
	if err != nil {
		t.Fatal(err)
	}
	if remark(cited) {
		t.Error("the clause of the delay is said to be cited by nothing")
	}
}
