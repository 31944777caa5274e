//! The menu as a file at the command line: out, edited, looked at, and back.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::program::{Home, PROGRAM, run, said};

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test]
async fn the_menu_goes_out_is_edited_and_comes_back() {
    let home = Home::new().await;
    let run = |arguments: &[&str]| run(home.path(), arguments, &home.variables());
    assert_eq!(run(&["seed"]).status.code(), Some(0));
    assert_eq!(said(&run(&["export", "menu.csv"])), (Some(0), String::new()));
    let same = run(&["import", "menu.csv"]);
    assert_eq!(same.status.code(), Some(0), "{same:?}");
    assert!(!printed(&same).contains("Changed"), "{}", printed(&same));
    let sheet = std::fs::read_to_string(home.path().join("menu.csv")).unwrap();
    assert!(sheet.contains(";5,00;"), "{sheet}");
    std::fs::write(home.path().join("menu.csv"), sheet.replacen(";5,00;", ";5,20;", 1)).unwrap();
    let looked = printed(&run(&["import", "menu.csv"]));
    assert!(looked.contains("price 5,00 → 5,20"), "{looked}");
    assert!(looked.ends_with("Nothing was changed. Run again with --apply to import.\n"), "{looked}");
    let applied = printed(&run(&["import", "menu.csv", "--apply"]));
    let (_, done) = applied.split_once("Imported.\nIt can be undone as change ").unwrap();
    assert!(done.trim_end().ends_with(" of the history."), "{applied}");
    assert_eq!(printed(&run(&["export"])), std::fs::read_to_string(home.path().join("menu.csv")).unwrap());
    let json = run(&["export", "--kind", "snacks", "--format", "json", "snacks.json"]);
    assert_eq!(json.status.code(), Some(0), "{json:?}");
    assert!(!printed(&run(&["import", "snacks.json", "--apply"])).contains("Changed"));
}

#[tokio::test]
async fn refused_cells_are_named_and_nothing_is_imported() {
    let home = Home::new().await;
    let run = |arguments: &[&str]| run(home.path(), arguments, &home.variables());
    assert_eq!(run(&["seed"]).status.code(), Some(0));
    std::fs::write(
        home.path().join("prices.csv"),
        "kind;number;unit;Preis\nsnack;1;portion;5,50\nsnack;2;portion;6,500€\n",
    )
    .unwrap();
    let (code, message) = said(&run(&["import", "prices.csv"]));
    assert_eq!(code, Some(1));
    assert!(message.contains("Preis is not a column here"), "{message}");
    assert!(message.contains("--map says what a header is called here"), "{message}");
    let refused = run(&["import", "prices.csv", "--map", "Preis=price", "--apply"]);
    assert_eq!(said(&refused).0, Some(1));
    assert!(printed(&refused).contains("row 3, price: could be 6,50 € or 6500 €"), "{}", printed(&refused));
    assert!(printed(&run(&["import", "prices.csv", "--map", "Preis=price"])).contains("price 5,00 → 5,50"));
}

#[tokio::test]
async fn where_there_is_no_menu_nothing_is_exported_or_made() {
    let folder = tempfile::tempdir().unwrap();
    let (code, message) = said(&run(folder.path(), &["export"], &[]));
    assert_eq!(code, Some(1));
    assert!(message.contains("nothing to export"), "{message}");
    assert!(!folder.path().join("data").exists());
}

/// Runs the program with something on its standard input.
fn fed(home: &Home, arguments: &[&str], input: &[u8]) -> Output {
    let mut program = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .envs(home.variables())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(input).unwrap();
    program.wait_with_output().unwrap()
}

#[tokio::test]
async fn a_hyphen_is_standard_output_and_standard_input() {
    let home = Home::new().await;
    let run = |arguments: &[&str]| run(home.path(), arguments, &home.variables());
    assert_eq!(run(&["seed"]).status.code(), Some(0));
    let sheet = run(&["export", "-"]);
    assert_eq!(sheet.stdout, run(&["export"]).stdout);
    assert!(sheet.stdout.starts_with("\u{feff}id;kind;".as_bytes()));
    assert!(!home.path().join("-").exists());
    let same = fed(&home, &["import", "-"], &sheet.stdout);
    assert_eq!(same.status.code(), Some(0), "{same:?}");
    let (code, message) = said(&fed(&home, &["import", "-"], b"Guten Tag\n"));
    assert_eq!(code, Some(1));
    assert!(message.contains("standard input holds is no exported menu"), "{message}");
}

#[test]
fn the_help_says_all_there_is_to_say() {
    let help = |command: &str| printed(&run(&std::env::temp_dir(), &[command, "--help"], &[]));
    assert!(help("export").contains("What guests do not see is written too."), "{}", help("export"));
    assert!(help("import").contains("nothing is deleted"), "{}", help("import"));
    assert!(help("import").contains("Running it twice changes nothing."), "{}", help("import"));
}
