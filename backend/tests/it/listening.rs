//! The door: guests who come in hundreds, say nothing, never finish, or say too much.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use casavazquez::app::App;
use casavazquez::layers::{PATIENCE, in_time};
use casavazquez::listen::{self, Allowance};
use casavazquez::router::layered;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use crate::bodies;
use crate::harness::TestApp;
use crate::program::{Home, Server};

/// Long enough for everything, so that a test that fails ends too.
const AGES: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);
const ALLOWANCE: Allowance = Allowance { connections: 1000, head: AGES, rest: AGES, drain: AGES };

/// A door in this process.
struct Door {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Door {
    async fn open(routes: Router<App>, allowance: Allowance) -> Self {
        let bar = TestApp::empty().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async move { drop(stopped.await) };
        let served = tokio::spawn(listen::serve(listener, layered(routes, bar.app.clone()), allowance, stopped));
        Self { address, stop, served }
    }

    async fn say(&self, request: &[u8]) -> String {
        say(&self.address.to_string(), request).await
    }
}

/// A connection to a server that takes some.
async fn connect(address: &str) -> TcpStream {
    tokio::time::timeout(AGES, TcpStream::connect(address)).await.unwrap().unwrap()
}

/// Sends `request` and reads until the server closes. It may answer and close before it has read everything.
async fn say(address: &str, request: &[u8]) -> String {
    let (mut reader, mut writer) = connect(address).await.into_split();
    let request = request.to_vec();
    let writing = tokio::spawn(async move {
        drop(writer.write_all(&request).await);
        writer
    });
    let mut answer = Vec::new();
    drop(tokio::time::timeout(AGES, reader.read_to_end(&mut answer)).await.unwrap());
    drop(writing.await.unwrap());
    String::from_utf8_lossy(&answer).into_owned()
}

fn get_of(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bar\r\nconnection: close\r\n\r\n").into_bytes()
}

fn post_of(path: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("POST {path} HTTP/1.1\r\nhost: bar\r\nconnection: close\r\n{head}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn status(answer: &str) -> &str {
    answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).unwrap_or("none")
}

/// The head of an answer that leaves its connection open, and whose body is `body`.
async fn read_answer(stream: &mut TcpStream, body: &str) -> String {
    let mut answer = String::new();
    while !answer.ends_with(&format!("\r\n\r\n{body}")) {
        let mut piece = [0; 1024];
        let length = tokio::time::timeout(AGES, stream.read(&mut piece)).await.unwrap().unwrap();
        assert!(length > 0, "closed after {answer}");
        answer.push_str(std::str::from_utf8(&piece[..length]).unwrap());
    }
    answer
}

/// Routes that greet.
fn greeting() -> Router<App> {
    Router::new().route("/", get(async || "hola"))
}

#[tokio::test]
async fn a_head_that_never_ends_is_not_waited_for() {
    let door = Door::open(greeting(), Allowance { head: SHORT, ..ALLOWANCE }).await;
    for beginning in [&b""[..], b"GET / HTTP/1.1\r\nhost: bar\r\nx-slow: "] {
        let mut slow = TcpStream::connect(door.address).await.unwrap();
        slow.write_all(beginning).await.unwrap();
        assert_eq!(status(&door.say(&get_of("/")).await), "200", "others are served meanwhile");
        let mut rest = Vec::new();
        tokio::time::timeout(AGES, slow.read_to_end(&mut rest)).await.unwrap().unwrap();
        assert_eq!(String::from_utf8_lossy(&rest), "");
    }
}

#[tokio::test]
async fn a_connection_that_asks_nothing_more_is_closed() {
    let door = Door::open(greeting(), Allowance { head: SHORT, ..ALLOWANCE }).await;
    let mut idle = TcpStream::connect(door.address).await.unwrap();
    for _ in 0..3 {
        idle.write_all(b"GET / HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
        read_answer(&mut idle, "hola").await;
    }
    let mut rest = Vec::new();
    tokio::time::timeout(AGES, idle.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_body_that_stops_arriving_is_a_problem() {
    let door = Door::open(in_time(bodies::routes(), SHORT), ALLOWANCE).await;
    let declared = post_of("/probe", "content-type: application/json\r\ncontent-length: 100", b"{\"name\"");
    let chunked =
        post_of("/probe", "content-type: application/json\r\ntransfer-encoding: chunked", b"7\r\n{\"name\"\r\n");
    for request in [declared, chunked] {
        let answer = door.say(&request).await;
        assert_eq!(status(&answer), "408", "{answer}");
        assert!(answer.contains("\"detail\":\"the request took too long to arrive\""), "{answer}");
        assert!(answer.contains("\"request_id\""), "{answer}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_a_problem_and_a_streaming_route_stands_outside() {
    let never = get(async || std::future::pending::<()>().await);
    let slow = Arc::new(Notify::new());
    let late = Arc::clone(&slow);
    let in_time = in_time(Router::new().route("/never", never), SHORT);
    let outside = Router::new().route("/late", get(async move || late.notified().await));
    let door = Door::open(in_time.merge(outside), ALLOWANCE).await;
    let address = door.address.to_string();
    let waiting = tokio::spawn(async move { say(&address, &get_of("/late")).await });
    assert_eq!(status(&door.say(&get_of("/never")).await), "408");
    slow.notify_one();
    assert_eq!(status(&waiting.await.unwrap()), "200");
}

#[tokio::test]
async fn a_body_is_measured_as_it_arrives() {
    let door = Door::open(in_time(bodies::routes(), PATIENCE), ALLOWANCE).await;
    let long = vec![b' '; 1024 * 1024];
    let declared = format!("content-type: application/json\r\ncontent-length: {}", long.len());
    let unsent = post_of("/probe", &declared, b"");
    let declared = post_of("/probe", &declared, &long);
    let chunk = [format!("{:x}\r\n", long.len()).as_bytes(), &long, b"\r\n0\r\n\r\n"].concat();
    let chunked = post_of("/probe", "content-type: application/json\r\ntransfer-encoding: chunked", &chunk);
    for request in [unsent, declared, chunked] {
        let answer = door.say(&request).await;
        assert_eq!(status(&answer), "413", "{answer}");
        assert!(answer.contains("longer than the 65536 bytes"), "{answer}");
    }
    let broken = post_of("/probe", "content-type: application/json\r\ntransfer-encoding: chunked", b"zz\r\n");
    assert_eq!(status(&door.say(&broken).await), "400");
    let good = post_of("/probe", "content-type: application/json\r\ncontent-length: 12", b"{\"name\":\"a\"}");
    assert_eq!(status(&door.say(&good).await), "200");
}

#[tokio::test]
async fn more_connections_than_there_are_places_wait_and_are_served() {
    let free = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&free);
    let tell = get(async move || if asked.load(Ordering::SeqCst) { "free" } else { "full" });
    let door = Door::open(Router::new().route("/", tell), Allowance { connections: 1, ..ALLOWANCE }).await;
    let mut seated = TcpStream::connect(door.address).await.unwrap();
    seated.write_all(b"GET / HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
    read_answer(&mut seated, "full").await;
    let mut waiting = JoinSet::new();
    for _ in 0..8 {
        let address = door.address.to_string();
        waiting.spawn(async move { say(&address, &get_of("/")).await });
    }
    for _ in 0..100 {
        seated.write_all(b"GET / HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
        read_answer(&mut seated, "full").await;
    }
    free.store(true, Ordering::SeqCst);
    drop(seated);
    for answer in waiting.join_all().await {
        assert!(answer.ends_with("free"), "{answer}");
    }
}

#[tokio::test]
async fn who_takes_nothing_of_the_answer_does_not_keep_the_place() {
    let much = get(async || vec![b'x'; 64 * 1024 * 1024]);
    let allowance = Allowance { connections: 1, rest: SHORT, ..ALLOWANCE };
    let door = Door::open(greeting().route("/much", much), allowance).await;
    let mut greedy = TcpStream::connect(door.address).await.unwrap();
    greedy.write_all(b"GET /much HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
    greedy.readable().await.unwrap();
    assert_eq!(status(&door.say(&get_of("/")).await), "200");
    let whole = tokio::time::timeout(AGES, greedy.read_to_end(&mut Vec::new())).await.unwrap();
    assert!(whole.is_ok_and(|length| length < 64 * 1024 * 1024), "the rest is not sent");
}

#[tokio::test]
async fn a_request_knows_who_sent_it() {
    let tell = get(async |ConnectInfo(from): ConnectInfo<SocketAddr>| from.to_string());
    let door = Door::open(Router::new().route("/", tell), ALLOWANCE).await;
    let mut guest = TcpStream::connect(door.address).await.unwrap();
    guest.write_all(b"GET / HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
    let from = guest.local_addr().unwrap().to_string();
    read_answer(&mut guest, &from).await;
}

#[tokio::test]
async fn a_panic_leaves_the_server_alive() {
    let panic = get(async || -> &'static str { panic!("a mistake with s3cret in it") });
    let door = Door::open(in_time(greeting().route("/panic", panic), PATIENCE), ALLOWANCE).await;
    let mut guest = TcpStream::connect(door.address).await.unwrap();
    for _ in 0..3 {
        let answer = door.say(&get_of("/panic")).await;
        assert_eq!(status(&answer), "500", "{answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("\"request_id\""), "{answer}");
        assert!(!answer.contains("s3cret"), "{answer}");
        guest.write_all(b"GET / HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
        read_answer(&mut guest, "hola").await;
    }
}

#[tokio::test]
async fn a_server_that_stops_finishes_what_it_has_begun() {
    let (begun, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begins, finished) = (Arc::clone(&begun), Arc::clone(&finish));
    let slow = get(async move || {
        begins.notify_one();
        finished.notified().await;
        "done"
    });
    let door = Door::open(greeting().route("/slow", slow), ALLOWANCE).await;
    let mut idle = TcpStream::connect(door.address).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
    read_answer(&mut idle, "hola").await;
    let address = door.address.to_string();
    let answer = tokio::spawn(async move { say(&address, &get_of("/slow")).await });
    begun.notified().await;
    door.stop.send(()).unwrap();
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"", "who asks nothing is sent home");
    let late = TcpStream::connect(door.address).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::ConnectionRefused);
    assert!(!door.served.is_finished(), "it waits for the answer");
    finish.notify_one();
    assert!(answer.await.unwrap().ends_with("done"));
    door.served.await.unwrap();
}

#[tokio::test]
async fn whoever_listens_is_sent_home_when_the_server_stops() {
    let home = Home::new().await;
    let server = Server::start(home.path(), &home.variables()).await;
    let mut guests = Vec::new();
    for _ in 0..20 {
        let mut guest = connect(&server.address).await;
        guest.write_all(b"GET /api/v1/events HTTP/1.1\r\nhost: bar\r\n\r\n").await.unwrap();
        let mut heard = String::new();
        while !heard.contains("event: card") {
            let mut piece = [0; 1024];
            let length = tokio::time::timeout(AGES, guest.read(&mut piece)).await.unwrap().unwrap();
            heard.push_str(std::str::from_utf8(&piece[..length]).unwrap());
        }
        assert_eq!(status(&heard), "200", "{heard}");
        guests.push(guest);
    }
    let stopping = tokio::spawn(server.stop());
    for guest in &mut guests {
        let mut rest = Vec::new();
        tokio::time::timeout(AGES, guest.read_to_end(&mut rest)).await.unwrap().unwrap();
        assert!(rest.ends_with(b"0\r\n\r\n"), "the stream ends in order and is not cut off: {rest:?}");
    }
    assert_eq!(stopping.await.unwrap(), Some(0));
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_ever() {
    let begun = Arc::new(Notify::new());
    let begins = Arc::clone(&begun);
    let never = get(async move || {
        begins.notify_one();
        std::future::pending::<()>().await;
    });
    let door = Door::open(Router::new().route("/", never), Allowance { drain: SHORT, ..ALLOWANCE }).await;
    let mut guest = TcpStream::connect(door.address).await.unwrap();
    guest.write_all(&get_of("/")).await.unwrap();
    begun.notified().await;
    door.stop.send(()).unwrap();
    tokio::time::timeout(AGES, door.served).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_program_stands_a_crowd() {
    let home = Home::new().await;
    let server = Server::start(home.path(), &home.variables()).await;
    let mut half_open = Vec::new();
    for _ in 0..200 {
        let mut stream = connect(&server.address).await;
        stream.write_all(b"GET /api/v1/wines HTTP/1.1\r\nhost: bar\r\n").await.unwrap();
        half_open.push(stream);
    }
    let mut reads = JoinSet::new();
    for _ in 0..256 {
        let address = server.address.clone();
        reads.spawn(async move { say(&address, &get_of("/api/v1/wines")).await });
    }
    for answer in reads.join_all().await {
        assert_eq!(status(&answer), "200", "{answer}");
    }
    drop(half_open);
}

#[tokio::test]
async fn nothing_but_the_website_is_served_whatever_the_path() {
    let home = Home::new().await;
    let server = Server::start(home.path(), &home.variables()).await;
    for path in [
        "/..%2f..%2fetc/passwd",
        "/../../etc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/assets/..%2f..%2fcard.json",
        "/assets/../../data/card.json",
        "/assets/%2e%2e/%2e%2e/data/casavazquez.db",
        "/assets//etc/passwd",
        "/assets/..%5c..%5ccard.json",
        "/assets/..\\..\\card.json",
        "/assets/x%00.js",
        "/%2e%2e/",
        "/.vite/manifest.json",
        "/client/.vite/manifest.json",
        "/server/guest.js",
        "/data/casavazquez.db",
        "/api/v1/wines/..%2f..%2fetc%2fpasswd",
        "/api/docs/..%2f..%2fetc%2fpasswd",
        "/wein%0d%0aset-cookie:%20a=b",
        "/%ff",
        "/wein\0",
    ] {
        for accept in ["text/html", "*/*"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: bar\r\naccept: {accept}\r\nconnection: close\r\n\r\n");
            let answer = say(&server.address, request.as_bytes()).await;
            assert!(matches!(status(&answer), "400" | "404"), "{path:?}: {answer}");
            assert!(!answer.contains("root:") && !answer.contains("SQLite format"), "{path:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_path_or_a_query_never_makes_a_header() {
    let home = Home::new().await;
    let server = Server::start(home.path(), &home.variables()).await;
    for path in [
        "/casavazquez/vino?x=%0d%0aSet-Cookie:%20a=b",
        "/casavazquez/home?%0d%0a%0d%0a<script>",
        "/casavazquez/vino?x=\rSet-Cookie:a=b",
        "/casavazquez/vino%0d%0aSet-Cookie:a=b",
        "/casavazquez/vino/?x=%E5%98%8A%E5%98%8DSet-Cookie:a=b",
        "/api/v1/wines?limit=1&q=%0d%0aSet-Cookie:a=b",
        "/wein?q=%0d%0aSet-Cookie:a=b",
    ] {
        let answer = say(&server.address, &get_of(path)).await;
        let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
        assert!(head.starts_with("http/1.1 "), "{path:?}: {answer}");
        assert!(!head.lines().any(|line| line.starts_with("set-cookie") || line.contains('\r')), "{path:?}: {head}");
    }
    let answer = say(&server.address, &get_of("/casavazquez/vino?x=%0d%0aSet-Cookie:%20a=b")).await;
    assert!(answer.contains("location: /wein?x=%0d%0aSet-Cookie:%20a=b\r\n"), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let home = Home::new().await;
    let server = Server::start(home.path(), &home.variables()).await;
    let long = "x".repeat(1024 * 1024);
    for request in [
        format!("GET / HTTP/1.1\r\nhost: bar\r\nx-long: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: bar\r\nx-long: {}\r\n\r\n", &long[..80 * 1024]),
        format!("GET / HTTP/1.1\r\nhost: bar\r\n{}\r\n", "x-many: x\r\n".repeat(101)),
    ] {
        assert_eq!(status(&say(&server.address, request.as_bytes()).await), "431");
    }
    let answer = say(&server.address, format!("GET /?{long} HTTP/1.1\r\nhost: bar\r\n\r\n").as_bytes()).await;
    assert!(matches!(status(&answer), "414" | "431"), "{answer}");
    let head = format!("GET / HTTP/1.1\r\nhost: bar\r\nconnection: close\r\nx-long: {}\r\n\r\n", &long[..60 * 1024]);
    assert_eq!(status(&say(&server.address, head.as_bytes()).await), "200");
}
