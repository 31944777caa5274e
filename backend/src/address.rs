//! Where a request comes from: the client's address, also behind proxies that the operator trusts.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Who asks, as far as an address tells.
///
/// An IPv6 address counts by its first 64 bits: that is what one household gets, and whoever has it can take another of
/// its addresses for every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    /// The client behind `trusted_hops` proxies. Each of them writes down at the right end of `X-Forwarded-For` who asked
    /// it, so what stands further left is only what somebody says of himself. Several lines of the header are one list.
    pub fn of<'a>(
        socket: Option<SocketAddr>,
        forwarded: impl DoubleEndedIterator<Item = &'a [u8]>,
        trusted_hops: usize,
    ) -> Self {
        let written = trusted_hops.checked_sub(1).and_then(|further_left| {
            // Bytes, not text: a letter that is no text must not hide what a proxy wrote after it.
            forwarded.rev().flat_map(|line| line.rsplit(|byte| *byte == b',')).nth(further_left)
        });
        let address = written.and_then(parse).or(socket.map(|socket| socket.ip()));
        Self(network(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// As it is written down: `203.0.113.9`, `2001:db8:1:2::/64`.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(network) => write!(f, "{network}/64"),
        }
    }
}

/// An entry of the list: an address, with or without a port.
fn parse(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

/// The part of an address that is counted by.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use proptest::prelude::*;

    use super::Client;

    const SOCKET: &str = "192.0.2.1:4711";

    fn client(lines: &[&[u8]], trusted_hops: usize) -> Client {
        Client::of(SOCKET.parse().ok(), lines.iter().copied(), trusted_hops)
    }

    fn shown(line: &str, trusted_hops: usize) -> String {
        client(&[line.as_bytes()], trusted_hops).to_string()
    }

    #[test]
    fn the_header_says_nothing_where_no_proxy_is_trusted() {
        assert_eq!(shown("203.0.113.9", 0), "192.0.2.1");
    }

    #[test]
    fn the_entry_of_the_outermost_trusted_proxy_counts() {
        let line = "198.51.100.66, 203.0.113.9, 10.0.0.2";
        assert_eq!(shown(line, 1), "10.0.0.2");
        assert_eq!(shown(line, 2), "203.0.113.9");
        assert_eq!(shown(line, 3), "198.51.100.66");
        assert_eq!(client(&[b"198.51.100.66, 203.0.113.9", b"10.0.0.2"], 2), client(&[line.as_bytes()], 2));
    }

    #[test]
    fn addresses_are_read_however_proxies_write_them() {
        for (entry, address) in [
            ("203.0.113.9", "203.0.113.9"),
            ("  203.0.113.9\t", "203.0.113.9"),
            ("203.0.113.9:55001", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64"),
            ("[2001:db8:1:2:3:4:5:6]:55001", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:55001", "203.0.113.9"),
        ] {
            assert_eq!(shown(entry, 1), address, "{entry}");
        }
    }

    #[test]
    fn junk_and_a_list_that_is_too_short_give_the_socket() {
        for entry in
            ["", "unknown", "203.0.113", "203.0.113.9:99999", "203.0.113.9 1.2.3.4", "[::1", "_hidden", "::1%eth0"]
        {
            assert_eq!(shown(entry, 1), "192.0.2.1", "{entry}");
        }
        assert_eq!(shown("203.0.113.9", 2), "192.0.2.1");
        assert_eq!(client(&[], 1).to_string(), "192.0.2.1");
        assert_eq!(client(&[b"\xff"], 1).to_string(), "192.0.2.1");
    }

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_client() {
        assert_eq!(shown("2001:db8:1:2::1", 1), shown("2001:db8:1:2:ffff::", 1));
        assert_ne!(shown("2001:db8:1:2::1", 1), shown("2001:db8:1:3::1", 1));
    }

    #[test]
    fn a_socket_that_speaks_both_protocols_is_one_client() {
        let socket = |text: &str| Client::of(text.parse().ok(), std::iter::empty(), 0);
        assert_eq!(socket("[::ffff:192.0.2.1]:80"), socket("192.0.2.1:80"));
        assert_eq!(Client::of(None, std::iter::empty(), 0).to_string(), "0.0.0.0");
    }

    proptest! {
        #[test]
        fn nobody_chooses_his_address(
            forged in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..4),
            glued in proptest::collection::vec(any::<u8>(), 0..40),
            asked in any::<u32>(),
            hops in 1_usize..4,
        ) {
            let asked = std::net::Ipv4Addr::from(asked).to_string();
            // Each trusted proxy adds to the right of what it got: the last line, or a line of its own.
            let honest = format!("{asked}{}", ", 10.0.0.7".repeat(hops - 1));
            let appended = [glued.as_slice(), b",", honest.as_bytes()].concat();
            let mut lines: Vec<&[u8]> = forged.iter().map(Vec::as_slice).collect();
            lines.push(&appended);
            prop_assert_eq!(client(&lines, hops).to_string(), asked.clone());
            lines.pop();
            lines.push(honest.as_bytes());
            prop_assert_eq!(client(&lines, hops).to_string(), asked);
        }

        #[test]
        fn junk_never_breaks_it(
            lines in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..5),
            bytes in any::<[u8; 16]>(),
            hops in 0_usize..300,
        ) {
            let socket = SocketAddr::from((bytes, 80));
            let client = Client::of(Some(socket), lines.iter().map(Vec::as_slice), hops);
            prop_assert!(client.to_string().len() <= 64);
        }
    }
}
