//! The grapes of a wine as the old card printed them, and whether the wine's own text knows them.

use crate::menu::fold::fold;
use crate::menu::wine::{Grape, Grapes};

/// Varieties that are told apart from ordinary words; names of one variety stand together.
const VARIETIES: &[&[&str]] = &[
    &["tempranillo", "tinto fino", "tinta de toro", "cencibel", "ull de llebre"],
    &["garnacha", "grenache", "cannonau"],
    &["syrah", "shiraz"],
    &["merlot"],
    &["cabernet sauvignon", "cabernet"],
    &["cabernet franc", "cabernet"],
    &["saint laurent", "st. laurent", "sankt laurent"],
    &["spatburgunder", "pinot noir", "pinot nero", "blauburgunder"],
    &["dornfelder"],
    &["blaufrankisch", "lemberger"],
    &["zweigelt"],
    &["sangiovese"],
    &["nebbiolo"],
    &["barbera"],
    &["dolcetto"],
    &["nero d'avola", "nero d’avola"],
    &["primitivo", "zinfandel"],
    &["montepulciano"],
    &["monastrell", "mourvedre"],
    &["carinena", "carignan", "mazuelo"],
    &["graciano"],
    &["mencia"],
    &["malbec"],
    &["gamay"],
    &["riesling"],
    &["silvaner", "sylvaner"],
    &["muller-thurgau", "rivaner"],
    &["grauburgunder", "grauer burgunder", "pinot gris", "pinot grigio"],
    &["weissburgunder", "weisser burgunder", "pinot blanc", "pinot bianco"],
    &["chardonnay"],
    &["sauvignon blanc", "sauvignon"],
    &["gewurztraminer", "traminer"],
    &["gruner veltliner", "veltliner"],
    &["verdejo"],
    &["viura", "macabeo"],
    &["albarino", "alvarinho"],
    &["godello"],
    &["trebbiano", "turbiana"],
    &["vermentino"],
    &["fiano"],
    &["viognier"],
    &["chenin blanc"],
    &["bronner"],
];

/// Reads `60% Syrah, 40% Merlot`, `ca. 93 % Viura` or `Barbera | Dolcetto`.
pub fn parse(printed: &str) -> Grapes {
    let parts = printed.split([',', '|', ';', '+', '&']).flat_map(|part| part.split(" und "));
    let grapes: Vec<Grape> = parts.filter_map(grape).collect();
    let sum: u32 = grapes.iter().filter_map(|grape| grape.percent).map(u32::from).sum();
    if sum > 100 {
        // More than the whole bottle: the names are certain, the shares are not.
        return Grapes(grapes.into_iter().map(|grape| Grape { percent: None, ..grape }).collect());
    }
    Grapes(grapes)
}

fn grape(part: &str) -> Option<Grape> {
    let words = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.strip_prefix("ca.").unwrap_or(&words).trim();
    let (variety, percent) = match words.split_once('%') {
        None => (words, None),
        Some((share, "")) => {
            let split = share.trim_end().rfind(' ')?;
            let (variety, share) = share.trim_end().split_at(split);
            (variety.trim(), share.trim().parse().ok())
        }
        Some((share, variety)) => (variety.trim(), share.trim().parse().ok()),
    };
    let percent = percent.filter(|percent| (1..=100).contains(percent));
    (!variety.is_empty()).then(|| Grape { variety: variety.to_owned(), percent })
}

/// The varieties that a wine's own text names, if it names some and none of them is among `printed`.
pub fn contradicted(printed: &str, text: &str) -> Option<Vec<String>> {
    let (printed, text) = (fold(printed), fold(text));
    let known = |variety: &&&[&str]| variety.iter().any(|name| names(&printed, name));
    let told: Vec<&&[&str]> =
        VARIETIES.iter().filter(|variety| variety.iter().any(|name| names(&text, name))).collect();
    let doubted = VARIETIES.iter().any(|variety| known(&variety));
    if told.is_empty() || !doubted || told.iter().any(known) {
        return None;
    }
    let told_names = told.iter().filter_map(|variety| variety.iter().find(|name| names(&text, name)));
    Some(told_names.map(|name| capitalised(name)).collect())
}

/// Whether `text` has `name` as a word; German joins words, so "Tempranillo-Traube" and "Merlottrauben" count too.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric())
    })
}

fn capitalised(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{contradicted, parse};

    fn read(printed: &str) -> Vec<(String, Option<u8>)> {
        parse(printed).0.into_iter().map(|grape| (grape.variety, grape.percent)).collect()
    }

    #[test]
    fn grapes_are_read_with_their_shares() {
        let grape = |name: &str, percent| (name.to_owned(), percent);
        assert_eq!(read("60% Syrah, 40% Merlot"), [grape("Syrah", Some(60)), grape("Merlot", Some(40))]);
        assert_eq!(
            read("ca.\u{202f}93\u{202f}%\u{202f}Viura, 7 % Verdejo"),
            [grape("Viura", Some(93)), grape("Verdejo", Some(7))]
        );
        assert_eq!(read("Barbera | Dolcetto"), [grape("Barbera", None), grape("Dolcetto", None)]);
        assert_eq!(read("Syrah 80%"), [grape("Syrah", Some(80))]);
        assert_eq!(read("80% Syrah, 80% Merlot"), [grape("Syrah", None), grape("Merlot", None)]);
        assert_eq!(read(" , %"), []);
    }

    #[test]
    fn a_text_that_names_only_other_grapes_contradicts() {
        let contradiction = contradicted("100% Saint Laurent", "Eine Cuvée aus Tempranillo und Syrah.");
        assert_eq!(contradiction, Some(vec!["Tempranillo".to_owned(), "Syrah".to_owned()]));
        assert_eq!(contradicted("Syrah", "Eine Cuvée aus Tempranillo und Syrah."), None);
        assert_eq!(contradicted("Grenache", "Saftig, aus Garnacha-Trauben."), None);
        assert_eq!(contradicted("Syrah", "Saftig und rund."), None);
        assert_eq!(contradicted("Nero d", "Der Nero d’Avola ist dunkel."), None);
    }
}
