//! Passwords: made at random, kept as Argon2id hashes.

use anyhow::anyhow;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

/// A random password of four groups of five letters and digits, about 99 bits, without those that look alike.
pub fn random() -> anyhow::Result<String> {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut groups = Vec::new();
    for _ in 0..4 {
        let mut group = String::new();
        while group.len() < 5 {
            let mut byte = [0_u8];
            getrandom::fill(&mut byte).map_err(|error| anyhow!("no random numbers: {error}"))?;
            // 248 is eight times 31: above it, some letters would come more often than others.
            let [byte] = byte;
            if let Some(letter) = LETTERS.get(usize::from(byte % 31)).filter(|_| byte < 248) {
                group.push(char::from(*letter));
            }
        }
        groups.push(group);
    }
    Ok(groups.join("-"))
}

/// The hash to keep: Argon2id with 19 MiB and two passes, as OWASP asks.
pub fn hash(password: &str) -> anyhow::Result<String> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| anyhow!("{error}"))?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher.hash_password(password.as_bytes()).map_err(|error| anyhow!("{error}"))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use argon2::{Argon2, PasswordVerifier, password_hash::phc::PasswordHash};

    use super::{hash, random};

    #[test]
    fn a_random_password_is_four_groups_of_five_and_never_the_same() {
        let password = random().unwrap();
        assert!(password.split('-').all(|group| group.len() == 5), "{password}");
        assert_eq!(password.split('-').count(), 4);
        assert_ne!(password, random().unwrap());
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = hash("correct horse").unwrap();
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(Argon2::default().verify_password(b"correct horse", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"battery staple", &parsed).is_err());
    }
}
