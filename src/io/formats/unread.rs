//! Formats that are known and not read, and what to do with them.

use crate::diagnostic::Text;

/// Returns the format that an extension stands for, and what to do, if it is one that is not read.
pub(super) fn by_extension(extension: &str) -> Option<(&'static str, Text)> {
    let convert = Text::new("convert it to GeoJSON", "请转换为 GeoJSON");
    let found = match extension {
        "shp" | "dbf" | "shx" => ("a Shapefile", convert),
        "gpkg" => ("a GeoPackage", convert),
        "parquet" | "geoparquet" => ("GeoParquet", convert),
        "fgb" => ("FlatGeobuf", convert),
        "gdb" => ("a File Geodatabase", Text::new("export its feature classes as GeoJSON", "请将要素类导出为 GeoJSON")),
        "mdb" => {
            ("a Personal Geodatabase", Text::new("export its feature classes as GeoJSON", "请将要素类导出为 GeoJSON"))
        }
        "dxf" | "dwg" => {
            ("a CAD drawing", Text::new("export closed boundaries as GeoJSON", "请将闭合边界导出为 GeoJSON"))
        }
        "vct" => ("VCT", convert),
        "kml" | "kmz" | "gml" | "tab" | "mif" | "xls" | "xlsx" => ("another format", convert),
        _ => return None,
    };
    Some(found)
}

/// Recognises formats by their first bytes, whatever the file is called.
pub(super) fn by_content(bytes: &[u8]) -> Option<(&'static str, Text)> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"SQLite format 3\0", "gpkg"),
        (b"PAR1", "parquet"),
        (b"fgb\x03", "fgb"),
        (&[0x00, 0x00, 0x27, 0x0a], "shp"),
        (b"PK\x03\x04", "xlsx"),
    ];
    MAGIC.iter().find(|(start, _)| bytes.starts_with(start)).and_then(|(_, extension)| by_extension(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name_and_by_content() {
        let told = |found: Option<(&'static str, Text)>| found.map(|(name, _)| name);
        assert_eq!(told(by_extension("gdb")), Some("a File Geodatabase"));
        assert_eq!(told(by_extension("geojson")), None);
        assert_eq!(told(by_content(b"SQLite format 3\0...")), Some("a GeoPackage"));
        assert_eq!(told(by_content(b"{\"type\":")), None);
    }
}
