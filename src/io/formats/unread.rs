//! Formats that are known and not read here, and what to do with them.

use std::path::Path;

use crate::diagnostic::Text;
use crate::text;

/// Returns the format that an extension stands for, and what to do, if it is one that is not read.
pub(super) fn by_extension(path: &Path, extension: &str) -> Option<(Text, Text)> {
    let found = match extension {
        "dbf" | "shx" | "prj" | "cpg" => (
            Text::new("a part of a Shapefile", "Shapefile 的组成文件"),
            Text::new("name the .shp instead", "请改写其 .shp 文件"),
        ),
        "gdb" => (Text::new("a File Geodatabase", "文件地理数据库（File Geodatabase）"), with_gdal(path)),
        "mdb" => (
            Text::new("a Personal Geodatabase", "个人地理数据库（Personal Geodatabase）"),
            Text::new(
                "ask for a File Geodatabase or a GeoPackage: only ArcGIS on Windows reads it",
                "请索取 File Geodatabase 或 GeoPackage：它只能由 Windows 上的 ArcGIS 读取",
            ),
        ),
        "dxf" => (Text::new("a CAD drawing", "CAD 图形"), with_gdal(path)),
        "dwg" => (
            Text::new("a CAD drawing", "CAD 图形"),
            Text::new(
                "save it as DXF (2007 or later) in the program that drew it; a build with GDAL reads that",
                "请用绘图软件另存为 DXF（2007 及以上版本），再用带 GDAL 的版本读取",
            ),
        ),
        "vct" => (
            Text::new("VCT", "VCT 交换格式"),
            Text::new(
                "export it as a File Geodatabase or Shapefile from the survey software that wrote it",
                "请用生成它的调查软件导出为 File Geodatabase 或 Shapefile",
            ),
        ),
        "kml" | "mif" => (Text::new("another format", "其他格式"), with_gdal(path)),
        "kmz" | "gml" | "tab" => (Text::new("another format", "其他格式"), converted(path)),
        "xls" => (Text::new("an old spreadsheet", "旧版电子表格"), Text::new("save it as .xlsx", "请另存为 .xlsx")),
        "xlsx" => (
            Text::new("a spreadsheet", "电子表格"),
            Text::new("records in it belong under `records:`", "其中的档案请写在 records: 之下"),
        ),
        _ => return None,
    };
    Some(found)
}

/// Says how a format that GDAL knows becomes one that is read.
fn converted(path: &Path) -> Text {
    let (from, to) = (path.display(), path.with_extension("gpkg"));
    let to = to.display();
    text!(
        en: "convert it with GDAL (`ogr2ogr \"{to}\" \"{from}\"`) or QGIS",
        zh: "请用 GDAL 转换（ogr2ogr \"{to}\" \"{from}\"）或用 QGIS 导出"
    )
}

/// The same for a format that is read where this program was built with GDAL.
fn with_gdal(path: &Path) -> Text {
    let Text { en, zh } = converted(path);
    text!(
        en: "{en}, or use a Guiju that was built with GDAL (`cargo build --release --features gdal`)",
        zh: "{zh}，或使用带 GDAL 的规矩（cargo build --release --features gdal）"
    )
}

/// Recognises formats by their first bytes, where the name of the file tells none.
pub(super) fn by_content(path: &Path, bytes: &[u8]) -> Option<(Text, Text)> {
    let is_dwg =
        bytes.starts_with(b"AC10") && bytes.get(4..6).is_some_and(|version| version.iter().all(u8::is_ascii_digit));
    match bytes {
        [b'P', b'K', 3, 4, ..] => by_extension(path, "xlsx"),
        _ if is_dwg => by_extension(path, "dwg"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name_and_by_content() {
        let told = |found: Option<(Text, Text)>| found.map(|(name, _)| name.en);
        let path = Path::new("data/甲县.gdb");
        assert_eq!(told(by_extension(path, "geojson")), None);
        assert_eq!(told(by_content(path, b"PK\x03\x04...")), Some("a spreadsheet".to_owned()));
        assert_eq!(told(by_content(path, b"AC1032\0")), Some("a CAD drawing".to_owned()));
        assert_eq!(told(by_content(path, b"{\"type\":")), None);
        let (name, advice) = by_extension(path, "gdb").unwrap();
        assert_eq!(name.en, "a File Geodatabase");
        assert!(advice.en.contains("ogr2ogr \"data/甲县.gpkg\" \"data/甲县.gdb\""), "{}", advice.en);
    }
}
