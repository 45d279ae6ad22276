//! What the grammar could not read, in words.

use pest::error::{Error, ErrorVariant, InputLocation};

use crate::diagnostic::codes::language as codes;
use crate::diagnostic::{Text, closest};
use crate::source::Span;
use crate::syntax::words::{self, Category};
use crate::text;

use super::scan::{Token, TokenKind};
use super::{Parser, Rule};

impl Parser<'_> {
    /// Reports why `start..end` does not parse. `tokens` are those of the stretch; `opening` is the kind of word that it should begin
    /// with, if any.
    pub(super) fn syntax_error(
        &mut self,
        error: &Error<Rule>,
        start: usize,
        end: usize,
        tokens: &[Token],
        opening: Option<Category>,
    ) {
        let at = start
            + match error.location {
                InputLocation::Pos(at) => at,
                InputLocation::Span((at, _)) => at,
            };
        let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
            self.too_deep(Span::new(self.file, start, end));
            return;
        };
        let index = tokens.partition_point(|token| token.end <= at);
        let found = tokens.get(index).copied();
        let previous = index.checked_sub(1).map(|index| tokens[index]);
        if let Some(token) = found.filter(|token| token.kind == TokenKind::UnclosedText) {
            let message = text!(en: "the text is not closed on its line", zh: "引号没有在本行内闭合");
            let help = text!(en: "add the closing quote", zh: "补上右引号");
            return self.report(&codes::UNCLOSED_STRING, message, self.token_span(token), help);
        }
        if self.run_together(found, previous) {
            return;
        }
        let Some(found) = found else { return self.unfinished(positives, start, end, tokens) };
        let written = &self.text[found.start..found.end];
        let span = self.token_span(found);
        let after_number = previous.is_some_and(|token| token.kind == TokenKind::Number) && !found.first;
        if found.kind == TokenKind::Word && after_number {
            return self.unknown_unit(written, span);
        }
        if let TokenKind::Mark(mark) = found.kind
            && let Some(help) = foreign(mark)
        {
            let message = text!(en: "`{written}` is no mark of this language", zh: "“{written}”不是本语言的符号");
            return self.report(&codes::UNEXPECTED_CHARACTER, message, span, help);
        }
        if let Some(category) = opening.filter(|_| index == 0) {
            return self.unknown_opening(written, span, category);
        }
        let message = match expected(positives) {
            Some(Text { en, zh }) => {
                text!(en: "expected {en}, found `{written}`", zh: "此处应为{zh}，却是“{written}”")
            }
            None => text!(en: "`{written}` cannot stand here", zh: "此处不能写“{written}”"),
        };
        let next = tokens.get(index + 1).map_or("", |next| &self.text[next.start..next.end]);
        let help = elsewhere(written, next).or_else(|| hint(positives));
        self.report(&codes::UNEXPECTED_TOKEN, message, span, help);
    }

    /// Reports a second value behind an enum value.
    pub(super) fn missing_comma(&mut self, token: Token) {
        let written = &self.text[token.start..token.end];
        let message = text!(en: "expected `,`, found `{written}`", zh: "此处应为“,”，却是“{written}”");
        self.report(&codes::UNEXPECTED_TOKEN, message, self.token_span(token), hint(&[Rule::p_comma, Rule::p_rbrace]));
    }

    fn token_span(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    pub(super) fn unknown_unit(&mut self, written: &str, span: Span) {
        let message = text!(en: "no unit is called `{written}`", zh: "没有叫“{written}”的单位");
        let spellings = words::UNITS.iter().map(|(spelling, _)| *spelling);
        let help = match closest(written, spellings) {
            None if written.starts_with('年') => text!(en: "write a date as `2024-12-04`", zh: "日期写作 2024-12-04"),
            Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
            None => text!(
                en: "there are `m2`, `ha`, `mu`, `km2`, `m`, `km`, `years`, `months`, `days`, `元`, `万元`, `亿元`, `%` and `‰`",
                zh: "可用的单位有：㎡、公顷、亩、平方公里、米、公里、年、月、天、元、万元、亿元、%、‰"
            ),
        };
        self.report(&codes::UNKNOWN_UNIT, message, span, help);
    }

    fn unknown_opening(&mut self, written: &str, span: Span, category: Category) {
        if category == Category::Clause && words::canonical(written, category).is_some() {
            let message = text!(en: "`{written}` cannot stand here", zh: "“{written}”不能写在这里");
            let help = text!(
                en: "a test has `given` and `expect`, a rule and a `tighten` the other clauses",
                zh: "测试里写“给定”和“预期”，其他子句写在规则或收紧里"
            );
            return self.report(&codes::MISPLACED_CLAUSE, message, span, help);
        }
        let near = closest(written, words::spellings(category));
        let help = near.map(|near| text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"));
        if category == Category::Declaration {
            let message = text!(en: "no declaration begins with `{written}`", zh: "没有以“{written}”开头的声明");
            let all = words::of(category).map(|word| word.en).collect::<Vec<_>>().join(", ");
            let chinese = words::of(category).map(|word| word.zh).collect::<Vec<_>>().join("、");
            let list = text!(en: "there are {all}", zh: "声明有：{chinese}");
            self.report(&codes::UNKNOWN_DECLARATION, message, span, help.unwrap_or(list));
        } else {
            let message = text!(en: "no clause begins with `{written}`", zh: "没有以“{written}”开头的子句");
            self.report(&codes::UNKNOWN_CLAUSE, message, span, help);
        }
    }

    /// The stretch ends too early: a bracket is open, or something is missing.
    fn unfinished(&mut self, positives: &[Rule], start: usize, end: usize, tokens: &[Token]) {
        if let Some(bracket) = unclosed(tokens) {
            return self.unclosed_bracket(bracket);
        }
        let Some(last) = tokens.last().copied() else {
            let message = text!(en: "expected an expression", zh: "此处应为表达式");
            let help = text!(en: "to print a brace, write it twice", zh: "要显示花括号本身，连写两个");
            // Only a message's placeholder can be empty: its braces stand beside it.
            let braces = Span::new(self.file, start.saturating_sub(1), (end + 1).min(self.text.len()));
            return self.report(&codes::UNEXPECTED_TOKEN, message, braces, help);
        };
        let written = &self.text[last.start..last.end];
        let message = match expected(positives) {
            Some(Text { en, zh }) => text!(en: "expected {en} after `{written}`", zh: "“{written}”之后应为{zh}"),
            None => text!(en: "something is missing after `{written}`", zh: "“{written}”之后缺少内容"),
        };
        self.report(&codes::UNEXPECTED_TOKEN, message, self.token_span(last), hint(positives));
    }

    pub(super) fn unclosed_bracket(&mut self, bracket: Token) {
        let written = &self.text[bracket.start..bracket.end];
        let closing = match bracket.kind {
            TokenKind::Mark('(') => ")",
            TokenKind::Mark('[') => "]",
            TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::UnclosedText | TokenKind::Mark(_) => "}",
        };
        let message = text!(en: "`{written}` is not closed", zh: "“{written}”没有闭合");
        let help = text!(en: "add `{closing}`", zh: "补上“{closing}”");
        self.report(&codes::UNCLOSED_BRACKET, message, self.token_span(bracket), help);
    }

    /// Reports a token that follows a finished declaration.
    pub(super) fn trailing(&mut self, token: Token) {
        let written = &self.text[token.start..token.end];
        let message = text!(en: "`{written}` cannot stand here", zh: "此处不能写“{written}”");
        let help = token.closes().then(|| text!(en: "nothing is open that it could close", zh: "没有与它配对的开括号"));
        self.report(&codes::UNEXPECTED_TOKEN, message, self.token_span(token), help);
    }

    /// Chinese words without spaces between them: the offending word, or an operator stuck to the word before it.
    fn run_together(&mut self, found: Option<Token>, previous: Option<Token>) -> bool {
        let word = |token: Option<Token>| token.filter(|token| token.kind == TokenKind::Word);
        let candidates = [
            word(found).and_then(|token| Some((token, spaced(&self.text[token.start..token.end], false)?))),
            word(previous).and_then(|token| Some((token, spaced(&self.text[token.start..token.end], true)?))),
        ];
        let Some((token, apart)) = candidates.into_iter().flatten().next() else { return false };
        let written = &self.text[token.start..token.end];
        let message = text!(en: "words run together: `{written}`", zh: "词语连写：“{written}”");
        let help = text!(en: "set them apart by spaces: `{apart}`", zh: "用空格分开：“{apart}”");
        self.report(&codes::WORDS_RUN_TOGETHER, message, self.token_span(token), help);
        true
    }
}

/// The last bracket that is opened and never closed.
fn unclosed(tokens: &[Token]) -> Option<Token> {
    let mut open = Vec::new();
    for &token in tokens {
        if token.opens() {
            open.push(token);
        } else if token.closes() {
            open.pop();
        }
    }
    open.pop()
}

/// Sets the keywords in a word apart, if there are any beside something else. With `operators`, only operators count.
///
/// Keywords of one character count at the start only, as they are part of many names.
fn spaced(word: &str, operators: bool) -> Option<String> {
    let mut keywords: Vec<&str> = words::WORDS
        .iter()
        .filter(|entry| match entry.category {
            Category::Operator | Category::Relation => true,
            Category::Declaration | Category::Clause | Category::Connective | Category::Quantifier => !operators,
            Category::Function
            | Category::Verdict
            | Category::Severity
            | Category::Confidence
            | Category::Type
            | Category::LayerKind
            | Category::Property
            | Category::SourceKey
            | Category::Literal
            | Category::Name => false,
        })
        .map(|entry| entry.zh)
        .collect();
    keywords.sort_by_key(|keyword| std::cmp::Reverse(keyword.len()));
    let (mut pieces, mut name, mut rest, mut found) = (Vec::new(), String::new(), word, false);
    while let Some(character) = rest.chars().next() {
        let start = rest.len() == word.len();
        let keyword = keywords
            .iter()
            .find(|keyword| rest.starts_with(**keyword) && (keyword.chars().count() > 1 || start && !operators));
        match keyword {
            Some(keyword) => {
                found = true;
                pieces.extend((!name.is_empty()).then(|| std::mem::take(&mut name)));
                pieces.push((*keyword).to_owned());
                rest = &rest[keyword.len()..];
            }
            None => {
                name.push(character);
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    pieces.extend((!name.is_empty()).then_some(name));
    (found && pieces.len() > 1).then(|| pieces.join(" "))
}

/// Marks of other languages, and what to write here.
fn foreign(mark: char) -> Option<Text> {
    Some(match mark {
        ';' => text!(en: "leave it out, clauses need no end mark", zh: "去掉它，子句不需要结束符号"),
        '!' => text!(en: "write `not`, or `!=` between two values", zh: "写“非”，两个值之间写“!=”"),
        '|' => text!(en: "write `or`", zh: "写“或”"),
        '\'' | '‘' | '’' | '「' | '」' | '”' => text!(en: "write text in double quotes", zh: "文本用双引号"),
        '。' => text!(en: "leave it out, or write `.` before a field", zh: "去掉它；字段之前写“.”"),
        '.' | '{' | '}' | '(' | ')' | '[' | ']' | '<' | '>' | ',' | ':' | '=' | '+' | '-' | '*' | '/' | '&' | '?'
        | '%' => {
            return None;
        }
        // The full-width block repeats ASCII.
        '\u{FF01}'..='\u{FF5E}' => {
            let half = char::from_u32(u32::from(mark) - 0xFEE0)?;
            text!(en: "write `{half}`", zh: "写作半角的“{half}”")
        }
        _ => text!(en: "leave it out", zh: "去掉它"),
    })
}

/// What other languages write here, and how this one says it.
fn elsewhere(written: &str, next: &str) -> Option<Text> {
    match (written, next) {
        ("not", "in" | "has" | "within") => {
            Some(text!(en: "write `not` first: `not a {next} b`", zh: "把 not 写在最前：not a {next} b"))
        }
        ("is", "not") => {
            Some(text!(en: "write `not` first: `not a is missing`", zh: "把 not 写在最前：not a is missing"))
        }
        ("stricter", _) => {
            Some(text!(en: "write `stricter when lower` or `stricter when higher`", zh: "写“越低越严”或“越高越严”"))
        }
        ("&" | "＆", _) => Some(text!(en: "write `and` between conditions", zh: "条件之间写“且”")),
        _ => None,
    }
}

/// What a mistake of a common kind wants.
fn hint(positives: &[Rule]) -> Option<Text> {
    let wants = |rule| positives.contains(&rule);
    if wants(Rule::p_comma) && wants(Rule::p_rbrace) {
        return Some(text!(en: "part the entries by commas", zh: "各项之间用逗号分开"));
    }
    if wants(Rule::rule_id) {
        return Some(text!(en: "as in `rule CL-101 \"title\" {{ … }}`", zh: "例如：规则 CL-101 \"标题\" {{ … }}"));
    }
    if wants(Rule::k_in) {
        return Some(text!(en: "as in `for each p in parcel`", zh: "例如：对每个 甲 属于 地块"));
    }
    None
}

/// What could have stood there, if that is a short list.
fn expected(positives: &[Rule]) -> Option<Text> {
    let mut terms: Vec<Text> = Vec::new();
    let alone = positives.len() == 1;
    // After a whole expression, a colon would only make a label of it.
    let continues = positives.contains(&Rule::sum_word);
    for &rule in positives {
        let Some(term) = term(rule, alone).filter(|_| !(continues && rule == Rule::p_colon)) else { continue };
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    if terms.is_empty() || terms.len() > 3 {
        return None;
    }
    let join = |pick: fn(&Text) -> &str, or: &str| terms.iter().map(pick).collect::<Vec<_>>().join(or);
    Some(Text::new(join(|term| &term.en, " or "), join(|term| &term.zh, "或")))
}

/// What people call a production; `None` for what may always follow.
fn term(rule: Rule, alone: bool) -> Option<Text> {
    Some(match rule {
        Rule::expr
        | Rule::conjunction
        | Rule::negation
        | Rule::comparison
        | Rule::range
        | Rule::sum
        | Rule::unary
        | Rule::primary
        | Rule::call
        | Rule::group
        | Rule::name
        | Rule::value => text!(en: "an expression", zh: "表达式"),
        Rule::word | Rule::declared | Rule::field_name | Rule::path | Rule::alias | Rule::binding | Rule::verdict => {
            text!(en: "a name", zh: "名称")
        }
        Rule::string => text!(en: "a text in quotes", zh: "带引号的文本"),
        Rule::number => text!(en: "a number", zh: "数值"),
        Rule::date => text!(en: "a date", zh: "日期"),
        Rule::literal | Rule::member => text!(en: "a value", zh: "值"),
        Rule::type_expr => text!(en: "a type", zh: "类型"),
        Rule::rule_id => text!(en: "a rule id", zh: "规则编号"),
        Rule::object => text!(en: "`{{`", zh: "“{{”"),
        Rule::p_lparen if alone => text!(en: "`(`", zh: "“(”"),
        Rule::p_lbrace => text!(en: "`{{`", zh: "“{{”"),
        Rule::p_rbrace => text!(en: "`}}`", zh: "“}}”"),
        Rule::p_rparen => text!(en: "`)`", zh: "“)”"),
        Rule::p_rbracket => text!(en: "`]`", zh: "“]”"),
        Rule::p_greater => text!(en: "`>`", zh: "“>”"),
        Rule::p_comma => text!(en: "`,`", zh: "“,”"),
        Rule::p_colon => text!(en: "`:`", zh: "“:”"),
        Rule::p_equals => text!(en: "`=`", zh: "“=”"),
        Rule::k_from => text!(en: "`from`", zh: "“自”"),
        Rule::k_in => text!(en: "`in`", zh: "“属于”"),
        Rule::k_to => text!(en: "`to`", zh: "“至”"),
        Rule::k_missing => text!(en: "`missing`", zh: "“缺失”"),
        Rule::k_upper => text!(en: "`upper`", zh: "“取上限”"),
        Rule::k_lower => text!(en: "`lower`", zh: "“取下限”"),
        _ => return None,
    })
}
