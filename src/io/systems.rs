//! What is said of the coordinate system of a file: on what ground it was presumed, what was assumed of its datum, why it cannot be used.

use crate::diagnostic::Text;
use crate::geometry::crs::{Assumption, Crs, CrsError, Ground, Refusal};
use crate::text;

/// Says on what ground a system was presumed that nothing states; `None` where that is the format's own rule.
pub(super) fn unstated(crs: Crs, ground: Ground) -> Option<Text> {
    let name = crs.name();
    Some(match ground {
        // RFC 7946 means WGS 84; Chinese tools write whatever they hold.
        Ground::Degrees => return None,
        Ground::Wanted | Ground::Nothing => text!(
            en: "the file states no coordinate system and its coordinates are not degrees: taken as {name}, that of the submission",
            zh: "文件没有写明坐标系，坐标也不是经纬度：按申报坐标系 {name} 读取"
        ),
        Ground::Prefix(zone) => text!(
            en: "the file states no coordinate system; its eastings carry zone {zone} in front: taken as {name}",
            zh: "文件没有写明坐标系，横坐标带号为 {zone}：按 {name} 读取"
        ),
        Ground::Meridian => text!(
            en: "the file states no coordinate system; by the digits of its eastings it was taken as {name}, on the submission's central meridian",
            zh: "文件没有写明坐标系：按横坐标位数和申报坐标系的中央经线，以 {name} 读取"
        ),
    })
}

/// Says what was presumed of two datums, and how far off it may be.
pub(super) fn assumed(assumption: Assumption, from: Crs, to: Crs) -> Text {
    let (from, to) = (from.name(), to.name());
    match assumption {
        Assumption::SameDatum { within_m } if within_m <= 1.0 => text!(
            en: "{from} and {to} were taken as one datum; they differ by centimetres to decimetres",
            zh: "{from} 与 {to} 按同一大地基准处理，二者相差厘米至分米级"
        ),
        Assumption::SameDatum { within_m } => text!(
            en: "{from} and {to} were taken as one datum; they differ by up to {within_m} m",
            zh: "{from} 与 {to} 按同一大地基准处理，二者最多相差 {within_m} 米"
        ),
        Assumption::Shifted { within_m } => text!(
            en: "{from} was brought to the datum of {to} by the published shift, which is right to {within_m} m",
            zh: "{from} 按公布的平移参数转换到 {to} 的大地基准，精度 {within_m} 米"
        ),
    }
}

/// Says why a coordinate system cannot be used.
pub fn crs_error(error: &CrsError) -> Text {
    match error {
        CrsError::Unknown(name) => {
            let name = super::convert::shortened(name);
            text!(en: "no coordinate system `{name}` is known", zh: "未知的坐标系“{name}”")
        }
        CrsError::Refused { epsg, system, why } => {
            let bracketed = |open, close| epsg.map(|code| format!("{open}EPSG:{code}{close}")).unwrap_or_default();
            let (code, zh_code) = (bracketed(" (", ")"), bracketed("（", "）"));
            match why {
                Refusal::Parameters => text!(
                    en: "{system}{code} needs official transformation parameters; hand in the data in CGCS2000",
                    zh: "{system}{zh_code}需要官方转换参数；请提交 CGCS2000 数据"
                ),
                Refusal::Scrambled => text!(
                    en: "{system} moves positions by hundreds of metres on purpose; hand in the surveyed coordinates in CGCS2000",
                    zh: "{system} 是人为加偏的坐标，偏移可达数百米；请提交 CGCS2000 测量坐标"
                ),
                Refusal::Coarse => text!(
                    en: "the published shift from {system}{code} is right to metres only; have the data transformed by grid and hand them in anew",
                    zh: "{system}{zh_code}公布的转换参数只有米级精度；请用格网转换后重新提交"
                ),
            }
        }
    }
}
