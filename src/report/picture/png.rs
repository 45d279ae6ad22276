//! SVG as PNG. Text is set in the fonts that are installed, so that the bytes of a picture with text may differ from machine to machine;
//! a picture lettered with figures only has the same bytes everywhere.

use std::sync::Arc;

use resvg::{tiny_skia, usvg};

use super::canvas::families;
use crate::diagnostic::Text;
use crate::text;

/// Dots on a millimetre at one dot per inch.
const INCH_MM: f64 = 25.4;

/// The most dots along a side.
const MAX_SIDE: f64 = 20_000.0;

/// Draws pictures; the fonts are looked for once.
pub struct Painter {
    options: usvg::Options<'static>,
}

impl Painter {
    /// Returns one that sets text in the system's fonts.
    pub fn with_fonts() -> Self {
        let mut options = usvg::Options::default();
        let fonts = Arc::make_mut(&mut options.fontdb);
        fonts.load_system_fonts();
        // A file of fonts is mapped anew for every piece of text: the family that letters most is held in memory.
        let of_family = |family: &str| -> Vec<usvg::fontdb::ID> {
            let has = |face: &&usvg::fontdb::FaceInfo| face.families.iter().any(|(name, _)| name == family);
            fonts.faces().filter(has).map(|face| face.id).collect()
        };
        let faces = families().map(of_family).find(|faces| !faces.is_empty()).unwrap_or_default();
        let held: Vec<Vec<u8>> =
            faces.iter().filter_map(|id| fonts.with_face_data(*id, |bytes, _| bytes.to_vec())).collect();
        if held.len() == faces.len() {
            faces.into_iter().for_each(|id| fonts.remove_face(id));
            held.into_iter().for_each(|bytes| fonts.load_font_data(bytes));
        }
        Painter { options }
    }

    /// Returns one for pictures without text.
    pub fn without_fonts() -> Self {
        Painter { options: usvg::Options::default() }
    }

    /// Draws an SVG with so many dots per inch.
    ///
    /// # Errors
    /// Where it is no SVG, or has no size.
    pub fn png(&self, svg: &str, dots_per_inch: f64) -> Result<Vec<u8>, Text> {
        let failed = |why: String| text!(en: "cannot draw the picture: {why}", zh: "无法绘制图片：{why}");
        let tree = usvg::Tree::from_str(svg, &self.options).map_err(|error| failed(error.to_string()))?;
        // Lengths in mm are read at 96 dots per inch.
        let zoom = dots_per_inch / 96.0;
        let side = |length: f32| (f64::from(length) * zoom).round().clamp(1.0, MAX_SIDE) as u32;
        let size = tree.size();
        let mut dots = tiny_skia::Pixmap::new(side(size.width()), side(size.height()))
            .ok_or_else(|| failed("it has no size".to_owned()))?;
        resvg::render(&tree, tiny_skia::Transform::from_scale(zoom as f32, zoom as f32), &mut dots.as_mut());
        let resolution = (dots_per_inch / INCH_MM * 1000.0).round() as u32;
        let bytes = dots.encode_png().map_err(|error| failed(error.to_string()))?;
        Ok(with_resolution(bytes, resolution))
    }
}

/// Puts the dots per metre into a PNG, so that programs show it in its true size: the chunk `pHYs`, after the header's 33 bytes.
fn with_resolution(mut png: Vec<u8>, per_metre: u32) -> Vec<u8> {
    const HEADER: usize = 33;
    let mut body = b"pHYs".to_vec();
    body.extend(per_metre.to_be_bytes());
    body.extend(per_metre.to_be_bytes());
    body.push(1);
    let mut chunk = 9u32.to_be_bytes().to_vec();
    chunk.extend(&body);
    chunk.extend(checksum(&body).to_be_bytes());
    if png.len() > HEADER {
        png.splice(HEADER..HEADER, chunk);
    }
    png
}

/// Returns the CRC-32 that PNG puts behind each chunk (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    });
    !crc
}
