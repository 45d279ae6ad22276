//! Paragraphs, tables and pictures of a Word document being written. Text is escaped here and cut where nobody would read on.

use std::fmt::Write;

use crate::report::escape;
use crate::report::palette::Rgb;

/// The most cells of a terminal's width that one text takes: some two pages.
const LONGEST: usize = 3000;

/// The width of the text between the margins, in twentieths of a point.
pub(super) const WIDTH: u32 = 8846;

/// Twentieths of a point to a millimetre.
const TWIPS_PER_MM: f64 = 56.6929;

/// English metric units to a millimetre.
const EMU_PER_MM: f64 = 36_000.0;

/// What a cell keeps free on the left and on the right, in twentieths of a point.
pub(super) const CELL_MARGIN: u32 = 80;

/// How a cell is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Text,
    Middle,
    Number,
}

/// A heading that the contents list.
struct Entry {
    level: u8,
    text: String,
    bookmark: usize,
}

/// A document being written.
#[derive(Default)]
pub(super) struct Body {
    xml: String,
    pictures: Vec<Vec<u8>>,
    entries: Vec<Entry>,
}

/// Returns the text of a run.
fn run(text: &str, properties: &str) -> String {
    let text = escape::markup(&escape::cut(text, LONGEST));
    let properties = if properties.is_empty() { String::new() } else { format!("<w:rPr>{properties}</w:rPr>") };
    format!(r#"<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>"#)
}

fn styled(style: &str, content: &str) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>"#)
}

fn cell(width: u32, content: &str) -> String {
    format!(r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>"#)
}

impl Body {
    /// Adds a paragraph.
    pub(super) fn paragraph(&mut self, style: &str, text: &str) {
        self.xml += &styled(style, &run(text, ""));
    }

    /// Adds a paragraph that begins with a bold word.
    pub(super) fn labelled(&mut self, style: &str, label: &str, text: &str) {
        self.xml += &styled(style, &(run(label, "<w:b/>") + &run(text, "")));
    }

    /// Adds a heading; levels 1 and 2 stand in the contents.
    pub(super) fn heading(&mut self, level: u8, text: &str) {
        let bookmark = self.entries.len() + 1;
        let run = run(text, "");
        let content = match level {
            1 | 2 => {
                self.entries.push(Entry { level, text: text.to_owned(), bookmark });
                format!(
                    r#"<w:bookmarkStart w:id="{bookmark}" w:name="_Toc{bookmark:06}"/>{run}<w:bookmarkEnd w:id="{bookmark}"/>"#
                )
            }
            _ => run,
        };
        self.xml += &styled(&format!("Heading{level}"), &content);
    }

    /// Adds coloured squares in rows, each with what it stands for.
    pub(super) fn legend(&mut self, entries: &[(Rgb, String)]) {
        const COLUMNS: usize = 4;
        let width = WIDTH / COLUMNS as u32;
        let entry = |(colour, name): &(Rgb, String)| {
            let colour = colour.hex().trim_start_matches('#').to_owned();
            let square = run("■", &format!(r#"<w:color w:val="{colour}"/>"#));
            cell(width, &styled("Cell", &(square + &run(&format!(" {name}"), ""))))
        };
        self.begin_table(&[width; COLUMNS], "");
        for row in entries.chunks(COLUMNS) {
            let cells: String = row.iter().map(entry).collect();
            let rest = cell(width, &styled("Cell", "")).repeat(COLUMNS - row.len());
            let _ = write!(self.xml, "<w:tr>{cells}{rest}</w:tr>");
        }
        self.end_table();
    }

    fn begin_table(&mut self, widths: &[u32], style: &str) {
        let grid: String = widths.iter().map(|width| format!(r#"<w:gridCol w:w="{width}"/>"#)).collect();
        let style = if style.is_empty() { String::new() } else { format!(r#"<w:tblStyle w:val="{style}"/>"#) };
        let _ = write!(
            self.xml,
            r#"<w:tbl><w:tblPr>{style}<w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"#
        );
    }

    fn end_table(&mut self) {
        // Two tables without a paragraph between them would be one.
        self.xml += r#"</w:tbl><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>"#;
    }

    /// Begins a new page.
    pub(super) fn page_break(&mut self) {
        self.xml += r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"#;
    }

    /// Leaves some room, in points.
    pub(super) fn room(&mut self, points: u32) {
        let _ = write!(self.xml, r#"<w:p><w:pPr><w:spacing w:before="{}" w:after="0"/></w:pPr></w:p>"#, points * 20);
    }

    /// Adds a table: each column's share of the width and how it is set, the head, the rows. The head repeats on every page.
    pub(super) fn table(
        &mut self,
        columns: &[(u32, Align)],
        head: &[&str],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) {
        let sum: u32 = columns.iter().map(|(share, _)| share).sum();
        let widths: Vec<u32> = columns.iter().map(|(share, _)| WIDTH * share / sum.max(1)).collect();
        self.begin_table(&widths, "TableGrid");
        let cell = |width: u32, style: &str, text: &str| cell(width, &styled(style, &run(text, "")));
        if !head.is_empty() {
            let cells: String = widths.iter().zip(head).map(|(width, text)| cell(*width, "CellHead", text)).collect();
            let _ = write!(self.xml, r#"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"#);
        }
        let mut any = !head.is_empty();
        for row in rows {
            any = true;
            self.xml += "<w:tr><w:trPr><w:cantSplit/></w:trPr>";
            for ((width, text), (_, align)) in widths.iter().zip(&row).zip(columns) {
                let style = match align {
                    Align::Text => "Cell",
                    Align::Middle => "CellMiddle",
                    Align::Number => "CellNumber",
                };
                self.xml += &cell(*width, style, text);
            }
            self.xml += "</w:tr>";
        }
        if !any {
            let cells: String = widths.iter().map(|width| cell(*width, "Cell", "")).collect();
            let _ = write!(self.xml, "<w:tr>{cells}</w:tr>");
        }
        self.end_table();
    }

    /// Adds a PNG of so many millimetres; `told` is what a reader without eyes for it hears.
    pub(super) fn picture(&mut self, png: Vec<u8>, size_mm: [f64; 2], told: &str) {
        let figure = self.figure(png, size_mm, told);
        self.xml += &figure;
    }

    /// Adds what `text` writes with a picture and its caption on the right, so that the two stay together on a page.
    pub(super) fn beside(&mut self, png: Vec<u8>, size_mm: [f64; 2], caption: &str, text: impl FnOnce(&mut Body)) {
        let figure = self.figure(png, size_mm, caption) + &styled("Caption", &run(caption, ""));
        // A cell keeps some room on both of its sides.
        let right = (size_mm[0] * TWIPS_PER_MM).round() as u32 + 2 * CELL_MARGIN;
        let left = WIDTH - right;
        let around = std::mem::take(&mut self.xml);
        text(self);
        let text = std::mem::replace(&mut self.xml, around);
        self.begin_table(&[left, right], "");
        let cells = cell(left, &text) + &cell(right, &figure);
        let _ = write!(self.xml, "<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>");
        self.end_table();
    }

    fn figure(&mut self, png: Vec<u8>, size_mm: [f64; 2], told: &str) -> String {
        self.pictures.push(png);
        let number = self.pictures.len();
        let [width, height] = size_mm.map(|mm| (mm * EMU_PER_MM).round() as u64);
        let told = escape::markup(&escape::cut(told, 200));
        let drawing = format!(
            r#"<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name="map{number}" descr="{told}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="map{number}.png" descr="{told}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdP{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#
        );
        styled("Figure", &drawing)
    }

    /// Ends the document: what was written so far stands behind `front` and the contents. Returns the body and its pictures.
    pub(super) fn finished(self, front: Body, contents: &str) -> (String, Vec<Vec<u8>>) {
        let twips = |mm: f64| (mm * TWIPS_PER_MM).round() as u32;
        // GB/T 9704: A4, 37 mm above, 28 mm on the left, 156 mm by 225 mm of text.
        let section = format!(
            r#"<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="{}" w:h="{}"/><w:pgMar w:top="{}" w:right="{}" w:bottom="{}" w:left="{}" w:header="850" w:footer="{}" w:gutter="0"/><w:pgNumType w:start="0"/><w:titlePg/></w:sectPr>"#,
            twips(210.0),
            twips(297.0),
            twips(37.0),
            twips(26.0),
            twips(35.0),
            twips(28.0),
            twips(24.0)
        );
        let mut xml = front.xml;
        xml += &styled("TOCHeading", &run(contents, ""));
        xml += &self.contents();
        xml += r#"<w:p><w:r><w:br w:type="page"/></w:r></w:p>"#;
        xml += &self.xml;
        xml += &section;
        (xml, self.pictures)
    }

    /// Returns the contents: the headings, each with the page on which it stands. That is not known here: it is a field marked as out of
    /// date, so that a program that lays out pages puts it in, whether or not it keeps tables of contents of its own.
    fn contents(&self) -> String {
        let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
        let mut out = String::new();
        for entry in &self.entries {
            let anchor = format!("_Toc{:06}", entry.bookmark);
            let text = run(&entry.text, "");
            out += &styled(
                &format!("TOC{}", entry.level),
                &format!(
                    r#"<w:hyperlink w:anchor="{anchor}" w:history="1">{text}<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF {anchor} \h </w:instrText></w:r>{}<w:r><w:t>–</w:t></w:r>{}</w:hyperlink>"#,
                    field("separate"),
                    field("end")
                ),
            );
        }
        out
    }
}
