//! Signing in: sessions that know their beginning, failures by account and address, one-time links, tokens that end with
//! what else was signed in. The older tables of these names were never written to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, string_len, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["sessions", "login_attempts", "api_tokens"] {
            manager.drop_table(Table::drop().table(Alias::new(name)).take()).await?;
        }
        for table in [sessions(), login_attempts(), invitations(), api_tokens()] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            ("sessions_user", "sessions", &["user_id"][..]),
            ("sessions_family", "sessions", &["family", "used_at"]),
            ("sessions_expires_at", "sessions", &["expires_at"]),
            ("login_attempts_account", "login_attempts", &["account", "at"]),
            ("login_attempts_address", "login_attempts", &["address", "at"]),
            ("login_attempts_at", "login_attempts", &["at"]),
            ("invitations_user", "invitations", &["user_id"]),
            ("api_tokens_user", "api_tokens", &["user_id"]),
        ] {
            let mut index = Index::create().name(name).table(Alias::new(table)).take();
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
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

/// A row is a refresh token; those of one sign-in are a family.
fn sessions() -> TableCreateStatement {
    table("sessions")
        .col(uuid("user_id"))
        .col(uuid("family"))
        .col(string_len("token_hash", 64).unique_key())
        .col(big_integer("token_version"))
        .col(string_len("client", 200))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .foreign_key(&mut of_user())
        .take()
}

/// The account is a digest of what was typed as a name: now and then that is a password.
fn login_attempts() -> TableCreateStatement {
    table("login_attempts")
        .col(string_len("account", 24))
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
        .col(big_integer("token_version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .foreign_key(&mut of_user())
        .take()
}

fn invitations() -> TableCreateStatement {
    table("invitations")
        .col(uuid("user_id"))
        .col(string_len("token_hash", 64).unique_key())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(&mut of_user())
        .take()
}
