//! The facts of the bar.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::hours::{OpeningHours, Weekly};
use crate::error::{Error, Fault, none};
use crate::menu::text::Text;

/// What the imprint says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct Legal {
    /// Who runs the bar.
    pub operator: String,
    /// Who speaks for the operator.
    #[serde(default)]
    pub representative: Option<String>,
    /// The register and number.
    #[serde(default)]
    pub register: Option<String>,
    /// The VAT id: `DE` and nine digits.
    #[serde(default)]
    pub vat_id: Option<String>,
}

/// The bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct House {
    /// The row.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// A line under the name.
    pub tagline: Text,
    /// A few sentences of welcome.
    pub introduction: Text,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub locality: String,
    /// Country, ISO 3166-1.
    pub country: String,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The address of the site.
    pub website: Option<String>,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// When it is open.
    pub opening_hours: Weekly,
    /// What the imprint says.
    pub legal: Legal,
    /// Rises with every change.
    pub revision: i64,
}

/// The bar, as it is set up for the first time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of `House`")]
pub struct NewHouse {
    pub name: String,
    #[serde(default)]
    pub tagline: Text,
    #[serde(default)]
    pub introduction: Text,
    pub street: String,
    pub postal_code: String,
    pub locality: String,
    pub country: String,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub website: Option<String>,
    pub time_zone: String,
    pub opening_hours: Vec<OpeningHours>,
    #[serde(default)]
    pub legal: Legal,
}

impl House {
    /// Whether all the rules hold.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Vec::new();
        if self.name.is_empty() {
            faults.push(Fault::new("/name", "missing", none()));
        }
        if self.time_zone.parse::<chrono_tz::Tz>().is_err() {
            faults.push(Fault::new("/time_zone", "unknown_time_zone", json!({"example": "Europe/Berlin"})));
        }
        if self.opening_hours.0.iter().any(|hours| !(1..=7).contains(&hours.day)) {
            faults.push(Fault::new("/opening_hours", "out_of_range", json!({"min": 1, "max": 7})));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
