//! Short names for contents: the same bytes have the same name, other bytes another.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The first 96 bits of the SHA-256, in hexadecimal.
pub fn short(bytes: &[u8]) -> String {
    let mut name = long(bytes);
    name.truncate(24);
    name
}

/// The SHA-256, in hexadecimal. Enough for what is random already; a password wants a slow hash.
pub fn long(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as small hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
