package app

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement/explain"
	"github.com/trucewatch/truce/respond/publish"
)

// explainedPart is a part of the ladder in sentences.
type explainedPart struct {
	ID        string   `json:"id,omitempty"` // of the tier or path; none of the whole
	Heading   string   `json:"heading"`
	Sentences []string `json:"sentences"`
}

func (c *cli) runLadderExplain(cmd *cobra.Command, dir, lang string) error {
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	text, err := explain.New(t.Agreement, lang, publish.Label)
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	var out []explainedPart
	for _, p := range text.Ladder() {
		out = append(out, explainedPart{p.ID, p.Heading, p.Lines})
	}
	if len(out) == 0 {
		return truce.Errorf(truce.CodeNotFound, "%s: the agreement has no response ladder; add one under ladder: in agreement.yaml", dir)
	}
	if c.asJSON {
		return printJSON(c.out, out)
	}
	for i, p := range out {
		if i > 0 {
			fmt.Fprintln(c.out)
		}
		fmt.Fprintln(c.out, plainCell(p.Heading))
		for _, s := range p.Sentences {
			if _, err := fmt.Fprintf(c.out, "  %s\n", plainCell(s)); err != nil {
				return err
			}
		}
	}
	return nil
}
