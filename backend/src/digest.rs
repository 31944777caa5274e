//! Short names for contents: the same bytes have the same name, other bytes another.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The first 96 bits of the SHA-256, in hexadecimal.
pub fn short(bytes: &[u8]) -> String {
    let mut name = String::with_capacity(24);
    for byte in Sha256::digest(bytes).iter().take(12) {
        let _ = write!(name, "{byte:02x}");
    }
    name
}
