package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
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
)

// firmsOptions are the flags of `truce fetch firms`.
type firmsOptions struct {
	base    string
	key     string
	area    string
	days    int
	date    string
	sensors []string
}

func (c *cli) fetchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "fetch", Short: "Fetch observations from a service", Args: cobra.NoArgs,
		Example: "  truce fetch firms --map-key $KEY --area 22,44,41,53 --days 1",
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
			"https://firms.modaps.eosdis.nasa.gov/api/map_key/ ; it may also be given as TRUCE_FIRMS_KEY.",
		Example: "  truce fetch firms --map-key $KEY --area 22,44,41,53 --days 2 --date 2026-04-11",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runFetchFirms(cmd, opt) },
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.key, "map-key", os.Getenv("TRUCE_FIRMS_KEY"), "your FIRMS map key")
	flags.StringVar(&opt.area, "area", "", "west,south,east,north in degrees")
	flags.IntVar(&opt.days, "days", 1, "how many days back from --date")
	flags.StringVar(&opt.date, "date", "", "first day, YYYY-MM-DD (default: the newest data)")
	flags.StringSliceVar(&opt.sensors, "sensor", []string{"VIIRS_NOAA20_NRT", "VIIRS_NOAA21_NRT", "VIIRS_SNPP_NRT"}, "data sets to ask for")
	flags.StringVar(&opt.base, "base-url", firms.BaseURL, "address of the service or a mirror")
	c.jsonFlag(cmd)
	must(cmd.MarkFlagRequired("area"))
	return cmd
}

func (c *cli) runFetchFirms(cmd *cobra.Command, opt firmsOptions) error {
	if opt.key == "" {
		return usageError(cmd, "give --map-key or set TRUCE_FIRMS_KEY")
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
	return c.printResults(results)
}

func (a *App) fetchSensor(ctx context.Context, f format, opt firmsOptions, sensor string) fileResult {
	result := fileResult{File: sensor}
	body, err := download(ctx, opt, sensor)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	defer body.Close()
	result.Counts, err = a.Import(ctx, f, importOptions{Format: "firms"}, body, sensor)
	if err != nil {
		result.Error = err.Error()
	}
	return result
}

// download asks for one data set. The key stands in the address, so no error may quote
// it.
func download(ctx context.Context, opt firmsOptions, sensor string) (io.ReadCloser, error) {
	request := firms.Request{Base: opt.base, Key: firms.Key(opt.key), Product: sensor, Area: opt.area, Days: opt.days, Date: truce.Day(opt.date)}
	address, err := request.URL()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		cancel()
		return nil, truce.Errorf(truce.CodeInvalid, "fetch %s: %s", sensor, request.Hide(err.Error()))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		cancel()
		return nil, truce.Errorf(truce.CodeUnavailable, "fetch %s: %s", sensor, request.Hide(err.Error()))
	}
	if resp.StatusCode != http.StatusOK {
		cancel()
		return nil, errors.Join(resp.Body.Close(),
			truce.Errorf(truce.CodeUnavailable, "fetch %s: the service answered %s; check --map-key and --area, then try again", sensor, resp.Status))
	}
	return cancelCloser{io.LimitReader(resp.Body, maxFetchBytes), resp.Body, cancel}, nil
}

// cancelCloser ends the request's time limit with its body.
type cancelCloser struct {
	io.Reader
	body   io.Closer
	cancel context.CancelFunc
}

// Close releases the connection and the timer.
func (c cancelCloser) Close() error {
	defer c.cancel()
	return c.body.Close()
}
