//! Keywords and built-in words, English and Chinese, in one table.
//!
//! Takes a word as written and what kind of word is asked for, gives its English spelling, or the other way round. The grammar
//! holds the same spellings; a test holds the two together. Knows nothing of what the words mean.

/// What kind of word: the same spelling may mean different things in different places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Opens a declaration: `rule`.
    Declaration,
    /// Opens a clause of a rule, test or `tighten`: `severity`.
    Clause,
    /// Joins the parts of a clause: `from`.
    Connective,
    /// Lays a binding beside something: `overlapping`.
    Relation,
    /// Stands between or behind values: `and`, `in`, `touches`, `is missing`.
    Operator,
    /// `any`, `all`, `none`.
    Quantifier,
    /// A built-in function or aggregate: `area`.
    Function,
    /// How a check ends: `conflict`.
    Verdict,
    /// How grave a conflict is: `prohibited`.
    Severity,
    /// How sure a legal basis is: `seed`.
    Confidence,
    /// A built-in type: `text`.
    Type,
    /// What geometry the features of a layer have: `polygon`.
    LayerKind,
    /// What can be asked of pieces and ranges: `.feature`.
    Property,
    /// An entry of a `source`: `issued`.
    SourceKey,
    /// `true` and `false`.
    Literal,
    /// A name that is always there: `it`, `submission`.
    Name,
}

/// A word in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// What kind of word.
    pub category: Category,
    /// The English spelling; several words are parted by one space each.
    pub en: &'static str,
    /// The Chinese spelling.
    pub zh: &'static str,
}

macro_rules! words {
    ($($category:ident { $($en:literal $zh:literal),* $(,)? })*) => {
        &[$($(Word { category: Category::$category, en: $en, zh: $zh },)*)*]
    };
}

/// Every word of the language.
pub static WORDS: &[Word] = words! {
    Declaration {
        "module" "模块", "use" "引用", "source" "来源", "codes" "代码", "set" "集合", "enum" "枚举", "param" "参数",
        "layer" "图层", "table" "对照表", "record" "档案", "define" "定义", "rule" "规则", "test" "测试", "tighten" "收紧",
    }
    Clause {
        "basis" "依据", "department" "部门", "severity" "等级", "effective" "施行", "applies" "适用",
        "confidence" "可信度", "for each" "对每个", "let" "令", "forbid" "禁止", "require" "应当", "oblige" "责令",
        "unless" "除非", "message" "说明", "remedy" "整改", "feedback" "反馈", "no unless" "取消除非",
        "given" "给定", "expect" "预期",
    }
    Connective {
        "as" "作为", "from" "自", "to" "至", "except" "除去", "missing" "缺失", "in" "属于", "where" "其中",
        "upper" "取上限", "lower" "取下限",
        "of" "之于", "for" "对于", "by at least" "至少", "or" "或", "subtract" "扣除", "clip" "裁剪",
        "with margin" "留距", "with exception unknown" "例外未证明",
        "stricter when lower" "越低越严", "stricter when higher" "越高越严",
    }
    Relation { "overlapping" "压盖", "touching" "相邻", "within" "位于", "containing" "包含" }
    Operator {
        "or" "或", "and" "且", "not" "非", "in" "属于", "has" "包括", "covers" "覆盖", "overlaps" "重叠",
        "within" "位于", "touches" "邻接", "contains" "包含", "intersects" "相交", "disjoint" "相离",
        "crosses" "穿越", "equals" "等同", "occupies" "占用", "is present" "已填", "is missing" "缺失",
        "is empty" "为空", "without" "扣减", "level" "级别",
    }
    Quantifier { "any" "存在", "all" "全部", "none" "没有" }
    Function {
        "area" "面积", "perimeter" "周长", "length" "长度", "distance" "距离", "width" "宽度", "share" "占比",
        "union" "合并", "boundary" "边界", "inset" "内缩", "buffer" "缓冲", "symmetric_difference" "对称差",
        "intersection" "交集", "centroid" "质心", "parts" "部分", "holes" "孔洞", "compactness" "紧凑度",
        "sum" "合计", "count" "个数", "min" "最小", "max" "最大", "mean" "平均", "cumulative" "累计", "only" "唯一",
        "abs" "绝对值", "round" "取整", "default" "缺省", "date" "日期", "days_between" "相隔天数",
        "years_between" "相隔年数", "year" "年份", "starts_with" "开头是", "matches" "匹配", "trim" "去空白",
        "covers" "涵盖", "level" "级别", "overlaps" "相叠", "acyclic" "无环", "box" "方框",
    }
    Verdict {
        "pass" "通过", "conflict" "冲突", "excepted" "例外成立", "undetermined" "无法判定", "obligation" "附带责任",
        "not applicable" "不适用",
    }
    Severity { "prohibited" "禁止级", "conditional" "限制级", "advisory" "提示级" }
    Confidence { "verified" "已核实", "seed" "种子", "unverified" "未核实", "proposal" "建议" }
    Type {
        "bool" "布尔", "text" "文本", "number" "数值", "date" "日期", "code" "代码", "area" "面积", "length" "长度",
        "money" "金额", "duration" "期限", "ratio" "比例", "range" "区间", "geometry" "几何", "list" "列表",
        "ref" "引用", "layer" "图层",
    }
    LayerKind { "polygon" "面", "line" "线", "point" "点", "any" "任意" }
    Property {
        "feature" "要素", "geometry" "几何", "area" "面积", "length" "长度", "low" "下限", "high" "上限",
        "id" "标识码", "name" "名称", "region" "行政区", "as_of" "基准日",
    }
    SourceKey {
        "title" "名称", "number" "文号", "issuer" "机关", "issued" "发布", "effective" "施行", "repealed" "废止",
        "url" "网址",
    }
    Literal { "true" "真", "false" "假" }
    Name { "it" "它", "submission" "申报", "region" "行政区" }
};

/// Returns the English spelling of a word of this category, given in either language.
pub fn canonical(word: &str, category: Category) -> Option<&'static str> {
    of(category).find(|entry| entry.en == word || entry.zh == word).map(|entry| entry.en)
}

/// Returns the Chinese spelling of a word of this category, given in either language.
pub fn chinese(word: &str, category: Category) -> Option<&'static str> {
    of(category).find(|entry| entry.en == word || entry.zh == word).map(|entry| entry.zh)
}

/// Returns the words of a category, in the order of the table.
pub fn of(category: Category) -> impl Iterator<Item = &'static Word> {
    WORDS.iter().filter(move |entry| entry.category == category)
}

/// Returns both spellings of every word of a category, for did-you-mean.
pub fn spellings(category: Category) -> impl Iterator<Item = &'static str> {
    of(category).flat_map(|entry| [entry.en, entry.zh])
}

/// Returns the ASCII form of a full-width mark that the language takes outside strings and comments.
pub fn ascii(mark: char) -> Option<&'static str> {
    Some(match mark {
        '（' => "(",
        '）' => ")",
        '｛' => "{",
        '｝' => "}",
        '［' => "[",
        '］' => "]",
        '，' | '、' => ",",
        '：' => ":",
        '；' => ";",
        '“' | '”' => "\"",
        '＝' => "=",
        '＜' => "<",
        '＞' => ">",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '！' => "!",
        '％' => "%",
        '＋' => "+",
        '－' | '−' => "-",
        '×' => "*",
        '÷' => "/",
        '＆' => "&",
        '？' => "?",
        _ => return None,
    })
}

/// What a unit word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitWord {
    /// `m`, 米.
    Metre,
    /// `km`, 公里, 千米.
    Kilometre,
    /// `m2`, ㎡, 平方米.
    SquareMetre,
    /// `ha`, 公顷.
    Hectare,
    /// `km2`, 平方公里, 平方千米.
    SquareKilometre,
    /// `mu`, 亩.
    Mu,
    /// 万亩.
    TenThousandMu,
    /// 元.
    Yuan,
    /// 万元.
    TenThousandYuan,
    /// 亿元.
    HundredMillionYuan,
    /// `%`.
    Percent,
    /// `‰`.
    Permille,
    /// `years`, 年.
    Year,
    /// `months`, 月, 个月.
    Month,
    /// `days`, 天, 日.
    Day,
}

/// Every spelling of every unit.
pub static UNITS: &[(&str, UnitWord)] = &[
    ("m", UnitWord::Metre),
    ("米", UnitWord::Metre),
    ("km", UnitWord::Kilometre),
    ("公里", UnitWord::Kilometre),
    ("千米", UnitWord::Kilometre),
    ("㎞", UnitWord::Kilometre),
    ("m2", UnitWord::SquareMetre),
    ("㎡", UnitWord::SquareMetre),
    ("平方米", UnitWord::SquareMetre),
    ("ha", UnitWord::Hectare),
    ("公顷", UnitWord::Hectare),
    ("km2", UnitWord::SquareKilometre),
    ("平方公里", UnitWord::SquareKilometre),
    ("平方千米", UnitWord::SquareKilometre),
    ("mu", UnitWord::Mu),
    ("亩", UnitWord::Mu),
    ("万亩", UnitWord::TenThousandMu),
    ("元", UnitWord::Yuan),
    ("万元", UnitWord::TenThousandYuan),
    ("亿元", UnitWord::HundredMillionYuan),
    ("%", UnitWord::Percent),
    ("％", UnitWord::Percent),
    ("‰", UnitWord::Permille),
    ("years", UnitWord::Year),
    ("year", UnitWord::Year),
    ("年", UnitWord::Year),
    ("months", UnitWord::Month),
    ("month", UnitWord::Month),
    ("月", UnitWord::Month),
    ("个月", UnitWord::Month),
    ("days", UnitWord::Day),
    ("day", UnitWord::Day),
    ("天", UnitWord::Day),
    ("日", UnitWord::Day),
];

/// Returns what a unit as written stands for.
pub fn unit(word: &str) -> Option<UnitWord> {
    UNITS.iter().find(|(spelling, _)| *spelling == word).map(|(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const GRAMMAR: &str = include_str!("../../grammar/guiju.pest");

    /// The quoted strings of a grammar line, comments aside.
    fn quoted(line: &str) -> Vec<&str> {
        line.split('"').skip(1).step_by(2).collect()
    }

    /// Every spelling that the grammar's word rules know: `("for" ~ blank+ ~ "each" | "对每个")` gives `for each` and `对每个`.
    fn grammar_words() -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for line in GRAMMAR.lines().filter(|line| !line.starts_with("//") && line.contains("!XID_CONTINUE }")) {
            if line.starts_with("unit") || line.starts_with("date") || line.starts_with("number") {
                continue;
            }
            for alternative in line.split('|') {
                let parts = quoted(alternative);
                if !parts.is_empty() {
                    words.insert(parts.join(" "));
                }
            }
        }
        words
    }

    #[test]
    fn grammar_and_table_have_the_same_words() {
        // Words that the parser looks up in the table itself, so that the grammar takes any word there.
        let looked_up = [
            Category::Function,
            Category::Severity,
            Category::Confidence,
            Category::Type,
            Category::LayerKind,
            Category::Property,
            Category::SourceKey,
            Category::Name,
            Category::Verdict,
        ];
        let table: BTreeSet<String> = WORDS
            .iter()
            .filter(|word| !looked_up.contains(&word.category))
            .flat_map(|word| [word.en.to_owned(), word.zh.to_owned()])
            .collect();
        // Second forms of a keyword, and `is` and 于, which stand in the grammar only to be told apart.
        let extra = ["对 每个", "取消 除非", "is", "于", "not applicable"].map(str::to_owned);
        let grammar: BTreeSet<String> = grammar_words().into_iter().filter(|word| !extra.contains(word)).collect();
        assert_eq!(grammar, table);
    }

    #[test]
    fn grammar_and_table_have_the_same_units() {
        let start = GRAMMAR.find("unit_sign = {").unwrap();
        let end = GRAMMAR.find("// A text or a message").unwrap();
        let lines = GRAMMAR[start..end].lines().filter(|line| !line.starts_with("//"));
        let grammar: BTreeSet<&str> = lines.flat_map(quoted).collect();
        assert_eq!(grammar, UNITS.iter().map(|(word, _)| *word).collect());
    }

    #[test]
    fn words_of_a_category_are_unlike() {
        let mut seen = BTreeSet::new();
        for word in WORDS {
            assert!(seen.insert((word.category, word.en)), "{} twice", word.en);
            assert!(seen.insert((word.category, word.zh)), "{} twice", word.zh);
        }
    }

    #[test]
    fn words_are_found_from_both_sides() {
        assert_eq!(canonical("面积", Category::Function), Some("area"));
        assert_eq!(canonical("area", Category::Function), Some("area"));
        assert_eq!(chinese("not applicable", Category::Verdict), Some("不适用"));
        assert_eq!(canonical("面", Category::Function), None);
        assert_eq!(unit("㎡"), Some(UnitWord::SquareMetre));
    }
}
