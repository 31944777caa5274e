//! Cells that a spreadsheet would run: on the way out an apostrophe makes them text, on the way in it is taken away again.

/// What a spreadsheet takes for the beginning of a formula, the wide forms included.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text that is text in a spreadsheet too.
pub fn neutralised(text: String) -> String {
    if is_one(&text) { format!("'{text}") } else { text }
}

/// The text that was meant.
pub fn meant(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|_| is_one(cell)).unwrap_or(cell)
}

/// Apostrophes that somebody wrote before a formula count as its beginning, so that both ways are exact.
fn is_one(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{meant, neutralised};

    #[test]
    fn formulas_become_text() {
        for text in ["=1+1", "+49 251", "-2", "@SUM(A1)", "\tx", "\r=1", "＝1", "'=1", "''@x"] {
            assert_eq!(neutralised(text.to_owned()), format!("'{text}"));
        }
        for text in ["", "Nero d'Avola", "'s Wirtshaus", "2-3"] {
            assert_eq!(neutralised(text.to_owned()), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@a-]{0,3}\\PC{0,6}") {
            let out = neutralised(text.clone());
            prop_assert!(!out.starts_with(['=', '+', '-', '@']));
            prop_assert_eq!(meant(&out), text);
        }
    }
}
