//! Where a wine grew, from the old card's one line about it: only what is certain is taken apart.

use crate::menu::fold::fold;

/// Where a wine grew, as far as the line says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// ISO 3166-1, two letters.
    pub country: Option<&'static str>,
    /// The region as printed.
    pub region: Option<String>,
    /// The protected origin as printed.
    pub appellation: Option<String>,
}

const COUNTRIES: &[(&str, &[&str])] = &[
    ("ES", &["spanien", "spain", "espana"]),
    ("IT", &["italien", "italy", "italia"]),
    ("DE", &["deutschland", "germany", "alemania"]),
    ("FR", &["frankreich", "france", "francia"]),
    ("PT", &["portugal"]),
    ("AT", &["osterreich", "austria"]),
    ("CH", &["schweiz", "switzerland", "suiza"]),
    ("HU", &["ungarn", "hungary", "hungria"]),
    ("GR", &["griechenland", "greece", "grecia"]),
    ("AR", &["argentinien", "argentina"]),
    ("CL", &["chile"]),
    ("ZA", &["sudafrika", "south africa", "sudafrica"]),
    ("AU", &["australien", "australia"]),
    ("NZ", &["neuseeland", "new zealand", "nueva zelanda"]),
    ("US", &["usa", "kalifornien", "california"]),
];

/// Regions that lie in one country only.
const REGIONS: &[(&str, &[&str])] = &[
    (
        "ES",
        &[
            "rioja",
            "ribera del duero",
            "rueda",
            "valdepenas",
            "navarra",
            "campo de borja",
            "penedes",
            "priorat",
            "rias baixas",
            "toro",
        ],
    ),
    (
        "IT",
        &["toskana", "piemont", "sizilien", "apulien", "abruzzen", "lombardei", "lombardia", "venetien", "sudtirol"],
    ),
    ("DE", &["pfalz", "mosel", "nahe", "rheingau", "rheinhessen", "baden", "franken", "wurttemberg", "ahr"]),
    ("FR", &["provence", "languedoc", "bordeaux", "burgund", "elsass", "champagne", "loire", "rhone"]),
];

/// The words that end the name of a protected origin, and the country that alone uses them.
const GRADES: &[(&str, Option<&str>)] = &[
    ("DOCa", Some("ES")),
    ("DOQ", Some("ES")),
    ("DOCG", Some("IT")),
    ("IGT", Some("IT")),
    ("DOC", None),
    ("DO", None),
    ("AOC", None),
    ("AOP", None),
    ("IGP", None),
];

/// Reads `Rioja DOCa`, `Italien, Toskana` or `Italien, Apulien (Puglia IGT)`.
pub fn parse(printed: &str) -> Origin {
    let mut origin = Origin::default();
    let mut places = Vec::new();
    for part in printed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match listed(COUNTRIES, part) {
            Some(country) if origin.country.is_none() => origin.country = Some(country),
            _ => places.push(part),
        }
    }
    if let [place] = places.as_slice() {
        let (region, protected) = in_brackets(place).unwrap_or((place, place));
        if let Some((name, country)) = without_grade(protected) {
            origin.appellation = Some(protected.to_owned());
            origin.country = origin.country.or(country);
            let region = if region == protected { name } else { region };
            origin.region = Some(region.to_owned());
        }
    }
    if origin.region.is_none() && !places.is_empty() {
        origin.region = Some(places.join(", "));
    }
    let known = origin.region.as_deref().and_then(|region| listed(REGIONS, region));
    origin.country = origin.country.or(known);
    origin
}

fn listed(table: &[(&'static str, &[&str])], place: &str) -> Option<&'static str> {
    let place = fold(place);
    table.iter().find(|(_, names)| names.contains(&place.as_str())).map(|(country, _)| *country)
}

fn in_brackets(place: &str) -> Option<(&str, &str)> {
    let (region, rest) = place.split_once('(')?;
    Some((region.trim(), rest.strip_suffix(')')?.trim()))
}

fn without_grade(place: &str) -> Option<(&str, Option<&'static str>)> {
    let (name, last) = place.rsplit_once(' ')?;
    let (_, country) = GRADES.iter().find(|(grade, _)| *grade == last)?;
    Some((name.trim(), *country))
}

#[cfg(test)]
mod tests {
    use super::{Origin, parse};

    fn origin(country: Option<&'static str>, region: Option<&str>, appellation: Option<&str>) -> Origin {
        Origin { country, region: region.map(str::to_owned), appellation: appellation.map(str::to_owned) }
    }

    #[test]
    fn an_origin_is_taken_apart_where_it_is_certain() {
        for (printed, expected) in [
            ("Rioja DOCa", origin(Some("ES"), Some("Rioja"), Some("Rioja DOCa"))),
            ("Spanien, Rioja DOCa", origin(Some("ES"), Some("Rioja"), Some("Rioja DOCa"))),
            ("Italien, Toskana", origin(Some("IT"), Some("Toskana"), None)),
            ("Pfalz, Deutschland", origin(Some("DE"), Some("Pfalz"), None)),
            ("Spanien", origin(Some("ES"), None, None)),
            ("Ribera del Duero", origin(Some("ES"), Some("Ribera del Duero"), None)),
            ("Italien, Apulien (Puglia IGT)", origin(Some("IT"), Some("Apulien"), Some("Puglia IGT"))),
            ("Italien, Sizilien (Noto)", origin(Some("IT"), Some("Sizilien (Noto)"), None)),
            ("Dorf, Pfalz, Deutschland", origin(Some("DE"), Some("Dorf, Pfalz"), None)),
            ("Vom Mond", origin(None, Some("Vom Mond"), None)),
            (" , ", origin(None, None, None)),
        ] {
            assert_eq!(parse(printed), expected, "{printed}");
        }
    }
}
