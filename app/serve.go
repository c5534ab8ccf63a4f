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
}

func (c *cli) serveCommand() *cobra.Command {
	var opt serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the desk on this machine, or the public pages",
		Long: "Without --public the desk with precise data answers on a loopback address only. With --public the pages of\n" +
			"the public store are served, on any address; they hold nothing but what the gate let out.",
		Example: "  truce serve\n  truce serve --public --listen 0.0.0.0:8080",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runServe(cmd.Context(), opt) },
	}
	cmd.Flags().StringVar(&opt.listen, "listen", "", "address (default: listen of "+ConfigFile+")")
	cmd.Flags().BoolVar(&opt.public, "public", false, "serve the public store instead of the desk")
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
	return c.serve(ctx, opt.listen, "desk", handler)
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
