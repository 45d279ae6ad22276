//! The parts of a Word document beside its text, and the package that holds them all.
//!
//! WordprocessingML by ECMA-376, part 1. Every entry of the package bears the same date, so that equal texts are equal bytes.

use std::io::{Cursor, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::diagnostic::Language;
use crate::report::escape;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The namespaces that a part with text declares.
pub(super) const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture""#;

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Puts a document together: `body` is what stands in `w:body`, `pictures` are PNG files that it names as `rIdP1`, `rIdP2` …
///
/// # Errors
/// Where the package grows beyond what a ZIP file holds.
pub(super) fn packed(title: &str, body: &str, pictures: &[Vec<u8>], language: Language) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    let deflated = options.compression_method(CompressionMethod::Deflated);
    let stored = options.compression_method(CompressionMethod::Stored);
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", package_relations()),
        ("docProps/core.xml", core(title)),
        ("word/_rels/document.xml.rels", relations(pictures.len())),
        ("word/document.xml", format!("{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")),
        ("word/styles.xml", styles(language)),
        ("word/settings.xml", settings()),
        ("word/fontTable.xml", font_table()),
        ("word/footer1.xml", footer("— ", " —")),
    ];
    for (name, text) in parts {
        zip.start_file(name, deflated)?;
        zip.write_all(text.as_bytes())?;
    }
    for (at, picture) in pictures.iter().enumerate() {
        zip.start_file(format!("word/media/map{}.png", at + 1), stored)?;
        zip.write_all(picture)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content_types() -> String {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let part = |name: &str, kind: &str| format!(r#"<Override PartName="{name}" ContentType="{kind}"/>"#);
    let parts = [
        part("/word/document.xml", &format!("{word}.document.main+xml")),
        part("/word/styles.xml", &format!("{word}.styles+xml")),
        part("/word/settings.xml", &format!("{word}.settings+xml")),
        part("/word/fontTable.xml", &format!("{word}.fontTable+xml")),
        part("/word/footer1.xml", &format!("{word}.footer+xml")),
        part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ];
    format!(
        r#"{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>{}</Types>"#,
        parts.concat()
    )
}

fn package_relations() -> String {
    format!(
        r#"{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#
    )
}

fn core(title: &str) -> String {
    let title = escape::markup(title);
    format!(
        r#"{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>Guiju</dc:creator></cp:coreProperties>"#
    )
}

fn relations(pictures: usize) -> String {
    let fixed = [("rId1", "styles"), ("rId2", "settings"), ("rId3", "fontTable")];
    let mut parts: String = fixed
        .iter()
        .map(|(id, kind)| format!(r#"<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>"#))
        .collect();
    parts += &format!(r#"<Relationship Id="rId4" Type="{OFFICE}/footer" Target="footer1.xml"/>"#);
    for at in 1..=pictures {
        parts += &format!(r#"<Relationship Id="rIdP{at}" Type="{OFFICE}/image" Target="media/map{at}.png"/>"#);
    }
    format!(r#"{HEAD}<Relationships xmlns="{RELATIONS}">{parts}</Relationships>"#)
}

fn settings() -> String {
    format!(
        r#"{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#
    )
}

/// The families of official documents (GB/T 9704) and what stands in for one that is not installed.
const FONTS: &[(&str, &str)] = &[
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S;华文中宋;宋体;Noto Serif CJK SC"),
    ("仿宋_GB2312", "仿宋;FangSong;华文仿宋;Noto Serif CJK SC"),
    ("楷体_GB2312", "楷体;KaiTi;华文楷体;Noto Serif CJK SC"),
    ("黑体", "SimHei;Noto Sans CJK SC"),
];

fn font_table() -> String {
    let fonts: String = FONTS
        .iter()
        .map(|(name, others)| {
            format!(r#"<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>"#)
        })
        .collect();
    format!("{HEAD}<w:fonts {NAMESPACES}>{fonts}</w:fonts>")
}

/// Returns a footer with the number of the page between two texts.
fn footer(before: &str, after: &str) -> String {
    let field = r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>"#;
    let text = |text: &str| format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#);
    format!(
        r#"{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{}{field}{}</w:p></w:ftr>"#,
        text(before),
        text(after)
    )
}

/// One paragraph style.
struct Style {
    id: &'static str,
    name: &'static str,
    font: &'static str,
    half_points: u32,
    bold: bool,
    /// Contents of `w:pPr`.
    paragraph: &'static str,
}

/// Paragraph styles: 二号 is 22 pt, 三号 16 pt, 四号 14 pt, 小四 12 pt, 五号 10.5 pt.
const STYLES: &[Style] = &[
    Style {
        id: "Title",
        name: "Title",
        font: "方正小标宋简体",
        half_points: 44,
        bold: false,
        paragraph: r#"<w:spacing w:before="240" w:after="360"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Subtitle",
        name: "Subtitle",
        font: "楷体_GB2312",
        half_points: 32,
        bold: false,
        paragraph: r#"<w:spacing w:before="120" w:after="240"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Verdict",
        name: "Verdict",
        font: "黑体",
        half_points: 36,
        bold: false,
        paragraph: r#"<w:spacing w:before="360" w:after="360"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Heading1",
        name: "heading 1",
        font: "黑体",
        half_points: 32,
        bold: false,
        paragraph: r#"<w:keepNext/><w:keepLines/><w:spacing w:before="360" w:after="180"/><w:outlineLvl w:val="0"/>"#,
    },
    Style {
        id: "Heading2",
        name: "heading 2",
        font: "楷体_GB2312",
        half_points: 30,
        bold: true,
        paragraph: r#"<w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="1"/>"#,
    },
    Style {
        id: "Heading3",
        name: "heading 3",
        font: "黑体",
        half_points: 24,
        bold: false,
        paragraph: r#"<w:keepNext/><w:keepLines/><w:spacing w:before="200" w:after="60"/><w:outlineLvl w:val="2"/>"#,
    },
    Style {
        id: "Item",
        name: "Item",
        font: "仿宋_GB2312",
        half_points: 24,
        bold: false,
        paragraph: r#"<w:spacing w:before="20" w:after="20" w:line="320" w:lineRule="auto"/><w:ind w:left="240"/>"#,
    },
    Style {
        id: "Figure",
        name: "Figure",
        font: "仿宋_GB2312",
        half_points: 21,
        bold: false,
        paragraph: r#"<w:keepNext/><w:spacing w:before="80" w:after="0"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Caption",
        name: "caption",
        font: "仿宋_GB2312",
        half_points: 21,
        bold: false,
        paragraph: r#"<w:spacing w:before="40" w:after="120"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Cell",
        name: "Cell",
        font: "仿宋_GB2312",
        half_points: 21,
        bold: false,
        paragraph: r#"<w:spacing w:before="20" w:after="20"/>"#,
    },
    Style {
        id: "CellHead",
        name: "Cell Head",
        font: "黑体",
        half_points: 21,
        bold: false,
        paragraph: r#"<w:keepNext/><w:spacing w:before="40" w:after="40"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "CellMiddle",
        name: "Cell Middle",
        font: "仿宋_GB2312",
        half_points: 21,
        bold: false,
        paragraph: r#"<w:spacing w:before="20" w:after="20"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "CellNumber",
        name: "Cell Number",
        font: "仿宋_GB2312",
        half_points: 21,
        bold: false,
        paragraph: r#"<w:spacing w:before="20" w:after="20"/><w:jc w:val="right"/>"#,
    },
    Style {
        id: "Note",
        name: "Note",
        font: "仿宋_GB2312",
        half_points: 21,
        bold: false,
        paragraph: r#"<w:spacing w:before="60" w:after="60"/>"#,
    },
    Style {
        id: "Footer",
        name: "footer",
        font: "宋体",
        half_points: 28,
        bold: false,
        paragraph: r#"<w:jc w:val="center"/>"#,
    },
    Style {
        id: "TOCHeading",
        name: "TOC Heading",
        font: "黑体",
        half_points: 32,
        bold: false,
        paragraph: r#"<w:spacing w:before="0" w:after="240"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "TOC1",
        name: "toc 1",
        font: "黑体",
        half_points: 24,
        bold: false,
        paragraph: r#"<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8840"/></w:tabs><w:spacing w:before="80" w:after="40"/>"#,
    },
    Style {
        id: "TOC2",
        name: "toc 2",
        font: "仿宋_GB2312",
        half_points: 24,
        bold: false,
        paragraph: r#"<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8840"/></w:tabs><w:spacing w:before="20" w:after="20"/><w:ind w:left="420"/>"#,
    },
];

fn styles(language: Language) -> String {
    let fonts = |east: &str| {
        let latin = if east == "黑体" { "Arial" } else { "Times New Roman" };
        format!(r#"<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{east}"/>"#)
    };
    // Numbers are broken as Chinese text is where Latin text is said to be Chinese, and hanging marks part a letter from its number.
    let mut out = format!(
        r#"{HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:overflowPunct w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults>"#,
        fonts("仿宋_GB2312")
    );
    // 三号仿宋, lines 28 pt apart; in Chinese two characters of indent.
    let indent = if language == Language::Zh { r#"<w:ind w:firstLineChars="200" w:firstLine="640"/>"# } else { "" };
    out += &format!(
        r#"<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="BodyText"><w:name w:val="Body Text"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="120" w:line="560" w:lineRule="exact"/>{indent}<w:jc w:val="both"/></w:pPr></w:style>"#
    );
    for Style { id, name, font, half_points, bold, paragraph } in STYLES {
        let bold = if *bold { "<w:b/>" } else { "" };
        let next = if id.starts_with("Heading") { r#"<w:next w:val="BodyText"/><w:qFormat/>"# } else { "" };
        out += &format!(
            r#"<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>{next}<w:pPr>{paragraph}</w:pPr><w:rPr>{}{bold}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>"#,
            fonts(font)
        );
    }
    out += r#"<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"#;
    let edges: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .iter()
        .map(|edge| format!(r#"<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="444444"/>"#))
        .collect();
    out += &format!(
        r#"<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr></w:style></w:styles>"#
    );
    out
}
