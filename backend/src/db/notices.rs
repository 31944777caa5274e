//! What instances on one PostgreSQL tell each other. A SQLite file tells nothing: it has to be asked.

use sea_orm::sqlx::{self, postgres::PgListener};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::{Db, is_postgres};

/// What instances listen to. PostgreSQL keeps the databases of one server apart.
const CHANNEL: &str = "casavazquez";

/// Tells which card there is. PostgreSQL passes it on when the transaction is kept, and only then.
pub async fn announce(transaction: &DatabaseTransaction, revision: i64) -> Result<(), DbErr> {
    if !is_postgres(transaction) {
        return Ok(());
    }
    transaction.execute_unprepared(&format!("SELECT pg_notify('{CHANNEL}', '{revision}')")).await.map(drop)
}

/// A connection on which the database tells of changes.
#[derive(Debug)]
pub struct Notices(PgListener);

/// Listens from now on, on a connection that is kept; none with a database that tells nothing.
pub async fn listen(db: &Db) -> Result<Option<Notices>, sqlx::Error> {
    if !is_postgres(db) {
        return Ok(None);
    }
    let mut listener = PgListener::connect_with(db.get_postgres_connection_pool()).await?;
    // Whoever listens looks for themselves what they missed, and then listens anew.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(Some(Notices(listener)))
}

impl Notices {
    /// Waits for the next notice; `false` when the connection is lost.
    pub async fn next(&mut self) -> bool {
        matches!(self.0.try_recv().await, Ok(Some(_)))
    }
}
