//! The database: how to reach it, and which one it is, so that others need not know.

pub mod notices;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseTransaction, DbErr, IsolationLevel,
    SqliteTransactionMode, SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use url::Url;

use crate::digest;
use crate::error::chain;
use crate::migrations::Migrator;

/// A pool of connections.
pub type Db = sea_orm::DatabaseConnection;

/// As many connections as a bar's server needs.
const CONNECTIONS: u32 = 8;
/// How long a request waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(3);

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown())
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let example = "use sqlite:///path/to/file.db or postgres://user:password@host/database";
        let url = Url::parse(text).map_err(|error| format!("this is not a database URL ({error}); {example}"))?;
        let names_nothing = url.path().trim_matches('/').is_empty();
        match url.scheme() {
            "sqlite" if file_of(&url).is_none() => Err(format!("this URL names no file; {example}")),
            "postgres" | "postgresql" if names_nothing => Err(format!("this URL names no database; {example}")),
            "sqlite" | "postgres" | "postgresql" => Ok(Self(url)),
            scheme => Err(format!("'{scheme}:' is no database this server knows; {example}")),
        }
    }
}

impl Address {
    /// The SQLite file in a folder, which is the default.
    pub fn file_in(folder: &Path) -> anyhow::Result<Self> {
        let file = std::path::absolute(folder)?.join("casavazquez.db");
        let mut url = Url::parse("sqlite:///")?;
        url.set_path(file.to_str().context("the data folder's name is not valid UTF-8")?);
        Ok(Self(url))
    }

    /// Whether it is a file of this machine, which needs no waiting for.
    pub fn is_file(&self) -> bool {
        self.0.scheme() == "sqlite"
    }

    /// Whether it is a file that does not exist yet.
    pub fn is_missing(&self) -> bool {
        file_of(&self.0).is_some_and(|file| !file.exists())
    }

    /// The address for people and logs: without what may be a secret.
    pub fn shown(&self) -> String {
        if let Some(file) = file_of(&self.0) {
            return format!("sqlite://{}", file.display());
        }
        let port = self.0.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}{}", self.0.scheme(), self.0.host_str().unwrap_or_default(), self.0.path())
    }

    /// Stands for the database that it leads to, whoever signs in and however.
    pub fn fingerprint(&self) -> String {
        let absolute = file_of(&self.0).and_then(|file| std::path::absolute(file).ok());
        digest::short(absolute.map_or_else(|| self.shown(), |file| file.display().to_string()).as_bytes())
    }

    /// Keeps other processes of this machine from setting up the same file meanwhile. A server has its own locks.
    pub fn lock(&self) -> std::io::Result<Option<File>> {
        let Some(file) = file_of(&self.0) else { return Ok(None) };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let lock = File::open(folder)?;
        lock.lock()?;
        Ok(Some(lock))
    }
}

/// The file that a SQLite address names, read as the driver reads it.
fn file_of(url: &Url) -> Option<PathBuf> {
    let options = SqliteConnectOptions::from_str(url.as_str()).ok().filter(|_| url.scheme() == "sqlite")?;
    Some(options.get_filename().to_owned()).filter(|file| !file.as_os_str().is_empty())
}

/// Opens a pool. Nothing is asked of the database yet, so that a server can start while it is away.
pub async fn connect(address: &Address) -> Result<Db, DbErr> {
    if address.is_file() {
        let file =
            SqliteConnectOptions::from_str(address.0.as_str()).map_err(|error| DbErr::Custom(error.to_string()))?;
        let file = file
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(10))
            // The menu is read whole: with the usual 50 rows, its reader and the driver's thread wait for each other all the time.
            .row_buffer_size(4096)
            .foreign_keys(true)
            .disable_statement_logging();
        let pool =
            SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE).connect_lazy_with(file);
        return Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool));
    }
    let mut options = ConnectOptions::new(address.0.as_str());
    options
        .connect_lazy(true)
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        .sqlx_logging(false);
    Database::connect(options).await
}

fn is_postgres(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DatabaseBackend::Postgres
}

/// Begins a transaction that will write. On SQLite it takes the write lock at once: one that reads first and writes
/// later would fail as soon as another has written in between, whatever the busy timeout.
#[expect(clippy::disallowed_methods, reason = "the one place that begins transactions")]
pub async fn begin(db: &Db) -> Result<DatabaseTransaction, DbErr> {
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    db.begin_with_options(options).await
}

/// Makes the writers of one transaction after another queue. On SQLite they do from the beginning.
pub async fn queue(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    if !is_postgres(transaction) {
        return Ok(());
    }
    transaction.execute_unprepared("SELECT pg_advisory_xact_lock(7226571094)").await.map(drop)
}

/// Whether the database answers.
pub async fn ping(db: &Db) -> Result<(), DbErr> {
    db.ping().await
}

/// Brings the tables up to date: all steps or none. Several processes may try at once: they queue.
pub async fn migrate(db: &Db) -> anyhow::Result<()> {
    refuse_foreign(db).await?;
    // On one connection: SQLite's others may still know a table that a step has just replaced.
    let transaction = begin(db).await?;
    queue(&transaction).await?;
    Migrator::up(&transaction, None).await.context("the tables could not be brought up to date")?;
    transaction.commit().await.context("the tables could not be brought up to date")
}

/// Whether somebody has made our tables already.
pub async fn has_tables(db: &Db) -> Result<bool, DbErr> {
    Ok(table_names(db).await?.iter().any(|name| name == MIGRATIONS))
}

/// The table that the steps are counted in.
const MIGRATIONS: &str = "seaql_migrations";

async fn table_names(db: &Db) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let tables = match backend {
        DatabaseBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        _ => "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
    };
    let rows = db.query_all_raw(Statement::from_string(backend, tables)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

/// A database with tables but none of ours belongs to somebody else; it is left alone.
async fn refuse_foreign(db: &Db) -> anyhow::Result<()> {
    let names = table_names(db).await?;
    if names.is_empty() || names.iter().any(|name| name == MIGRATIONS) {
        return Ok(());
    }
    bail!(
        "this database has tables of another program ({}); name an empty one in DATABASE_URL (to read the old system's \
         data, use `casavazquez import`)",
        names.join(", ")
    )
}

/// Begins a transaction that only reads, and reads everything as of one moment.
#[expect(clippy::disallowed_methods, reason = "the one place that begins transactions")]
pub async fn snapshot(db: &Db) -> Result<DatabaseTransaction, DbErr> {
    let isolation_level = is_postgres(db).then_some(IsolationLevel::RepeatableRead);
    let options = TransactionOptions { isolation_level, ..Default::default() };
    db.begin_with_options(options).await
}

/// What to tell the operator when the database cannot be reached.
pub fn explain(address: &Address, error: &DbErr) -> anyhow::Error {
    let cause = chain(error);
    let shown = address.shown();
    if cause.contains("file is not a database") {
        return anyhow!("{shown} is not a SQLite database (name another file in DATABASE_URL)");
    }
    if address.is_file() {
        return anyhow!(
            "cannot open the database file {shown}: {cause} (check DATABASE_URL, and that its folder is there)"
        );
    }
    anyhow!("cannot reach the database at {shown}: {cause} (check DATABASE_URL, and that the database is running)")
}
