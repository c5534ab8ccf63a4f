package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
)

// Time limits of the servers: a reader on a slow line gets a page of 60 kB well within
// them, a connection that sends nothing does not stay.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second
	writeTimeout    = 2 * time.Minute
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
	maxHeaderBytes  = 32 << 10
)

// serveOptions are the flags of `truce serve`.
type serveOptions struct {
	listen string
	public bool
	room   bool
}

func (c *cli) serveCommand() *cobra.Command {
	var opt serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the desk on this machine, the room of those who answer, or the public pages",
		Long: "Without a flag the desk with precise data answers on a loopback address only. With --public the pages of\n" +
			"the public store are served, on any address; they hold nothing but what the gate let out. With --room the pages\n" +
			"and the API of those who answer are served, on any address, behind sign-in; the same process keeps cases up to\n" +
			"date and sends alerts. Several may run over one store: each step is made once. docs/guarantees.md shows them.",
		Example: "  truce serve\n  truce serve --room --listen 127.0.0.1:8090\n  truce serve --public --listen 0.0.0.0:8080",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runServe(cmd.Context(), opt) },
	}
	cmd.Flags().StringVar(&opt.listen, "listen", "", "address (default: listen of "+ConfigFile+")")
	cmd.Flags().BoolVar(&opt.public, "public", false, "serve the public store instead of the desk")
	cmd.Flags().BoolVar(&opt.room, "room", false, "serve the room of those who answer, keep cases up to date and send alerts")
	cmd.MarkFlagsMutuallyExclusive("public", "room")
	return cmd
}

func (c *cli) runServe(ctx context.Context, opt serveOptions) error {
	cfg, err := LoadConfig(c.dir)
	if err != nil {
		return err
	}
	if opt.listen == "" {
		opt.listen = cfg.Listen
	}
	log := slog.New(slog.NewTextHandler(c.err, nil))
	if opt.public {
		site, err := openPublicSite(ctx, cfg, log)
		if err != nil {
			return err
		}
		defer site.Close()
		return c.serve(ctx, opt.listen, "public pages", site.handler)
	}
	if opt.room {
		return c.serveRoom(ctx, opt.listen, log)
	}
	if err := requireLoopback(opt.listen); err != nil {
		return err
	}
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	handler, err := a.deskHandler(log)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.runStreams(ctx, log) })
	group.Go(func() error { return c.serve(ctx, opt.listen, "desk", handler) })
	return group.Wait()
}

// serveRoom serves the room and does what follows from records and time, until the context
// ends; then answers and attempts that were begun are finished.
func (c *cli) serveRoom(ctx context.Context, address string, log *slog.Logger) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	desk, err := a.newRoomDesk(a.cfg.Alerts.Base)
	if err != nil {
		return err
	}
	loop, err := a.newRespondLoop(realClock{a.now}, log)
	if err != nil {
		return err
	}
	desk.done = loop.Nudge
	handler, err := desk.roomHandler(log)
	if err != nil {
		return err
	}
	if requireLoopback(address) != nil && !a.cfg.Alerts.secure() {
		fmt.Fprintln(c.err, "note: tokens travel in the clear unless a proxy with TLS stands in front; set base under alerts: in "+ConfigFile+" to its https address")
	}
	group, ctx := errgroup.WithContext(ctx)
	if a.clock != nil {
		mine := newShower(a.cfg.dir, c.now)
		if err := mine.turn(a.clock); err != nil {
			return err
		}
		group.Go(func() error { return mine.keep(ctx, a.clock, log) })
	}
	group.Go(func() error { return loop.Run(ctx) })
	group.Go(func() error { return c.serve(ctx, address, "room", handler) })
	return group.Wait()
}

// requireLoopback refuses to show precise data to anybody else.
func requireLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "--listen %q: write HOST:PORT, e.g. 127.0.0.1:8080", address)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return truce.Errorf(truce.CodeForbidden, "the desk shows precise data and answers on loopback only, not on %s; use --public for the public pages", address)
}

// serve answers until the context ends, then lets running answers finish.
func (c *cli) serve(ctx context.Context, address, what string, handler http.Handler) error {
	listener, err := listen(address)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: http://%s\n", what, browserAddress(listener.Addr()))
	return serveUntil(ctx, listener, handler)
}

func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, truce.Errorf(truce.CodeUnavailable, "cannot listen on %s: %w; choose another with --listen", address, err)
	}
	return listener, nil
}

// requireFree says that nothing can be served at an address before work is done for it.
func requireFree(address string) error {
	listener, err := listen(address)
	if err != nil {
		return err
	}
	return listener.Close()
}

func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := server.Shutdown(stop)
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// browserAddress writes localhost for a loopback address, as a person would type it.
func browserAddress(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsLoopback() && !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}
