//! What only a wine has: colour, grapes, origin, taste.

use sea_orm::{DeriveActiveEnum, EnumIter, FromJsonQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text::Text;
use crate::patch;
use crate::rules::Faults;

/// The colour of a wine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Color {
    /// Red.
    Red,
    /// White.
    White,
    /// Rosé.
    Rose,
    /// White grapes fermented on their skins.
    Orange,
}

/// The class of a wine: the same sweetness word means another figure in another class (EU 2019/33).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Category {
    /// Still wine.
    #[default]
    Still,
    /// Frizzante, Perlwein.
    SemiSparkling,
    /// Cava, Crémant, Sekt.
    Sparkling,
    /// Sherry, Port.
    Fortified,
    /// Sweet wine for after the meal.
    Dessert,
    /// Wine without its alcohol.
    Dealcoholised,
}

/// The sweetness as the label says it (EU 2019/33, Annex III).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Sweetness {
    /// Sparkling, under 3 g/l.
    BrutNature,
    /// Sparkling, up to 6 g/l.
    ExtraBrut,
    /// Sparkling, under 12 g/l.
    Brut,
    /// Sparkling, 12 to 17 g/l.
    ExtraDry,
    /// Trocken.
    Dry,
    /// Halbtrocken.
    OffDry,
    /// Lieblich.
    MediumSweet,
    /// Süß.
    Sweet,
}

/// A grape in a wine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grape {
    /// The variety as the bar writes it.
    pub variety: String,
    /// Its share, where it is known.
    #[serde(default)]
    pub percent: Option<u8>,
}

/// The grapes of a wine, in the order of the label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct Grapes(pub Vec<Grape>);

/// What only a wine has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WineFacts)]
pub struct Facts {
    /// Its colour.
    pub color: Color,
    /// Its class.
    #[serde(default)]
    pub category: Category,
    /// Who made it.
    pub producer: Option<String>,
    /// The year of the harvest.
    pub vintage: Option<i16>,
    /// Its grapes.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub grapes: Grapes,
    /// Where it grew: ISO 3166-1, two letters.
    pub country: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The protected origin as on the label.
    pub appellation: Option<String>,
    /// The ageing term or Prädikat.
    pub quality: Option<String>,
    /// How sweet it is.
    pub sweetness: Option<Sweetness>,
    /// Body, 1 (light) to 5 (full).
    pub body: Option<i16>,
    /// Acidity, 1 (mild) to 5 (lively).
    pub acidity: Option<i16>,
    /// Tannin, 1 (soft) to 5 (firm).
    pub tannin: Option<i16>,
    /// A few style words, separated by commas.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub characteristics: Text,
    /// How warm to serve it, in degrees Celsius.
    pub serving_temperature_c: Option<i16>,
}

/// More varieties, no label names.
const MAX_GRAPES: usize = 20;

impl Facts {
    /// The rules that they break.
    pub fn check(&self) -> Faults {
        let mut faults = Faults::default();
        for (pointer, line) in [
            ("/producer", &self.producer),
            ("/region", &self.region),
            ("/appellation", &self.appellation),
            ("/quality", &self.quality),
        ] {
            faults.optional_line(pointer, line.as_deref(), 120);
        }
        faults.country("/country", self.country.as_deref());
        faults.within("/vintage", self.vintage, 1900..=2100);
        for (pointer, degree) in [("/body", self.body), ("/acidity", self.acidity), ("/tannin", self.tannin)] {
            faults.within(pointer, degree, 1..=5);
        }
        faults.under("/characteristics", self.characteristics.check_line(160));
        // Mulled wine is served hot, nothing is served frozen.
        faults.within("/serving_temperature_c", self.serving_temperature_c, 0..=80);
        faults.under("/grapes", self.grapes.check());
        faults
    }
}

impl Grapes {
    fn check(&self) -> Faults {
        let mut faults = Faults::default();
        if !faults.at_most("", &self.0, MAX_GRAPES) {
            return faults;
        }
        for (place, grape) in self.0.iter().enumerate() {
            faults.line(&format!("/{place}/variety"), &grape.variety, 80);
            faults.within(&format!("/{place}/percent"), grape.percent, 1..=100);
        }
        let shares = self.0.iter().filter_map(|grape| grape.percent).map(u32::from);
        faults.unless(shares.sum::<u32>() <= 100, "", "more_than_the_whole");
        faults
    }
}
