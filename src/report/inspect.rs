//! What a data file holds, for people and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::escape;
use super::layout::{Tone, rows};
use super::number;
use super::rule_page::PageOptions;
use super::table::{Column, table};
use crate::diagnostic::Severity;
use crate::geometry::{Coord, Kind};
use crate::model::{ClassMatch, CoverageView, FieldView, Inspection, Issue, Schema, ValueKind};
use crate::source::Files;

/// How many issues of a kind are shown.
const ISSUES: usize = 3;

/// Draws one layer of a file; `schema` names the layers, fields and code lists that it was held against.
pub fn inspection_page(found: &Inspection, schema: &Schema, options: PageOptions) -> String {
    let page = Page { found, schema, options };
    let mut out = page.heading();
    out.push_str(&rows(&page.facts(), 0, options.cells(), options.paint()));
    if !found.fields.is_empty() {
        out.push('\n');
        out.push_str(&page.fields());
    }
    let issues = page.issues();
    if !issues.is_empty() {
        out.push('\n');
        out.push_str(&issues);
    }
    out
}

struct Page<'a> {
    found: &'a Inspection,
    schema: &'a Schema,
    options: PageOptions,
}

impl Page<'_> {
    fn pick<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.options.pick(en, zh)
    }

    fn heading(&self) -> String {
        let inner = self.found.layer.as_ref().map(|layer| format!("#{layer}")).unwrap_or_default();
        let name = escape::line(&format!("{}{inner}", self.found.path));
        format!("{}\n", self.options.paint().tone(Tone::Strong, &name))
    }

    fn facts(&self) -> Vec<(String, String)> {
        let found = self.found;
        let mut facts = Vec::new();
        let mut add =
            |en: &str, zh: &str, text: String| facts.push((self.pick(en, zh).to_owned(), escape::line(&text)));
        let encoding = match found.encoding {
            "" => String::new(),
            encoding => format!(" · {encoding}"),
        };
        add("format", "格式", format!("{}{encoding}", found.format));
        let mut counts = vec![format!("{} {}", found.features, self.pick("features", "个要素"))];
        for (kind, count, vertices) in &found.kinds {
            let kind = match kind {
                Kind::Point => self.pick("points", "点"),
                Kind::Line => self.pick("lines", "线"),
                Kind::Polygon => self.pick("polygons", "面"),
            };
            counts.push(format!("{kind} {count} ({} {vertices})", self.pick("vertices", "顶点")));
        }
        if found.empty > 0 {
            counts.push(format!("{} {}", self.pick("without coordinates", "无坐标"), found.empty));
        }
        if found.unusable > 0 {
            counts.push(format!("{} {}", self.pick("unusable shapes", "图形不可用"), found.unusable));
        }
        add("features", "要素", counts.join(" · "));
        let stated = found.stated_crs.as_deref().map_or_else(
            || self.pick("not stated in the file", "文件未写明").to_owned(),
            |stated| format!("{} {}", self.pick("stated as", "文件写明"), escape::cut(stated, 60)),
        );
        let crs = match &found.crs {
            Some((code, name)) if name.contains(&code.to_string()) => format!("{name} · {stated}"),
            Some((code, name)) => format!("EPSG:{code} {name} · {stated}"),
            None => format!("{} · {stated}", self.pick("unknown", "未知")),
        };
        add("CRS", "坐标系", crs);
        if let Some(bounds) = &found.bounds {
            add("extent", "范围", format!("{} – {}", corner(bounds.min), corner(bounds.max)));
        }
        if let Some(areas) = &found.areas {
            let (drawn, plane) = (number::area(areas.drawn_m2), number::area(areas.plane_m2));
            add("drawn area", "图形面积", format!("{drawn} ({} {plane})", self.pick("in the plane", "平面")));
            if let Some(stated) = &areas.stated {
                let worst = stated
                    .worst
                    .as_ref()
                    .map(|(id, off)| format!(" · {} {id} {}", self.pick("worst", "最大"), number::percent(*off)));
                let text = format!(
                    "{} ({}) {} · {} {}{}",
                    stated.field,
                    stated.unit,
                    number::area(stated.sum_m2),
                    self.pick("off by over 1 %:", "相差超过 1% 的："),
                    stated.off,
                    worst.unwrap_or_default()
                );
                add("stated area", "登记面积", text);
            }
        }
        if let Some(coverage) = &found.coverage {
            add("overlaps", "相互重叠", self.overlaps(coverage));
            add("gaps", "缝隙", self.gaps(coverage));
        }
        let matches: Vec<String> = found.matches.iter().map(|one| self.class_match(one)).collect();
        let none = || self.pick("none of the layers that the rules know", "规则所知图层中没有相符的").to_owned();
        let text = if matches.is_empty() { none() } else { matches.join("\n") };
        facts.push((self.pick("may be", "可能是").to_owned(), escape::block(&text)));
        facts
    }

    fn overlaps(&self, coverage: &CoverageView) -> String {
        let worst: Vec<String> =
            coverage.worst_overlaps.iter().map(|(a, b, area)| format!("{a} × {b} {}", number::area(*area))).collect();
        let list = if worst.is_empty() { String::new() } else { format!(" · {}", worst.join("; ")) };
        format!("{} {} · {}{list}", coverage.overlaps, self.pick("pairs", "对"), number::area(coverage.overlap_m2))
    }

    fn gaps(&self, coverage: &CoverageView) -> String {
        let places: Vec<String> = coverage
            .smallest_gaps
            .iter()
            .map(|(point, area)| format!("{} {}", corner(*point), number::area(*area)))
            .collect();
        let list = if places.is_empty() { String::new() } else { format!(" · {}", places.join("; ")) };
        format!("{} · {}{list}", coverage.gaps, number::area(coverage.gap_m2))
    }

    fn class_match(&self, one: &ClassMatch) -> String {
        let class = self.schema.class(one.class);
        let by =
            if one.by_name { self.pick("by name", "名称相符") } else { self.pick("by fields", "字段相符") };
        let found = format!("{} {}", one.found.len(), self.pick("fields", "个字段"));
        let lacking: Vec<&str> = one.lacking.iter().map(|field| class.fields[field.0 as usize].names.shown()).collect();
        let lacking = match lacking.is_empty() {
            true => String::new(),
            false => format!(" · {} {}", self.pick("lacks", "缺少"), lacking.join(", ")),
        };
        format!("{} {} · {by} · {found}{lacking}", class.names.name, class.names.second.as_deref().unwrap_or_default())
    }

    fn fields(&self) -> String {
        let columns = [
            Column { head: self.pick("field", "字段"), numbers: false },
            Column { head: self.pick("type", "类型"), numbers: false },
            Column { head: self.pick("filled", "已填"), numbers: true },
            Column { head: self.pick("different", "不同值"), numbers: true },
            Column { head: self.pick("samples", "示例"), numbers: false },
            Column { head: self.pick("is", "对应"), numbers: false },
        ];
        let rows = self.found.fields.iter().map(|field| self.field(field)).collect();
        table(&columns, rows, self.options.cells(), self.options.paint())
    }

    fn field(&self, field: &FieldView) -> Vec<String> {
        let kind = match field.kind {
            ValueKind::Nothing => self.pick("–", "–"),
            ValueKind::Integer => self.pick("integer", "整数"),
            ValueKind::Number => self.pick("number", "数值"),
            ValueKind::Date => self.pick("date", "日期"),
            ValueKind::Text => self.pick("text", "文本"),
        };
        let all = self.found.features.max(1) as f64;
        let different = match field.distinct {
            FieldView::DISTINCT => format!("≥{}", FieldView::DISTINCT),
            count => count.to_string(),
        };
        let mut is: Vec<String> = Vec::new();
        if let Some(best) = self.found.matches.first()
            && let Some((known, _)) = best.found.iter().find(|(_, name)| *name == field.name)
        {
            is.push(self.schema.class(best.class).fields[known.0 as usize].names.shown().to_owned());
        }
        if let Some((list, unknown, shown)) = &field.codes {
            let name = self.schema.code_list(*list).names.shown();
            is.push(match unknown {
                0 => format!("{} {name}", self.pick("codes of", "代码：")),
                _ => format!(
                    "{} {name}, {} {unknown}: {}",
                    self.pick("codes of", "代码："),
                    self.pick("not in it", "不在其中"),
                    shown.join(", ")
                ),
            });
        }
        let cut = |text: &str, width| escape::cut(text, width);
        vec![
            cut(&field.name, 24),
            kind.to_owned(),
            number::percent(field.filled as f64 / all),
            different,
            cut(&field.samples.join(" | "), 36),
            cut(&is.join(" · "), 48),
        ]
    }

    fn issues(&self) -> String {
        let mut kinds: BTreeMap<(Severity, &str), Vec<&Issue>> = BTreeMap::new();
        for issue in &self.found.issues {
            kinds.entry((issue.severity, issue.code.name)).or_default().push(issue);
        }
        let mut out = String::new();
        for ((severity, code), list) in kinds {
            let tone = match severity {
                Severity::Error => Tone::Bad,
                Severity::Warning => Tone::Careful,
                Severity::Note => Tone::Duty,
            };
            out.push_str(&format!("{} × {}\n", self.options.paint().tone(tone, code), list.len()));
            let lines = list.iter().take(ISSUES).map(|issue| {
                let text = escape::line(issue.text.in_language(self.options.language));
                let line = if issue.place.line == 0 { String::new() } else { format!("{}: ", issue.place.line) };
                let point = issue.point.map(|point| format!(" · {}", corner(point))).unwrap_or_default();
                (String::new(), format!("{line}{text}{point}"))
            });
            out.push_str(&rows(&lines.collect::<Vec<_>>(), 2, self.options.cells(), self.options.paint()));
        }
        out
    }
}

fn corner(point: Coord) -> String {
    let degrees = point.x.abs() <= 180.0 && point.y.abs() <= 90.0;
    if degrees { format!("{:.6}, {:.6}", point.x, point.y) } else { format!("{:.3}, {:.3}", point.x, point.y) }
}

/// Returns the layers of files as JSON, one object each; coordinates and areas at full precision.
pub fn inspections_json(found: &[Inspection], schema: &Schema, files: &Files) -> String {
    let list: Vec<Value> = found.iter().map(|one| inspection_json(one, schema, files)).collect();
    format!("{:#}\n", Value::Array(list))
}

fn inspection_json(found: &Inspection, schema: &Schema, files: &Files) -> Value {
    let point = |point: Coord| json!([point.x, point.y]);
    let class_match = |one: &ClassMatch| {
        let class = schema.class(one.class);
        let name = |field: crate::model::FieldId| class.fields[field.0 as usize].names.name.to_string();
        json!({
            "layer": &*class.names.name, "by_name": one.by_name,
            "fields": one.found.iter().map(|(field, of)| json!({ "field": name(*field), "name": of })).collect::<Vec<_>>(),
            "lacking": one.lacking.iter().map(|field| name(*field)).collect::<Vec<_>>(),
        })
    };
    let field = |field: &FieldView| {
        let codes = field.codes.as_ref().map(|(list, unknown, shown)| {
            json!({ "list": &*schema.code_list(*list).names.name, "unknown": unknown, "unknown_samples": shown })
        });
        json!({
            "name": field.name, "type": type_name(field.kind), "filled": field.filled, "distinct": field.distinct,
            "samples": field.samples, "codes": codes,
        })
    };
    let issue = |issue: &Issue| {
        json!({
            "code": issue.code.name, "severity": severity_name(issue.severity), "text": issue.text.en,
            "text_zh": issue.text.zh, "path": &**files.name(issue.place.file), "line": issue.place.line,
            "column": issue.place.column, "feature": issue.item.as_deref(), "point": issue.point.map(point),
        })
    };
    json!({
        "path": found.path, "layer": found.layer, "format": found.format, "encoding": found.encoding,
        "features": found.features, "without_geometry": found.empty, "unusable": found.unusable,
        "geometry": found.kinds.iter().map(|(kind, count, vertices)| {
            json!({ "type": kind_name(*kind), "features": count, "vertices": vertices })
        }).collect::<Vec<_>>(),
        "crs": { "stated": found.stated_crs, "epsg": found.crs.as_ref().map(|(code, _)| code),
                 "name": found.crs.as_ref().map(|(_, name)| name) },
        "bbox": found.bounds.map(|bounds| json!([bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y])),
        "fields": found.fields.iter().map(field).collect::<Vec<_>>(),
        "matches": found.matches.iter().map(class_match).collect::<Vec<_>>(),
        "areas": found.areas.as_ref().map(|areas| json!({
            "drawn_m2": areas.drawn_m2, "plane_m2": areas.plane_m2,
            "stated": areas.stated.as_ref().map(|stated| json!({
                "field": stated.field, "unit": stated.unit, "sum_m2": stated.sum_m2, "off": stated.off,
                "worst": stated.worst.as_ref().map(|(id, off)| json!({ "feature": &**id, "share": off })),
            })),
        })),
        "overlaps": found.coverage.as_ref().map(|coverage| json!({
            "pairs": coverage.overlaps, "area_m2": coverage.overlap_m2,
            "worst": coverage.worst_overlaps.iter().map(|(a, b, area)| json!({ "features": [&**a, &**b], "area_m2": area })).collect::<Vec<_>>(),
        })),
        "gaps": found.coverage.as_ref().map(|coverage| json!({
            "count": coverage.gaps, "area_m2": coverage.gap_m2,
            "smallest": coverage.smallest_gaps.iter().map(|(at, area)| json!({ "point": point(*at), "area_m2": area })).collect::<Vec<_>>(),
        })),
        "issues": found.issues.iter().map(issue).collect::<Vec<_>>(),
    })
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Point => "point",
        Kind::Line => "line",
        Kind::Polygon => "polygon",
    }
}

fn type_name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Nothing => "nothing",
        ValueKind::Integer => "integer",
        ValueKind::Number => "number",
        ValueKind::Date => "date",
        ValueKind::Text => "text",
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
