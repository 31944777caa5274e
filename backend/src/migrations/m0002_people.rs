//! People and what they did: users, sessions, attempts to sign in, tokens for programs, the history.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, json_binary_null, string_len, string_len_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [users(), sessions(), login_attempts(), api_tokens(), changes()] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("sessions_user", "sessions", "user_id"),
            ("sessions_family", "sessions", "family"),
            ("login_attempts_at", "login_attempts", "at"),
            ("changes_thing", "changes", "thing_id"),
            ("changes_at", "changes", "at"),
        ] {
            manager.create_index(Index::create().name(name).table(Alias::new(table)).col(column).take()).await?;
        }
        Ok(())
    }
}

fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(Alias::new(name)).col(uuid("id").primary_key()).take()
}

fn of_user() -> ForeignKeyCreateStatement {
    ForeignKey::create().from_col("user_id").to("users", "id").on_delete(ForeignKeyAction::Cascade).take()
}

fn users() -> TableCreateStatement {
    table("users")
        .col(string_len("username", 64).unique_key())
        .col(string_len_null("email", 254))
        .col(string_len_null("full_name", 120))
        .col(string_len("role", 16))
        .col(string_len("password_hash", 200))
        .col(boolean("active"))
        .col(big_integer("token_version"))
        .col(big_integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take()
}

fn sessions() -> TableCreateStatement {
    table("sessions")
        .col(uuid("user_id"))
        .col(uuid("family"))
        .col(string_len("token_hash", 64).unique_key())
        .col(string_len("client", 200))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .foreign_key(&mut of_user())
        .take()
}

fn login_attempts() -> TableCreateStatement {
    table("login_attempts")
        .col(string_len("username", 64))
        .col(string_len("address", 64))
        .col(timestamp_with_time_zone("at"))
        .col(boolean("succeeded"))
        .take()
}

fn api_tokens() -> TableCreateStatement {
    table("api_tokens")
        .col(uuid("user_id"))
        .col(string_len("name", 120))
        .col(string_len("role", 16))
        .col(string_len("token_hash", 64).unique_key())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .foreign_key(&mut of_user())
        .take()
}

/// The history outlives people and things, so it points at nothing.
fn changes() -> TableCreateStatement {
    table("changes")
        .col(timestamp_with_time_zone("at"))
        .col(string_len("by", 64))
        .col(string_len("source", 32))
        .col(uuid_null("batch"))
        .col(string_len("thing", 32))
        .col(uuid("thing_id"))
        .col(json_binary_null("before"))
        .col(json_binary_null("after"))
        .take()
}
