//! Who does something: a person, a program, or the house itself.

use std::fmt;

/// Who a change is written down under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user name, or what stands in for one.
    pub name: String,
    /// The way the change came in.
    pub source: Source,
}

/// The ways a change can come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A person at the website.
    Website,
    /// A program, for a person.
    Api,
    /// The door, when it finds something wrong.
    Door,
    /// The operator's command line.
    CommandLine,
    /// An import of files.
    Import,
    /// The house filling an empty database.
    Seed,
}

impl Actor {
    /// The operator at the command line.
    pub fn command_line() -> Self {
        Self { name: "cli".to_owned(), source: Source::CommandLine }
    }

    /// An import started at the command line.
    pub fn import() -> Self {
        Self { name: "cli".to_owned(), source: Source::Import }
    }

    /// The door, when it finds something wrong and ends it.
    pub fn door() -> Self {
        Self { name: "house".to_owned(), source: Source::Door }
    }

    /// The house, when it sets the table for the first time.
    pub fn house() -> Self {
        Self { name: "house".to_owned(), source: Source::Seed }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Website => "website",
            Self::Api => "api",
            Self::Door => "door",
            Self::CommandLine => "command line",
            Self::Import => "import",
            Self::Seed => "seed",
        })
    }
}
