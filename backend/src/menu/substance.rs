//! What guests have a right to know of: the 14 allergens of Annex II of EU 1169/2011, the additives of the German LMZDV,
//! and a few ingredients people ask for.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::Locale;

/// One substance; they sort in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Substance(u8);

/// Which law asks for a substance to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An allergen (EU 1169/2011, Annex II).
    Allergen,
    /// An additive (LMZDV).
    Additive,
    /// No law, but people ask.
    Ingredient,
}

struct Entry {
    code: &'static str,
    kind: Kind,
    group: Option<&'static str>,
    mark: Option<&'static str>,
    names: [&'static str; 3],
}

impl Substance {
    /// Every substance, in the order of the legend.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..u8::try_from(TABLE.len()).unwrap_or(u8::MAX)).map(Self)
    }

    /// The 14 groups that the law names.
    pub fn allergen_groups() -> impl Iterator<Item = Self> {
        Self::all().filter(|substance| substance.kind() == Kind::Allergen && substance.group().is_none())
    }

    /// The substance with this code.
    pub fn find(code: &str) -> Option<Self> {
        Self::all().find(|substance| substance.code() == code)
    }

    /// The stable name for machines.
    pub fn code(self) -> &'static str {
        self.entry().code
    }

    /// Which list it is on.
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// The group it belongs to: wheat to gluten, almonds to nuts.
    pub fn group(self) -> Option<Self> {
        self.entry().group.and_then(Self::find)
    }

    /// The members of this group, without the group itself.
    pub fn members(self) -> impl Iterator<Item = Self> {
        let code = self.code();
        Self::all().filter(move |substance| substance.entry().group == Some(code))
    }

    /// The short sign on the card: letters for allergens in the Annex's order, numbers for additives.
    pub fn mark(self) -> Option<&'static str> {
        self.entry().mark
    }

    /// The word for guests.
    pub fn name(self, locale: Locale) -> &'static str {
        let [de, en, es] = self.entry().names;
        match locale {
            Locale::De => de,
            Locale::En => en,
            Locale::Es => es,
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a Substance is only made from an index of the table")]
    fn entry(self) -> &'static Entry {
        &TABLE[usize::from(self.0)]
    }
}

impl Serialize for Substance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Substance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::find(&code).ok_or_else(|| serde::de::Error::custom(format!("{code:?} is not a substance")))
    }
}

const fn allergen(
    mark: &'static str,
    code: &'static str,
    group: Option<&'static str>,
    names: [&'static str; 3],
) -> Entry {
    Entry { code, kind: Kind::Allergen, group, mark: Some(mark), names }
}

const fn additive(mark: &'static str, code: &'static str, names: [&'static str; 3]) -> Entry {
    Entry { code, kind: Kind::Additive, group: None, mark: Some(mark), names }
}

const fn ingredient(code: &'static str, names: [&'static str; 3]) -> Entry {
    Entry { code, kind: Kind::Ingredient, group: None, mark: None, names }
}

const GLUTEN: Option<&str> = Some("gluten");
const NUTS: Option<&str> = Some("nuts");

static TABLE: &[Entry] = &[
    allergen("a", "gluten", None, ["Glutenhaltiges Getreide", "Cereals containing gluten", "Cereales con gluten"]),
    allergen("a1", "gluten_wheat", GLUTEN, ["Weizen (Gluten)", "Wheat (gluten)", "Trigo (gluten)"]),
    allergen("a2", "gluten_rye", GLUTEN, ["Roggen (Gluten)", "Rye (gluten)", "Centeno (gluten)"]),
    allergen("a3", "gluten_barley", GLUTEN, ["Gerste (Gluten)", "Barley (gluten)", "Cebada (gluten)"]),
    allergen("a4", "gluten_oats", GLUTEN, ["Hafer (Gluten)", "Oats (gluten)", "Avena (gluten)"]),
    allergen("a5", "gluten_spelt", GLUTEN, ["Dinkel (Gluten)", "Spelt (gluten)", "Espelta (gluten)"]),
    allergen("a6", "gluten_kamut", GLUTEN, ["Kamut (Gluten)", "Kamut (gluten)", "Kamut (gluten)"]),
    allergen("b", "crustaceans", None, ["Krebstiere", "Crustaceans", "Crustáceos"]),
    allergen("c", "eggs", None, ["Eier", "Eggs", "Huevos"]),
    allergen("d", "fish", None, ["Fisch", "Fish", "Pescado"]),
    allergen("e", "peanuts", None, ["Erdnüsse", "Peanuts", "Cacahuetes"]),
    allergen("f", "soy", None, ["Soja", "Soybeans", "Soja"]),
    allergen("g", "milk", None, ["Milch (Laktose)", "Milk (lactose)", "Leche (lactosa)"]),
    allergen("h", "nuts", None, ["Schalenfrüchte (Nüsse)", "Tree nuts", "Frutos de cáscara"]),
    allergen("h1", "almond", NUTS, ["Mandeln", "Almonds", "Almendras"]),
    allergen("h2", "hazelnut", NUTS, ["Haselnüsse", "Hazelnuts", "Avellanas"]),
    allergen("h3", "walnut", NUTS, ["Walnüsse", "Walnuts", "Nueces"]),
    allergen("h4", "cashew", NUTS, ["Cashewnüsse", "Cashews", "Anacardos"]),
    allergen("h5", "pecan", NUTS, ["Pekannüsse", "Pecans", "Pacanas"]),
    allergen("h6", "brazil_nut", NUTS, ["Paranüsse", "Brazil nuts", "Nueces de Brasil"]),
    allergen("h7", "pistachio", NUTS, ["Pistazien", "Pistachios", "Pistachos"]),
    allergen("h8", "macadamia", NUTS, ["Macadamianüsse", "Macadamia nuts", "Nueces de macadamia"]),
    allergen("i", "celery", None, ["Sellerie", "Celery", "Apio"]),
    allergen("j", "mustard", None, ["Senf", "Mustard", "Mostaza"]),
    allergen("k", "sesame", None, ["Sesam", "Sesame", "Sésamo"]),
    allergen("l", "sulphites", None, ["Sulfite (Schwefeldioxid)", "Sulphites", "Sulfitos"]),
    allergen("m", "lupin", None, ["Lupinen", "Lupin", "Altramuces"]),
    allergen("n", "molluscs", None, ["Weichtiere", "Molluscs", "Moluscos"]),
    additive("1", "colouring", ["mit Farbstoff", "with colouring", "con colorante"]),
    additive("2", "preservative", ["mit Konservierungsstoff", "with preservative", "con conservante"]),
    additive("3", "antioxidant", ["mit Antioxidationsmittel", "with antioxidant", "con antioxidante"]),
    additive(
        "4",
        "flavour_enhancer",
        ["mit Geschmacksverstärker", "with flavour enhancer", "con potenciador del sabor"],
    ),
    additive("5", "sulphured", ["geschwefelt", "sulphured", "sulfurado"]),
    additive("6", "blackened", ["geschwärzt", "blackened", "ennegrecido"]),
    additive("7", "waxed", ["gewachst", "waxed", "encerado"]),
    additive("8", "phosphate", ["mit Phosphat", "with phosphate", "con fosfato"]),
    additive("9", "sweetener", ["mit Süßungsmittel", "with sweetener", "con edulcorante"]),
    additive(
        "10",
        "phenylalanine",
        [
            "enthält eine Phenylalaninquelle",
            "contains a source of phenylalanine",
            "contiene una fuente de fenilalanina",
        ],
    ),
    additive("11", "caffeine", ["koffeinhaltig", "contains caffeine", "contiene cafeína"]),
    additive("12", "quinine", ["chininhaltig", "contains quinine", "contiene quinina"]),
    additive("13", "nitrite", ["mit Nitritpökelsalz", "with nitrite curing salt", "con sal nitrificante"]),
    additive(
        "14",
        "azo_colouring",
        [
            "kann Aktivität und Aufmerksamkeit bei Kindern beeinträchtigen",
            "may have an adverse effect on activity and attention in children",
            "puede tener efectos negativos sobre la actividad y la atención de los niños",
        ],
    ),
    additive(
        "15",
        "laxative",
        [
            "kann bei übermäßigem Verzehr abführend wirken",
            "excessive consumption may have a laxative effect",
            "un consumo excesivo puede tener efectos laxantes",
        ],
    ),
    ingredient("pork", ["Schweinefleisch", "Pork", "Cerdo"]),
    ingredient("beef", ["Rindfleisch", "Beef", "Ternera"]),
    ingredient("poultry", ["Geflügel", "Poultry", "Ave"]),
    ingredient("maize", ["Mais", "Maize", "Maíz"]),
    ingredient("pulses", ["Hülsenfrüchte", "Pulses", "Legumbres"]),
    ingredient("coriander", ["Koriander", "Coriander", "Cilantro"]),
    ingredient("carrot", ["Karotte", "Carrot", "Zanahoria"]),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Kind, Substance};

    #[test]
    fn the_law_names_fourteen_groups() {
        assert_eq!(Substance::allergen_groups().count(), 14);
    }

    #[test]
    fn codes_and_marks_are_unique_and_groups_exist() {
        let codes: HashSet<_> = Substance::all().map(Substance::code).collect();
        let marks: Vec<_> = Substance::all().filter_map(Substance::mark).collect();
        assert_eq!(codes.len(), Substance::all().count());
        assert_eq!(marks.iter().collect::<HashSet<_>>().len(), marks.len());
        let wheat = Substance::find("gluten_wheat").unwrap();
        assert_eq!(wheat.group(), Substance::find("gluten"));
        assert_eq!(Substance::find("nuts").unwrap().members().count(), 8);
        assert!(Substance::all().filter(|substance| substance.group().is_some()).all(|s| s.kind() == Kind::Allergen));
    }
}
