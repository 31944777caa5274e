//! The sizes in which a picture is kept: each as WebP and as JPEG, with nothing but pixels in them.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage, RgbaImage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::digest;
use crate::error::Error;

/// The widths that pages ask for.
const WIDTHS: [u32; 4] = [320, 640, 960, 1440];
/// As high as a file gets: twice the largest width. What is narrower than that, nobody looks at in full width.
const MAX_HEIGHT: u32 = 2880;
/// The best first; a busy picture takes the next where its file would be too heavy for a phone.
const WEBP_QUALITIES: [f32; 4] = [80.0, 65.0, 50.0, 35.0];
/// The widest file that a phone of two pixels to the point asks for, and what it may weigh.
const PHONE_WIDTH: u32 = 640;
const PHONE_BYTES: usize = 60 * 1024;
const JPEG_QUALITY: u8 = 82;

/// A format that pictures are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Small, for every browser of today.
    #[serde(rename = "webp")]
    WebP,
    /// For everything else.
    Jpeg,
}

/// One file of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Variant {
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its format.
    pub format: Format,
    /// Its name, which its content gives it: it is at `/media/{name}`.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A variant with its content.
#[derive(Clone, Debug)]
pub struct File {
    /// What is known of it.
    pub variant: Variant,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Every file of a picture, the largest first, and its main colour.
pub fn make(picture: DynamicImage) -> Result<(Vec<File>, String), Error> {
    let [.., most] = WIDTHS;
    let largest = picture.width().min(most).min(scaled(picture.width(), MAX_HEIGHT, picture.height()));
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|width| *width < largest).collect();
    widths.push(largest);
    let mut files = Vec::new();
    let mut current = picture;
    // Each size from the one above it: a picture of a camera is gone through only once.
    for width in widths.into_iter().rev() {
        current = resized(current, width)?;
        files.push(file(&current, Format::WebP)?);
        files.push(file(&current, Format::Jpeg)?);
    }
    Ok((files, main_color(&flat(&current))))
}

fn resized(picture: DynamicImage, width: u32) -> Result<DynamicImage, Error> {
    let height = scaled(picture.height(), width, picture.width()).min(MAX_HEIGHT);
    if (width, height) == (picture.width(), picture.height()) {
        return Ok(picture);
    }
    let pixels = if picture.color().has_alpha() { PixelType::U8x4 } else { PixelType::U8x3 };
    let failed = |error: String| Error::Picture(error);
    let source = ImageRef::new(picture.width(), picture.height(), picture.as_bytes(), pixels)
        .map_err(|error| failed(error.to_string()))?;
    let mut target = Image::new(width, height, pixels);
    Resizer::new().resize(&source, &mut target, None).map_err(|error| failed(error.to_string()))?;
    let made = if pixels == PixelType::U8x4 {
        RgbaImage::from_raw(width, height, target.into_vec()).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(width, height, target.into_vec()).map(DynamicImage::from)
    };
    made.ok_or_else(|| failed("a picture has another size than its pixels".to_owned()))
}

/// A side where the other one shrinks from `from` to `to`; never less than a pixel.
fn scaled(side: u32, to: u32, from: u32) -> u32 {
    let (exact, from) = (u64::from(side) * u64::from(to), u64::from(from));
    u32::try_from((exact + from / 2) / from).unwrap_or(u32::MAX).max(1)
}

fn file(picture: &DynamicImage, format: Format) -> Result<File, Error> {
    let (width, height) = (picture.width(), picture.height());
    let (content, ending) = match format {
        Format::WebP => (webp(picture)?, "webp"),
        Format::Jpeg => (jpeg(picture)?, "jpg"),
    };
    let name = format!("{}-{width}.{ending}", digest::short(&content));
    Ok(File { variant: Variant { width, height, format, name, bytes: content.len() as u64 }, content })
}

fn webp(picture: &DynamicImage) -> Result<Vec<u8>, Error> {
    let (width, height, pixels) = (picture.width(), picture.height(), picture.as_bytes());
    let writer = if picture.color().has_alpha() {
        webp::Encoder::from_rgba(pixels, width, height)
    } else {
        webp::Encoder::from_rgb(pixels, width, height)
    };
    let mut content = Vec::new();
    for quality in WEBP_QUALITIES {
        let written = writer.encode_simple(false, quality);
        content = written.map_err(|error| Error::Picture(format!("{error:?}")))?.to_vec();
        if width > PHONE_WIDTH || content.len() <= PHONE_BYTES {
            break;
        }
    }
    Ok(content)
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    JpegEncoder::new_with_quality(&mut content, JPEG_QUALITY)
        .encode_image(&flat(picture))
        .map_err(|error| Error::Picture(error.to_string()))?;
    Ok(content)
}

/// The picture on white paper: nothing shines through a JPEG.
fn flat(picture: &DynamicImage) -> RgbImage {
    let DynamicImage::ImageRgba8(layer) = picture else { return picture.to_rgb8() };
    let on_white = |color: u8, alpha: u8| {
        let mixed = (u32::from(color) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    let mut paper = RgbImage::new(layer.width(), layer.height());
    for (under, over) in paper.pixels_mut().zip(layer.pixels()) {
        let [red, green, blue, alpha] = over.0;
        under.0 = [red, green, blue].map(|color| on_white(color, alpha));
    }
    paper
}

/// The mean of the colours that are most often alike, as `#rrggbb`: what a page shows until the picture is there.
fn main_color(picture: &RgbImage) -> String {
    let mut alike = std::collections::BTreeMap::new();
    for pixel in picture.pixels() {
        let (count, sums): &mut (u64, [u64; 3]) = alike.entry(pixel.0.map(|color| color >> 5)).or_default();
        *count += 1;
        for (sum, color) in sums.iter_mut().zip(pixel.0) {
            *sum += u64::from(color);
        }
    }
    let (count, [red, green, blue]) = alike.into_values().max_by_key(|(count, _)| *count).unwrap_or((1, [0; 3]));
    format!("#{:02x}{:02x}{:02x}", red / count, green / count, blue / count)
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};

    use super::{Format, PHONE_BYTES, PHONE_WIDTH, flat, main_color, make};

    fn widths(width: u32, height: u32) -> Vec<(u32, u32)> {
        let (files, _) = make(RgbImage::new(width, height).into()).unwrap();
        files.iter().step_by(2).map(|file| (file.variant.width, file.variant.height)).collect()
    }

    #[test]
    fn no_size_is_larger_than_the_picture() {
        assert_eq!(widths(3000, 1500), [(1440, 720), (960, 480), (640, 320), (320, 160)]);
        assert_eq!(widths(1000, 10), [(1000, 10), (960, 10), (640, 7), (320, 4)]);
        assert_eq!(widths(1440, 1), [(1440, 1), (960, 1), (640, 1), (320, 1)]);
        assert_eq!(widths(320, 500), [(320, 500)]);
        assert_eq!(widths(1, 1), [(1, 1)]);
    }

    #[test]
    fn a_busy_picture_is_light_enough_for_a_phone() {
        // As on a floor of terrazzo: at the best quality, 640 pixels of it weigh too much.
        let grain =
            |x: u32, y: u32| (x / 10 * 7919 + y / 10 * 104_729).wrapping_mul(2_654_435_761).to_le_bytes()[3] / 2;
        let busy = RgbImage::from_fn(1280, 1280, |x, y| Rgb([grain(x, y), grain(y, x), 90]));
        let (files, _) = make(busy.into()).unwrap();
        let webp =
            |width: u32| files.iter().find(|file| file.variant.format == Format::WebP && file.variant.width == width);
        assert!(webp(PHONE_WIDTH).unwrap().content.len() <= PHONE_BYTES);
        assert!(webp(1280).unwrap().content.len() > PHONE_BYTES, "larger screens get the best");
    }

    #[test]
    fn no_side_is_longer_than_anybody_looks_at() {
        assert_eq!(widths(12_000, 300), [(1440, 36), (960, 24), (640, 16), (320, 8)]);
        assert_eq!(widths(300, 12_000), [(72, 2880)]);
        assert_eq!(widths(1, 12_000), [(1, 2880)]);
        assert_eq!(widths(1440, 2880), [(1440, 2880), (960, 1920), (640, 1280), (320, 640)]);
        assert_eq!(widths(1500, 3250), [(1329, 2880), (960, 2080), (640, 1387), (320, 694)]);
    }

    #[test]
    fn the_main_color_is_one_that_is_there() {
        let wall = RgbImage::from_fn(10, 10, |x, _| if x < 7 { Rgb([120, 10, 40]) } else { Rgb([255, 255, 255]) });
        assert_eq!(main_color(&wall), "#780a28");
    }

    #[test]
    fn what_shines_through_lies_on_white() {
        let glass = RgbaImage::from_pixel(1, 1, Rgba([0, 100, 255, 0]));
        assert_eq!(flat(&DynamicImage::from(glass)).get_pixel(0, 0).0, [255; 3]);
        let half = RgbaImage::from_pixel(1, 1, Rgba([0, 100, 255, 51]));
        assert_eq!(flat(&DynamicImage::from(half)).get_pixel(0, 0).0, [204, 224, 255]);
    }
}
