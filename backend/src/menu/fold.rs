//! Words as a search sees them: without accents and case, so that "rose" finds "Rosé".

use std::iter;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::item::MAX_SLUG;

/// The text without accents and case, `ß` as `ss`, other white space as a blank.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ø' | 'Ø' => folded.push('o'),
            letter if letter.is_whitespace() => folded.push(' '),
            letter => folded.extend(letter.to_lowercase()),
        }
    }
    folded
}

/// A name for addresses: ASCII letters, digits and single hyphens. German umlauts keep their sound (`ü` becomes `ue`).
pub fn slug(name: &str) -> String {
    let spoken: String = name.nfc().collect::<String>().to_lowercase();
    let spoken = spoken.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    let mut slug = String::with_capacity(spoken.len());
    for letter in fold(&spoken).chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    // ASCII only, so that every byte is a letter.
    slug.truncate(MAX_SLUG);
    slug.trim_end_matches('-').to_owned()
}

/// A name for addresses as it is wanted, with a number behind it where others have it already.
pub fn free_slug(wanted: &str, taken: &[String]) -> String {
    let numbered = |number: usize| {
        let end = format!("-{number}");
        let stem = wanted.get(..MAX_SLUG - end.len()).unwrap_or(wanted).trim_end_matches('-');
        format!("{stem}{end}")
    };
    let mut names = iter::once(wanted.to_owned()).chain((2..).map(numbered));
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{fold, free_slug, slug};

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("GRÜNER Rosé Cuvée"), "gruner rose cuvee");
        assert_eq!(fold("Spa\u{308}tburgunder\u{a0}süß"), "spatburgunder suss");
    }

    #[test]
    fn a_slug_is_plain_and_keeps_the_umlauts_sound() {
        assert_eq!(slug("Würzige Viña Albali – Gran Reserva"), "wuerzige-vina-albali-gran-reserva");
        assert_eq!(slug("N°3 (0,0 %)"), "n-3-0-0");
        assert_eq!(slug("…"), "");
    }

    #[test]
    fn a_slug_that_others_have_gets_a_number_that_fits() {
        let taken = ["rioja", "rioja-2", "rioja-4"].map(str::to_owned);
        assert_eq!(free_slug("vino", &taken), "vino");
        assert_eq!(free_slug("rioja", &taken), "rioja-3");
        let long = format!("{}-b", "a".repeat(78));
        let mut taken = vec![long.clone()];
        for number in 2..=1000 {
            taken.push(free_slug(&long, &taken));
            let last = taken.last().unwrap();
            assert!(last.len() <= 80 && last.ends_with(&format!("a-{number}")), "{last}");
        }
    }

    #[test]
    fn a_slug_ends_somewhere() {
        assert_eq!(slug(&"Rebe ".repeat(50)).len(), 79, "without the hyphen at its end");
        assert_eq!(slug(&"ü".repeat(120)).len(), 80);
    }
}
