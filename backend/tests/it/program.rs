//! The program, run as the operator runs it.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};

use crate::harness::{drop_postgres, fresh_postgres, postgres};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_casavazquez");

pub fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A place to run the program in, with the variables that give it a database of its own.
pub struct Home {
    folder: tempfile::TempDir,
    pub database: Option<String>,
}

impl Home {
    /// An empty one: the default SQLite file in the data folder, or a database of the test server.
    pub async fn new() -> Self {
        let database = match postgres() {
            Some(server) => Some(fresh_postgres(&server).await),
            None => None,
        };
        Self { folder: tempfile::tempdir().unwrap(), database }
    }

    /// The database file becomes a folder, or the test server's database goes.
    pub async fn take_database_away(&self) {
        if let Some(url) = &self.database {
            return drop_postgres(url).await;
        }
        let file = self.path().join("data/casavazquez.db");
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(file).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn variables(&self) -> Vec<(&str, &str)> {
        self.database.iter().map(|url| ("DATABASE_URL", url.as_str())).collect()
    }
}

/// A server that runs until it is dropped.
pub struct Server {
    process: tokio::process::Child,
    pub address: String,
    pub printed: Vec<String>,
}

impl Server {
    pub async fn start(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut process = tokio::process::Command::new(PROGRAM)
            .current_dir(folder)
            .env_clear()
            .envs(variables.iter().copied())
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut printed = Vec::new();
        let listening = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(address) = line.strip_prefix("Casa Vazquez is open at http://") {
                    return address.to_owned();
                }
                printed.push(line);
            }
            panic!("the server stopped: {printed:?}");
        };
        let address = tokio::time::timeout(Duration::from_secs(30), listening).await.unwrap();
        Self { process, address, printed }
    }

    pub async fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: bar\r\nconnection: close\r\n\r\n")).await
    }

    /// The answer to a body in JSON.
    pub async fn post(&self, path: &str, body: &str) -> String {
        let length = body.len();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nhost: bar\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    async fn ask(&self, request: &str) -> String {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = tokio::net::TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    pub async fn stop(mut self) -> Option<i32> {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        tokio::time::timeout(Duration::from_secs(10), self.process.wait()).await.unwrap().unwrap().code()
    }
}
