//! The tables, as numbered steps that are never edited after a release. One tree for both databases.

mod m0001_menu;
mod m0002_people;
mod m0003_house;
mod m0004_login;
mod m0005_editing;

use sea_orm_migration::prelude::*;

/// All steps, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_menu::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_house::Migration),
            Box::new(m0004_login::Migration),
            Box::new(m0005_editing::Migration),
        ]
    }
}
