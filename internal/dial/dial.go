// Package dial opens connections to the outside on behalf of people who name the address:
// webhooks, mail relays, feeds. It never connects to this machine, to a private network or
// to a cloud's metadata service unless the address is on the operator's own list; it looks
// at the address it is about to connect to, so that neither a redirect nor a name that
// changes its answer gets around it. Read Config, then Dialer.DialContext and Dialer.Client.
package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Config says what a dialer may do beyond the public internet.
type Config struct {
	// Allow lists what is reached although it is not public: the mechanism's own relays and
	// the sinks of a drill. Each is an address or a range, with a port or without
	// ("10.0.0.5", "10.0.0.5:25", "10.20.0.0/16", "[fd00::5]:25"), or a name with its port
	// ("relay.internal:25"), which is trusted whatever it resolves to.
	Allow []string
	// Only refuses everything that Allow does not list, public or not: for drills.
	Only bool
	// Connect is how long one address may take; 0: DefaultConnect.
	Connect time.Duration
	// Lookup resolves names; nil: the system's resolver.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
}

// Dialer connects to what its Config lets it. It is safe for several goroutines.
type Dialer struct {
	only    bool
	connect time.Duration
	lookup  func(ctx context.Context, host string) ([]netip.Addr, error)
	names   map[string]bool // "host:port" in small letters
	nets    []network
}

// network is a range that is allowed; port 0 is every port.
type network struct {
	prefix netip.Prefix
	port   uint16
}

// RefusedError says that an address may not be connected to.
type RefusedError struct {
	Address string // as asked for
	IP      netip.Addr
	Why     string
}

// Error names the address and the reason.
func (e *RefusedError) Error() string {
	if e.IP.IsValid() && e.IP.String() != e.Address {
		return fmt.Sprintf("dial %s: refused: %s is %s", e.Address, e.IP, e.Why)
	}
	return fmt.Sprintf("dial %s: refused: %s", e.Address, e.Why)
}

// Refused says whether an error is that an address may not be connected to.
func Refused(err error) bool {
	var refused *RefusedError
	return errors.As(err, &refused)
}

// New checks the list of what is allowed.
func New(c Config) (*Dialer, error) {
	d := &Dialer{only: c.Only, connect: c.Connect, lookup: c.Lookup, names: map[string]bool{}}
	if d.connect <= 0 {
		d.connect = DefaultConnect
	}
	if d.lookup == nil {
		d.lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	for _, entry := range c.Allow {
		if err := d.allow(strings.TrimSpace(entry)); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *Dialer) allow(entry string) error {
	if prefix, err := netip.ParsePrefix(entry); err == nil {
		d.nets = append(d.nets, network{prefix: prefix.Masked()})
		return nil
	}
	if ip, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
		ip = ip.Unmap()
		d.nets = append(d.nets, network{prefix: netip.PrefixFrom(ip, ip.BitLen())})
		return nil
	}
	host, text, err := net.SplitHostPort(entry)
	port, portErr := strconv.ParseUint(text, 10, 16)
	if err != nil || portErr != nil || port == 0 || host == "" {
		return fmt.Errorf("allow %q: write an address, a range, or a name with its port, e.g. 10.0.0.5, 10.20.0.0/16 or relay.internal:25", entry)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		d.nets = append(d.nets, network{prefix: netip.PrefixFrom(ip, ip.BitLen()), port: uint16(port)})
		return nil
	}
	d.names[nameOf(host, text)] = true
	return nil
}

func nameOf(host, port string) string {
	return strings.ToLower(strings.TrimSuffix(host, ".")) + ":" + port
}

// DialContext connects to host:port over TCP. It tries the addresses of a name in turn and
// skips those that may not be connected to; when none is left it returns a RefusedError.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if network != "tcp" && network != "tcp4" && network != "tcp6" {
		return nil, &RefusedError{Address: address, Why: "the network " + network + " is not TCP"}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", address, err)
	}
	trusted := d.names[nameOf(host, port)]
	ips, err := d.resolve(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", address, err)
	}
	failed := error(&RefusedError{Address: address, Why: "the name has no address"})
	for i, ip := range ips {
		if i == maxAddresses {
			break
		}
		conn, err := d.connectTo(ctx, network, address, netip.AddrPortFrom(ip, portOf(port)), trusted)
		if err == nil {
			return conn, nil
		}
		if i == 0 || !Refused(err) {
			failed = err
		}
	}
	return nil, failed
}

func portOf(text string) uint16 {
	n, _ := strconv.ParseUint(text, 10, 16) // a wrong one is 0, which cannot be connected to
	return uint16(n)
}

func (d *Dialer) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	return d.lookup(ctx, host)
}

// connectTo opens one connection. The check is made on the address the socket is about to
// connect to, which is the last moment at which it can change.
func (d *Dialer) connectTo(ctx context.Context, network, asked string, to netip.AddrPort, trusted bool) (net.Conn, error) {
	check := func(_, address string, _ syscall.RawConn) error {
		actual, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("dial %s: %w", asked, err)
		}
		if why := d.why(actual); why != "" && !trusted {
			return &RefusedError{Address: asked, IP: actual.Addr().Unmap(), Why: why}
		}
		return nil
	}
	dialer := net.Dialer{Timeout: d.connect, Control: check}
	conn, err := dialer.DialContext(ctx, network, to.String())
	var refused *RefusedError
	if errors.As(err, &refused) {
		return nil, refused // without what the socket adds
	}
	return conn, err
}

// why is the reason for which an address may not be connected to, "" when it may.
func (d *Dialer) why(to netip.AddrPort) string {
	ip := to.Addr().Unmap().WithZone("")
	for _, n := range d.nets {
		if n.prefix.Contains(ip) && (n.port == 0 || n.port == to.Port()) {
			return ""
		}
	}
	if d.only {
		return "not on the list of what a drill may reach"
	}
	return Closed(ip)
}
