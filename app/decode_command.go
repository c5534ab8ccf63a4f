package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// nextMessage gives the next message: io.EOF at the end, *source.Damage where a stretch was
// passed over.
type nextMessage func() (any, error)

// messagesOf gives the messages of a reader one by one, each in the place of the one before.
func messagesOf[M any, R interface{ Next(*M) error }](r R) nextMessage {
	var m M
	return func() (any, error) { return &m, r.Next(&m) }
}

func (c *cli) decodeCommand() *cobra.Command {
	var opt importOptions
	cmd := &cobra.Command{
		Use:   "decode --format F FILE|-",
		Short: "Print the messages of a feed as JSON lines",
		Long: "Prints what stands in a feed of drones, aircraft or ships, one line of JSON a message, as the feed says it: nothing\n" +
			"is recorded, and no data directory is needed. Units stand in the names. Every message has its offset in bytes.\n" +
			"Stretches that hold no message are named with their offset and the reason, and reading goes on behind them. Exit\n" +
			"code 1 when no message could be read. Files may be compressed with gzip; - is what is piped in.\n\nFormats:\n" + helpOf(messageFormats()),
		Example: "  truce decode --format adsb day.beast.gz",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := namedOf(messageFormats(), opt.Format)
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			if err := opt.readFeedFlags(); err != nil {
				return usageError(cmd, "%w", err)
			}
			return c.runDecode(f, opt, c.input(args[0]))
		},
	}
	cmd.Flags().StringVar(&opt.Format, "format", "", "what FILE is: "+strings.Join(namesOf(messageFormats()), ", "))
	opt.feedFlags(cmd.Flags())
	must(cmd.MarkFlagRequired("format"))
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(namesOf(messageFormats()), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (c *cli) runDecode(f format, opt importOptions, in input) error {
	file, err := in.open()
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := bounded.Unpack(file, bounded.UnpackLimits{})
	if err != nil {
		return fmt.Errorf("%s: %w", in.shown, err)
	}
	next, err := f.messages(data, opt)
	if err != nil {
		return fmt.Errorf("%s: %w", in.shown, err)
	}
	out := bufio.NewWriterSize(c.out, 1<<16)
	counts, err := c.printMessages(out, next, in.shown)
	if err := errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("%s: %w", in.shown, err)
	}
	return c.sayDecoded(counts, in.shown)
}

// decoded counts what came of a feed.
type decoded struct{ messages, damaged int }

// maxDamageShown is how many damaged stretches are told of one by one: a file of another
// format is damaged everywhere.
const maxDamageShown = 20

func (c *cli) printMessages(out io.Writer, next nextMessage, name string) (decoded, error) {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var counts decoded
	for {
		m, err := next()
		var damage *source.Damage
		switch {
		case errors.Is(err, io.EOF):
			return counts, nil
		case errors.As(err, &damage):
			if counts.damaged++; counts.damaged <= maxDamageShown {
				fmt.Fprintf(c.err, "truce: %s: %s\n", name, truce.CleanText(damage.Error()))
			}
			continue
		case err != nil:
			return counts, err
		}
		counts.messages++
		if err := lines.Encode(m); err != nil {
			return counts, err
		}
	}
}

// sayDecoded ends with how much could not be read, and fails when that was all.
func (c *cli) sayDecoded(counts decoded, name string) error {
	if counts.messages == 0 && counts.damaged == 0 {
		return truce.Errorf(truce.CodeInvalid, "%s: no message in it; is it of another format?", name)
	}
	if counts.messages == 0 {
		return truce.Errorf(truce.CodeInvalid, "%s: no message could be read, %s damaged; is it of another format?", name, plural(counts.damaged, "stretch"))
	}
	if counts.damaged > 0 {
		fmt.Fprintf(c.err, "truce: %s: %s read, %s passed over as damaged\n", name, plural(counts.messages, "message"), plural(counts.damaged, "stretch"))
	}
	return nil
}
