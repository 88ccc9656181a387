package binding

import (
	"net"
	"os"
	"strconv"
	"strings"
)

// networkInterface is the interface that the user chose for Gloo, by the variable that PyTorch's users know.
func networkInterface() string {
	first, _, _ := strings.Cut(os.Getenv("GLOO_SOCKET_IFNAME"), ",")
	return strings.TrimSpace(first)
}

// ownAddress returns the address at which other processes reach this one: that from which it reaches process 0's host. The
// host's own name would not do, since in containers it often has no address, and on Debian one that only the machine itself
// reaches. Where process 0's host is such a name, it is the address towards the outside.
func ownAddress(host string, port int) string {
	own := addressTowards(host, port)
	if own.IsLoopback() && !meansThisMachine(host) {
		if outward := addressTowards("192.0.2.1", port); outward != nil { // reserved for documentation: nothing is sent there
			own = outward
		}
	}
	if own == nil {
		return "127.0.0.1"
	}
	return own.String()
}

// addressTowards is nil where the host has no known address, or there is no way to it. A UDP socket sends nothing until it is
// written to.
func addressTowards(host string, port int) net.IP {
	c, err := net.Dial("udp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil
	}
	defer c.Close()
	if local, ok := c.LocalAddr().(*net.UDPAddr); ok {
		return local.IP
	}
	return nil
}

// meansThisMachine reports whether a host is the loopback by its name alone.
func meansThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip.IsLoopback()
}
