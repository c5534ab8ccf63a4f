package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/firms"
)

const (
	// fetchTimeout bounds one request: the service answers a day of a country in seconds.
	fetchTimeout = 2 * time.Minute
	// maxFetchBytes bounds one answer: the whole world in a day is about 30 MiB.
	maxFetchBytes = 256 << 20
	// maxHeadBytes is how much of an answer is looked through for the key before it is
	// read: what refuses a request is short.
	maxHeadBytes = 16 << 10
)

// keyVariable is the environment variable that holds the map key, out of the sight of
// other users and of the shell's history.
const keyVariable = "TRUCE_FIRMS_KEY"

// firmsOptions are the flags of `truce fetch firms`.
type firmsOptions struct {
	base    string
	key     firms.Key
	timeout time.Duration
	area    string
	days    int
	date    string
	sensors []string
}

func (c *cli) fetchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "fetch", Short: "Fetch observations from a service", Args: cobra.NoArgs,
		Example: "  truce fetch firms --area 22,44,41,53 --days 1",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.fetchFirmsCommand())
	return cmd
}

func (c *cli) fetchFirmsCommand() *cobra.Command {
	var opt firmsOptions
	cmd := &cobra.Command{
		Use:   "firms --map-key K --area W,S,E,N --days N",
		Short: "Fetch satellite fire detections from the FIRMS area service",
		Long: "Asks NASA FIRMS for the detections of an area and imports them. A map key is free of charge at\n" +
			"https://firms.modaps.eosdis.nasa.gov/api/map_key/ ; keep it in " + keyVariable + " rather than on the command line,\n" +
			"where other users of the machine can see it. Exit code 1 when a data set did not come whole; what came is imported.",
		Example: "  " + keyVariable + "=... truce fetch firms --area 22,44,41,53 --days 2 --date 2026-04-11",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runFetchFirms(cmd, opt) },
	}
	flags := cmd.Flags()
	flags.StringVar((*string)(&opt.key), "map-key", "", "your FIRMS map key (default: "+keyVariable+")")
	flags.StringVar(&opt.area, "area", "", "west,south,east,north in degrees, or world")
	flags.IntVar(&opt.days, "days", 1, fmt.Sprintf("how many days, 1 to %d", firms.MaxDays))
	flags.StringVar(&opt.date, "date", "", "first day in UTC, YYYY-MM-DD (default: the newest days)")
	flags.StringSliceVar(&opt.sensors, "sensor", []string{"VIIRS_NOAA20_NRT", "VIIRS_NOAA21_NRT", "VIIRS_SNPP_NRT"}, "data sets to ask for")
	flags.StringVar(&opt.base, "base-url", firms.BaseURL, "address of the service or a mirror")
	flags.DurationVar(&opt.timeout, "timeout", fetchTimeout, "longest wait for one data set, e.g. 90s or 5m")
	flags.Lookup("timeout").DefValue = truce.DurationText(fetchTimeout)
	c.jsonFlag(cmd)
	must(cmd.MarkFlagRequired("area"))
	must(cmd.RegisterFlagCompletionFunc("sensor", cobra.FixedCompletions(firms.Products(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// request is the question for one data set.
func (opt firmsOptions) request(sensor string) firms.Request {
	return firms.Request{Base: opt.base, Key: opt.key, Product: sensor, Area: opt.area, Days: opt.days, Date: truce.Day(opt.date)}
}

// validate refuses what the service would, before anything is asked.
func (opt firmsOptions) validate() error {
	if opt.key == "" {
		return fmt.Errorf("give --map-key or set %s", keyVariable)
	}
	if opt.timeout <= 0 {
		return fmt.Errorf("--timeout %s: want more than 0", truce.DurationText(opt.timeout))
	}
	for _, sensor := range opt.sensors {
		if _, err := opt.request(sensor).URL(); err != nil {
			return err
		}
	}
	return nil
}

func (c *cli) runFetchFirms(cmd *cobra.Command, opt firmsOptions) error {
	if opt.key == "" {
		opt.key = firms.Key(os.Getenv(keyVariable))
	}
	if err := opt.validate(); err != nil {
		return usageError(cmd, "%w", err)
	}
	f, err := formatNamed("firms")
	if err != nil {
		return err
	}
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	var results []fileResult
	for _, sensor := range opt.sensors {
		results = append(results, a.fetchSensor(cmd.Context(), f, opt, sensor))
	}
	return errors.Join(c.printResults(results), c.reportFailed(results))
}

// reportFailed names the data sets of which not everything came: a picture of the day with
// a satellite left out must not pass for the whole. What came of them is imported.
func (c *cli) reportFailed(results []fileResult) error {
	var failed []string
	for _, r := range results {
		if r.Error != "" {
			failed = append(failed, r.File)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	fmt.Fprintf(c.err, "truce: %d of %d data sets did not come whole: %s; what came is imported, ask for these again with --sensor\n",
		len(failed), len(results), strings.Join(failed, ", "))
	return errQuiet
}

// fetchSensor asks for one data set and imports the answer. Whatever goes wrong is told
// without the key.
func (a *App) fetchSensor(ctx context.Context, f format, opt firmsOptions, sensor string) fileResult {
	asking, cancel := context.WithTimeout(ctx, opt.timeout)
	defer cancel()
	result := fileResult{File: sensor}
	// Rows that came before the time was up are good, so they are kept under ctx itself.
	err := download(asking, opt.request(sensor), func(body io.Reader) error {
		var err error
		result.Counts, err = a.Import(ctx, f, importOptions{Format: "firms"}, body, sensor)
		return err
	})
	switch {
	case err == nil:
	case errors.Is(asking.Err(), context.DeadlineExceeded): // the connection's own words differ
		result.Error = fmt.Sprintf("no whole answer within %s; try again later, or give a longer --timeout", truce.DurationText(opt.timeout))
	default:
		result.Error = opt.request(sensor).Hide(err.Error())
	}
	return result
}

// download asks for one data set and hands its bytes on.
func download(ctx context.Context, request firms.Request, read func(io.Reader) error) error {
	address, err := request.URL()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "the address cannot be asked: %w", err)
	}
	client := http.Client{CheckRedirect: refuseRedirect}
	resp, err := client.Do(req)
	if err != nil {
		return truce.Errorf(truce.CodeUnavailable, "the service cannot be asked: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return truce.Errorf(truce.CodeUnavailable, "the service answered %s; check the map key and --area, then try again", resp.Status)
	}
	body := bufio.NewReaderSize(&boundedBody{r: resp.Body, left: maxFetchBytes}, maxHeadBytes)
	// What cannot be read of the head is told by the reading of the whole.
	if head, _ := body.Peek(maxHeadBytes); bytes.Contains(head, []byte(request.Key)) {
		return truce.Errorf(truce.CodeUnavailable, "the answer repeats the map key and is not read, so that no record holds it")
	}
	return read(body)
}

// refuseRedirect keeps the key, which stands in the address, from being shown to another
// host as where the request came from.
func refuseRedirect(req *http.Request, _ []*http.Request) error {
	return fmt.Errorf("it sends on to %s; give that with --base-url if you trust it", req.URL.Host)
}

// boundedBody fails where an answer goes over the bound, rather than ending it quietly.
type boundedBody struct {
	r    io.Reader
	left int64
}

// Read passes bytes on until the bound.
func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, truce.Errorf(truce.CodeTooLarge, "the answer is over the bound of %d MiB; ask for fewer days or a smaller area", maxFetchBytes>>20)
	}
	return n, err
}
