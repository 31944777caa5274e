//! Editing: which card a change led to and what it takes back, answers to requests that are sent twice, files on their way
//! in. From here on the database itself keeps the history from being edited.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, json_binary, json_binary_null, small_integer, string_len, string_len_null, text,
    timestamp_with_time_zone, uuid, uuid_null,
};
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let additions =
            [("changes", big_integer_null("revision")), ("changes", uuid_null("undoes")), ("pictures", revision())];
        for (table, column) in additions {
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
        }
        for table in [answers(), imports()] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("changes_batch", "changes", "batch"),
            ("changes_revision", "changes", "revision"),
            ("changes_undoes", "changes", "undoes"),
            ("answers_at", "answers", "at"),
            ("items_picture", "items", "picture_id"),
        ] {
            manager.create_index(Index::create().name(name).table(Alias::new(table)).col(column).take()).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            // Trying to make documents of a thousand bytes smaller took most of the time of writing them.
            for column in ["before", "after"] {
                let stored = format!("ALTER TABLE changes ALTER COLUMN {column} SET STORAGE EXTERNAL");
                manager.get_connection().execute_unprepared(&stored).await?;
            }
        }
        for statement in append_only(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

fn revision() -> ColumnDef {
    big_integer("revision").default(1).take()
}

/// What a request with an `Idempotency-Key` was answered, so that its repetition gets the same.
fn answers() -> TableCreateStatement {
    Table::create()
        .table("answers")
        .col(string_len("key", 64).primary_key())
        .col(string_len("request", 64))
        .col(small_integer("status"))
        .col(big_integer_null("revision"))
        .col(string_len_null("location", 254))
        .col(json_binary_null("body"))
        .col(timestamp_with_time_zone("at"))
        .take()
}

/// Files that were sent to be imported, with what they would do.
fn imports() -> TableCreateStatement {
    Table::create()
        .table("imports")
        .col(uuid("id").primary_key())
        .col(timestamp_with_time_zone("at"))
        .col(string_len("by", 64))
        .col(string_len("file_name", 254))
        .col(text("content"))
        .col(json_binary("options"))
        .col(string_len("fingerprint", 64))
        .col(uuid_null("batch"))
        .take()
}

/// Lines of history are only ever added; whoever tries anything else is refused, also with a query of their own.
fn append_only(backend: DatabaseBackend) -> &'static [&'static str] {
    if backend == DatabaseBackend::Postgres {
        return &[
            "CREATE FUNCTION history_stays() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'lines of history are only ever added'; END $$",
            "CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON changes
             FOR EACH STATEMENT EXECUTE FUNCTION history_stays()",
        ];
    }
    &[
        "CREATE TRIGGER history_is_not_edited BEFORE UPDATE ON changes
         BEGIN SELECT RAISE(ABORT, 'lines of history are only ever added'); END",
        "CREATE TRIGGER history_is_not_cleared BEFORE DELETE ON changes
         BEGIN SELECT RAISE(ABORT, 'lines of history are only ever added'); END",
        // `REPLACE` deletes without a word to the trigger above.
        "CREATE TRIGGER history_is_not_replaced BEFORE INSERT ON changes
         WHEN EXISTS (SELECT 1 FROM changes WHERE id = NEW.id OR rowid = NEW.rowid)
         BEGIN SELECT RAISE(ABORT, 'lines of history are only ever added'); END",
    ]
}
