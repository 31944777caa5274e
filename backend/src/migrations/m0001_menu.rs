//! What is sold: sections, items, wine facts, servings, declarations, parts, texts, pictures.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, integer, integer_null, json_binary, small_integer, small_integer_null, string_len,
    string_len_null, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [pictures(), sections(), items(), wine_facts(), servings(), declarations(), parts(), texts()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(Alias::new(name)).take()
}

fn key(column: &'static str) -> ColumnDef {
    uuid(column).primary_key().take()
}

fn belongs(column: &'static str, table: &'static str, action: ForeignKeyAction) -> ForeignKeyCreateStatement {
    ForeignKey::create().from_col(column).to(Alias::new(table), "id").on_delete(action).take()
}

fn pictures() -> TableCreateStatement {
    table("pictures")
        .col(key("id"))
        .col(string_len("hash", 64).unique_key())
        .col(integer("width"))
        .col(integer("height"))
        .col(small_integer("focal_x"))
        .col(small_integer("focal_y"))
        .col(string_len("color", 7))
        .col(text("alt"))
        .col(json_binary("variants"))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

fn sections() -> TableCreateStatement {
    table("sections")
        .col(key("id"))
        .col(string_len("menu", 16))
        .col(string_len("slug", 120))
        .col(text("name").check(Expr::col("name").ne("")))
        .col(text("description"))
        .col(integer("position"))
        .col(big_integer("revision"))
        .take()
}

fn items() -> TableCreateStatement {
    table("items")
        .col(key("id"))
        .col(string_len_null("legacy_id", 64))
        .col(string_len("kind", 16))
        .col(string_len("role", 16))
        .col(integer("number"))
        .col(uuid_null("section_id"))
        .col(integer("position"))
        .col(string_len("slug", 160))
        .col(text("name").check(Expr::col("name").ne("")))
        .col(string_len_null("name_lang", 16))
        .col(text("description"))
        .col(text("story"))
        .col(text("note"))
        .col(boolean("new"))
        .col(boolean("visible"))
        .col(boolean("vegetarian"))
        .col(boolean("vegan"))
        .col(boolean("keto"))
        .col(string_len("alcohol", 16))
        .col(uuid_null("picture_id"))
        .col(big_integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut belongs("section_id", "sections", ForeignKeyAction::Restrict))
        .foreign_key(&mut belongs("picture_id", "pictures", ForeignKeyAction::Restrict))
        .take()
}

fn wine_facts() -> TableCreateStatement {
    table("wine_facts")
        .col(key("item_id"))
        .col(string_len("color", 16))
        .col(string_len("category", 16))
        .col(string_len_null("producer", 160))
        .col(small_integer_null("vintage"))
        .col(json_binary("grapes"))
        .col(string_len_null("country", 2))
        .col(string_len_null("region", 160))
        .col(string_len_null("appellation", 160))
        .col(string_len_null("quality", 160))
        .col(string_len_null("sweetness", 16))
        .col(small_integer_null("body"))
        .col(small_integer_null("acidity"))
        .col(small_integer_null("tannin"))
        .col(text("characteristics"))
        .col(small_integer_null("serving_temperature_c"))
        .foreign_key(&mut belongs("item_id", "items", ForeignKeyAction::Cascade))
        .take()
}

fn servings() -> TableCreateStatement {
    table("servings")
        .col(key("id"))
        .col(uuid("item_id"))
        .col(integer("position"))
        .col(string_len("unit", 16))
        .col(text("label"))
        .col(integer_null("volume_ml").check(Expr::col("volume_ml").gt(0)))
        .col(integer_null("weight_g").check(Expr::col("weight_g").gt(0)))
        .col(big_integer("price_cents").check(Expr::col("price_cents").gt(0)))
        .col(string_len_null("alcohol", 16))
        .col(timestamp_with_time_zone_null("sold_out_since"))
        .col(timestamp_with_time_zone_null("sold_out_until"))
        .foreign_key(&mut belongs("item_id", "items", ForeignKeyAction::Cascade))
        .take()
}

fn declarations() -> TableCreateStatement {
    table("declarations")
        .col(uuid("item_id"))
        .col(string_len("substance", 32))
        .col(string_len("presence", 16))
        .primary_key(Index::create().col("item_id").col("substance"))
        .foreign_key(&mut belongs("item_id", "items", ForeignKeyAction::Cascade))
        .take()
}

fn parts() -> TableCreateStatement {
    table("parts")
        .col(uuid("whole_id"))
        .col(uuid("part_id"))
        .col(integer("position"))
        .col(string_len("relation", 16))
        .col(small_integer_null("choice"))
        .primary_key(Index::create().col("whole_id").col("part_id"))
        .foreign_key(&mut belongs("whole_id", "items", ForeignKeyAction::Cascade))
        .foreign_key(&mut belongs("part_id", "items", ForeignKeyAction::Restrict))
        .take()
}

/// A text may belong to any table, so there is no foreign key; the stores write and delete it with its row.
fn texts() -> TableCreateStatement {
    table("texts")
        .col(uuid("row_id"))
        .col(string_len("field", 32))
        .col(string_len("locale", 8))
        .col(text("value"))
        .col(string_len("source_hash", 64))
        .primary_key(Index::create().col("row_id").col("field").col("locale"))
        .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let unique = |name: &'static str, table: &'static str, columns: [&'static str; 2]| {
        let [first, second] = columns;
        Index::create().name(name).table(Alias::new(table)).col(first).col(second).unique().take()
    };
    let plain = |name: &'static str, table: &'static str, column: &'static str| {
        Index::create().name(name).table(Alias::new(table)).col(column).take()
    };
    vec![
        unique("sections_position", "sections", ["menu", "position"]),
        unique("sections_slug", "sections", ["menu", "slug"]),
        unique("items_slug", "items", ["kind", "slug"]),
        unique("items_number", "items", ["kind", "number"]),
        unique("items_legacy_id", "items", ["kind", "legacy_id"]),
        plain("items_section", "items", "section_id"),
        plain("servings_item", "servings", "item_id"),
        plain("parts_part", "parts", "part_id"),
    ]
}
