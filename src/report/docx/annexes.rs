//! The annexes: boundary points of each conflict, and what was checked by what.

use super::Opinion;
use super::markup::Align;
use crate::report::boundary::boundary_points;
use crate::report::number;
use crate::report::result::{Finding, Geometry, Verdict};
use crate::text;

impl Opinion<'_> {
    /// Writes the annexes.
    pub(super) fn annexes(&mut self) {
        self.body.page_break();
        let title =
            self.say(&text!(en: "Annex A. Boundary points of the conflicts", zh: "附件一　冲突范围界址点坐标表"));
        self.body.heading(1, &title);
        let crs = &self.report.submission.crs;
        let note = text!(
            en: "Coordinates in {crs}, metres. X is the northing, Y the easting. Rings begin in the north-west and run clockwise, holes counter-clockwise.",
            zh: "坐标系 {crs}，单位：米。X 为北坐标，Y 为东坐标；界址点自西北角起顺时针编号，内环逆时针编号。"
        );
        let note = self.say(&note);
        self.body.paragraph("Note", &note);
        let conflicts = self
            .report
            .findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| finding.verdict == Verdict::Conflict && !finding.evidence.is_empty());
        let conflicts: Vec<(usize, &Finding)> = conflicts.map(|(at, finding)| (at + 1, finding)).collect();
        let mut points = self.limits.points;
        let mut shown = 0;
        for (number, finding) in conflicts.iter().take(self.limits.tables) {
            if points == 0 {
                break;
            }
            points = self.coordinates(*number, finding, points);
            shown += 1;
        }
        let more = conflicts.len() - shown;
        if more > 0 {
            let rest = text!(en: "The boundary points of {more} more conflicts are in the spreadsheet only.", zh: "另有 {more} 项冲突的界址点坐标，见检查结果电子表格。");
            let rest = self.say(&rest);
            self.body.paragraph("Note", &rest);
        }
        self.inputs();
    }

    /// Writes the table of one conflict and returns how many points there is room for still.
    fn coordinates(&mut self, number: usize, finding: &Finding, mut room: usize) -> usize {
        let (rule, subject) = (&finding.rule, super::item::subject(finding));
        let heading = text!(en: "Finding {number} {rule} {subject}", zh: "第 {number} 项　{rule}　{subject}");
        let heading = self.say(&heading);
        self.body.heading(3, &heading);
        let head = [
            text!(en: "Piece, ring, point", zh: "块-圈-点"),
            text!(en: "X (m)", zh: "X（米）"),
            text!(en: "Y (m)", zh: "Y（米）"),
        ];
        let mut listed = Vec::new();
        let mut all = 0;
        let mut sums = Vec::new();
        for (at, piece) in finding.evidence.iter().enumerate() {
            let points = boundary_points(&piece.geometry);
            all += points.len();
            let take = points.len().min(room);
            room -= take;
            listed.extend(points.iter().take(take).map(|point| {
                [
                    format!("{}-{}-J{}", at + 1, point.ring, point.number),
                    format!("{:.3}", point.northing),
                    format!("{:.3}", point.easting),
                ]
            }));
            if take > 0 && matches!(piece.geometry, Geometry::MultiPolygon(_)) {
                let (piece, area, hectares) =
                    (at + 1, number::area(piece.area_m2), number::measured(piece.area_m2 / 10_000.0, 4));
                sums.push(self.say(
                    &text!(en: "piece {piece}: {area} ({hectares} ha)", zh: "第 {piece} 块 {area}（{hectares} 公顷）"),
                ));
            }
        }
        // Two points stand in a row, one beside the other.
        let columns = [(7, Align::Middle), (11, Align::Number), (12, Align::Number)].repeat(2);
        let rows = listed.chunks(2).map(|points| {
            let mut row = points.concat();
            row.resize(columns.len(), String::new());
            row
        });
        let left_out = all - listed.len();
        self.listed(&columns, &[head.clone(), head].concat(), rows.collect(), left_out);
        if !sums.is_empty() {
            let line = sums.join("；");
            self.body.paragraph("Note", &line);
        }
        room
    }

    fn inputs(&mut self) {
        let title = self.say(&text!(en: "Annex B. What was checked, by which rules", zh: "附件二　检查数据与规则"));
        self.body.heading(1, &title);
        let head = [
            text!(en: "File", zh: "文件"),
            text!(en: "Read as", zh: "图层"),
            text!(en: "Features", zh: "要素数"),
            text!(en: "SHA-256", zh: "SHA-256 校验值"),
        ];
        let report = self.report;
        let rows = report.inputs.iter().map(|input| {
            let layer = input.layer.as_deref().map(|layer| report.layer(layer, self.language)).unwrap_or_default();
            vec![input.path.clone(), layer.to_owned(), input.features.to_string(), input.sha256.clone()]
        });
        let rows: Vec<_> = rows.take(self.limits.rows).collect();
        let columns = [(5, Align::Text), (3, Align::Text), (2, Align::Number), (6, Align::Text)];
        let left_out = report.inputs.len() - rows.len();
        self.listed(&columns, &head, rows, left_out);
        let head = [
            text!(en: "Pack", zh: "规则包"),
            text!(en: "Version", zh: "版本"),
            text!(en: "SHA-256", zh: "SHA-256 校验值"),
        ];
        let rows: Vec<_> = report
            .packs
            .iter()
            .map(|pack| vec![pack.name.clone(), pack.version.clone(), pack.sha256.clone()])
            .collect();
        self.listed(&[(3, Align::Text), (3, Align::Text), (10, Align::Text)], &head, rows, 0);
    }
}
