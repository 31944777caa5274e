//! From the bytes of an upload to an upright picture; whatever is no picture, or too much of one, is refused before.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use serde_json::json;

use super::shape::{Kind, is_something_else_too};
use crate::error::Error;
use crate::fault::none;

/// The most bytes that an upload may have.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The longest side, in pixels.
const MAX_SIDE: u32 = 12_000;
/// The most pixels: phones take 12 or 24 million where nobody asks them for more, and no page shows two. Decoding takes up to
/// nine bytes for each, so that this is a quarter of a gigabyte, and twice as many would be too much for a small server.
const MAX_PIXELS: u64 = 25_000_000;
/// The most memory that the pixels of a decoded picture may take.
const MAX_MEMORY: u64 = 128 * 1024 * 1024;
/// Bytes beside the pixels that a picture may have: a preview, a colour profile, where and when it was taken.
const BESIDES: u64 = 512 * 1024;
/// More bytes a pixel, no format needs.
const BYTES_A_PIXEL: u64 = 16;

/// An upright picture, in RGB or, where something shines through, in RGBA.
pub fn decode(bytes: &[u8]) -> Result<DynamicImage, Error> {
    let kind = Kind::of(bytes).ok_or(Error::NotAPicture("a picture: JPEG, PNG or WebP"))?;
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge(MAX_BYTES));
    }
    let mut decoder = open(kind, bytes)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_SIDE || pixels > MAX_PIXELS || decoder.total_bytes() > MAX_MEMORY {
        return Err(too_many_pixels());
    }
    let end = kind.end(bytes).ok_or_else(broken)?;
    let heavy = bytes.len() as u64 > BESIDES + BYTES_A_PIXEL * pixels;
    if heavy || !kind.ends_plainly(bytes, end) || is_something_else_too(bytes) {
        return Err(Error::invalid("/file", "not_a_plain_picture", none()));
    }
    let orientation = decoder.orientation().map_err(|error| refusal(&error))?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    let mut picture: DynamicImage =
        if picture.color().has_alpha() { picture.into_rgba8().into() } else { picture.into_rgb8().into() };
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Reads the header only.
fn open(kind: Kind, bytes: &[u8]) -> Result<impl ImageDecoder, Error> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.into_decoder().map_err(|error| refusal(&error))
}

/// A decoder's texts may quote what was sent; only what kind of failure it is goes on.
fn refusal(error: &ImageError) -> Error {
    if matches!(error, ImageError::Limits(_)) { too_many_pixels() } else { broken() }
}

fn too_many_pixels() -> Error {
    Error::invalid("/file", "too_many_pixels", json!({"max": MAX_PIXELS, "max_side": MAX_SIDE}))
}

fn broken() -> Error {
    Error::invalid("/file", "broken_picture", none())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
    use proptest::prelude::*;

    use super::decode;
    use crate::error::Error;

    fn picture(format: ImageFormat) -> Vec<u8> {
        let painted = RgbImage::from_fn(40, 30, |x, y| Rgb([(x * 6).to_le_bytes()[0], (y * 8).to_le_bytes()[0], 90]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(painted).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    const FORMATS: [ImageFormat; 3] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];

    #[test]
    fn each_format_is_taken() {
        for format in FORMATS {
            let decoded = decode(&picture(format)).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (40, 30));
        }
    }

    #[test]
    fn a_picture_that_is_cut_off_anywhere_is_refused() {
        for format in FORMATS {
            let whole = picture(format);
            for length in 0..whole.len() {
                assert!(decode(&whole[..length]).is_err(), "{format:?} after {length} bytes");
            }
        }
    }

    proptest! {
        #[test]
        fn flipped_bytes_are_a_picture_or_a_refusal(
            which in 0..3_usize, flips in proptest::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 1..20)
        ) {
            let mut bytes = picture(FORMATS[which]);
            for (at, flip) in flips {
                let at = at.index(bytes.len());
                bytes[at] ^= flip;
            }
            let refused = decode(&bytes).err();
            prop_assert!(matches!(refused, None | Some(Error::Invalid(_) | Error::NotAPicture(_))), "{refused:?}");
        }
    }
}
