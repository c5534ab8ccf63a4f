package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// sayUsage lets every command below say in our words what is missing or too much, with an
// example and the way to its help.
func sayUsage(cmd *cobra.Command) {
	if given := cmd.Args; given != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := given(cmd, args); err != nil {
				return argumentError(cmd, args)
			}
			return missingFlags(cmd)
		}
	}
	for _, child := range cmd.Commands() {
		sayUsage(child)
	}
}

// argumentNames are the words in capitals that stand in a usage line before its flags.
var argumentNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|\s)([A-Z][A-Z0-9]*)`)
})

// flagWords are flags in a usage line with the word for their value.
var flagWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`--\S+ \S+`)
})

// wanted lists the arguments of a command as its usage line names them.
func wanted(cmd *cobra.Command) []string {
	var names []string
	for _, m := range argumentNames().FindAllStringSubmatch(flagWords().ReplaceAllString(cmd.Use, ""), -1) {
		names = append(names, m[1])
	}
	return names
}

// argumentError says which argument is missing, or which is one too many.
func argumentError(cmd *cobra.Command, args []string) error {
	names := wanted(cmd)
	switch {
	case len(args) < len(names):
		return usageError(cmd, "%s is missing%s", strings.Join(names[len(args):], " "), example(cmd))
	case cmd.HasSubCommands():
		return usageError(cmd, "unknown command %q for %q%s", args[0], cmd.CommandPath(), suggestions(cmd, args[0]))
	case len(names) == 0:
		return usageError(cmd, "%q is too much: %s takes flags only%s", args[0], cmd.CommandPath(), example(cmd))
	}
	return usageError(cmd, "%q is too much after %s; words that belong together stand in quotes%s", args[len(names)], strings.Join(names, " "), example(cmd))
}

func suggestions(cmd *cobra.Command, word string) string {
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		return fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
	}
	return ""
}

// missingFlags names the flags that a command cannot do without.
func missingFlags(cmd *cobra.Command) error {
	var missing []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if slices.Equal(f.Annotations[cobra.BashCompOneRequiredFlag], []string{"true"}) && !f.Changed {
			missing = append(missing, "--"+f.Name)
		}
	})
	if len(missing) == 0 {
		return nil
	}
	verb := "is"
	if len(missing) > 1 {
		verb = "are"
	}
	return usageError(cmd, "%s %s missing%s", strings.Join(missing, " and "), verb, example(cmd))
}

// example is the first example of a command, to follow a message.
func example(cmd *cobra.Command) string {
	first, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	if first, _, _ = strings.Cut(first, "#"); strings.TrimSpace(first) == "" {
		return ""
	}
	return ", e.g. " + strings.TrimSpace(first)
}
