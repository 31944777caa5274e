//! The files of pictures in a bucket of a real S3 server, which each test starts. `scripts/test storage` runs them; plain
//! `cargo test` does not, because not every machine has such a server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Cursor;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use casavazquez::actor::Actor;
use casavazquez::app::App;
use casavazquez::card::shelf::Shelf;
use casavazquez::clock::Clock;
use casavazquez::config::Settings;
use casavazquez::config::media::{Bucket, Place};
use casavazquez::db;
use casavazquez::error::Error;
use casavazquez::history::KEPT;
use casavazquez::media;
use casavazquez::media::storage::Storage;
use casavazquez::media::sweep::sweep;
use casavazquez::media::variants::{self, File};
use casavazquez::menu::text::Text;
use casavazquez::router::router;
use chrono::TimeDelta;
use image::{DynamicImage, ImageFormat, RgbImage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt;

/// An S3 server that is gone when the test is.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    async fn running() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Self { process: command.spawn().unwrap(), port };
        let ready = async { while !server.make_bucket().await {} };
        tokio::time::timeout(Duration::from_mins(1), ready).await.unwrap();
        server
    }

    /// Whether the server has answered and the bucket is there.
    async fn make_bucket(&self) -> bool {
        let Ok(mut socket) = TcpStream::connect(("127.0.0.1", self.port)).await else {
            tokio::task::yield_now().await;
            return false;
        };
        let region = "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>";
        let length = region.len();
        let head = "Host: 127.0.0.1\r\nConnection: close\r\nAuthorization: AWS4-HMAC-SHA256 Credential=key/20260101/eu-central-1/s3/aws4_request";
        let request = format!("PUT /pictures HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{region}");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        answer.starts_with("HTTP/1.1 200")
    }

    fn place(&self, prefix: &str) -> Place {
        // As `main` does, before anything speaks to anybody.
        drop(rustls::crypto::ring::default_provider().install_default());
        Place::S3(Bucket {
            name: "pictures".to_owned(),
            prefix: prefix.to_owned(),
            endpoint: format!("http://127.0.0.1:{}", self.port).parse().ok(),
            region: "eu-central-1".to_owned(),
            keys: Some(("key".to_owned(), "secret".to_owned().into())),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn files() -> Vec<File> {
    variants::make(RgbImage::new(400, 200).into()).unwrap().0
}

#[tokio::test]
async fn a_bucket_keeps_files_lists_them_and_lets_them_go() {
    let server = Server::running().await;
    for prefix in ["", "bar/menu"] {
        let storage = Storage::open(Some(&server.place(prefix))).unwrap();
        let files = files();
        storage.put(&files).await.unwrap();
        storage.put(&files).await.unwrap();
        let mut listed: Vec<String> = storage.list().await.unwrap().into_iter().map(|file| file.name).collect();
        let mut named: Vec<String> = files.iter().map(|file| file.variant.name.clone()).collect();
        listed.sort();
        named.sort();
        assert_eq!(listed, named, "in {prefix:?}");
        assert!(storage.get(&named[0]).await.unwrap().is_some_and(|content| !content.is_empty()));
        storage.delete(&named[0]).await.unwrap();
        storage.delete(&named[0]).await.unwrap();
        assert!(storage.get(&named[0]).await.unwrap().is_none());
        storage.mend(&files).await.unwrap();
        assert!(storage.get(&named[0]).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_picture_goes_into_the_bucket_out_to_guests_and_away_with_the_sweep() {
    let server = Server::running().await;
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite://{}", folder.path().join("bar.db").display()).parse().unwrap();
    let db = db::connect(&address).await.unwrap();
    db::migrate(&db).await.unwrap();
    let clock = Clock::standing_at(Clock::default().now());
    let shelf = Shelf::new(clock.clone(), folder.path().join("card.json"), "here".to_owned());
    let settings = Settings { media: Some(server.place("bar")), ..Settings::default() };
    let app = App::new(db, clock.clone(), shelf, settings).unwrap();
    let mut sent = Cursor::new(Vec::new());
    DynamicImage::from(RgbImage::new(400, 200)).write_to(&mut sent, ImageFormat::Png).unwrap();
    let developed = app.media.darkroom.develop(sent.into_inner().into()).await.unwrap();
    app.media.storage.put(&developed.files).await.unwrap();
    let make = async |change: &casavazquez::change::Change| {
        app.media.storage.mend(&developed.files).await?;
        media::store::create(change, "hash".to_owned(), Text::default(), &developed).await
    };
    let picture = app.change_unseen(&Actor::house(), make).await.unwrap();
    clock.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&app).await.unwrap(), 0);
    for variant in &picture.variants {
        let request = Request::get(format!("/media/{}", variant.name)).body(Body::empty()).unwrap();
        let answer = router(app.clone()).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(to_bytes(answer.into_body(), usize::MAX).await.unwrap().len() as u64, variant.bytes);
    }
    app.change_unseen(&Actor::house(), async |change| media::store::delete(change, &picture).await).await.unwrap();
    clock.advance(KEPT);
    assert_eq!(sweep(&app).await.unwrap(), 0, "the picture can still come back");
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(sweep(&app).await.unwrap(), picture.variants.len());
    assert!(app.media.storage.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_bucket_that_is_away_says_so_and_nothing_more() {
    let place = {
        let server = Server::running().await;
        server.place("bar")
    };
    let storage = Storage::open(Some(&place)).unwrap();
    let failed = storage.put(&files()[..1]).await.unwrap_err();
    assert!(matches!(failed, Error::Storage(_)), "{failed:?}");
    assert_eq!(failed.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(failed.to_string(), "the storage of pictures failed");
}
