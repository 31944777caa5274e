//! `casavazquez export`: the menu as a file.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::config::DataConfig;
use crate::db;
use crate::exchange::sheet::export::{self, Format};
use crate::menu::section::Menu;

/// Write the menu to a file, for a spreadsheet or another program
///
/// What guests do not see is written too. A sheet has one row a serving; after editing, "casavazquez import" takes it back.
/// Save it as CSV in UTF-8: other encodings lose letters.
#[derive(Args, Clone, Debug)]
pub struct Export {
    /// The file to write, over what is there; without one, or with "-", the menu goes to standard output
    #[arg(value_name = "FILE")]
    pub path: Option<PathBuf>,
    /// Which menu
    #[arg(long, value_enum, default_value_t)]
    pub kind: Which,
    /// What kind of file
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A part of the menu, or all of it.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Which {
    /// Everything
    #[default]
    All,
    /// The wine list
    Wines,
    /// Everything else to drink
    Drinks,
    /// Everything to eat
    Snacks,
}

impl Which {
    fn menus(self) -> &'static [Menu] {
        match self {
            Self::All => &Menu::ALL,
            Self::Wines => &[Menu::Wines],
            Self::Drinks => &[Menu::Drinks],
            Self::Snacks => &[Menu::Snacks],
        }
    }
}

impl Export {
    /// Writes the file. A database that is not there yet is not made.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        let address = data.address()?;
        if address.is_missing() {
            bail!("there is no database at {} yet, so there is nothing to export", address.shown());
        }
        let db = db::connect(&address).await.map_err(|error| db::explain(&address, &error))?;
        db::ping(&db).await.map_err(|error| db::explain(&address, &error))?;
        if !db::has_tables(&db).await? {
            bail!("the database at {} has no menu yet, so there is nothing to export", address.shown());
        }
        let text = export::read(&db, self.kind.menus(), self.format).await.context("the menu could not be read")?;
        match self.path.filter(|path| path.as_os_str() != "-") {
            Some(path) => {
                std::fs::write(&path, text).with_context(|| format!("'{}' cannot be written", path.display()))
            }
            None => match io::stdout().write_all(text.as_bytes()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                printed => printed.context("standard output cannot be written to"),
            },
        }
    }
}
