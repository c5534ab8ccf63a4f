package dial

import "net/netip"

// closed is a range of addresses that are not the public internet, with what it is.
type closed struct {
	prefix netip.Prefix
	why    string
}

// closedRanges follow the special-purpose registries of IANA (RFC 6890 and its updates).
// The metadata services of clouds lie in the link-local, shared and unique-local ranges.
var closedRanges = []closed{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private"},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared by a carrier"},
	{netip.MustParsePrefix("127.0.0.0/8"), "this machine"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local, where clouds keep their metadata"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private"},
	{netip.MustParsePrefix("192.0.0.0/24"), "kept for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "for documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "a retired relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private"},
	{netip.MustParsePrefix("198.18.0.0/15"), "for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "for documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},
	{netip.MustParsePrefix("::1/128"), "this machine"},
	{netip.MustParsePrefix("fc00::/7"), "private"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("fec0::/10"), "site-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
	{netip.MustParsePrefix("2001::/23"), "kept for protocols"},
	{netip.MustParsePrefix("2001:db8::/32"), "for documentation"},
	{netip.MustParsePrefix("3fff::/20"), "for documentation"},
}

var (
	globalUnicast = netip.MustParsePrefix("2000::/3")     // all that is given out of IPv6
	sixToFour     = netip.MustParsePrefix("2002::/16")    // an IPv4 address in bytes 2 to 5
	translated    = netip.MustParsePrefix("64:ff9b::/96") // an IPv4 address in bytes 12 to 15
)

// Closed is the reason for which an address is not public, "" when it is. An IPv6 address
// that carries an IPv4 one is judged by what it carries.
func Closed(ip netip.Addr) string {
	ip = ip.Unmap().WithZone("")
	if !ip.IsValid() {
		return "not an address"
	}
	for _, r := range closedRanges {
		if r.prefix.Contains(ip) {
			return r.why
		}
	}
	if ip.Is4() {
		return ""
	}
	bytes := ip.As16()
	switch {
	case sixToFour.Contains(ip):
		return Closed(netip.AddrFrom4([4]byte(bytes[2:6])))
	case translated.Contains(ip):
		return Closed(netip.AddrFrom4([4]byte(bytes[12:16])))
	case !globalUnicast.Contains(ip):
		return "not given out"
	}
	return ""
}
