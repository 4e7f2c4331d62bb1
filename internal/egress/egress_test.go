package egress

import (
	"net"
	"net/netip"
	"net/url"
	"testing"
)

func TestCause(t *testing.T) {
	err := &url.Error{Op: "Post", URL: "http://s3cret.example",
		Err: &net.OpError{Op: "dial", Err: &net.DNSError{Name: "s3cret.example"}}}
	if got := Cause(err); got != NoHost {
		t.Error(got)
	}
}

func TestPublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "54.239.28.85": true, "2600:1f00::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false,
		"0.0.0.0":    false, "255.255.255.255": false, "224.0.0.1": false, "198.18.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fd00:ec2::254": false, "ff02::1": false,
		"64:ff9b::a9fe:a9fe": false, "2002:7f00:1::": false,
		"fe80::1%eth0": false,
	} {
		if got := Public(netip.MustParseAddr(addr)); got != want {
			t.Errorf("Public(%s) = %t", addr, got)
		}
	}
}
