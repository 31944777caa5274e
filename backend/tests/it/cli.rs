//! The program as the operator meets it: its help, its messages, its exit codes, and what it leaves on the disk.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use casavazquez::cli::Cli;
use clap::CommandFactory;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::harness::empty_postgres;
use crate::program::{Home, PROGRAM, Server, run, said};

#[test]
fn the_commands_are_well_made() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut help = String::new();
    for words in commands(&Cli::command()) {
        let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
        let output = run(folder.path(), &arguments, &[]);
        assert_eq!(output.status.code(), Some(0));
        help.push_str("$ casavazquez ");
        help.push_str(&arguments.join(" "));
        help.push_str("\n\n");
        help.push_str(&String::from_utf8(output.stdout).unwrap());
        help.push('\n');
    }
    insta::assert_snapshot!(help);
}

/// The words of a command and of all commands below it, `help` aside.
fn commands(command: &clap::Command) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        for words in commands(below) {
            found.push([vec![below.get_name().to_owned()], words].concat());
        }
    }
    found
}

#[tokio::test]
async fn the_first_start_sets_the_table_and_the_second_changes_nothing() {
    let home = Home::new().await;
    let first = Server::start(home.path(), &home.variables()).await;
    assert!(first.printed.iter().any(|line| line.contains("admin")), "{:?}", first.printed);
    let password =
        first.printed.iter().find_map(|line| line.trim().strip_prefix("Password:")).unwrap().trim().to_owned();
    assert_eq!(password.len(), 23);
    let card = first.get("/api/v1/card").await;
    assert!(card.starts_with("HTTP/1.1 200"), "{}", &card[..200]);
    assert_eq!(first.stop().await, Some(0));
    let second = Server::start(home.path(), &home.variables()).await;
    assert_eq!(second.printed, [""; 0], "no second password");
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).unwrap().to_owned();
    assert_eq!(body(&second.get("/api/v1/card").await), body(&card));
    assert_eq!(second.stop().await, Some(0));
    let files = std::fs::read_dir(home.path().join("data")).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let database = home.database.is_none().then_some("casavazquez.db");
    let expected: Vec<_> = ["card.json"].into_iter().chain(database).chain(["media"]).collect();
    assert_eq!(names, expected, "a clean stop leaves no journal");
}

#[tokio::test]
async fn the_first_password_is_random_and_opens_the_door() {
    let home = Home::new().await;
    let server = Server::start(home.path(), &home.variables()).await;
    let password = server.printed.iter().find_map(|line| line.trim().strip_prefix("Password:")).unwrap().trim();
    let sign_in = async |password: &str| {
        let body = format!(r#"{{"username": "admin", "password": "{password}"}}"#);
        server.post("/api/v1/auth/login", &body).await
    };
    for guess in ["admin", "", "password", "casavazquez"] {
        assert!(sign_in(guess).await.starts_with("HTTP/1.1 401"), "{guess}");
    }
    let answer = sign_in(password).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("set-cookie: __Host-casavazquez-access="), "{answer}");
}

#[tokio::test]
async fn a_change_by_a_command_reaches_the_running_server() {
    let home = Home::new().await;
    let migrated = run(home.path(), &["migrate"], &home.variables());
    assert_eq!(said(&migrated), (Some(0), String::new()));
    std::fs::write(home.path().join("wines.json"), WINES).unwrap();
    let server = Server::start(home.path(), &home.variables()).await;
    assert!(!server.get("/api/v1/wines").await.contains("Prueba"));
    let imported = run(home.path(), &["import", "wines.json", "--apply"], &home.variables());
    assert_eq!(imported.status.code(), Some(0), "{imported:?}");
    let reached = async {
        while !server.get("/api/v1/wines").await.contains("Prueba") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reached).await.expect("the new wine is on the card");
}

const WINES: &str = r#"[{"name": "Prueba Tinta", "id": "r1", "prices": {"0.1l": "4,00€", "flasche": "€24,50"}, "color": "red",
    "grape": "Tempranillo", "origin": "Spanien", "short_description": "Ein Wein zum Probieren.", "long_description": null,
    "characteristics": "trocken", "available": true, "image": null}]"#;

#[tokio::test]
async fn a_port_in_use_is_named_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, message) = said(&run(folder.path(), &[], &[("PORT", &port)]));
    assert_eq!(code, Some(1));
    assert!(message.contains(&format!("port {port} on 127.0.0.1 is in use by another program")), "{message}");
    assert!(!folder.path().join("data").exists());
}

#[test]
fn wrong_settings_are_named_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a-file"), "").unwrap();
    std::fs::write(folder.path().join("text.db"), "this is a text and not a database, as anybody can see\n".repeat(20))
        .unwrap();
    let text = format!("sqlite://{}/text.db", folder.path().display());
    let before = std::fs::read(folder.path().join("text.db")).unwrap();
    let site = "PUBLIC_URL takes http or https and a host, without a user name, a password or a page (write it as https://bar.example)";
    for (variable, value, code, complaint) in [
        (
            "DATABASE_URL",
            "postgress://bar:s3cret@localhost/bar",
            1,
            "DATABASE_URL is wrong: 'postgress:' is no database this server knows",
        ),
        (
            "DATABASE_URL",
            "postgres://bar:s3cret@127.0.0.1:1/bar",
            1,
            "cannot reach the database at postgres://127.0.0.1:1/bar",
        ),
        ("DATABASE_URL", &text, 1, "is not a SQLite database"),
        ("PORT", "99999", 2, "99999 is not in 0..=65535"),
        ("HOST", "bar", 2, "invalid IP address syntax"),
        ("HOST", "192.0.2.1", 1, "cannot listen on 192.0.2.1 port"),
        ("DATA_DIR", "a-file", 1, "cannot write to the data folder 'a-file'"),
        ("DATA_DIR", "/proc/none", 1, "cannot write to the data folder '/proc/none'"),
        ("LOG", "casavazquez=loud=quiet", 1, "which is no filter"),
        ("PUBLIC_URL", "bar.example", 2, site),
        ("PUBLIC_URL", "ftp://bar.example", 2, site),
        ("PUBLIC_URL", "https://bar.example/menu", 2, site),
        ("PUBLIC_URL", "https://bar.example/?a=b", 2, site),
        ("PUBLIC_URL", "https://bar.example/#a", 2, site),
        ("PUBLIC_URL", "https://bar@bar.example", 2, site),
        ("PUBLIC_URL", "https://bar:s3cret@bar.example", 2, site),
        ("PUBLIC_URL", "https://bar:s3cret@bar.example:port", 2, site),
        ("SECRET_KEY", "s3cret", 1, "SECRET_KEY is short or can be guessed (make one: openssl rand -hex 32)"),
        ("REDIS_URL", "s3cret@redis", 1, "REDIS_URL names no Redis (write it as redis://host:6379)"),
        ("REDIS_URL", "https://:s3cret@redis", 1, "REDIS_URL names no Redis (write it as redis://host:6379)"),
        ("ALLOWED_ORIGINS", "https://bar.example/menu", 2, "is no origin (write it as https://bar.example)"),
        ("TRUSTED_HOPS", "300", 2, "300 is not in 0..=255"),
        ("RATE_LIMIT", "perhaps", 2, "[possible values: on, off]"),
        ("INSECURE_COOKIES", "true", 2, "[possible values: on, off]"),
        ("ENVIRONMENT", "prod", 2, "[possible values: development, staging, production]"),
    ] {
        let output = run(folder.path(), &[], &[("PORT", "0"), (variable, value)]);
        let (exit, message) = said(&output);
        assert_eq!(exit, Some(code), "{variable}={value}: {message}");
        assert!(message.contains(complaint), "{variable}={value}: {message}");
        assert!(!message.contains("s3cret"), "{message}");
    }
    assert_eq!(std::fs::read(folder.path().join("text.db")).unwrap(), before);
    for arguments in [&["dance"][..], &["--loudly"], &["serve", "now"], &["import"]] {
        assert_eq!(run(folder.path(), arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn production_does_not_start_with_unsafe_settings() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |variables: &[(&str, &str)]| {
        let (code, message) = said(&run(folder.path(), &[], &[&[("PORT", "0")], variables].concat()));
        assert_eq!(code, Some(1), "{message}");
        message
    };
    let all = refusal(&[
        ("ENVIRONMENT", "production"),
        ("INSECURE_COOKIES", "on"),
        ("ALLOWED_ORIGINS", "*"),
        ("RATE_LIMIT", "off"),
        ("PUBLIC_URL", "http://bar.example"),
    ]);
    for complaint in [
        "the settings are not good for production",
        "SECRET_KEY is missing",
        "PUBLIC_URL must begin with https://",
        "INSECURE_COOKIES=on is for development only",
        "ALLOWED_ORIGINS must name origins, not *",
        "RATE_LIMIT=off is for measurements only",
    ] {
        assert!(all.contains(complaint), "{all}");
    }
    for guessable in ["a-short-key", "your-secret-key-change-in-production-0123456789", &"0123456789".repeat(4)[..31]] {
        let message =
            refusal(&[("ENVIRONMENT", "staging"), ("PUBLIC_URL", "https://bar.example"), ("SECRET_KEY", guessable)]);
        assert!(message.contains("SECRET_KEY is short or can be guessed"), "{message}");
        assert!(!message.contains(guessable), "{message}");
    }
    assert!(!folder.path().join("data").exists(), "nothing is made");
}

#[test]
fn a_switch_can_stand_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, refused) in [
        (&["serve", "--insecure-cookies"][..], true),
        (&["serve", "--insecure-cookies", "on"], true),
        (&["serve", "--insecure-cookies=off"], false),
        (&["serve"], false),
    ] {
        let (code, message) = said(&run(folder.path(), arguments, &[("ENVIRONMENT", "staging"), ("PORT", "0")]));
        assert_eq!(code, Some(1), "{message}");
        assert_eq!(
            message.contains("INSECURE_COOKIES=on is for development only"),
            refused,
            "{arguments:?}: {message}"
        );
    }
}

#[tokio::test]
async fn an_empty_variable_counts_as_unset() {
    let home = Home::new().await;
    let mut command = Cli::command();
    command.build();
    let every = command.get_subcommands().flat_map(clap::Command::get_arguments).filter_map(clap::Arg::get_env);
    let empty: BTreeSet<&str> = every.map(|name| name.to_str().unwrap()).filter(|name| *name != "PORT").collect();
    assert!(empty.contains("SECRET_KEY") && empty.contains("DATA_DIR"), "{empty:?}");
    let variables: Vec<(&str, &str)> = empty.into_iter().map(|name| (name, "")).chain(home.variables()).collect();
    let server = Server::start(home.path(), &variables).await;
    assert!(server.get("/api/v1/wines").await.starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop().await, Some(0));
    let told = run(home.path(), &["user", "invite", "admin"], &variables);
    assert_eq!(said(&told), (Some(0), String::new()));
    let (_, message) = said(&run(home.path(), &[], &[("ENVIRONMENT", "staging"), ("SECRET_KEY", "")]));
    assert!(message.contains("SECRET_KEY is missing"), "{message}");
}

#[test]
fn what_the_environment_gives_is_not_called_required() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [("DATA_DIR", "data"), ("LOG", "info"), ("PUBLIC_URL", "https://bar.example")];
    for (arguments, usage) in [
        (&["import"][..], "Usage: casavazquez import [OPTIONS] <PATH>..."),
        (&["user", "create", "ada"], "Usage: casavazquez user create [OPTIONS] --role <ROLE> <NAME>"),
        (&["user", "delete"], "Usage: casavazquez user delete [OPTIONS] <NAME>"),
    ] {
        let (code, message) = said(&run(folder.path(), arguments, &variables));
        assert_eq!(code, Some(2), "{message}");
        assert!(message.lines().any(|line| line == usage), "{message}");
    }
}

#[tokio::test]
async fn a_house_without_an_admin_is_told_how_to_get_one() {
    let home = Home::new().await;
    let staff = ["user", "create", "bo", "--role", "staff", "--invite"];
    assert_eq!(said(&run(home.path(), &staff, &home.variables())), (Some(0), String::new()));
    let mut server = tokio::process::Command::new(PROGRAM)
        .current_dir(home.path())
        .env_clear()
        .envs(home.variables())
        .env("PORT", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let warned = async {
        while let Some(line) = log.next_line().await.unwrap() {
            if line.contains("WARN there is no active admin (make one: casavazquez user create NAME --role admin)") {
                return;
            }
        }
        panic!("it stopped without a warning");
    };
    tokio::time::timeout(Duration::from_secs(30), warned).await.expect("the log tells it");
    let home = Home::new().await;
    let admin = ["user", "create", "ada", "--role", "admin", "--invite"];
    for arguments in [&admin[..], &["seed"]] {
        assert_eq!(said(&run(home.path(), arguments, &home.variables())), (Some(0), String::new()), "no warning");
    }
}

#[tokio::test]
async fn a_menu_that_exists_is_not_seeded_over() {
    let home = Home::new().await;
    assert_eq!(run(home.path(), &["seed"], &home.variables()).status.code(), Some(0));
    let (code, message) = said(&run(home.path(), &["seed"], &home.variables()));
    assert_eq!(code, Some(1));
    assert!(message.contains("the database is not empty"), "{message}");
}

#[tokio::test]
async fn an_empty_database_does_not_replace_the_last_card() {
    let home = Home::new().await;
    let first = Server::start(home.path(), &home.variables()).await;
    let card = first.get("/api/v1/wines").await;
    assert_eq!(first.stop().await, Some(0));
    if let Some(url) = &home.database {
        empty_postgres(url).await;
    } else {
        std::fs::remove_file(home.path().join("data/casavazquez.db")).unwrap();
    }
    let second = Server::start(home.path(), &home.variables()).await;
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).unwrap().to_owned();
    assert_eq!(body(&second.get("/api/v1/wines").await), body(&card));
    assert_eq!(second.printed, [""; 0], "nobody was made");
}

#[tokio::test]
async fn servers_that_start_at_once_set_one_table() {
    let home = Home::new().await;
    let variables = home.variables();
    let (one, two, three) = tokio::join!(
        Server::start(home.path(), &variables),
        Server::start(home.path(), &variables),
        Server::start(home.path(), &variables),
    );
    let passwords =
        [&one, &two, &three].map(|server| server.printed.iter().filter(|line| line.contains("Password")).count());
    assert_eq!(passwords.iter().sum::<usize>(), 1, "{passwords:?}");
    let total =
        async |server: &Server| server.get("/api/v1/wines").await.split("\"total\":").nth(1).unwrap()[..2].to_owned();
    assert_eq!(total(&one).await, total(&three).await);
    assert_eq!(total(&two).await, "42");
}

#[tokio::test]
async fn a_server_started_without_its_database_shows_the_last_card() {
    let home = Home::new().await;
    let first = Server::start(home.path(), &home.variables()).await;
    let card = first.get("/api/v1/wines").await;
    assert_eq!(first.stop().await, Some(0));
    home.take_database_away().await;
    let second = Server::start(home.path(), &home.variables()).await;
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).unwrap().to_owned();
    assert_eq!(body(&second.get("/api/v1/wines").await), body(&card));
    assert!(second.get("/wein").await.starts_with("HTTP/1.1 200"));
    assert!(second.get("/health").await.contains("\"database\":\"disconnected\""));
}

#[tokio::test]
async fn the_server_tells_its_guests_apart_by_their_sockets() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let home = Home::new().await;
    let server = Server::start(home.path(), &home.variables()).await;
    let left = async |from: &str| {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        let mut stream = socket.connect(server.address.parse().unwrap()).await.unwrap();
        let request =
            "POST /api/v1/chat HTTP/1.1\r\nhost: bar\r\nx-forwarded-for: 203.0.113.9\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.lines().find_map(|line| line.strip_prefix("ratelimit: ")).unwrap().to_owned()
    };
    assert_eq!(left("127.0.0.1").await, r#""chat";r=9;t=3"#);
    assert_eq!(left("127.0.0.1").await, r#""chat";r=8;t=3"#);
    assert_eq!(left("127.0.0.2").await, r#""chat";r=9;t=3"#);
    assert_eq!(server.stop().await, Some(0));
}
