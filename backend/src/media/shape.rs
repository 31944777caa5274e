//! Where a picture ends in its bytes, and whether anything but a picture is in them: found without decoding.

/// The formats that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

/// What makes a file more than a picture to a browser or a server. Names of tags count only where they end: in millions
/// of compressed bytes, four letters happen by chance.
const MARKUP: [(&[u8], bool); 5] =
    [(b"<script", true), (b"<html", true), (b"<svg", true), (b"<?php", false), (b"<!doctype", false)];
/// A PDF may begin this late.
const PDF_BEGINS: usize = 1024;
/// A ZIP's last record, with the longest comment after it.
const ZIP_ENDS: usize = 22 + 65_535;
const PNG_BEGINS: &[u8] = b"\x89PNG\r\n\x1a\n";

impl Kind {
    /// What the first bytes say; a name or a claimed type says nothing.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(PNG_BEGINS) {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }

    /// Where the picture ends; nowhere, if it was cut off.
    pub fn end(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Jpeg => end_of_jpeg(bytes),
            Self::Png => end_of_png(bytes),
            Self::WebP => end_of_webp(bytes),
        }
    }

    /// Whether there is nothing after `end` that does not belong there.
    pub fn ends_plainly(self, bytes: &[u8], end: usize) -> bool {
        let rest = bytes.get(end..).unwrap_or_default();
        rest.iter().all(|byte| *byte == 0) || (self == Self::Jpeg && is_of_a_phone(rest))
    }
}

/// Whether the bytes are markup, a program, a PDF or a ZIP besides.
pub fn is_something_else_too(bytes: &[u8]) -> bool {
    let begins = bytes.get(..PDF_BEGINS).unwrap_or(bytes);
    let ends = bytes.get(bytes.len().saturating_sub(ZIP_ENDS)..).unwrap_or_default();
    has_markup(bytes) || has(begins, b"%PDF-") || has(ends, b"PK\x05\x06")
}

fn has_markup(bytes: &[u8]) -> bool {
    let opens = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'<');
    opens.filter_map(|(at, _)| bytes.get(at..)).any(|rest| {
        MARKUP.iter().any(|(word, is_tag)| {
            let same = rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
            let next = rest.get(word.len());
            same && (!is_tag || next.is_none_or(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/')))
        })
    })
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// What phones put after a JPEG: further pictures of it (its depth, its brightness), a moving clip, Samsung's own notes.
fn is_of_a_phone(mut rest: &[u8]) -> bool {
    loop {
        let padding = rest.iter().take_while(|byte| **byte == 0).count();
        let after = rest.get(padding..).unwrap_or_default();
        if after.is_empty() {
            return true;
        }
        if !after.starts_with(b"\xff\xd8\xff") {
            // A box begins with its length, whose first bytes are zero like the padding before it.
            let clip =
                (0..=padding.min(4)).any(|back| rest.get(padding - back + 4..padding - back + 8) == Some(b"ftyp"));
            return clip || after.ends_with(b"SEFT");
        }
        let Some(end) = end_of_jpeg(after) else { return false };
        rest = after.get(end..).unwrap_or_default();
    }
}

fn end_of_jpeg(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        // A marker may have any number of these before it.
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        match marker {
            0xd9 => return Some(at),
            0x01 | 0xd0..=0xd7 => continue,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        if length < 2 {
            return None;
        }
        at += length;
        if marker == 0xda {
            at = end_of_scan(bytes, at)?;
        }
    }
}

/// Compressed bytes go on until a marker that is neither a stuffed byte nor a restart.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

fn end_of_png(bytes: &[u8]) -> Option<usize> {
    let mut at = PNG_BEGINS.len();
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let kind = bytes.get(at + 4..at + 8)?;
        at = at.checked_add(12)?.checked_add(usize::try_from(length).ok()?)?;
        if at > bytes.len() {
            return None;
        }
        if kind == b"IEND" {
            return Some(at);
        }
    }
}

fn end_of_webp(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let end = usize::try_from(length).ok()?.checked_add(8)?;
    (end <= bytes.len()).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Kind, is_something_else_too};

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x02xy\xff\x00z\xff\xd0w\xff\xd9";
    const CLIP: &[u8] = b"\0\0\0\x18ftypmp42 and so on";

    fn ends(kind: Kind, bytes: &[u8]) -> Option<bool> {
        kind.end(bytes).map(|end| kind.ends_plainly(bytes, end))
    }

    #[test]
    fn a_jpeg_ends_with_its_end_mark_and_what_phones_put_after_it() {
        assert_eq!(Kind::Jpeg.end(JPEG), Some(JPEG.len()));
        for rest in [&b""[..], b"\0\0\0", JPEG, CLIP, b"\0\0 notes SEFT"] {
            assert_eq!(ends(Kind::Jpeg, &[JPEG, rest].concat()), Some(true), "{rest:?}");
            assert_eq!(ends(Kind::Jpeg, &[JPEG, b"\0\0", JPEG, rest].concat()), Some(true), "{rest:?}");
        }
        for rest in [&b"x"[..], b"\0\0\0x", b"\xff\xd8\xff", b"ftyp", b"SEFT and more", b"PK\x03\x04"] {
            assert_eq!(ends(Kind::Jpeg, &[JPEG, rest].concat()), Some(false), "{rest:?}");
        }
        for length in 0..JPEG.len() {
            assert_eq!(Kind::Jpeg.end(&JPEG[..length]), None, "cut off after {length}");
        }
    }

    #[test]
    fn a_png_and_a_webp_end_where_they_say() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x02IDATxyCRC!\0\0\0\0IENDCRC!";
        let webp = b"RIFF\x06\0\0\0WEBPxy";
        for (kind, bytes) in [(Kind::Png, &png[..]), (Kind::WebP, webp)] {
            assert_eq!(Kind::of(bytes), Some(kind));
            assert_eq!(ends(kind, bytes), Some(true));
            assert_eq!(ends(kind, &[bytes, b"\0\0"].concat()), Some(true));
            assert_eq!(ends(kind, &[bytes, b"x"].concat()), Some(false));
            assert_eq!(ends(kind, &[bytes, CLIP].concat()), Some(false));
            assert_eq!(kind.end(&bytes[..bytes.len() - 1]), None);
        }
    }

    #[test]
    fn markup_a_program_a_pdf_and_a_zip_are_seen() {
        for word in ["<script>", "<SCRIPT src", "<hTml>", "<svg\n", "<svg/>", "<?php", "<!DOCTYPE"] {
            assert!(is_something_else_too(&[JPEG, word.as_bytes(), JPEG].concat()), "{word}");
        }
        assert!(is_something_else_too(&[&[0; 1000][..], b"%PDF-1.7"].concat()));
        assert!(is_something_else_too(&[JPEG, b"PK\x05\x06", &[0; 18]].concat()));
        for text in [&b"<svgz"[..], b"<scripted", b"<x:xmpmeta", b"< svg>", b"PK\x03\x04"] {
            assert!(!is_something_else_too(&[JPEG, text].concat()), "{text:?}");
        }
        assert!(!is_something_else_too(&[&[0; 1024][..], b"%PDF-"].concat()));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_looking_at_them_ends(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for (kind, begin) in [(Kind::Jpeg, &b"\xff\xd8\xff"[..]), (Kind::Png, super::PNG_BEGINS), (Kind::WebP, b"RIFF")] {
                let bytes = [begin, &bytes].concat();
                if let Some(end) = kind.end(&bytes) {
                    prop_assert!(end <= bytes.len());
                    kind.ends_plainly(&bytes, end);
                }
                is_something_else_too(&bytes);
            }
        }
    }
}
