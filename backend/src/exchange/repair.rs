//! Letters that came through the wrong encoding, ids with a comma too many, texts that were cut: how they are known.

/// What Windows-1252 has at 0x80 to 0x9F; five places are empty and stay what they were.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Bytes as an old editor on Windows meant them.
pub fn from_windows_1252(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

/// What is left of a text that an old editor on Windows saves: a question mark for each letter that it does not have.
pub fn through_windows_1252(text: &str) -> String {
    text.chars().map(|letter| if byte(letter).is_some() { letter } else { '?' }).collect()
}

/// A letter that can be the first byte of another, and how many bytes follow it.
type Lead = (char, usize);

/// Leads that no language writes before the bytes that follow. "É…" is also two bytes of UTF-8, but it is the end of a name.
const CERTAIN: &[Lead] = &[('Â', 1), ('Ã', 1), ('â', 2)];
/// Leads that are taken too once a text is known to be damaged: those of the letters in `HIGH`.
const POSSIBLE: &[Lead] = &[('Â', 1), ('Ã', 1), ('â', 2), ('Å', 1), ('Æ', 1), ('Ë', 1)];

/// The text with its letters back, if some were encoded twice ("RosÃ©").
pub fn encoded_once(text: &str) -> Option<String> {
    decoded(text, CERTAIN)?;
    let mut repaired = decoded(text, POSSIBLE)?;
    while decoded(&repaired, CERTAIN).is_some() {
        repaired = decoded(&repaired, POSSIBLE)?;
    }
    Some(repaired)
}

/// Letter by letter, because one text can hold both kinds.
fn decoded(text: &str, leads: &[Lead]) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut repaired = String::with_capacity(text.len());
    let mut rest = letters.as_slice();
    let mut found = false;
    while let [first, others @ ..] = rest {
        let more = leads.iter().find(|(lead, _)| lead == first).map_or(0, |(_, more)| *more);
        let sequence: Option<Vec<u8>> =
            rest.get(..=more).and_then(|letters| letters.iter().map(|letter| byte(*letter)).collect());
        let meant = sequence.filter(|_| more > 0).and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(meant) = meant.filter(|meant| meant.chars().count() == 1) {
            repaired.push_str(&meant);
            rest = others.get(more..).unwrap_or_default();
            found = true;
        } else {
            repaired.push(*first);
            rest = others;
        }
    }
    found.then_some(repaired)
}

fn byte(letter: char) -> Option<u8> {
    if let Some(place) = HIGH.iter().position(|high| *high == letter) {
        return u8::try_from(place + 0x80).ok();
    }
    u8::try_from(letter).ok()
}

/// The id without what does not belong to it.
pub fn id(printed: &str) -> &str {
    printed.trim().trim_end_matches(',').trim_end()
}

/// Whether a text stops where a quotation mark was: before a blank, in an open bracket, after "Nero d".
pub fn is_cut(text: &str) -> bool {
    let more = |opening: char, closing: &[char]| text.matches(opening).count() > text.matches(closing).count();
    let open = more('(', &[')']) || more('„', &['“', '”']);
    let elided = |word: &str| matches!(word.to_lowercase().as_str(), "d" | "l" | "dell" | "dall" | "nell" | "sull");
    let last = text.split_whitespace().last();
    !text.trim().is_empty() && (text.ends_with(char::is_whitespace) || open || last.is_some_and(elided))
}

/// What is left of a text that was cut, without the bracket that never closes.
pub fn trimmed(text: &str) -> &str {
    text.trim().trim_end_matches(['(', '„', '“', '"']).trim_end()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{encoded_once, from_windows_1252, id, is_cut, trimmed};

    fn encoded_again(text: &str) -> String {
        from_windows_1252(text.as_bytes())
    }

    #[test]
    fn letters_that_were_encoded_twice_come_back() {
        assert_eq!(encoded_once("rosÃ©").as_deref(), Some("rosé"));
        for text in ["rosé", "Grüner Müller – „süß“", "5 € für’s Glas…", "Ñandú à l’ancienne"] {
            assert_eq!(encoded_once(&encoded_again(text)).as_deref(), Some(text), "{text}");
            assert_eq!(encoded_once(&encoded_again(&encoded_again(text))).as_deref(), Some(text), "twice: {text}");
            assert_eq!(encoded_once(text), None, "{text}");
        }
        assert_eq!(encoded_once("Viña RosÃ©").as_deref(), Some("Viña Rosé"));
        for text in ["CAFÉ…", "JOÃO", "Âge", "crème brûlée", "pâte à choux", ""] {
            assert_eq!(encoded_once(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_loses_its_comma() {
        assert_eq!(["3,", "r29", " 17, ", ",", "a,b"].map(id), ["3", "r29", "17", "", "a,b"]);
    }

    #[test]
    fn a_cut_text_is_known() {
        for text in ["Mareada (", "Kessler ", "Nero d", "Der Tropfen (auch ", "Der "] {
            assert!(is_cut(text), "{text:?}");
        }
        for text in [
            "Mareada (\"Flut\")",
            "Kessler 'Rosé'",
            "Nero d'Avola",
            "„Flut“",
            "“Flood”",
            "",
            "Trocken, rund",
            "Cuvée D2",
        ] {
            assert!(!is_cut(text), "{text:?}");
        }
        assert_eq!(trimmed("Mareada ("), "Mareada");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = (encoded_once(&text), is_cut(&text), trimmed(&text), id(&text));
        }
    }
}
