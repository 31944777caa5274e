//! The number that says which card is current. It rises in the same transaction as the change.

use chrono::{DateTime, Utc};
use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "card_revision")]
#[expect(missing_docs, reason = "one row: the number and when it rose")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub revision: i64,
    pub changed_at: ChronoDateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
#[expect(missing_docs, reason = "queries join by hand")]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The one row's key.
pub const ROW: i32 = 1;

/// The number now, and since when.
pub async fn current(db: &impl ConnectionTrait) -> Result<Model, DbErr> {
    let row = Entity::find_by_id(ROW).one(db).await?;
    row.ok_or_else(missing)
}

/// Raises the number by one, and says what it is now. The row's lock makes writers queue here, so numbers rise in the
/// order of commits.
pub async fn raise(db: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<i64, DbErr> {
    let raised = Entity::update_many()
        .col_expr(Column::Revision, ExprTrait::add(Expr::col(Column::Revision), 1))
        .col_expr(Column::ChangedAt, Expr::value(at))
        .filter(Column::Id.eq(ROW))
        .exec_with_returning(db)
        .await?;
    raised.first().map(|row| row.revision).ok_or_else(missing)
}

fn missing() -> DbErr {
    DbErr::RecordNotFound("card_revision is empty".to_owned())
}
