//! `casavazquez import`: the old system's data, looked at first and imported when told.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::app::App;
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
    pub async fn run(self, app: &App) -> anyhow::Result<()> {
        let mut sources = Vec::new();
        for (done, path) in self.paths.iter().enumerate() {
            progress("read", done, self.paths.len());
            sources.push(original::read(path).await.inspect_err(|_| clear())?);
        }
        let gathered = gather::gather(&sources);
        let (plan, outcome) = if self.apply {
            let written = apply::apply(app, &gathered, &|done, all| progress("written", done, all)).await;
            clear();
            (written.context("nothing was imported")?, Outcome::Applied)
        } else {
            clear();
            let previewed = apply::preview(app, &gathered).await;
            (previewed.context("the menu could not be compared")?, Outcome::Previewed)
        };
        let report = report::text(&plan, outcome);
        io::stdout().write_all(report.as_bytes()).context("the report could not be printed")
    }
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
