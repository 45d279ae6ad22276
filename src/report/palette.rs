//! The colours in which planners are used to see layers: one table for the map page, the pictures and the styles of GIS layers.
//!
//! What a layer is, is read from the words that its pack gives it: the English term, the Chinese term or the short name of the data
//! standard. A layer of a code list that is known takes each feature's colour from its code. Anything else is grey.
//!
//! The colours follow the drawing practice for municipal territorial spatial plans (市级国土空间总体规划制图规范, on trial since 2021) as it
//! is known; the standard's own text was not at hand, so that a colour may be a shade off. Hatching and line style carry the same meaning
//! as the colours, so that a print without colour can be read.

use crate::model::{Class, CodeRef, FieldId, Names, Schema, Type};

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Returns `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// What a layer is to a planner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 现状地类图斑
    LandSurvey,
    /// 规划分区
    PlanningZone,
    /// 详细规划地块、规划用地用海
    LandUse,
    /// A layer that no word tells.
    Other,
    /// 耕地保护目标
    FarmlandTarget,
    /// 永久基本农田储备区
    FarmlandReserve,
    /// 永久基本农田
    PermanentBasicFarmland,
    /// 自然保护地
    ProtectedArea,
    /// 生态保护红线
    EcologicalRedLine,
    /// 城镇开发边界
    UrbanDevelopmentBoundary,
    /// 城市蓝线、河湖管理范围
    BlueLine,
    /// 城市绿线
    GreenLine,
    /// 城市黄线
    YellowLine,
    /// 城市紫线、历史文化保护线
    PurpleLine,
    /// 洪涝风险控制线
    FloodLine,
    /// 配置单元
    Unit,
    /// 拟用地块
    Parcel,
}

/// How an area is hatched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hatch {
    /// Rising to the right.
    Rising,
    /// Falling to the right.
    Falling,
    /// Both.
    Crossed,
}

/// How a layer is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Colour of areas.
    pub fill: Option<Rgb>,
    /// From 0, clear, to 1.
    pub fill_opacity: f64,
    /// Colour of lines.
    pub line: Rgb,
    /// Width of lines in mm on paper.
    pub line_mm: f64,
    /// Lengths in mm of dash and gap.
    pub dash_mm: Option<[f64; 2]>,
    /// Hatching in the colour of the lines.
    pub hatch: Option<Hatch>,
}

const fn style(fill: Option<Rgb>, fill_opacity: f64, line: Rgb, line_mm: f64) -> Style {
    Style { fill, fill_opacity, line, line_mm, dash_mm: None, hatch: None }
}

/// The ground of a conflict.
pub const CONFLICT: Style =
    Style { hatch: Some(Hatch::Crossed), ..style(Some(Rgb(230, 0, 38)), 0.35, Rgb(190, 0, 30), 0.5) };

/// What a finding is about.
pub const SUBJECT: Style = style(Some(Rgb(60, 60, 60)), 0.10, Rgb(20, 20, 20), 0.7);

/// The outline of a cure.
pub const REMEDY: Style = Style { dash_mm: Some([2.0, 0.8]), ..style(None, 0.0, Rgb(0, 112, 60), 0.6) };

impl Role {
    /// Returns how a layer of this role is drawn.
    pub fn style(self) -> Style {
        let dashed = |style: Style, dash: f64, gap: f64| Style { dash_mm: Some([dash, gap]), ..style };
        let hatched = |style: Style, hatch: Hatch| Style { hatch: Some(hatch), ..style };
        match self {
            Role::LandSurvey => style(Some(Rgb(240, 240, 235)), 0.6, Rgb(150, 150, 150), 0.1),
            Role::PlanningZone => style(Some(Rgb(235, 235, 240)), 0.5, Rgb(140, 140, 150), 0.15),
            Role::LandUse => style(Some(Rgb(235, 235, 235)), 0.6, Rgb(110, 110, 110), 0.2),
            Role::Other => style(Some(Rgb(215, 215, 215)), 0.4, Rgb(120, 120, 120), 0.2),
            Role::FarmlandTarget => style(Some(Rgb(250, 245, 190)), 0.5, Rgb(185, 160, 60), 0.2),
            Role::FarmlandReserve => dashed(style(Some(Rgb(255, 250, 170)), 0.4, Rgb(190, 150, 0), 0.25), 1.2, 0.8),
            Role::PermanentBasicFarmland => {
                hatched(style(Some(Rgb(255, 240, 90)), 0.5, Rgb(170, 130, 0), 0.35), Hatch::Falling)
            }
            Role::ProtectedArea => dashed(style(Some(Rgb(170, 220, 170)), 0.3, Rgb(0, 120, 60), 0.35), 2.0, 1.0),
            Role::EcologicalRedLine => {
                hatched(style(Some(Rgb(120, 200, 120)), 0.35, Rgb(220, 0, 0), 0.5), Hatch::Rising)
            }
            Role::UrbanDevelopmentBoundary => {
                dashed(style(Some(Rgb(255, 190, 215)), 0.2, Rgb(200, 0, 120), 0.6), 3.0, 0.8)
            }
            Role::BlueLine => style(Some(Rgb(150, 205, 245)), 0.4, Rgb(0, 92, 200), 0.4),
            Role::GreenLine => style(Some(Rgb(160, 230, 140)), 0.4, Rgb(0, 150, 0), 0.4),
            Role::YellowLine => style(Some(Rgb(255, 225, 120)), 0.3, Rgb(225, 160, 0), 0.4),
            Role::PurpleLine => style(Some(Rgb(215, 180, 240)), 0.35, Rgb(125, 0, 175), 0.4),
            Role::FloodLine => dashed(style(Some(Rgb(190, 215, 250)), 0.3, Rgb(0, 60, 160), 0.35), 1.5, 0.8),
            Role::Unit => dashed(style(None, 0.0, Rgb(70, 70, 70), 0.5), 4.0, 1.2),
            Role::Parcel => style(Some(Rgb(255, 255, 255)), 0.25, Rgb(60, 60, 60), 0.35),
        }
    }

    /// Tells whether features take the colour of their code; what protects something keeps its own, whatever grows there.
    pub fn is_coloured_by_code(self) -> bool {
        match self {
            Role::LandSurvey
            | Role::PlanningZone
            | Role::LandUse
            | Role::Other
            | Role::UrbanDevelopmentBoundary
            | Role::Unit
            | Role::Parcel => true,
            Role::FarmlandTarget
            | Role::FarmlandReserve
            | Role::PermanentBasicFarmland
            | Role::ProtectedArea
            | Role::EcologicalRedLine
            | Role::BlueLine
            | Role::GreenLine
            | Role::YellowLine
            | Role::PurpleLine
            | Role::FloodLine => false,
        }
    }

    /// Returns the role of a layer by its words.
    pub fn of(names: &Names) -> Role {
        let words = [Some(&*names.name), names.second.as_deref()];
        let known = WORDS.iter().find(|(_, known)| {
            words.iter().flatten().any(|word| known.iter().any(|known| word.eq_ignore_ascii_case(known)))
        });
        known.map_or(Role::Other, |(role, _)| *role)
    }
}

/// What the data standards and the glossary call each layer.
const WORDS: &[(Role, &[&str])] = &[
    (
        Role::PermanentBasicFarmland,
        &["permanent_basic_farmland", "永久基本农田", "永久基本农田保护图斑", "yjjbntbhtb", "yjjbnttb", "yjjbnt"],
    ),
    (Role::FarmlandReserve, &["permanent_basic_farmland_reserve", "永农储备区", "永久基本农田储备区", "yjjbntcbq"]),
    (Role::FarmlandTarget, &["farmland_protection_target", "耕地保护目标", "gdbhmb"]),
    (Role::EcologicalRedLine, &["ecological_red_line", "生态保护红线", "stbhhx"]),
    (Role::ProtectedArea, &["protected_area", "protected_natural_area", "自然保护地", "自然保护区", "zrbhd", "zrbhq"]),
    (Role::UrbanDevelopmentBoundary, &["urban_development_boundary", "城镇开发边界", "czkfbj", "cskfbj"]),
    (
        Role::BlueLine,
        &["blue_line", "城市蓝线", "蓝线", "cslx", "river_lake_management_range", "河湖管理范围", "hhglfw"],
    ),
    (Role::GreenLine, &["green_line", "城市绿线", "绿线", "cslvx"]),
    (Role::YellowLine, &["yellow_line", "城市黄线", "黄线", "cshx"]),
    (
        Role::PurpleLine,
        &["purple_line", "城市紫线", "紫线", "cszx", "historic_cultural_protection_line", "历史文化保护线", "lswhbhx"],
    ),
    (Role::FloodLine, &["flood_risk_control_line", "洪涝风险控制线", "hlfxkzx"]),
    (Role::LandUse, &["detailed_plan", "详细规划地块", "详细规划", "land_use_plan", "规划用地用海", "ghydyh"]),
    (Role::LandSurvey, &["land_survey", "地类图斑", "dltb"]),
    (Role::PlanningZone, &["planning_zone", "规划分区", "ghfq"]),
    (Role::Unit, &["unit", "allocation_unit", "配置单元", "pzdy"]),
    (Role::Parcel, &["parcel", "地块", "dk"]),
];

/// Code lists whose codes have customary colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colours {
    /// 用地用海分类 of 2023.
    LandUse,
    /// 第三次全国国土调查工作分类.
    Survey,
    /// 规划分区.
    Zone,
}

/// A field that tells the colour of a feature.
#[derive(Debug, Clone, Copy)]
pub struct Coloured {
    field: FieldId,
    by: Colours,
}

impl Coloured {
    /// Finds the field of a class that holds a code with a customary colour: the first of its kind.
    pub fn by(schema: &Schema, class: &Class) -> Option<Self> {
        class.fields.iter().enumerate().find_map(|(at, field)| {
            let Type::Code(list) = &field.ty else { return None };
            let names = &schema.code_list(*list).names;
            let known = [
                (Colours::LandUse, ["land_use", "用地用海分类"]),
                (Colours::Survey, ["survey_class", "现状地类"]),
                (Colours::Zone, ["zone_class", "分区代码"]),
            ];
            let (by, _) = known.iter().find(|(_, words)| words.iter().any(|word| names.answers_to(word)))?;
            Some(Coloured { field: FieldId(at as u16), by: *by })
        })
    }

    /// Returns the field.
    pub fn field(self) -> FieldId {
        self.field
    }

    /// Returns the code as written and its colour, of the class that it falls under.
    pub fn colour(self, schema: &Schema, code: CodeRef) -> (String, Option<Rgb>) {
        let entry = schema.code_list(code.list).entries.get(code.entry as usize);
        let code = entry.map(|entry| entry.code.to_string()).unwrap_or_default();
        let table = match self.by {
            Colours::LandUse => LAND_USE,
            Colours::Survey => SURVEY,
            Colours::Zone => ZONES,
        };
        let under = table.iter().filter(|(known, _)| code.starts_with(known)).max_by_key(|(known, _)| known.len());
        let colour = under.map(|(_, colour)| *colour);
        (code, colour)
    }
}

/// Land and sea use of the 2023 guide; the longest code that begins a feature's code counts.
const LAND_USE: &[(&str, Rgb)] = &[
    ("01", Rgb(245, 248, 220)),
    ("02", Rgb(191, 233, 170)),
    ("03", Rgb(104, 177, 103)),
    ("04", Rgb(205, 245, 122)),
    ("05", Rgb(101, 205, 170)),
    ("06", Rgb(216, 215, 159)),
    ("07", Rgb(255, 255, 45)),
    ("0703", Rgb(255, 211, 128)),
    ("08", Rgb(255, 0, 255)),
    ("0804", Rgb(255, 133, 201)),
    ("09", Rgb(255, 0, 0)),
    ("10", Rgb(187, 150, 116)),
    ("11", Rgb(135, 97, 211)),
    ("12", Rgb(183, 183, 183)),
    ("13", Rgb(0, 99, 128)),
    ("14", Rgb(0, 255, 0)),
    ("1402", Rgb(20, 141, 74)),
    ("1403", Rgb(172, 255, 207)),
    ("15", Rgb(133, 145, 86)),
    ("16", Rgb(255, 255, 255)),
    ("17", Rgb(51, 142, 192)),
    ("18", Rgb(148, 213, 235)),
    ("19", Rgb(130, 160, 200)),
    ("20", Rgb(110, 150, 190)),
    ("21", Rgb(150, 200, 225)),
    ("22", Rgb(120, 175, 205)),
    ("23", Rgb(215, 200, 185)),
    ("24", Rgb(180, 220, 240)),
];

/// Working classes of the third national land survey.
const SURVEY: &[(&str, Rgb)] = &[
    ("01", Rgb(245, 248, 220)),
    ("02", Rgb(191, 233, 170)),
    ("03", Rgb(104, 177, 103)),
    ("0303", Rgb(101, 205, 170)),
    ("0304", Rgb(101, 205, 170)),
    ("0306", Rgb(101, 205, 170)),
    ("04", Rgb(205, 245, 122)),
    ("0402", Rgb(101, 205, 170)),
    ("05", Rgb(255, 150, 150)),
    ("06", Rgb(187, 150, 116)),
    ("07", Rgb(255, 255, 120)),
    ("08", Rgb(255, 150, 255)),
    ("0810", Rgb(120, 230, 120)),
    ("09", Rgb(133, 145, 86)),
    ("10", Rgb(183, 183, 183)),
    ("1006", Rgb(216, 215, 159)),
    ("11", Rgb(51, 142, 192)),
    ("1105", Rgb(101, 205, 170)),
    ("1106", Rgb(101, 205, 170)),
    ("1108", Rgb(101, 205, 170)),
    ("12", Rgb(215, 200, 185)),
    ("1202", Rgb(216, 215, 159)),
];

/// Planning zones by the first digit, and the three parts of the urban development boundary.
const ZONES: &[(&str, Rgb)] = &[
    ("1", Rgb(60, 150, 80)),
    ("2", Rgb(150, 205, 140)),
    ("3", Rgb(255, 250, 160)),
    ("4", Rgb(255, 190, 190)),
    ("41", Rgb(255, 170, 170)),
    ("42", Rgb(255, 215, 170)),
    ("43", Rgb(195, 225, 170)),
    ("5", Rgb(245, 235, 200)),
    ("6", Rgb(170, 210, 240)),
    ("7", Rgb(190, 165, 140)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_known_by_either_name_and_by_the_standards_short_name() {
        let named = |name: &str, second: Option<&str>| Names { name: name.into(), second: second.map(Into::into) };
        assert_eq!(Role::of(&named("farm", Some("永久基本农田"))), Role::PermanentBasicFarmland);
        assert_eq!(Role::of(&named("STBHHX", None)), Role::EcologicalRedLine);
        assert_eq!(Role::of(&named("urban_development_boundary_earlier", Some("城镇开发边界旧版"))), Role::Other);
    }

    #[test]
    fn no_word_stands_for_two_roles() {
        let mut seen = std::collections::BTreeSet::new();
        for word in WORDS.iter().flat_map(|(_, words)| words.iter()) {
            assert!(seen.insert(word.to_lowercase()), "{word} stands twice");
        }
    }
}
