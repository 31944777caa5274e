//! The rows of the menu's tables; only `menu::store` and the sections' store see them.

/// `sections`: a heading of one of the menus.
pub mod sections {
    use sea_orm::entity::prelude::*;

    use crate::menu::section::Menu;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sections")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub menu: Menu,
        pub slug: String,
        pub name: String,
        pub description: String,
        pub position: i32,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `items`: something on the menu.
pub mod items {
    use sea_orm::entity::prelude::*;

    use crate::menu::item::{Alcohol, Kind, Role};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "items")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub legacy_id: Option<String>,
        pub kind: Kind,
        pub role: Role,
        pub number: i32,
        pub section_id: Option<Uuid>,
        pub position: i32,
        pub slug: String,
        pub name: String,
        pub name_lang: Option<String>,
        pub description: String,
        pub story: String,
        pub note: String,
        pub new: bool,
        pub visible: bool,
        pub vegetarian: bool,
        pub vegan: bool,
        pub keto: bool,
        pub alcohol: Alcohol,
        pub picture_id: Option<Uuid>,
        pub revision: i64,
        pub created_at: ChronoDateTimeUtc,
        pub updated_at: ChronoDateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `wine_facts`: what only a wine has.
pub mod wine_facts {
    use sea_orm::entity::prelude::*;

    use crate::menu::wine::{Category, Color, Grapes, Sweetness};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "wine_facts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub item_id: Uuid,
        pub color: Color,
        pub category: Category,
        pub producer: Option<String>,
        pub vintage: Option<i16>,
        pub grapes: Grapes,
        pub country: Option<String>,
        pub region: Option<String>,
        pub appellation: Option<String>,
        pub quality: Option<String>,
        pub sweetness: Option<Sweetness>,
        pub body: Option<i16>,
        pub acidity: Option<i16>,
        pub tannin: Option<i16>,
        pub characteristics: String,
        pub serving_temperature_c: Option<i16>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `servings`: a way to buy an item.
pub mod servings {
    use sea_orm::entity::prelude::*;

    use crate::menu::item::Alcohol;
    use crate::menu::serving::Unit;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "servings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item_id: Uuid,
        pub position: i32,
        pub unit: Unit,
        pub label: String,
        pub volume_ml: Option<i32>,
        pub weight_g: Option<i32>,
        pub price_cents: i64,
        pub alcohol: Option<Alcohol>,
        pub sold_out_since: Option<ChronoDateTimeUtc>,
        pub sold_out_until: Option<ChronoDateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `declarations`: item × substance.
pub mod declarations {
    use sea_orm::entity::prelude::*;

    use crate::menu::item::Presence;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "declarations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub item_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub substance: String,
        pub presence: Presence,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `parts`: an item that belongs to another.
pub mod parts {
    use sea_orm::entity::prelude::*;

    use crate::menu::item::Relation as Belongs;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "parts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub whole_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub part_id: Uuid,
        pub position: i32,
        pub relation: Belongs,
        pub choice: Option<i16>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `texts`: a translation of one field of one row.
pub mod texts {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "texts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub row_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub locale: String,
        pub value: String,
        pub source_hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
