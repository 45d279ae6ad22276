//! Formats that are known and not read, and what to do with them.

use crate::diagnostic::Text;

/// Returns the format that an extension stands for, and what to do, if it is one that is not read.
pub(super) fn by_extension(extension: &str) -> Option<(&'static str, Text)> {
    let convert = Text::new("convert it to GeoJSON", "请转换为 GeoJSON");
    let found = match extension {
        "dbf" | "shx" | "prj" | "cpg" => {
            ("a part of a Shapefile", Text::new("name the .shp instead", "请改写其 .shp 文件"))
        }
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
    if bytes.starts_with(b"PK\x03\x04") { by_extension("xlsx") } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name_and_by_content() {
        let told = |found: Option<(&'static str, Text)>| found.map(|(name, _)| name);
        assert_eq!(told(by_extension("gdb")), Some("a File Geodatabase"));
        assert_eq!(told(by_extension("geojson")), None);
        assert_eq!(told(by_content(b"PK\x03\x04...")), Some("another format"));
        assert_eq!(told(by_content(b"{\"type\":")), None);
    }
}
