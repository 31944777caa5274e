//! `casavazquez import`: an edited menu or the old system's data, looked at first and imported when told.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;

use crate::actor::Actor;
use crate::clock::Clock;
use crate::config::DataConfig;
use crate::db;
use crate::error::Error;
use crate::exchange::gather::Gathered;
use crate::exchange::plan::{Plan, Standing};
use crate::exchange::planner;
use crate::exchange::report::{self, Outcome};
use crate::exchange::sheet::header::Mapping;
use crate::exchange::sheet::incoming::{self, Incoming};
use crate::exchange::sheet::told;
use crate::exchange::{apply, gather, original};
use crate::fault::summary;

/// Import an edited menu or the old system's data; without --apply nothing is written
///
/// Takes a file that "casavazquez export" wrote: rows of a sheet are told apart by their ids, columns may be left out, and
/// nothing is deleted. If one cell is refused, nothing is imported.
///
/// Or reads the old system's SQLite database and JSON files, repairs what is certain, and reports what is new, changed, repaired,
/// doubtful and refused. Later files complete and correct earlier ones. Running it twice changes nothing.
#[derive(Args, Clone, Debug)]
pub struct Import {
    /// One exported file ("-" reads it from standard input); or files of the old system: its .db file, wines.json, …
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What a header of the sheet is called here, such as Preis=price; Bemerkung= leaves that one out
    #[arg(long = "map", value_name = "HEADER=COLUMN", value_parser = pair)]
    pub mapping: Vec<(String, String)>,
    /// Write what the report says; all of it or nothing
    #[arg(long)]
    pub apply: bool,
}

impl Import {
    /// Imports, or reports what an import would do.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        if let Some(incoming) = self.sheet()? {
            return self.run_sheet(data, &incoming).await;
        }
        if !self.mapping.is_empty() {
            bail!("--map is for a sheet, and none of these files is one");
        }
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

    /// The exported file among the paths, if it is one.
    fn sheet(&self) -> anyhow::Result<Option<Incoming>> {
        for path in &self.paths {
            // What cannot be read is told with the old system's files.
            let Ok(bytes) = read(path) else { continue };
            let Some(format) = incoming::recognise(&bytes, !self.mapping.is_empty()) else {
                ensure!(!is_standard_input(path), "what standard input holds is no exported menu");
                continue;
            };
            if self.paths.len() > 1 {
                bail!("'{}' is an exported menu; import it by itself", path.display());
            }
            let mapping: Mapping = self.mapping.iter().cloned().collect();
            let read = Incoming::read(&bytes, format, mapping);
            return read.map(Some).map_err(|error| anyhow!("'{}' cannot be imported: {error}", path.display()));
        }
        Ok(None)
    }

    async fn run_sheet(&self, data: &DataConfig, file: &Incoming) -> anyhow::Result<()> {
        let (address, now) = (data.address()?, Clock::default().now());
        let preview = if address.is_missing() {
            file.compare(&Standing::default(), now)
        } else {
            let db = db::connect(&address).await.map_err(|error| db::explain(&address, &error))?;
            db::ping(&db).await.map_err(|error| db::explain(&address, &error))?;
            file.look(&db, now).await
        };
        let preview = preview.map_err(|error| match error {
            Error::Invalid(faults) if faults.iter().any(|fault| fault.code == "unknown_column") => {
                anyhow!("the file cannot be imported: {} (--map says what a header is called here)", summary(&faults))
            }
            error => anyhow!(error).context("the file cannot be imported"),
        })?;
        if !self.apply || preview.finish().is_err() {
            super::say(told::text(&preview, Outcome::Previewed).trim_end())?;
            return if self.apply { Err(anyhow!("nothing was imported")) } else { Ok(()) };
        }
        let app = super::open(data).await?;
        let written = app
            .change(&Actor::import(), async |change| {
                let done = file.apply(change, None, &|done, all| progress("written", done, all)).await?;
                Ok((done, change.batch()))
            })
            .await;
        clear();
        let (done, batch) = written.context("nothing was imported")?;
        super::say(told::text(&done, Outcome::Applied).trim_end())?;
        if done.plan.items.is_empty() {
            return Ok(());
        }
        super::say(&format!("It can be undone as change {batch} of the history."))
    }
}

/// The bytes of a file, or of standard input.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !is_standard_input(path) {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map(|_| bytes)
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Looks only: a database that is not there yet is not made.
async fn preview(data: &DataConfig, gathered: &Gathered) -> anyhow::Result<Plan> {
    let (address, now) = (data.address()?, Clock::default().now());
    if address.is_missing() {
        return Ok(planner::make(&Standing::default(), gathered, now));
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

fn pair(text: &str) -> Result<(String, String), String> {
    let (from, to) = text.rsplit_once('=').ok_or("give it as HEADER=COLUMN")?;
    Ok((from.to_owned(), to.to_owned()))
}
