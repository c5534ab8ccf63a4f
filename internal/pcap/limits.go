package pcap

// Bounds of a capture. Each is checked before the memory it bounds is taken.
const (
	// MaxPacket is the most bytes kept of one packet: the largest snapshot length that
	// capture programs set. The reader holds one packet at a time.
	MaxPacket = 256 << 10
	// MaxInterfaces bounds the interfaces that one section of a pcapng file describes; each
	// takes 16 bytes. A field receiver has two.
	MaxInterfaces = 1024
	// maxOptions bounds the options of an interface block that are looked through, bytes.
	// Longer blocks hold names and comments that are of no use here, and are passed over.
	maxOptions = 16 << 10
	// maxTags bounds the VLAN tags in front of one packet; two are in use (802.1ad).
	maxTags = 4
	// maxHeaders bounds the extension headers of one IPv6 packet that are stepped over.
	maxHeaders = 8
)
