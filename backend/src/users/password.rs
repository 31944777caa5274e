//! Passwords: made at random, kept as Argon2id hashes.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use unicode_normalization::UnicodeNormalization;

use crate::chance;
use crate::error::Error;

/// A random password of four groups of five letters and digits, about 99 bits, without those that look alike.
pub fn random() -> Result<String, Error> {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut groups = Vec::new();
    for _ in 0..4 {
        let mut group = String::new();
        while group.len() < 5 {
            // 248 is eight times 31: above it, some letters would come more often than others.
            let [byte] = chance::bytes()?;
            if let Some(letter) = LETTERS.get(usize::from(byte % 31)).filter(|_| byte < 248) {
                group.push(char::from(*letter));
            }
        }
        groups.push(group);
    }
    Ok(groups.join("-"))
}

/// The hash to keep: Argon2id with 19 MiB and two passes, as OWASP asks.
pub fn hash(password: &str) -> Result<String, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::Hashing(error.to_string());
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| failed(&error))?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher.hash_password(typed(password).as_bytes()).map_err(|error| failed(&error))?;
    Ok(hash.to_string())
}

/// Whether it is the password that the hash was made of. Without a hash it is not, and that takes as long.
pub fn is_right(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODYS)) else { return false };
    Argon2::default().verify_password(typed(password).as_bytes(), &parsed).is_ok() && hash.is_some()
}

/// The hash of a random password that was never written down, made as `hash` makes them.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$EBxI13SDZKgBPEqktLGcAg$sf6oBglNo/RaVCJnQxRv+ebMOuCAHhbDtAdpxLkFoiw";

/// One keyboard sends an ä as one letter, another as two; both mean the same.
fn typed(password: &str) -> String {
    password.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::{NOBODYS, hash, is_right, random};

    #[test]
    fn a_random_password_is_four_groups_of_five_and_never_the_same() {
        let password = random().unwrap();
        assert!(password.split('-').all(|group| group.len() == 5), "{password}");
        assert_eq!(password.split('-').count(), 4);
        assert_ne!(password, random().unwrap());
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = hash("grüner Veltliner").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(is_right("grüner Veltliner", Some(&hash)));
        assert!(is_right("gru\u{308}ner Veltliner", Some(&hash)), "however the keyboard writes it");
        assert!(!is_right("battery staple", Some(&hash)));
        assert!(!is_right("grüner Veltliner", Some("$argon2id$broken")));
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_cost() {
        let settings = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(settings(NOBODYS), settings(&hash("anything").unwrap()));
        assert_eq!(NOBODYS.len(), hash("anything").unwrap().len());
        assert!(!is_right("anything", None));
    }
}
