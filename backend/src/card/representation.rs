//! The bytes of an answer, ready in every encoding: made once, sent many times, and known by a strong ETag.

use std::io::Write;
use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::digest;

/// Answers shorter than this fit into one packet anyway.
const WORTH_COMPRESSING: usize = 1024;

/// A document as it is sent.
#[derive(Debug)]
pub struct Representation {
    content_type: &'static str,
    cache_control: &'static str,
    hash: String,
    link: Option<HeaderValue>,
    plain: Bytes,
    encoded: [OnceLock<Option<Bytes>>; 3],
}

/// A content coding, in the order in which we like them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Brotli,
    Zstd,
    Gzip,
}

impl Coding {
    const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    fn encode(self, plain: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut encoded = Vec::with_capacity(plain.len() / 4);
        match self {
            Self::Brotli => {
                // Quality 5 is where brotli beats gzip in size and time alike.
                let params = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
                brotli::BrotliCompress(&mut &*plain, &mut encoded, &params)?;
            }
            Self::Zstd => encoded = zstd::bulk::compress(plain, 9)?,
            Self::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(&mut encoded, flate2::Compression::default());
                writer.write_all(plain)?;
                writer.finish()?;
            }
        }
        Ok(encoded)
    }
}

impl Representation {
    /// A document that may change at any time: kept by clients, but asked for each time.
    pub fn current(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self::new(content_type, "no-cache", bytes.into())
    }

    /// A document whose address changes when its content does.
    pub fn immutable(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self::new(content_type, "public, max-age=31536000, immutable", bytes.into())
    }

    fn new(content_type: &'static str, cache_control: &'static str, plain: Bytes) -> Self {
        let hash = digest::short(&plain);
        Self { content_type, cache_control, hash, link: None, plain, encoded: Default::default() }
    }

    /// The same with a `Link` header.
    #[must_use]
    pub fn linked(self, link: Option<String>) -> Self {
        Self { link: link.and_then(|link| HeaderValue::from_str(&link).ok()), ..self }
    }

    /// The same with the number of the copy that it shows in front of its tag, so that the tag works in `If-Match`, too.
    #[must_use]
    pub fn showing(self, revision: i64) -> Self {
        Self { hash: format!("{revision}-{}", self.hash), ..self }
    }

    /// Its size in bytes, not encoded.
    pub fn len(&self) -> usize {
        self.plain.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// The answer to a request with these headers: 304 if the client has it already, else the bytes in the coding it
    /// likes best.
    pub fn respond(&self, request: &HeaderMap) -> Response {
        let coding = self.negotiate(request);
        let tag = match coding {
            Some((coding, _)) => format!("\"{}-{}\"", self.hash, coding.name()),
            None => format!("\"{}\"", self.hash),
        };
        let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let unchanged = known.flat_map(|value| value.split(',')).any(|tag| self.is_known_as(tag.trim()));
        let mut response = Response::new(Body::empty());
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            *response.body_mut() = Body::from(coding.map_or_else(|| self.plain.clone(), |(_, bytes)| bytes.clone()));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            if let Some((coding, _)) = coding {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
            }
        }
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache_control));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(link) = &self.link {
            headers.insert(header::LINK, link.clone());
        }
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        response
    }

    /// Whether an entity tag names this document, in whichever coding.
    fn is_known_as(&self, tag: &str) -> bool {
        let inner = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        tag == "*" || inner.strip_prefix(&self.hash).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    fn negotiate(&self, request: &HeaderMap) -> Option<(Coding, &Bytes)> {
        if self.plain.len() < WORTH_COMPRESSING {
            return None;
        }
        let accepted: Vec<&str> =
            request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
        let weigh = |coding: Coding| accepted.iter().find_map(|value| weight(value, coding.name())).unwrap_or(0.0);
        let mut best: Option<(Coding, f32)> = None;
        for coding in Coding::ALL {
            let weight = weigh(coding);
            if weight > best.map_or(0.0, |(_, weight)| weight) {
                best = Some((coding, weight));
            }
        }
        let (coding, _) = best?;
        self.encoded(coding).map(|bytes| (coding, bytes))
    }

    fn encoded(&self, coding: Coding) -> Option<&Bytes> {
        let [brotli, zstd, gzip] = &self.encoded;
        let kept = match coding {
            Coding::Brotli => brotli,
            Coding::Zstd => zstd,
            Coding::Gzip => gzip,
        };
        let encode = || {
            let encoded = coding.encode(&self.plain).ok()?;
            (encoded.len() < self.plain.len()).then(|| Bytes::from(encoded))
        };
        kept.get_or_init(encode).as_ref()
    }
}

/// How much a client likes a coding, by RFC 9110 section 12.5.3: 0 to 1, or not said.
fn weight(accepted: &str, name: &str) -> Option<f32> {
    let codings = accepted.split(',').map(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok());
        (name.to_ascii_lowercase(), weight.unwrap_or(0.0))
    });
    let mut any = None;
    for (coding, weight) in codings {
        if coding == name {
            return Some(weight);
        }
        if coding == "*" {
            any = Some(weight);
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::body::to_bytes;
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::{Representation, weight};

    fn request(headers: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    fn document() -> Representation {
        Representation::current("text/plain", "Tempranillo ".repeat(500))
    }

    #[test]
    fn the_client_chooses_the_coding() {
        assert_eq!(weight("gzip, br;q=0.5", "br"), Some(0.5));
        assert_eq!(weight("*;q=0.1, gzip;q=0", "gzip"), Some(0.0));
        assert_eq!(weight("*;q=0.1, gzip;q=0", "br"), Some(0.1));
        assert_eq!(weight("identity", "br"), None);
        let coding = |accepted| {
            let answer = document().respond(&request(&[(header::ACCEPT_ENCODING, accepted)]));
            answer.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(coding("gzip, deflate, br, zstd").as_deref(), Some("br"));
        assert_eq!(coding("gzip, br;q=0.5").as_deref(), Some("gzip"));
        assert_eq!(coding("zstd").as_deref(), Some("zstd"));
        assert_eq!(coding("br;q=0"), None);
        assert_eq!(coding("identity"), None);
    }

    #[tokio::test]
    async fn each_coding_carries_the_same_words() {
        for (accepted, decode) in [("gzip", gunzip as fn(&[u8]) -> Vec<u8>), ("br", unbrotli), ("zstd", unzstd)] {
            let answer = document().respond(&request(&[(header::ACCEPT_ENCODING, accepted)]));
            let sent = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            assert!(sent.len() < 1000, "{accepted}: {}", sent.len());
            assert_eq!(decode(&sent), "Tempranillo ".repeat(500).into_bytes());
        }
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let first = document().respond(&request(&[(header::ACCEPT_ENCODING, "br")]));
        let tag = first.headers()[header::ETAG].clone();
        let mut again = request(&[(header::ACCEPT_ENCODING, "br")]);
        again.insert(header::IF_NONE_MATCH, tag.clone());
        assert_eq!(document().respond(&again).status(), StatusCode::NOT_MODIFIED);
        // The same document in another coding is the same document; another document is not.
        again.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(document().respond(&again).status(), StatusCode::NOT_MODIFIED);
        let other = Representation::current("text/plain", "Garnacha ".repeat(500));
        assert_eq!(other.respond(&again).status(), StatusCode::OK);
        again.insert(header::IF_NONE_MATCH, HeaderValue::from_static("W/\"x\", *"));
        assert_eq!(other.respond(&again).status(), StatusCode::NOT_MODIFIED);
    }

    fn gunzip(bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
        plain
    }

    fn unbrotli(bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain).unwrap();
        plain
    }

    fn unzstd(bytes: &[u8]) -> Vec<u8> {
        zstd::stream::decode_all(bytes).unwrap()
    }
}
