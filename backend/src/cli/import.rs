//! `casavazquez import`: the old system's data, looked at first and imported when told.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::clock::Clock;
use crate::config::DataConfig;
use crate::db;
use crate::exchange::gather::Gathered;
use crate::exchange::plan::{self, Plan, Standing};
use crate::exchange::report::{self, Outcome};
use crate::exchange::{apply, gather, original};

/// Import the old system's data; without --apply nothing is written
///
/// Reads the old SQLite database and its JSON files, repairs what is certain, and reports what is new, changed, repaired,
/// doubtful and refused. Later files complete and correct earlier ones. Running it twice changes nothing.
#[derive(Args, Clone, Debug)]
pub struct Import {
    /// Files of the old system: its .db file, wines.json, drinks.json, …
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write what the report says; all of it or nothing
    #[arg(long)]
    pub apply: bool,
}

impl Import {
    /// Imports, or reports what an import would do.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        let mut sources = Vec::new();
        for (done, path) in self.paths.iter().enumerate() {
            progress("read", done, self.paths.len());
            sources.push(original::read(path).await.inspect_err(|_| clear())?);
        }
        let gathered = gather::gather(&sources);
        let (plan, outcome) = if self.apply {
            let app = super::open(data).await?;
            let written = apply::apply(&app, &gathered, &|done, all| progress("written", done, all)).await;
            clear();
            (written.context("nothing was imported")?, Outcome::Applied)
        } else {
            clear();
            (preview(data, &gathered).await?, Outcome::Previewed)
        };
        let report = report::text(&plan, outcome);
        super::say(report.trim_end())
    }
}

/// Looks only: a database that is not there yet is not made.
async fn preview(data: &DataConfig, gathered: &Gathered) -> anyhow::Result<Plan> {
    let (address, now) = (data.address()?, Clock::default().now());
    if address.is_missing() {
        return Ok(plan::make(&Standing::default(), gathered, now));
    }
    let db = db::connect(&address).await.map_err(|error| db::explain(&address, &error))?;
    db::ping(&db).await.map_err(|error| db::explain(&address, &error))?;
    apply::preview(&db, gathered, now).await.context("the menu could not be compared")
}

/// One line that overwrites itself, only for somebody who watches. It is no reason to fail.
fn progress(done_what: &str, done: usize, all: usize) {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K{done} of {all} {done_what}");
    }
}

fn clear() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}
