//! The settings: what the server reads, and what `.env.example` and `docs/configuration.md` say of it.

use std::collections::BTreeMap;

use casavazquez::cli::Cli;
use casavazquez::db::Address;
use casavazquez::users::invitations;
use clap::{Command, CommandFactory};

/// Every variable that some command reads, with its first sentence.
fn variables() -> BTreeMap<String, String> {
    let mut command = Cli::command();
    command.build();
    let mut found = BTreeMap::new();
    collect(&command, &mut found);
    found
}

/// What a command and all commands below it read. Where several read one variable, they say the same of it.
fn collect(command: &Command, found: &mut BTreeMap<String, String>) {
    for argument in command.get_arguments() {
        if let Some(name) = argument.get_env() {
            let sentence = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let name = name.to_string_lossy().into_owned();
            let first = found.entry(name.clone()).or_insert_with(|| sentence.clone());
            assert_eq!(*first, sentence, "{name} in {}", command.get_name());
        }
    }
    command.get_subcommands().for_each(|below| collect(below, found));
}

#[test]
fn the_example_names_every_variable_that_is_read_and_no_other() {
    let example = include_str!("../../../.env.example");
    let lines = example.lines().map(|line| line.trim_start_matches("# ").trim_start_matches('#'));
    let named: Vec<String> = lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.to_owned())
        .filter(|name| {
            name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
        })
        .collect();
    let mut sorted = named.clone();
    sorted.sort();
    assert_eq!(sorted, variables().into_keys().collect::<Vec<_>>());
}

#[test]
fn the_settings_page_has_every_variable_with_its_sentence() {
    let page = include_str!("../../../docs/configuration.md");
    for (name, sentence) in variables() {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{name}` |")))
            .unwrap_or_else(|| panic!("no row for {name}"));
        assert!(row.contains(&sentence), "{name}: the page should say: {sentence}");
    }
}

#[test]
fn a_database_address_with_a_typo_says_what_to_write() {
    for (text, complaint) in [
        ("postgress://u:p@localhost/bar", "'postgress:' is no database this server knows"),
        ("mysql://localhost/bar", "'mysql:' is no database this server knows"),
        ("casavazquez.db", "this is not a database URL"),
        ("", "this is not a database URL"),
        ("postgres://localhost", "this URL names no database"),
        ("sqlite://", "this URL names no file"),
        ("postgres://u:p@local host/bar", "this is not a database URL"),
    ] {
        let refusal = text.parse::<Address>().unwrap_err();
        assert!(refusal.contains(complaint), "{text}: {refusal}");
        assert!(refusal.contains("use sqlite:///path"), "{refusal}");
    }
}

#[test]
fn the_link_for_invited_people_begins_with_the_site() {
    for (site, link) in [
        (None, "/admin/welcome#t0k"),
        (Some("https://bar.example"), "https://bar.example/admin/welcome#t0k"),
        (Some("http://127.0.0.1:8080/"), "http://127.0.0.1:8080/admin/welcome#t0k"),
    ] {
        let site = site.map(|site| site.parse().unwrap());
        assert_eq!(invitations::link(site.as_ref(), "t0k"), link);
    }
}

#[test]
fn a_password_is_never_shown() {
    for url in [
        "postgres://bar:s3cret@db.example:5433/bar?sslmode=require",
        "postgres://db.example:5433/bar?user=u&password=s3cret",
    ] {
        let address: Address = url.parse().unwrap();
        assert_eq!(address.shown(), "postgres://db.example:5433/bar");
    }
}

#[test]
fn a_file_is_found_however_its_address_is_written() {
    let folder = tempfile::Builder::new().prefix("two words ").tempdir().unwrap();
    let address = Address::file_in(folder.path()).unwrap();
    assert!(address.is_missing());
    std::fs::write(folder.path().join("casavazquez.db"), "").unwrap();
    assert!(!address.is_missing());
    let short: Address = "sqlite://Cargo.toml".parse().unwrap();
    assert!(!short.is_missing(), "relative to where one stands: {}", short.shown());
    let elsewhere: Address = "sqlite://src/none.db".parse().unwrap();
    assert!(elsewhere.is_missing());
    assert_ne!(short.fingerprint(), elsewhere.fingerprint());
}
