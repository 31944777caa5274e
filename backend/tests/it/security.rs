//! The security page is true: every test it names is there and runs.

use std::fs;
use std::path::Path;

/// Everything that tests are written in.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// Whether the function of this name is a test, and one that runs.
fn runs(name: &str, sources: &str) -> bool {
    let lines: Vec<&str> = sources.lines().map(str::trim).collect();
    let begins = [format!("fn {name}("), format!("async fn {name}(")];
    lines.iter().enumerate().filter(|(_, line)| begins.iter().any(|begin| line.starts_with(begin))).any(|(at, _)| {
        let above = || lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let is_test = |line: &str| line == "#[test]" || line.starts_with("#[tokio::test");
        above().any(|line| is_test(line)) && !above().any(|line| line.starts_with("#[ignore"))
    })
}

#[test]
fn only_what_runs_counts_as_a_test() {
    for (source, expected) in [
        ("#[test]\nfn it_rains() {", true),
        ("    #[tokio::test]\n    async fn it_rains() {", true),
        ("/// Outside.\n#[test]\n#[expect(dead_code)]\nfn it_rains() {", true),
        ("#[tokio::test(start_paused = true)]\nasync fn it_rains() {", true),
        ("fn it_rains() {}\n#[test]\nfn it_rains() {", true),
        ("fn it_rains() {", false),
        ("#[test]\nfn it_rains_cats() {", false),
        ("#[test]\nfn it_snows() {}\n\nfn it_rains() {", false),
        ("// #[test]\nfn it_rains() {", false),
        ("#[test]\n// fn it_rains() {", false),
        ("#[test]\n#[ignore]\nfn it_rains() {", false),
        ("#[ignore = \"wet\"]\n#[tokio::test]\nasync fn it_rains() {", false),
    ] {
        assert_eq!(runs("it_rains", source), expected, "{source}");
    }
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    for folder in ["src", "tests"] {
        sources(&root.join(folder), &mut all);
    }
    let page = include_str!("../../../docs/security.md");
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")).collect();
    let mut named = 0;
    let mut missing = Vec::new();
    for test in
        rows.iter().filter_map(|row| row.rsplit(" | ").next()).flat_map(|cell| cell.split('`').skip(1).step_by(2))
    {
        if test.contains('_') {
            named += 1;
            if !runs(test, &all) {
                missing.push(test);
            }
        }
    }
    assert!(named > 60, "only {named} were found on the page");
    assert!(missing.is_empty(), "{missing:#?}");
    let faults = (1..=25).filter(|number| {
        let name = format!("S{number}");
        !rows.iter().any(|row| row.split([' ', ',', '|']).any(|word| word == name))
    });
    assert_eq!(faults.collect::<Vec<_>>(), [0; 0], "faults of the old system that the page does not name");
}
