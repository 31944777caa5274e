//! `casavazquez user` as the operator meets it, in a pipe and on a terminal.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use casavazquez::clock::Clock;
use casavazquez::db::{self, Address};
use casavazquez::error::Error;
use casavazquez::login::guessing;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::program::{Home, PROGRAM, run, said};

const GOOD: &str = "vier flaschen rioja am freitag";

/// Runs `casavazquez user …` with a standard input.
fn user(home: &Home, arguments: &[&str], input: &str) -> Output {
    let mut process = Command::new(PROGRAM)
        .arg("user")
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .envs(home.variables())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that needs no input may be gone already.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

/// A home with a database in which nobody is yet.
async fn empty_home() -> Home {
    let home = Home::new().await;
    assert_eq!(said(&run(home.path(), &["migrate"], &home.variables())), (Some(0), String::new()));
    home
}

/// What a command says that does what it was asked.
fn done(home: &Home, arguments: &[&str], input: &str) -> String {
    let output = user(home, arguments, input);
    assert_eq!(said(&output), (Some(0), String::new()), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// What a command says that does not, on its one line.
fn refused(home: &Home, arguments: &[&str], input: &str) -> String {
    let output = user(home, arguments, input);
    let (code, message) = said(&output);
    assert_eq!((code, output.stdout.len()), (Some(1), 0), "{arguments:?}: {message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    message.trim_end().strip_prefix("casavazquez: ").unwrap().to_owned()
}

/// A terminal in which a command runs, and all that it has shown.
struct Terminal {
    process: tokio::process::Child,
    shown: String,
}

impl Terminal {
    /// The terminal shows what is typed, as terminals do, unless it is told not to.
    fn run(home: &Home, command: &str) -> Self {
        let process = tokio::process::Command::new("script")
            .args(["--quiet", "--return", "--echo", "always", "--command", command, "/dev/null"])
            .current_dir(home.path())
            .env_clear()
            .envs(home.variables())
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { process, shown: String::new() }
    }

    /// Reads until the terminal shows something new.
    async fn shows(&mut self, text: &str) {
        let begin = self.shown.len();
        let mut bytes = [0; 512];
        while !self.shown.get(begin..).unwrap().contains(text) {
            let read = self.process.stdout.as_mut().unwrap().read(&mut bytes);
            let count = tokio::time::timeout(Duration::from_secs(30), read).await.unwrap().unwrap();
            assert!(count > 0, "it ended without {text:?}: {}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }

    async fn types(&mut self, keys: &str) {
        self.process.stdin.as_mut().unwrap().write_all(keys.as_bytes()).await.unwrap();
    }

    /// The exit code, and all that was shown.
    async fn ends(mut self) -> (Option<i32>, String) {
        let mut rest = Vec::new();
        let all = self.process.stdout.as_mut().unwrap().read_to_end(&mut rest);
        tokio::time::timeout(Duration::from_secs(30), all).await.unwrap().unwrap();
        self.shown.push_str(&String::from_utf8_lossy(&rest));
        (self.process.wait().await.unwrap().code(), self.shown)
    }
}

#[tokio::test]
async fn everybody_is_listed_in_columns() {
    let home = empty_home().await;
    assert_eq!(done(&home, &["list"], ""), "(nobody yet)");
    done(&home, &["create", "maria.del.carmen", "--role", "manager", "--full-name", "María del Carmen Núñez"], GOOD);
    done(&home, &["create", "ada", "--role", "admin", "--invite"], "");
    done(&home, &["create", "bo", "--role", "staff", "--full-name", "Bo"], GOOD);
    done(&home, &["deactivate", "bo"], "");
    let list = done(&home, &["list"], "");
    let days: String = list.chars().map(|letter| if letter.is_ascii_digit() { '9' } else { letter }).collect();
    insta::assert_snapshot!(days, @r"
    name              role     active  full name               since
    ada               admin    yes     -                       9999-99-99
    bo                staff    no      Bo                      9999-99-99
    maria.del.carmen  manager  yes     María del Carmen Núñez  9999-99-99
    ");
}

#[tokio::test]
async fn each_command_says_in_a_line_what_it_did() {
    let home = empty_home().await;
    for (arguments, input, told) in [
        (&["create", "ada", "--role", "admin"][..], GOOD, "ada is an admin now and can sign in."),
        (
            &["create", " Maria ", "--role", "staff"],
            "correct horse battery\r\nmore\n",
            "maria is one of the staff now and can sign in.",
        ),
        (&["update", "Maria", "--role", "manager"], "", "maria is a manager now."),
        (&["update", "maria", "--role", "manager"], "", "Nothing to do: maria is like that already."),
        (
            &["update", "maria", "--full-name", " María ", "--email", "maria@bar.example", "--name", "mari"],
            "",
            "maria signs in as mari now, has the full name María, has the email address maria@bar.example.",
        ),
        (
            &["update", "mari", "--full-name", "", "--email", ""],
            "",
            "mari has no full name any more, has no email address any more.",
        ),
        (&["sign-out", "mari"], "", "All that mari was signed in with has ended."),
        (
            &["password", "mari"],
            "el perro de San Roque\n",
            "mari has a new password, and all they were signed in with has ended.",
        ),
        (&["deactivate", "mari"], "", "mari can no longer sign in, and all they were signed in with has ended."),
        (&["deactivate", "mari"], "", "Nothing to do: mari cannot sign in already."),
        (
            &["password", "mari"],
            GOOD,
            "mari has a new password, and all they were signed in with has ended. They cannot sign in as long as they are not \
             active (casavazquez user activate mari).",
        ),
        (&["activate", "mari"], "", "mari can sign in again."),
        (&["activate", "mari"], "", "Nothing to do: mari is active already."),
        (&["delete", "mari"], "", "mari is deleted. The history keeps the name."),
    ] {
        assert_eq!(done(&home, arguments, input), told);
    }
}

#[tokio::test]
async fn a_link_is_printed_once_with_its_end() {
    let home = empty_home().await;
    let told =
        done(&home, &["create", "ada", "--role", "admin", "--invite", "--public-url", "https://bar.example/"], "");
    assert!(told.starts_with("ada is an admin now. With this link they choose a password, once and until 2"), "{told}");
    assert!(told.contains(" UTC:\n\n  https://bar.example/admin/welcome#"), "{told}");
    assert!(told.ends_with("\n\nIt is shown only this once."), "{told}");
    assert!(!told.contains("PUBLIC_URL"), "{told}");
    let again = done(&home, &["invite", "Ada"], "");
    assert!(again.starts_with("ada is invited. With this link"), "{again}");
    assert!(again.contains("\n\n  /admin/welcome#"), "{again}");
    assert!(again.contains("The address of the site comes before it"), "{again}");
    let token = |told: &str| told.split('#').nth(1).unwrap().split('\n').next().unwrap().to_owned();
    assert_eq!(token(&told).len(), 64);
    assert_ne!(token(&told), token(&again));
    assert_eq!(
        done(&home, &["update", "ada", "--full-name", "Ada"], ""),
        "ada has the full name Ada. There is no password yet (casavazquez user invite ada)."
    );
    done(&home, &["create", "bo", "--role", "staff"], GOOD);
    done(&home, &["deactivate", "bo"], "");
    let refusal = refused(&home, &["invite", "bo"], "");
    assert!(refusal.contains("bo is not active, so a link would not let them in"), "{refusal}");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_nothing_is_written() {
    let home = Home::new().await;
    done(&home, &["create", "ada", "--role", "admin"], GOOD);
    done(&home, &["create", "maria", "--role", "staff"], GOOD);
    let before = done(&home, &["list"], "");
    let unknown = "there is nobody named 'x' (see: casavazquez user list)";
    let taken = "another user has this name already (see: casavazquez user list)";
    let last = "the last admin stays (make somebody else an admin first)";
    for (arguments, input, told) in [
        (&["update", "x", "--role", "admin"][..], "", unknown),
        (&["deactivate", "X "], "", unknown),
        (&["activate", "x"], "", unknown),
        (&["delete", "x"], "", unknown),
        (&["invite", "x"], "", unknown),
        (&["sign-out", "x"], "", unknown),
        (&["password", "x"], "", unknown),
        (&["delete", "\u{1b}[2J"], "", r"there is nobody named '\u{1b}[2j' (see: casavazquez user list)"),
        (&["create", "Maria", "--role", "staff"], "", taken),
        (&["create", "maria", "--role", "staff", "--invite"], "", taken),
        (&["update", "maria", "--name", "ADA"], "", taken),
        (&["deactivate", "ada"], "", last),
        (&["update", "ada", "--role", "manager"], "", last),
        (&["delete", "ada"], "", last),
        (&["create", "neu", "--role", "staff"], "", "no password came on standard input"),
        (&["create", "neu", "--role", "staff"], "\r\n", "no password came on standard input"),
        (
            &["password", "maria"],
            "zu kurz\n",
            "the password needs 12 characters or more (a few words in a row are easy to remember)",
        ),
        (
            &["password", "maria"],
            "Passwort2024!!\n",
            "the password is one of the first that others try (a few words in a row are better)",
        ),
        (
            &["create", "fernandez", "--role", "staff"],
            "Fernandez-2026",
            "the password is little more than the username",
        ),
        (
            &["create", "maría", "--role", "staff"],
            "",
            "username takes 2 to 64 small letters, digits, dots, hyphens and underscores (a to z, without accents)",
        ),
        (
            &["create", "neu", "--role", "staff", "--email", "neu"],
            "",
            "email is no e-mail address (write it as maria@bar.example)",
        ),
        (
            &["update", "maria", "--full-name", "a\nb"],
            "",
            "full_name holds characters that cannot be shown there (retype it)",
        ),
    ] {
        assert_eq!(refused(&home, arguments, input), told, "{arguments:?}");
    }
    let long = refused(&home, &["password", "maria"], &GOOD.repeat(10_000));
    assert_eq!(long, "password is too long (128 characters at most)");
    assert_eq!(done(&home, &["list"], ""), before);
}

#[tokio::test]
async fn a_command_that_fails_makes_no_database() {
    let mut home = Home::new().await;
    // A server's database is there already; the file is not.
    home.database = None;
    refused(&home, &["create", "ada", "--role", "admin"], "too short");
    refused(&home, &["create", "a d a", "--role", "admin"], GOOD);
    let file = home.path().canonicalize().unwrap().join("data/casavazquez.db");
    let nowhere = format!("there is no database at sqlite://{} (name it in DATA_DIR or DATABASE_URL)", file.display());
    for command in ["deactivate", "activate", "delete", "invite", "sign-out", "password"] {
        assert_eq!(refused(&home, &[command, "ada"], GOOD), nowhere, "{command}");
    }
    assert_eq!(refused(&home, &["update", "ada", "--role", "admin"], ""), nowhere);
    assert_eq!(refused(&home, &["list"], ""), nowhere);
    assert!(!home.path().join("data").exists());
}

#[tokio::test]
async fn a_database_that_the_first_person_needs_is_named() {
    let mut home = Home::new().await;
    home.database = None;
    let file = home.path().canonicalize().unwrap().join("data/casavazquez.db");
    assert_eq!(
        done(&home, &["create", "ada", "--role", "admin"], GOOD),
        format!(
            "There was no database at sqlite://{} yet; now there is.\nada is an admin now and can sign in.",
            file.display()
        )
    );
    assert_eq!(done(&home, &["create", "bo", "--role", "staff"], GOOD), "bo is one of the staff now and can sign in.");
}

#[tokio::test]
async fn a_mistyped_command_is_explained() {
    let home = Home::new().await;
    for (arguments, complaint) in [
        (&[][..], "Usage: casavazquez user"),
        (&["dance"], "unrecognized subcommand 'dance'"),
        (&["create", "ada"], "--role <ROLE>"),
        (&["create", "ada", "--role", "boss"], "[possible values: staff, manager, admin]"),
        (&["update", "ada", "--role", "Admin"], "[possible values: staff, manager, admin]"),
        (&["delete"], "<NAME>"),
        (&["update", "ada"], "<--role <ROLE>|--full-name <TEXT>|--email <ADDRESS>|--name <NEW>>"),
        (&["invite", "ada", "--public-url", "bar"], "write it as https://bar.example"),
    ] {
        let (code, message) = said(&user(&home, arguments, ""));
        assert_eq!(code, Some(2), "{arguments:?}: {message}");
        assert!(message.contains(complaint), "{arguments:?}: {message}");
    }
    assert!(!home.path().join("data").exists());
}

#[tokio::test]
async fn a_terminal_asks_twice_and_never_shows_the_password() {
    let home = Home::new().await;
    let mut terminal = Terminal::run(&home, &format!("{PROGRAM} user create maria --role staff; stty -a"));
    terminal.shows("Password for maria, 12 characters or more: ").await;
    terminal.types(&format!("{GOOD}\n")).await;
    terminal.shows("The same again: ").await;
    terminal.types(&format!("{GOOD}\n")).await;
    let (code, shown) = terminal.ends().await;
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("maria is one of the staff now and can sign in."), "{shown}");
    assert!(!shown.contains("rioja"), "{shown}");
    assert!(shown.contains(" echo "), "the terminal is as it was: {shown}");
}

#[tokio::test]
async fn a_password_pasted_twice_at_once_is_understood_and_not_shown() {
    let home = Home::new().await;
    let mut terminal = Terminal::run(&home, &format!("{PROGRAM} user create maria --role staff"));
    terminal.shows("Password for maria").await;
    terminal.types(&format!("{GOOD}\n{GOOD}\n")).await;
    let (code, shown) = terminal.ends().await;
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains("rioja"), "{shown}");
}

#[tokio::test]
async fn a_terminal_says_what_is_wrong_with_a_password_and_stays_whole() {
    let home = Home::new().await;
    done(&home, &["create", "maria", "--role", "staff"], GOOD);
    for (first, second, told) in [
        ("too short\n", None, "the password needs 12 characters or more"),
        ("Passwort2024!!\n", None, "the password is one of the first that others try"),
        ("el perro de San Roque\n", Some("el perro de San Rocke\n"), "the two passwords differ"),
        ("el perro\u{3}", None, "no password was typed: interrupted"),
    ] {
        let mut terminal = Terminal::run(&home, &format!("{PROGRAM} user password maria; echo exit $?; stty -a"));
        terminal.shows("Password for maria").await;
        terminal.types(first).await;
        if let Some(second) = second {
            terminal.shows("The same again: ").await;
            terminal.types(second).await;
        }
        let (_, shown) = terminal.ends().await;
        assert!(shown.contains(told), "{shown}");
        assert!(shown.contains("exit 1"), "{shown}");
        assert!(shown.contains(" echo "), "the terminal is as it was: {shown}");
        assert_eq!(shown.contains("The same again"), second.is_some(), "{shown}");
        for typed in ["perro", "too short", "2024"] {
            assert!(!shown.contains(typed), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_new_password_forgives_the_guesses_at_the_old_one() {
    let home = Home::new().await;
    done(&home, &["create", "maria", "--role", "staff"], GOOD);
    let file = format!("sqlite://{}/data/casavazquez.db", home.path().display());
    let address: Address = home.database.clone().unwrap_or(file).parse().unwrap();
    let db = db::connect(&address).await.unwrap();
    let now = Clock::default().now();
    let attempt = async |number: u8| guessing::begin(&db, "maria", &format!("203.0.113.{number}"), now).await;
    for number in 0..5 {
        attempt(number).await.unwrap();
    }
    assert!(matches!(attempt(5).await, Err(Error::TooMany(_))));
    done(&home, &["password", "maria"], GOOD);
    assert!(attempt(6).await.is_ok());
}
