//! What stands on each sheet.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{Cell, ROWS, Sheet};
use crate::diagnostic::{Language, Text};
use crate::report::boundary::{boundary_count, boundary_points};
use crate::report::needed::{needed, numbers};
use crate::report::result::{ExceptionState, Finding, IssueSeverity, Remedy, Report, Verdict};
use crate::report::words;
use crate::text;

/// The first columns of the findings, up to the cure: they can be read on A4.
const PRINTED: u16 = 12;

/// The most rows of coordinates: what is open in a desk's program without waiting.
const COORDINATES: usize = 200_000;

/// Returns all sheets in order.
pub(super) fn all(report: &Report, language: Language) -> Vec<Sheet> {
    let book = Book { report, language };
    vec![
        book.summary(),
        book.findings(),
        book.matrix(),
        book.duties(),
        book.documents(),
        book.coordinates(),
        book.issues(),
    ]
}

struct Book<'a> {
    report: &'a Report,
    language: Language,
}

impl Book<'_> {
    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn sheet(&self, name: &Text, columns: &[(Text, f64)], rows: Vec<Vec<Cell>>) -> Sheet {
        let columns = columns.iter().map(|(name, width)| (self.say(name), *width)).collect();
        Sheet { name: self.say(name), columns, rows, notes: Vec::new(), filtered: true, printed: None }
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &Finding)> {
        self.report.findings.iter().enumerate().map(|(at, finding)| (at + 1, finding))
    }

    fn departments(&self, finding: &Finding) -> String {
        let names = finding.departments.iter().map(|name| self.report.department(name, self.language));
        names.collect::<Vec<_>>().join(if self.language == Language::Zh { "、" } else { ", " })
    }

    fn summary(&self) -> Sheet {
        let (report, say) = (self.report, |text: Text| self.say(&text));
        let submission = &report.submission;
        let gate = match report.gate.accepted {
            true => text!(en: "passed", zh: "通过"),
            false => text!(en: "not passed", zh: "不通过"),
        };
        let packs: Vec<String> = report.packs.iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
        let facts = [
            (text!(en: "Submission", zh: "申报编号"), submission.id.clone()),
            (text!(en: "Name", zh: "名称"), submission.name.clone()),
            (text!(en: "Region", zh: "行政区代码"), submission.region.clone()),
            (text!(en: "Day whose rules count", zh: "审查基准日"), submission.as_of.clone()),
            (text!(en: "Coordinate system", zh: "坐标系"), submission.crs.clone()),
            (text!(en: "Areas", zh: "面积口径"), say(words::area(submission.area))),
            (text!(en: "Rules", zh: "规则包"), packs.join("、")),
            (text!(en: "Pre-check", zh: "技术预检"), say(gate)),
            (text!(en: "Gate", zh: "门槛"), say(words::fail_on(report.gate.fail_on))),
        ];
        let mut rows: Vec<Vec<Cell>> =
            facts.into_iter().map(|(name, value)| vec![Cell::Text(say(name)), Cell::Text(value)]).collect();
        rows.push(Vec::new());
        let counts = report.counts;
        let verdicts = [
            (Verdict::Conflict, counts.conflict),
            (Verdict::Undetermined, counts.undetermined),
            (Verdict::Excepted, counts.excepted),
            (Verdict::Obligation, counts.obligation),
            (Verdict::Pass, counts.pass),
            (Verdict::NotApplicable, counts.not_applicable),
        ];
        rows.extend(
            verdicts
                .iter()
                .map(|(verdict, count)| vec![Cell::Text(say(words::verdict(*verdict))), Cell::Total(*count)]),
        );
        rows.push(vec![Cell::Text(say(text!(en: "examined", zh: "检查对象合计"))), Cell::Total(counts.total())]);
        let columns = [(text!(en: "Item", zh: "项目"), 28.0), (text!(en: "Value", zh: "内容"), 70.0)];
        let sheet = self.sheet(&text!(en: "Summary", zh: "汇总"), &columns, rows);
        Sheet { notes: vec![self.say(&words::notice())], filtered: false, ..sheet }
    }

    fn findings(&self) -> Sheet {
        let columns = [
            (text!(en: "No.", zh: "序号"), 7.0),
            (text!(en: "Rule", zh: "规则"), 9.0),
            (text!(en: "Title", zh: "规则名称"), 22.0),
            (text!(en: "Verdict", zh: "结果"), 9.0),
            (text!(en: "Severity", zh: "级别"), 8.0),
            (text!(en: "Departments", zh: "部门"), 14.0),
            (text!(en: "Package", zh: "资产包"), 10.0),
            (text!(en: "Subject", zh: "对象编号"), 14.0),
            (text!(en: "Name", zh: "对象名称"), 18.0),
            (text!(en: "Fact", zh: "事实"), 46.0),
            (text!(en: "Area (m²)", zh: "面积（㎡）"), 12.0),
            (text!(en: "Cure", zh: "建议"), 36.0),
            (text!(en: "Unit", zh: "配置单元"), 10.0),
            (text!(en: "Kind", zh: "对象类型"), 12.0),
            (text!(en: "Pieces", zh: "处数"), 7.0),
            (text!(en: "Area (ha)", zh: "面积（公顷）"), 12.0),
            (text!(en: "Length (m)", zh: "长度（米）"), 12.0),
            (text!(en: "Share of the subject", zh: "占对象比例"), 11.0),
            (text!(en: "Width (m)", zh: "宽度（米）"), 11.0),
            (text!(en: "X northing (m)", zh: "X 北坐标（米）"), 15.0),
            (text!(en: "Y easting (m)", zh: "Y 东坐标（米）"), 15.0),
            (text!(en: "Exception", zh: "例外"), 12.0),
            (text!(en: "Waived", zh: "豁免文号"), 16.0),
            (text!(en: "Counts for the gate", zh: "计入门槛"), 10.0),
            (text!(en: "Basis", zh: "依据"), 40.0),
            (text!(en: "File", zh: "文件"), 24.0),
            (text!(en: "Line", zh: "行"), 7.0),
            (text!(en: "Id of the finding", zh: "结果标识"), 30.0),
        ];
        let rows = self.numbered().take(ROWS).map(|(number, finding)| self.finding(number, finding)).collect();
        Sheet { printed: Some(PRINTED), ..self.sheet(&text!(en: "Findings", zh: "检查结果"), &columns, rows) }
    }

    fn finding(&self, number: usize, finding: &Finding) -> Vec<Cell> {
        let evidence = &finding.evidence;
        let largest = evidence.first();
        let is_line = largest.is_some_and(|piece| piece.length_m.is_some());
        let area = largest.filter(|_| !is_line).map(|_| evidence.iter().map(|piece| piece.area_m2).sum::<f64>());
        let length = largest.filter(|_| is_line).map(|_| evidence.iter().filter_map(|piece| piece.length_m).sum());
        let shares: Vec<f64> = evidence.iter().filter_map(|piece| piece.share_of_subject).collect();
        let share = (!shares.is_empty()).then(|| shares.iter().sum());
        let optional = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
        let exception = match finding.exception.state {
            ExceptionState::None => Cell::Empty,
            ExceptionState::Holds => Cell::Text(self.say(&text!(en: "holds", zh: "成立"))),
            ExceptionState::Fails => Cell::Text(self.say(&text!(en: "does not hold", zh: "不成立"))),
            ExceptionState::NotShown => Cell::Text(self.say(&text!(en: "not shown", zh: "未证明"))),
        };
        let basis = self.report.rule_of(finding).map(|rule| {
            let articles = rule.basis.iter().map(|basis| format!("《{}》{}", basis.title, basis.article));
            articles.collect::<Vec<_>>().join("；")
        });
        let cures = finding.remedies.iter().map(|remedy| match remedy {
            Remedy::Geometry { text, .. } => self.say(text),
            Remedy::Text { text } => text.clone(),
        });
        let cures = cures.collect::<Vec<_>>().join("；");
        let subject = &finding.subject;
        let counts = match self.report.counts_for_gate(finding) {
            true => Cell::Text(self.say(&text!(en: "yes", zh: "是"))),
            false if finding.verdict == Verdict::Conflict => Cell::Text(self.say(&text!(en: "no", zh: "否"))),
            false => Cell::Empty,
        };
        vec![
            Cell::Count(number as u64),
            Cell::text(&finding.rule),
            Cell::text(&finding.title),
            Cell::Text(self.say(&words::verdict(finding.verdict))),
            Cell::Text(self.say(&words::severity(finding.severity))),
            Cell::Text(self.departments(finding)),
            optional(&subject.package),
            Cell::text(&subject.id),
            optional(&subject.name),
            Cell::text(&finding.message),
            Cell::number(area, 2),
            if cures.is_empty() { Cell::Empty } else { Cell::Text(cures) },
            optional(&subject.unit),
            Cell::text(self.report.layer(&subject.kind, self.language)),
            if evidence.is_empty() { Cell::Empty } else { Cell::Count(evidence.len() as u64) },
            Cell::number(area.map(|area| area / 10_000.0), 4),
            Cell::number(length, 2),
            Cell::share(share),
            Cell::number(largest.and_then(|piece| piece.width_m), 2),
            Cell::number(largest.map(|piece| piece.point[1]), 3),
            Cell::number(largest.map(|piece| piece.point[0]), 3),
            exception,
            finding.waiver.as_ref().filter(|waiver| waiver.valid).map_or(Cell::Empty, |w| Cell::text(&w.document)),
            counts,
            basis.map_or(Cell::Empty, Cell::Text),
            optional(&subject.path),
            subject.line.map_or(Cell::Empty, |line| Cell::Count(u64::from(line))),
            Cell::text(&finding.id),
        ]
    }

    /// Conflicts by rule and package; what belongs to no package stands under its unit, else by itself.
    fn matrix(&self) -> Sheet {
        let owner = |finding: &Finding| {
            let subject = &finding.subject;
            subject.package.clone().or_else(|| subject.unit.clone()).unwrap_or_default()
        };
        let conflicts: Vec<&Finding> =
            self.report.findings.iter().filter(|finding| finding.verdict == Verdict::Conflict).collect();
        let owners: BTreeSet<String> = conflicts.iter().map(|finding| owner(finding)).collect();
        let owners: Vec<String> = owners.into_iter().collect();
        let shown = owners.len().min(MATRIX_COLUMNS);
        let mut counts: BTreeMap<&str, (String, Vec<u64>, u64)> = BTreeMap::new();
        for finding in &conflicts {
            let row = counts
                .entry(finding.rule.as_str())
                .or_insert_with(|| (finding.title.clone(), vec![0; owners.len()], 0));
            if let Ok(at) = owners.binary_search(&owner(finding)) {
                row.1[at] += 1;
            }
            row.2 += 1;
        }
        let mut columns = vec![
            (text!(en: "Rule", zh: "规则"), 10.0),
            (text!(en: "Title", zh: "规则名称"), 34.0),
            (text!(en: "All", zh: "合计"), 8.0),
        ];
        let bare = text!(en: "in none", zh: "未入包");
        columns.extend(owners.iter().take(shown).map(|owner| {
            let name = if owner.is_empty() { bare.clone() } else { Text::new(owner.as_str(), owner.as_str()) };
            (name, 12.0)
        }));
        let number = |count: &u64| if *count == 0 { Cell::Empty } else { Cell::Count(*count) };
        let rows = counts.iter().map(|(rule, (title, by_owner, all))| {
            let head = [Cell::text(*rule), Cell::text(title), Cell::Count(*all)];
            head.into_iter().chain(by_owner.iter().take(shown).map(number)).collect()
        });
        let mut sheet = self.sheet(&text!(en: "Conflicts", zh: "冲突矩阵"), &columns, rows.collect());
        let more = owners.len() - shown;
        if more > 0 {
            let note = text!(en: "{more} more packages have no column; `All` counts them.", zh: "另有 {more} 个资产包未列出，已计入合计。");
            sheet.notes.push(self.say(&note));
        }
        sheet
    }

    fn duties(&self) -> Sheet {
        let columns = [
            (text!(en: "No.", zh: "序号"), 7.0),
            (text!(en: "Rule", zh: "规则"), 10.0),
            (text!(en: "Departments", zh: "部门"), 14.0),
            (text!(en: "Package", zh: "资产包"), 12.0),
            (text!(en: "Subject", zh: "对象编号"), 16.0),
            (text!(en: "Duty", zh: "责任内容"), 60.0),
        ];
        let duties = self.numbered().filter(|(_, finding)| finding.verdict == Verdict::Obligation);
        let rows = duties.take(ROWS).map(|(number, finding)| {
            vec![
                Cell::Count(number as u64),
                Cell::text(&finding.rule),
                Cell::Text(self.departments(finding)),
                finding.subject.package.clone().map_or(Cell::Empty, Cell::Text),
                Cell::text(&finding.subject.id),
                Cell::text(&finding.message),
            ]
        });
        self.sheet(&text!(en: "Duties", zh: "责任清单"), &columns, rows.collect())
    }

    fn documents(&self) -> Sheet {
        let columns = [
            (text!(en: "What", zh: "名称"), 30.0),
            (text!(en: "Why", zh: "原因"), 34.0),
            (text!(en: "Where it belongs", zh: "填报位置"), 50.0),
            (text!(en: "Findings that wait", zh: "涉及事项数"), 12.0),
            (text!(en: "Their numbers", zh: "事项序号"), 24.0),
        ];
        let needed = needed(self.report);
        let rows = needed.into_iter().take(ROWS).map(|one| {
            let place = one.place.as_ref().map_or(Cell::Empty, |place| Cell::Text(self.say(place)));
            let waiting = Cell::Count(one.findings.len() as u64);
            vec![
                Cell::text(one.what),
                Cell::Text(self.say(&one.reason)),
                place,
                waiting,
                Cell::Text(numbers(&one.findings, ", ")),
            ]
        });
        self.sheet(&text!(en: "Documents", zh: "需补充材料"), &columns, rows.collect())
    }

    fn coordinates(&self) -> Sheet {
        let columns = [
            (text!(en: "Finding", zh: "事项序号"), 9.0),
            (text!(en: "Rule", zh: "规则"), 10.0),
            (text!(en: "Subject", zh: "对象编号"), 16.0),
            (text!(en: "Piece", zh: "块号"), 7.0),
            (text!(en: "Ring", zh: "圈号"), 7.0),
            (text!(en: "Point", zh: "界址点号"), 9.0),
            (text!(en: "X northing (m)", zh: "X 北坐标（米）"), 16.0),
            (text!(en: "Y easting (m)", zh: "Y 东坐标（米）"), 16.0),
            (text!(en: "Area of the piece (m²)", zh: "块面积（㎡）"), 16.0),
            (text!(en: "Area of the piece (ha)", zh: "块面积（公顷）"), 14.0),
        ];
        let mut rows = Vec::new();
        let mut left_out = 0;
        for (number, finding) in self.numbered().filter(|(_, finding)| finding.verdict == Verdict::Conflict) {
            for (at, piece) in finding.evidence.iter().enumerate() {
                if rows.len() + boundary_count(&piece.geometry) > COORDINATES {
                    left_out += 1;
                    continue;
                }
                rows.extend(boundary_points(&piece.geometry).into_iter().map(|point| {
                    let area = (piece.length_m.is_none()).then_some(piece.area_m2);
                    vec![
                        Cell::Count(number as u64),
                        Cell::text(&finding.rule),
                        Cell::text(&finding.subject.id),
                        Cell::Count(at as u64 + 1),
                        Cell::Count(point.ring as u64),
                        Cell::Text(format!("J{}", point.number)),
                        Cell::Number(point.northing, 3),
                        Cell::Number(point.easting, 3),
                        Cell::number(area, 2),
                        Cell::number(area.map(|area| area / 10_000.0), 4),
                    ]
                }));
            }
        }
        let mut sheet = self.sheet(&text!(en: "Coordinates", zh: "界址点坐标"), &columns, rows);
        if left_out > 0 {
            let note = text!(en: "{left_out} pieces of ground are left out; the GeoJSON holds them.", zh: "另有 {left_out} 处范围未列出，见 GeoJSON 结果。");
            sheet.notes.push(self.say(&note));
        }
        sheet
    }

    fn issues(&self) -> Sheet {
        let columns = [
            (text!(en: "Severity", zh: "级别"), 10.0),
            (text!(en: "Code", zh: "代码"), 24.0),
            (text!(en: "Fault", zh: "问题"), 60.0),
            (text!(en: "File", zh: "文件"), 30.0),
            (text!(en: "Layer", zh: "图层"), 16.0),
            (text!(en: "Feature", zh: "要素"), 16.0),
            (text!(en: "Field", zh: "字段"), 12.0),
            (text!(en: "Line", zh: "行"), 8.0),
            (text!(en: "X northing (m)", zh: "X 北坐标（米）"), 16.0),
            (text!(en: "Y easting (m)", zh: "Y 东坐标（米）"), 16.0),
        ];
        let optional = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
        let rows = self.report.issues.iter().take(ROWS).map(|issue| {
            let severity = match issue.severity {
                IssueSeverity::Error => text!(en: "error", zh: "错误"),
                IssueSeverity::Warning => text!(en: "warning", zh: "警告"),
                IssueSeverity::Note => text!(en: "note", zh: "提示"),
            };
            let layer = issue.layer.as_deref().map(|layer| self.report.layer(layer, self.language));
            vec![
                Cell::Text(self.say(&severity)),
                Cell::text(&issue.code),
                Cell::Text(self.say(&issue.text)),
                Cell::text(&issue.path),
                layer.map_or(Cell::Empty, Cell::text),
                optional(&issue.feature),
                optional(&issue.field),
                issue.line.map_or(Cell::Empty, |line| Cell::Count(u64::from(line))),
                Cell::number(issue.point.map(|point| point[1]), 3),
                Cell::number(issue.point.map(|point| point[0]), 3),
            ]
        });
        self.sheet(&text!(en: "Data issues", zh: "数据问题"), &columns, rows.collect())
    }
}

/// The most packages with a column of their own.
const MATRIX_COLUMNS: usize = 200;
