//! Which lines of the history are taken back: by a change that has not been taken back itself.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Line;
use super::store::changes::{Column, Entity};

/// What is taken back of some lines: the line or the change, and the thing.
#[derive(Debug)]
pub struct Undone(HashSet<(Uuid, Uuid)>);

/// A line that takes back others.
struct Taker {
    undoes: Uuid,
    id: Uuid,
    batch: Uuid,
    thing_id: Uuid,
}

impl Undone {
    /// What is taken back of these lines.
    pub async fn of(db: &impl ConnectionTrait, lines: &[Line]) -> Result<Self, DbErr> {
        let mut asked: Vec<Uuid> = lines.iter().flat_map(|line| [line.id, line.batch]).collect();
        let mut turns = Vec::new();
        loop {
            let takers = takers(db, asked).await?;
            if takers.is_empty() {
                break;
            }
            asked = takers.iter().flat_map(|taker| [taker.id, taker.batch]).collect();
            turns.push(takers);
        }
        // Whether the last word holds is known; from there it is told of those before.
        let mut undone = Self(HashSet::new());
        for takers in turns.into_iter().rev() {
            let hold = takers.into_iter().filter(|taker| !undone.holds(taker.id, taker.batch, taker.thing_id));
            undone = Self(hold.map(|taker| (taker.undoes, taker.thing_id)).collect());
        }
        Ok(undone)
    }

    /// Whether this line is taken back, by itself or with its whole change.
    pub fn has(&self, line: &Line) -> bool {
        self.holds(line.id, line.batch, line.thing_id)
    }

    fn holds(&self, id: Uuid, batch: Uuid, thing_id: Uuid) -> bool {
        [id, batch].iter().any(|undone| self.0.contains(&(*undone, thing_id)))
    }
}

/// The lines that take back these lines and changes.
async fn takers(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<Taker>, DbErr> {
    let columns = [Column::Undoes, Column::Id, Column::Batch, Column::ThingId];
    let lines = Entity::find().select_only().columns(columns).filter(Column::Undoes.is_in(ids));
    let lines: Vec<(Uuid, Uuid, Uuid, Uuid)> = lines.into_tuple().all(db).await?;
    Ok(lines.into_iter().map(|(undoes, id, batch, thing_id)| Taker { undoes, id, batch, thing_id }).collect())
}
