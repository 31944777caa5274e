//! What nobody can guess: random tokens from the system.

use crate::digest;
use crate::error::Error;

/// 256 random bits in hexadecimal.
pub fn token() -> Result<String, Error> {
    Ok(digest::hexadecimal(&bytes::<32>()?))
}

/// Random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::NoRandomness(error.to_string()))?;
    Ok(bytes)
}
