//! The facts of the bar.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::hours::{OpeningHours, Weekly};
use crate::body::Patch;
use crate::error::Error;
use crate::menu::text::Text;
use crate::patch;
use crate::rules::Faults;

/// What the imprint says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
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

/// The bar, as those who look after it read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MenuHouse)]
pub struct House {
    /// The row.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// A line under the name.
    #[serde(default)]
    pub tagline: Text,
    /// A few sentences of welcome.
    #[serde(default)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of `House`")]
pub struct NewHouse {
    pub name: String,
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub tagline: Text,
    #[serde(default, deserialize_with = "patch::or_empty")]
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
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub legal: Legal,
}

impl House {
    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.line("/name", &self.name, 120);
        faults.under("/tagline", self.tagline.check_line(200));
        faults.under("/introduction", self.introduction.check_text(2000));
        faults.line("/street", &self.street, 120);
        faults.line("/postal_code", &self.postal_code, 16);
        faults.line("/locality", &self.locality, 120);
        faults.country("/country", Some(&self.country));
        faults.phone("/phone", self.phone.as_deref());
        faults.email("/email", self.email.as_deref());
        faults.web_address("/website", self.website.as_deref());
        faults.time_zone("/time_zone", &self.time_zone);
        faults.under("/opening_hours", self.opening_hours.check());
        // Who is only trying things out has no imprint yet.
        if self.legal != Legal::default() {
            faults.under("/legal", self.legal.check());
        }
        faults.finish()
    }
}

/// A merge patch to the bar's facts.
pub type HousePatch = Patch<NewHouse>;

impl From<&House> for NewHouse {
    fn from(house: &House) -> Self {
        let house = house.clone();
        Self {
            name: house.name,
            tagline: house.tagline,
            introduction: house.introduction,
            street: house.street,
            postal_code: house.postal_code,
            locality: house.locality,
            country: house.country,
            phone: house.phone,
            email: house.email,
            website: house.website,
            time_zone: house.time_zone,
            opening_hours: house.opening_hours.0,
            legal: house.legal,
        }
    }
}

impl NewHouse {
    /// The bar as it is to be.
    pub fn made(self, id: Uuid) -> House {
        House {
            id,
            name: self.name,
            tagline: self.tagline,
            introduction: self.introduction,
            street: self.street,
            postal_code: self.postal_code,
            locality: self.locality,
            country: self.country,
            phone: self.phone,
            email: self.email,
            website: self.website,
            time_zone: self.time_zone,
            opening_hours: Weekly(self.opening_hours),
            legal: self.legal,
            revision: 1,
        }
    }
}

impl Legal {
    fn check(&self) -> Faults {
        let mut faults = Faults::default();
        faults.line("/operator", &self.operator, 160);
        faults.optional_line("/representative", self.representative.as_deref(), 160);
        faults.optional_line("/register", self.register.as_deref(), 160);
        faults.unless(self.vat_id.as_deref().is_none_or(is_vat_id), "/vat_id", "not_a_vat_id");
        faults
    }
}

fn is_vat_id(text: &str) -> bool {
    let digits = text.strip_prefix("DE").unwrap_or_default();
    digits.len() == 9 && digits.bytes().all(|digit| digit.is_ascii_digit())
}
