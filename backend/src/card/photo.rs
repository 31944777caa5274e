//! A picture as the card shows it: where each size of it is, and what it shows.

use super::document::{Picture, Source};
use crate::media::picture::Picture as Facts;
use crate::media::variants::{Format, Variant};
use crate::menu::text::{Locale, Text};

/// The width that is shown where a browser does not choose by itself.
const MIDDLE: u32 = 640;

/// The picture for readers of one language. Where nobody has said what it shows, it shows the item.
pub fn picture(facts: &Facts, locale: Locale, item: &Text) -> Option<Picture> {
    let alt = facts.alt.for_reader(locale).or_else(|| item.for_reader(locale)).unwrap_or_default();
    let mut sources: Vec<Source> = facts.variants.iter().filter_map(|variant| source(facts, variant)).collect();
    sources.sort_by_key(|source| source.width);
    let middle = sources.iter().find(|source| source.width >= MIDDLE).or(sources.last())?;
    Some(Picture {
        id: facts.id,
        alt: alt.to_owned(),
        width: facts.width,
        height: facts.height,
        color: facts.color.clone(),
        focal_x: facts.focal_x,
        focal_y: facts.focal_y,
        src: middle.jpeg.clone(),
        sources,
    })
}

/// The pair of files of a width.
fn source(facts: &Facts, jpeg: &Variant) -> Option<Source> {
    let is_pair = |other: &&Variant| other.width == jpeg.width && other.format == Format::WebP;
    let webp = facts.variants.iter().find(is_pair).filter(|_| jpeg.format == Format::Jpeg)?;
    let address = |variant: &Variant| format!("/media/{}", variant.name);
    Some(Source { width: jpeg.width, webp: address(webp), jpeg: address(jpeg) })
}
