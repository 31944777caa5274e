//! `casavazquez user password`, and how passwords are typed: unseen and twice, or once into a pipe.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};

use anyhow::{Context, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

use super::refused;
use crate::config::DataConfig;
use crate::error::Error;
use crate::login::guessing;
use crate::users::user::username;
use crate::users::{invitations, password, store, strength};

/// The most that is read of a line: more than any password may have.
const LINE: u64 = 4096;

/// Gives somebody another password. A link they were given is no longer good.
pub async fn replace(data: &DataConfig, name: &str) -> anyhow::Result<()> {
    let app = super::open(data).await?;
    let known = store::find_by_name(&app.db, &username(name)).await?;
    let known = known.ok_or(Error::NotFound("user")).map_err(|error| refused(error, name))?;
    let hash = password::hash(&new_password(&known.profile.username)?)?;
    let person = super::change(&app, name, async |change, person| invitations::accept(change, &person, hash).await);
    let person = person.await?;
    guessing::forgive(&app.db, &person.profile.username).await?;
    super::super::say(&format!(
        "{} has a new password, and all they were signed in with has ended.{}",
        person.profile.username,
        super::hint(&person)
    ))
}

/// A password that somebody may choose.
pub fn new_password(username: &str) -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        let password = piped()?;
        strength::check("/password", &password, username)?;
        return Ok(password);
    }
    // An interrupt comes back as an error, so that the terminal is put right before the program ends.
    let _interrupts = signal(SignalKind::interrupt())?;
    let _unseen = Unseen::begin().context("the terminal cannot be asked for a password")?;
    let password = prompt(&format!("Password for {username}, 12 characters or more: "))?;
    strength::check("/password", &password, username)?;
    if prompt("The same again: ")? != password {
        bail!("the two passwords differ");
    }
    Ok(password)
}

fn prompt(question: &str) -> anyhow::Result<String> {
    rpassword::prompt_password(question).context("no password was typed")
}

/// The first line of standard input.
fn piped() -> anyhow::Result<String> {
    let mut line = Vec::new();
    BufReader::new(io::stdin().take(LINE)).read_until(b'\n', &mut line).context("standard input cannot be read")?;
    let line = line.strip_suffix(b"\n").map_or(&*line, |line| line.strip_suffix(b"\r").unwrap_or(line));
    if line.is_empty() {
        bail!("no password came on standard input");
    }
    String::from_utf8(line.to_vec()).ok().context("the password on standard input is not UTF-8")
}

/// A terminal that shows nothing that is typed, from before the first question to after the last answer: what is typed or
/// pasted ahead is not shown either.
struct Unseen {
    terminal: File,
    before: Termios,
}

impl Unseen {
    fn begin() -> io::Result<Self> {
        let terminal = File::options().read(true).write(true).open("/dev/tty")?;
        let before = tcgetattr(&terminal)?;
        let mut quiet = before.clone();
        // Keys come one by one, Ctrl-C too, as the questions take them; between two modes a key could get lost.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&terminal, OptionalActions::Now, &quiet)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // Nothing more can be done for a terminal that is gone.
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}
