//! The bar itself: its facts, what it announces, and which card is current.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, integer, json_binary, string_len, string_len_null, text, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [notifications(), house(), card_revision()] {
            manager.create_table(table).await?;
        }
        let first = Query::insert()
            .into_table("card_revision")
            .columns(["id", "revision", "changed_at"])
            .values_panic([1.into(), 0_i64.into(), chrono::DateTime::UNIX_EPOCH.into()])
            .take();
        manager.execute(first).await
    }
}

fn notifications() -> TableCreateStatement {
    Table::create()
        .table("notifications")
        .col(uuid("id").primary_key())
        .col(string_len_null("legacy_id", 64).unique_key())
        .col(text("title"))
        .col(text("message"))
        .col(string_len("tone", 16))
        .col(json_binary("pages"))
        .col(integer("priority"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(timestamp_with_time_zone_null("ends_at"))
        .col(big_integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take()
}

fn house() -> TableCreateStatement {
    Table::create()
        .table("house")
        .col(uuid("id").primary_key())
        .col(text("name"))
        .col(text("tagline"))
        .col(text("introduction"))
        .col(text("street"))
        .col(string_len("postal_code", 16))
        .col(text("locality"))
        .col(string_len("country", 2))
        .col(string_len_null("phone", 32))
        .col(string_len_null("email", 254))
        .col(string_len_null("website", 254))
        .col(string_len("time_zone", 64))
        .col(json_binary("opening_hours"))
        .col(json_binary("legal"))
        .col(big_integer("revision"))
        .take()
}

fn card_revision() -> TableCreateStatement {
    Table::create()
        .table("card_revision")
        .col(integer("id").primary_key())
        .col(big_integer("revision"))
        .col(timestamp_with_time_zone("changed_at"))
        .take()
}
