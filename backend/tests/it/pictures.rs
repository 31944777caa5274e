//! Pictures: what is taken in, what is refused, what becomes of it, and what is swept away.

use std::fs;
use std::io::Cursor;
use std::time::{Duration, SystemTime};

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use casavazquez::media::sweep::sweep;
use casavazquez::router::router;
use chrono::TimeDelta;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::harness::{Answer, Person, TestApp};

const BORDER: &str = "a-line-between";
const PICTURES: &str = "/api/v1/pictures";

/// The left half red, the right half blue.
fn painted(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([200, 20, 20]) } else { Rgb([20, 20, 200]) }).into()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn jpeg() -> Vec<u8> {
    encoded(&painted(800, 400), ImageFormat::Jpeg)
}

/// A segment of a JPEG, put right after its beginning.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// What a phone writes: held upright, in Münster.
fn exif() -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"); // orientation: 6
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26"); // GPS: further down
    tiff.extend(b"\0\0\0\0\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0"); // north
    tiff.extend(b"51.9607 N 7.6261 E");
    tiff
}

fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file_name, content) in parts {
        let file = file_name.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        let head = format!("--{BORDER}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(format!("--{BORDER}--\r\n").as_bytes());
    body
}

async fn send(person: &Person, body: Vec<u8>) -> Answer {
    let kind = format!("multipart/form-data; boundary={BORDER}");
    person.send(Method::POST, PICTURES, &[("content-type", &kind)], Body::from(body)).await
}

async fn upload(person: &Person, file: &[u8]) -> Answer {
    send(person, form(&[("file", Some("flasche.jpg"), file)])).await
}

pub async fn taken_in(person: &Person, file: &[u8]) -> Value {
    let answer = upload(person, file).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn bytes(bar: &TestApp, name: &str) -> Vec<u8> {
    let request = Request::get(format!("/media/{name}")).body(Body::empty()).unwrap();
    let answer = router(bar.app.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{name}");
    to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()
}

fn files(bar: &TestApp) -> Vec<String> {
    let entries = fs::read_dir(bar.folder.path().join("media")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn names(picture: &Value) -> Vec<String> {
    let variants = picture["variants"].as_array().unwrap().iter();
    variants.map(|variant| variant["name"].as_str().unwrap().to_owned()).collect()
}

/// Lets a file have been there for a long time. The bar's clock stands in a July.
fn age(bar: &TestApp, name: &str) {
    let file = fs::File::options().write(true).open(bar.folder.path().join("media").join(name)).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(24)).unwrap();
}

pub async fn show(bar: &TestApp, by: &Person, picture: &Value) -> String {
    let wine = bar.json("/api/v1/wines?limit=1").await["items"][0]["id"].as_str().unwrap().to_owned();
    let shown = by.patch(&format!("/api/v1/wines/{wine}"), "*", &json!({"picture": picture})).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    wine
}

#[tokio::test]
async fn a_picture_comes_in_every_size_and_is_served_for_good() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let answer = upload(&manager, &encoded(&painted(2000, 1000), format)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let picture = answer.json();
        assert_eq!(answer.header("location"), format!("{PICTURES}/{}", picture["id"].as_str().unwrap()));
        assert_eq!(answer.header("etag"), "\"1\"");
        assert_eq!((&picture["width"], &picture["height"]), (&json!(2000), &json!(1000)));
        for variant in picture["variants"].as_array().unwrap() {
            let name = variant["name"].as_str().unwrap();
            let content = bytes(&bar, name).await;
            let decoded = image::load_from_memory(&content).unwrap();
            assert_eq!(json!([decoded.width(), decoded.height()]), json!([variant["width"], variant["height"]]));
            assert_eq!(content.len() as u64, variant["bytes"].as_u64().unwrap());
            let served = bar.anyone().get(&format!("/media/{name}")).await;
            let kind = if variant["format"] == "webp" { "image/webp" } else { "image/jpeg" };
            assert_eq!(served.header("content-type"), kind);
            assert_eq!(served.header("cache-control"), "public, max-age=31536000, immutable");
            let again = [("if-none-match", served.header("etag"))];
            assert_eq!(bar.anyone().get_with(&format!("/media/{name}"), &again).await.status, 304);
        }
        let widths: Vec<_> = picture["variants"].as_array().unwrap().iter().map(|one| one["width"].clone()).collect();
        assert_eq!(widths, [1440, 1440, 960, 960, 640, 640, 320, 320]);
    }
    assert_eq!(bar.count("pictures").await, 3);
}

#[tokio::test]
async fn the_same_file_is_the_same_picture() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let file = jpeg();
    let (first, second) = tokio::join!(upload(&manager, &file), upload(&manager, &file));
    let third = upload(&manager, &jpeg()).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16(), third.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 201]);
    assert_eq!((first.json(), second.json()), (third.json(), third.json()));
    assert_eq!((bar.count("pictures").await, bar.history("picture").await.len()), (1, 1));
}

#[tokio::test]
async fn what_is_said_of_a_known_picture_is_kept_and_nobody_is_written_over() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let saying = async |alt: &[u8]| send(&manager, form(&[("file", Some("a.jpg"), &jpeg()), ("alt", None, alt)])).await;
    let first = upload(&manager, &jpeg()).await;
    assert_eq!((first.status.as_u16(), &first.json()["alt"]), (201, &json!({})));
    let said = saying("Eine Flasche".as_bytes()).await;
    assert_eq!((said.status.as_u16(), &said.json()["alt"]["de"]), (200, &json!("Eine Flasche")), "{}", said.text());
    for same in [&b""[..], b"Eine Flasche"] {
        assert_eq!((saying(same).await.status.as_u16(), saying(same).await.json()), (200, said.json()));
    }
    let other = saying(b"Ein Glas").await;
    let fault = json!([{"pointer": "/alt", "code": "said_already", "params": {"picture": first.json()["id"]}}]);
    assert_eq!((other.problem().0, &other.json()["errors"]), (409, &fault));
    assert_eq!(saying(&[0xff, 0xfe]).await.problem().0, 400, "no text is not an empty one");
    assert_eq!(bar.history("picture").await.len(), 2);
}

#[tokio::test]
async fn what_is_done_to_a_picture_with_a_key_is_done_once() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let kind = format!("multipart/form-data; boundary={BORDER}");
    let sent = async |key: &str, file: &[u8]| {
        let headers = [("content-type", kind.as_str()), ("idempotency-key", key)];
        manager.send(Method::POST, PICTURES, &headers, Body::from(form(&[("file", Some("a.jpg"), file)]))).await
    };
    let first = sent("eins", &jpeg()).await;
    let again = sent("eins", &jpeg()).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201), "the same answer: {}", again.text());
    assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")));
    let other = sent("eins", &encoded(&painted(40, 30), ImageFormat::Jpeg)).await;
    assert_eq!((other.problem().0, &other.json()["errors"][0]["code"]), (422, &json!("used_for_another_request")));
    let address = first.header("location");
    let patch = async |focal_x: i32| {
        let headers = [("if-match", "*"), ("idempotency-key", "zwei")];
        manager.send_json("PATCH", address, &headers, &json!({"focal_x": focal_x})).await
    };
    assert_eq!((patch(20).await.status.as_u16(), patch(20).await.header("etag")), (200, "\"2\""));
    assert_eq!(patch(30).await.problem().0, 422);
    let delete = async || manager.ask(Method::DELETE, address, &[("if-match", "*"), ("idempotency-key", "drei")]).await;
    assert_eq!((delete().await.status.as_u16(), delete().await.status.as_u16()), (204, 204));
    assert_eq!(bar.history("picture").await.len(), 3);
}

#[tokio::test]
async fn hostile_uploads_are_refused_and_leave_nothing_behind() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let (jpeg, png) = (jpeg(), encoded(&painted(8, 8), ImageFormat::Png));
    let sized = |width: u32, height: u32| {
        let mut bomb = png.clone();
        bomb[16..24].copy_from_slice(&[width.to_be_bytes(), height.to_be_bytes()].concat());
        let sum = crc(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&sum);
        bomb
    };
    let dot = encoded(&painted(1, 1), ImageFormat::Jpeg);
    let heavy = (0..12).fold(dot, |dot, _| with_segment(&dot, 0xe5, &vec![7; 60_000]));
    let script = with_segment(&jpeg, 0xfe, b"<script>alert(1)</script>");
    let cases: [(&str, Vec<u8>, u16, &str); 15] = [
        ("a decompression bomb", sized(60_000, 60_000), 422, "too_many_pixels"),
        ("a bomb that phones could take", sized(7000, 7000), 422, "too_many_pixels"),
        ("a 1x1 file with a huge header", heavy, 422, "not_a_plain_picture"),
        ("an SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 415, ""),
        ("an SVG with a head", b"<?xml version='1.0'?><svg/>".to_vec(), 415, ""),
        ("an HTML file named .jpg", b"<!doctype html><script>1</script>".to_vec(), 415, ""),
        ("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), 415, ""),
        ("nothing", Vec::new(), 415, ""),
        ("a script in a comment", script, 422, "not_a_plain_picture"),
        ("a page after a picture", [&jpeg[..], b"<html>"].concat(), 422, "not_a_plain_picture"),
        ("an archive after a picture", [&png[..], b"PK\x05\x06", &[0; 18]].concat(), 422, "not_a_plain_picture"),
        ("a PDF in a picture", with_segment(&jpeg, 0xfe, b"%PDF-1.7"), 422, "not_a_plain_picture"),
        ("a truncated JPEG", jpeg[..jpeg.len() / 2].to_vec(), 422, "broken_picture"),
        ("a JPEG without its last byte", jpeg[..jpeg.len() - 1].to_vec(), 422, "broken_picture"),
        ("a truncated PNG", png[..png.len() - 13].to_vec(), 422, "broken_picture"),
    ];
    for (what, file, status, code) in cases {
        let answer = upload(&manager, &file).await;
        assert_eq!(answer.problem().0, status, "{what}: {}", answer.text());
        assert_eq!(answer.json()["errors"][0]["code"].as_str().unwrap_or_default(), code, "{what}");
    }
    for name in ["../../etc/passwd", "..", "a/b.jpg", "a\\\\b.jpg", "a\tb.jpg"] {
        let answer = send(&manager, form(&[("file", Some(name), &jpeg)])).await;
        assert_eq!(answer.problem().0, 422, "{name}");
        assert_eq!(answer.json()["errors"][0]["code"], "strange_file_name", "{name}");
    }
    assert_eq!(files(&bar), [""; 0]);
    assert_eq!((bar.count("pictures").await, bar.history("picture").await.len()), (0, 0));
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_read() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let too_long = form(&[("file", Some("a.jpg"), &vec![0xff; 100 * 1024 * 1024])]);
    let answer = send(&manager, too_long).await;
    assert_eq!(answer.problem().0, 413);
    let almost = [jpeg(), vec![0; 10 * 1024 * 1024]].concat();
    assert_eq!(
        upload(&manager, &almost).await.problem().0,
        413,
        "what stands around the file may be longer, the file not"
    );
    let kind = format!("multipart/form-data; boundary={BORDER}");
    let never = Body::from_stream(Endless);
    let streamed = manager.send(Method::POST, PICTURES, &[("content-type", &kind)], never).await;
    assert_eq!(streamed.problem().0, 413);
    assert_eq!(files(&bar), [""; 0]);
}

#[tokio::test]
async fn a_form_that_is_not_as_it_should_be_is_refused() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let jpeg = jpeg();
    let file = ("file", Some("a.jpg"), &jpeg[..]);
    for (parts, code) in [
        (vec![("alt", None, &b"x"[..])], "missing"),
        (vec![file, file], "given_twice"),
        (vec![file, ("alt", None, b"x"), ("alt", None, b"y")], "given_twice"),
        (vec![file, ("caption", None, b"x")], "unknown_field"),
        (vec![file, ("alt", None, &[b'x'; 301])], "too_long"),
    ] {
        let answer = send(&manager, form(&parts)).await;
        assert_eq!((answer.problem().0, answer.json()["errors"][0]["code"].as_str()), (422, Some(code)));
    }
    assert_eq!(manager.post(PICTURES, &json!({"file": "x"})).await.status, 415);
    assert_eq!(send(&manager, b"no form at all".to_vec()).await.status, 400);
    assert_eq!(upload(&bar.staff().await, &jpeg).await.status, 403);
    assert_eq!(upload(&bar.anyone(), &jpeg).await.status, 401);
    // What was refused at the last moment has left files for the sweep, and no row.
    assert_eq!(bar.count("pictures").await, 0);
}

#[tokio::test]
async fn a_phones_picture_comes_out_upright_and_without_a_word_of_where_it_was_taken() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let mut taken = with_segment(&jpeg(), 0xfe, b"a comment");
    taken = with_segment(&taken, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>");
    taken = with_segment(&taken, 0xe1, &exif());
    let clip = b"\0\0\0\x18ftypmp42 a clip";
    let picture = taken_in(&manager, &[&taken[..], clip].concat()).await;
    assert_eq!((&picture["width"], &picture["height"]), (&json!(400), &json!(800)));
    for name in names(&picture) {
        let content = bytes(&bar, &name).await;
        let has = |what: &[u8]| content.windows(what.len()).any(|window| window == what);
        for word in
            [&b"Exif"[..], b"EXIF", b"XMP ", b"xmpmeta", b"adobe", b"ICC_PROFILE", b"ICCP", b"51.9607", b"a comment"]
        {
            assert!(!has(word), "{name} says {}", String::from_utf8_lossy(word));
        }
        let decoded = image::load_from_memory(&content).unwrap().to_rgb8();
        // Turned by a quarter to the right: what was left is on top.
        let [top, bottom] = [1, 9].map(|tenth| decoded.get_pixel(decoded.width() / 2, decoded.height() * tenth / 10).0);
        assert!(top[0] > 150 && top[2] < 80, "{name}: {top:?}");
        assert!(bottom[0] < 80 && bottom[2] > 150, "{name}: {bottom:?}");
    }
}

#[tokio::test]
async fn guests_see_the_picture_of_an_item_and_what_it_shows() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let form = form(&[("file", Some("a.jpg"), &jpeg()), ("alt", None, "Eine Flasche im Kühler".as_bytes())]);
    let picture = send(&manager, form).await.json();
    let address = format!("{PICTURES}/{}", picture["id"].as_str().unwrap());
    let wine = show(&bar, &manager, &picture["id"]).await;
    let shown = bar.json(&format!("/api/v1/wines/{wine}")).await["picture"].clone();
    assert_eq!(shown["alt"], "Eine Flasche im Kühler");
    assert_eq!(shown["sources"].as_array().unwrap().len(), 3, "320, 640 and its own 800: {shown}");
    assert_eq!(shown["src"], shown["sources"][1]["jpeg"]);
    assert_eq!(bar.anyone().get(shown["sources"][0]["webp"].as_str().unwrap()).await.status, 200);
    let change = json!({"focal_y": 20, "alt": {"en": "A bottle on ice"}});
    let changed = manager.patch(&address, "\"1\"", &change).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""), "{}", changed.text());
    let english = bar.json(&format!("/api/v1/wines/{wine}?locale=en")).await["picture"].clone();
    assert_eq!((&english["alt"], &english["focal_y"]), (&json!("A bottle on ice"), &json!(20)));
    assert_eq!(manager.patch(&address, "\"1\"", &change).await.status, 412);
    assert_eq!(manager.patch(&address, "*", &json!({"focal_x": 101})).await.status, 422);
    assert_eq!(manager.patch(&address, "*", &json!({"color": "#000000"})).await.status, 422);
    assert_eq!(
        bar.staff().await.get(&address).await.json()["alt"],
        json!({"de": "Eine Flasche im Kühler", "en": "A bottle on ice"})
    );
    assert_eq!(bar.history("picture").await.len(), 2);
    let silent = manager.patch(&address, "*", &json!({"alt": null})).await;
    assert_eq!((silent.status.as_u16(), &silent.json()["alt"]), (200, &json!({})));
}

#[tokio::test]
async fn a_picture_that_an_item_shows_is_not_forgotten() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let picture = taken_in(&manager, &jpeg()).await;
    let address = format!("{PICTURES}/{}", picture["id"].as_str().unwrap());
    let wine = show(&bar, &manager, &picture["id"]).await;
    let name = bar.json(&format!("/api/v1/wines/{wine}")).await["name"].as_str().unwrap().to_owned();
    let refused = manager.delete_copy(&address, "*").await;
    assert_eq!(refused.status, 409);
    assert!(refused.problem().1.contains(&name), "{}", refused.text());
    assert_eq!(manager.patch(&format!("/api/v1/wines/{wine}"), "*", &json!({"picture": null})).await.status, 200);
    assert_eq!(manager.delete(&address).await.status, 428);
    assert_eq!(manager.delete_copy(&address, "\"1\"").await.status, 204);
    assert_eq!(manager.get(&address).await.status, 404);
    assert_eq!(bar.history("picture").await.len(), 2);
}

#[tokio::test]
async fn an_item_of_any_kind_is_given_a_picture_and_loses_it() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let id = taken_in(&manager, &jpeg()).await["id"].clone();
    for kind in ["wines", "drinks", "snacks"] {
        let item = bar.json(&format!("/api/v1/{kind}?limit=1")).await["items"][0]["id"].as_str().unwrap().to_owned();
        let address = format!("/api/v1/items/{item}/picture");
        let put =
            async |copy: &str, body: Value| manager.send_json("PUT", &address, &[("if-match", copy)], &body).await;
        let shown = put("\"1\"", json!({"picture": id})).await;
        assert_eq!((shown.status.as_u16(), shown.header("etag")), (200, "\"2\""), "{}", shown.text());
        assert_eq!(shown.json()["picture"], id);
        assert!(bar.json(&format!("/api/v1/{kind}/{item}")).await["picture"]["src"].is_string());
        assert_eq!(put("\"1\"", json!({"picture": null})).await.status, 412);
        assert_eq!(manager.put(&address, json!({"picture": null})).await.status, 428);
        for bad in [json!({}), json!({"picture": item}), json!({"picture": id, "alt": "x"})] {
            let refused = put("*", bad).await;
            assert_eq!(refused.problem().0, 422, "{}", refused.text());
        }
        let bare = put("\"2\"", json!({"picture": null})).await;
        assert_eq!((bare.header("etag"), &bare.json()["picture"]), ("\"3\"", &Value::Null));
    }
}

#[tokio::test]
async fn files_without_a_row_are_swept_once_they_are_old() {
    let bar = TestApp::empty().await;
    let manager = bar.manager().await;
    let picture = taken_in(&manager, &jpeg()).await;
    let kept = files(&bar);
    // As after a kill -9: files whose row was never written, and one that was being written.
    let orphan = "0123456789abcdef01234567-320.jpg";
    let media = bar.folder.path().join("media");
    let leftovers = [orphan.to_owned(), format!("{}#1", kept[0])];
    for name in &leftovers {
        fs::write(media.join(name), b"half").unwrap();
    }
    assert_eq!(sweep(&bar.app).await.unwrap(), 0, "they may be on their way in");
    for name in kept.iter().chain(&leftovers) {
        age(&bar, name);
    }
    assert_eq!(sweep(&bar.app).await.unwrap(), 2);
    assert_eq!(files(&bar), kept, "what has a row stays, however old");
    let address = format!("{PICTURES}/{}", picture["id"].as_str().unwrap());
    assert_eq!(manager.delete_copy(&address, "*").await.status, 204);
    bar.clock.advance(TimeDelta::days(30));
    assert_eq!(sweep(&bar.app).await.unwrap(), 0, "the picture can still come back");
    bar.clock.advance(TimeDelta::seconds(1));
    assert_eq!(sweep(&bar.app).await.unwrap(), kept.len());
    assert_eq!(files(&bar), [""; 0]);
    taken_in(&bar.sign_in("manager").await, &jpeg()).await;
    assert_eq!(files(&bar), kept, "the same picture again has the same files");
}

#[tokio::test]
async fn files_are_served_without_the_database_and_nothing_else_is() {
    let bar = TestApp::empty().await;
    let picture = taken_in(&bar.manager().await, &jpeg()).await;
    fs::write(bar.folder.path().join("media").join("secret.jpg"), b"secret").unwrap();
    bar.app.db.clone().close().await.unwrap();
    for name in names(&picture) {
        assert_eq!(bar.anyone().get(&format!("/media/{name}")).await.status, 200);
    }
    let other =
        ["secret.jpg", "..%2fcard.json", "%2e%2e/casavazquez.db", "0123456789abcdef01234567-320.jpg", "x", "a.svg"];
    for name in other {
        assert_eq!(bar.anyone().get(&format!("/media/{name}")).await.status, 404, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_bytes_at_all_make_the_server_fall(cut in 1..4000_usize, flips in proptest::collection::vec((0..4000_usize, any::<u8>()), 0..9)) {
        let mut file = encoded(&painted(60, 40), ImageFormat::Jpeg);
        for (at, byte) in flips {
            if let Some(place) = file.get_mut(at) {
                *place = byte;
            }
        }
        file.truncate(cut);
        let taken = casavazquez::media::decode::decode(&file).map(casavazquez::media::variants::make);
        let fell = matches!(taken, Ok(Err(_)));
        prop_assert!(!fell);
    }
}

/// Bytes without an end.
struct Endless;

impl futures_core::Stream for Endless {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let head = format!("--{BORDER}\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}", "x".repeat(65_536));
        std::task::Poll::Ready(Some(Ok(head.into_bytes())))
    }
}

/// The checksum of a PNG's chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
