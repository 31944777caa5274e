//! Whether a password may be chosen: long enough, and not among the first that others try.
//!
//! As NIST SP 800-63B asks, nobody is told to mix signs and digits: that makes "Passwort2024!" and no better ones.

use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::error::Error;
use crate::fault::none;
use crate::menu::fold;

/// The fewest characters.
const MIN: usize = 12;
/// The most; more would only cost time to hash.
const MAX: usize = 128;
/// How many characters have to be left when all that is common is taken away.
const OWN: usize = 6;

/// The words that passwords are most often made of, folded, one a line.
const WORDS: &str = include_str!("common-words.txt");
/// Keys and letters that follow each other. Walks along them are common, in both directions.
const ROWS: [&str; 13] = [
    "12345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertzuiop",
    "qwertyuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "!@#$%^&*()",
    "!\"§$%&/()=",
];

/// Whether somebody of this name may choose the password. `pointer` says where it was typed.
pub fn check(pointer: &str, password: &str, username: &str) -> Result<(), Error> {
    // No more is counted than has to be: what is typed may be a book.
    let length = password.nfc().take(MAX + 1).count();
    if length < MIN {
        return Err(Error::invalid(pointer, "too_short", json!({"min": MIN})));
    }
    if length > MAX {
        return Err(Error::invalid(pointer, "too_long", json!({"max": MAX})));
    }
    let typed: Vec<char> = fold::fold(password).chars().collect();
    if own(&typed, None) < OWN {
        return Err(Error::invalid(pointer, "too_common", none()));
    }
    let username: String = fold::fold(username).chars().filter(|letter| !is_sign(*letter)).collect();
    if own(&typed, Some(&username)) < OWN {
        return Err(Error::invalid(pointer, "contains_username", none()));
    }
    Ok(())
}

/// How many characters are left when everything common is taken away.
fn own(typed: &[char], username: Option<&str>) -> usize {
    // Signs that stand for letters are read as such, all others only keep words apart.
    let letters: Vec<char> =
        typed.iter().copied().filter(|letter| !is_sign(*letter) || !meant(*letter).is_empty()).collect();
    // The last number is what is left of the letters from there on.
    let mut left = vec![0];
    for start in (0..letters.len()).rev() {
        let (before, rest) = letters.split_at(start);
        let kept = rest.iter().take(1).filter(|letter| !is_sign(**letter)).count();
        let alone = left.last().map(|after| after + kept);
        let taken = common(before, rest, username).filter_map(|length| left.get(rest.len() - length).copied());
        left.push(taken.chain(alone).min().unwrap_or_default());
    }
    left.last().copied().unwrap_or_default() + mixed_signs(typed)
}

/// The lengths of everything common that `rest` begins with.
fn common(before: &[char], rest: &[char], username: Option<&str>) -> impl Iterator<Item = usize> {
    let words = WORDS.lines().chain(username).filter(|word| spells(rest, word)).map(|word| word.chars().count());
    let walks = ROWS.iter().map(|row| walk(rest, row.chars()).max(walk(rest, row.chars().rev())));
    let again = (1..=before.len().min(rest.len())).filter(|length| before.ends_with(rest.split_at(*length).0));
    let year = is_year(rest).then_some(4);
    words.chain(walks.filter(|length| *length >= 3)).chain(again).chain(year)
}

/// Whether the letters begin with a word, written with the usual swaps or without.
fn spells(letters: &[char], word: &str) -> bool {
    let mut letters = letters.iter();
    let same = |wanted: char| letters.next().is_some_and(|letter| *letter == wanted || meant(*letter).contains(wanted));
    word.chars().all(same)
}

/// The letters that a digit or sign often stands for.
fn meant(letter: char) -> &'static str {
    match letter {
        '0' => "o",
        '1' => "il",
        '3' => "e",
        '4' | '@' => "a",
        '5' | '$' => "s",
        '7' => "t",
        '!' => "i",
        _ => "",
    }
}

/// How many of the first letters follow each other in a row.
fn walk(letters: &[char], row: impl Iterator<Item = char>) -> usize {
    let begun = row.skip_while(|key| letters.first() != Some(key));
    begun.zip(letters).take_while(|(key, letter)| key == *letter).count()
}

fn is_year(letters: &[char]) -> bool {
    let digits: String = letters.iter().take(4).collect();
    digits.parse().is_ok_and(|year: u16| (1950..2030).contains(&year))
}

fn is_sign(letter: char) -> bool {
    letter.is_ascii_punctuation() || letter.is_whitespace() || letter.is_control()
}

/// How often a sign follows another one that is not its neighbour: few people do that, but password managers do.
fn mixed_signs(typed: &[char]) -> usize {
    let neighbours = |one: char, other: char| {
        let beside = |row: &str| {
            row.contains(&String::from_iter([one, other])) || row.contains(&String::from_iter([other, one]))
        };
        one == other || ROWS.iter().any(|row| beside(row))
    };
    let pairs = typed.iter().zip(typed.iter().skip(1));
    pairs.filter(|(one, other)| is_sign(**one) && is_sign(**other) && !neighbours(**one, **other)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{WORDS, check};
    use crate::error::Error;
    use crate::menu::fold::fold;
    use crate::users::password;

    fn fault(password: &str, username: &str) -> Option<&'static str> {
        match check("/password", password, username) {
            Ok(()) => None,
            Err(Error::Invalid(faults)) => Some(faults[0].code),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_few_words_in_a_row_are_good() {
        for good in [
            "correct horse battery staple",
            "vier flaschen rioja am freitag",
            "drei Katzen und ein Tuk-Tuk",
            "el perro de San Roque no tiene rabo",
            "Weißbrot mit Aioli",
            "🍇🍷🧀🍞🫒🥖🐟🍋🌶🧄🧅🥔",
            "パスワードは長いほうがいいです",
            "k9#x!2@&f$*^",
            "!)&*~{<?,:;}",
            "vT7w-q2Lm-9zRk",
        ] {
            assert_eq!(fault(good, "maria"), None, "{good}");
        }
    }

    #[test]
    fn what_others_try_first_is_refused() {
        for bad in [
            "password1234",
            "Passwort2024!!",
            "P@ssw0rdP@ssw0rd",
            "p-a-s-s-w-o-r-d-1-9-8-4",
            "pa$$word!@#$%^&*()",
            "casavazquez2026",
            "Casa Vázquez Münster",
            "¡Contraseña2025!",
            "WILLKOMMEN1!",
            "ich liebe dich!!!",
            "realmadrid1902",
            "aaaaaaaaaaaaaa",
            "lalalalalalala",
            "            ",
            "123456789012",
            "098765432109",
            "abcdefghijklmn",
            "qwertzuiop12",
            "poiuytrewq99",
            "1q2w3e4r5t6z7u",
            "1qaz2wsx3edc",
            "abc123abc123",
            "Hallo Schatz 1999",
            &"password".repeat(16),
        ] {
            assert_eq!(fault(bad, "nobody"), Some("too_common"), "{bad}");
        }
    }

    #[test]
    fn the_username_is_no_password() {
        for bad in ["fernandezfernandez", "Fernández-2024", "F3rnandez!F3rnandez", "fernandez1234", "f.e.r.nandez.abc"]
        {
            assert_eq!(fault(bad, "fer.nandez"), Some("contains_username"), "{bad}");
            assert_eq!(fault(&format!("{bad} kocht heute"), "fer.nandez"), None, "{bad}");
        }
        assert_eq!(fault("fernandez2024xyz", ""), None);
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(fault("elf Zeichen", "maria"), Some("too_short"));
        assert_eq!(fault("gru\u{308}n u\u{308}ber", "maria"), Some("too_short"), "however the keyboard writes it");
        assert_eq!(fault("zwölf Zeiche", "maria"), None);
        let long: String = "Blaubeermarmelade kocht Frau Wu. ".chars().cycle().take(128).collect();
        assert_eq!(fault(&long, "maria"), None);
        assert_eq!(fault(&format!("{long}x"), "maria"), Some("too_long"));
        assert_eq!(fault(&"x".repeat(1 << 20), "maria"), Some("too_long"));
    }

    #[test]
    fn a_refusal_says_why_and_never_the_password() {
        for (password, reason) in [
            ("tr0ub4dor&3", "the password needs 12 characters or more (a few words in a row are easy to remember)"),
            (&"tr0ub4dor&3".repeat(12), "password is too long (128 characters at most)"),
            ("Passwort2024!!", "the password is one of the first that others try (a few words in a row are better)"),
            ("fernandez 2024", "the password is little more than the username"),
        ] {
            let refusal = check("/password", password, "fernandez").unwrap_err();
            assert_eq!(refusal.to_string(), reason);
            assert!(!format!("{refusal:?}").contains(password), "{refusal:?}");
        }
    }

    #[test]
    fn the_common_words_are_sorted_and_folded() {
        let words: Vec<&str> = WORDS.lines().collect();
        assert!((150..=250).contains(&words.len()), "{}", words.len());
        assert!(words.is_sorted_by(|one, next| one < next), "sorted, each once");
        for word in words {
            assert_eq!(fold(word), word);
            assert!(word.len() >= 3 && word.chars().all(char::is_alphanumeric), "{word}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(password in any::<String>(), username in any::<String>()) {
            let _ = check("/password", &password, &username);
        }

        #[test]
        fn common_words_are_common_however_they_are_put(
            words in prop::collection::vec(prop::sample::select(WORDS.lines().collect::<Vec<_>>()), 4..8),
            between in "[ ._-]?",
            year in 1950..2030,
        ) {
            prop_assert_eq!(fault(&format!("{}{year}", words.join(&between)), "nobody"), Some("too_common"));
        }

        #[test]
        fn a_random_password_is_good(_ in 0..256) {
            prop_assert_eq!(fault(&password::random().unwrap(), "maria"), None);
        }
    }
}
