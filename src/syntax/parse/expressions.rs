//! Expressions: grouping by precedence, limits on depth.

use crate::diagnostic::codes::language as codes;
use crate::source::Span;
use crate::syntax::ast::{
    Arithmetic, AtLeast, Binding, Comparison, Expr, ExprKind, IsState, Name, QuantifierKind, Relation, RelationKind,
};
use crate::text;

use super::declarations::children_first;
use super::{Node, Parser, Rule, children};

/// How deep a tree may be: as deep as later stages may safely recurse.
const MAX_DEPTH: usize = 200;

/// What stands between two operands of a `sum`.
#[derive(Clone, Copy)]
enum SumWord {
    Arithmetic(Arithmetic),
    Intersection,
    Without,
}

impl SumWord {
    /// Stronger ones group first.
    fn strength(self) -> u8 {
        match self {
            SumWord::Arithmetic(Arithmetic::Add | Arithmetic::Subtract) => 0,
            SumWord::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide) => 1,
            SumWord::Intersection | SumWord::Without => 2,
        }
    }
}

impl Parser<'_> {
    /// Lowers an expression that stands on its own.
    pub(super) fn expr(&mut self, node: Node) -> Expr {
        self.nested(node, 0)
    }

    /// Lowers a node of any expression level; `depth` is how far below the top it stands.
    fn nested(&mut self, node: Node, depth: usize) -> Expr {
        let span = self.span(&node);
        if depth >= MAX_DEPTH {
            return self.too_deep(span);
        }
        match node.as_rule() {
            Rule::expr => self.logic(node, span, depth, ExprKind::Or),
            Rule::conjunction => self.logic(node, span, depth, ExprKind::And),
            Rule::negation => self.negation(node, span, depth),
            Rule::comparison => self.comparison(node, depth),
            Rule::range => self.range(node, span, depth),
            Rule::sum => self.sum(node, span, depth),
            Rule::unary => self.unary(node, span, depth),
            _ => self.atom(node, depth),
        }
    }

    pub(super) fn too_deep(&mut self, span: Span) -> Expr {
        let message = text!(en: "the expression is nested too deeply", zh: "表达式嵌套过深");
        let help = text!(en: "give parts of it a name with `let`, or write a list", zh: "用“令”给其中的部分起名，或改写为列表");
        self.report(&codes::NESTED_TOO_DEEPLY, message, span, help);
        Expr { kind: ExprKind::Error, span }
    }

    fn logic(&mut self, node: Node, span: Span, depth: usize, join: fn(Box<Expr>, Box<Expr>) -> ExprKind) -> Expr {
        let operands: Vec<Node> = children(node).collect();
        let below = depth + operands.len() - 1;
        if below >= MAX_DEPTH {
            return self.too_deep(span);
        }
        let operands = operands.into_iter().map(|operand| self.nested(operand, below)).collect::<Vec<_>>();
        let joined = operands.into_iter().reduce(|left, right| {
            let span = left.span.to(right.span);
            Expr { kind: join(Box::new(left), Box::new(right)), span }
        });
        joined.unwrap_or(Expr { kind: ExprKind::Error, span })
    }

    fn negation(&mut self, node: Node, span: Span, depth: usize) -> Expr {
        let mut parts: Vec<Node> = children(node).collect();
        let Some(operand) = parts.pop() else { return Expr { kind: ExprKind::Error, span } };
        if depth + parts.len() >= MAX_DEPTH {
            return self.too_deep(span);
        }
        let operand = self.nested(operand, depth + parts.len());
        parts.iter().rev().fold(operand, |operand, not| {
            let span = self.span(not).to(operand.span);
            Expr { kind: ExprKind::Not(Box::new(operand)), span }
        })
    }

    fn comparison(&mut self, node: Node, depth: usize) -> Expr {
        let span = self.span(&node);
        let mut parts = children(node);
        let (Some(left), tail, chained) = (parts.next(), parts.next(), parts.next()) else {
            return Expr { kind: ExprKind::Error, span };
        };
        let below = depth + usize::from(tail.is_some());
        let left = self.nested(left, below);
        let Some(tail) = tail else { return left };
        if let Some(chained) = chained {
            self.chained(&left, &tail, &chained);
        }
        self.compare(left, tail, below)
    }

    /// `a < b < c` has no meaning.
    fn chained(&mut self, left: &Expr, tail: &Node, chained: &Node) {
        let (first, second) = (self.span(tail), self.span(chained));
        let slice = |span: Span| &self.text[span.start as usize..span.end as usize];
        // The middle is the last part of the first tail; `is missing` has none.
        let middle = tail.clone().into_inner().find(|part| part.as_rule() == Rule::range).map(|part| self.span(&part));
        let help = middle.map(|middle| {
            let (a, b, c, d) = (slice(left.span), slice(first), slice(middle), slice(second));
            text!(en: "write `{a} {b} and {c} {d}`", zh: "写作“{a} {b} 且 {c} {d}”")
        });
        let operator = chained.clone().into_inner().next().map_or(second, |operator| self.span(&operator));
        let message = text!(en: "comparisons cannot be chained", zh: "比较不能连写");
        self.report(&codes::CHAINED_COMPARISON, message, operator, help);
    }

    fn compare(&mut self, left: Expr, tail: Node, depth: usize) -> Expr {
        let span = left.span.to(self.span(&tail));
        let mut parts = children(tail);
        let Some(word) = parts.next() else { return left };
        let operator_span = self.span(&word);
        let is_state = word.as_rule() == Rule::is_state;
        let Some(operator) = children_first(word).map(|operator| operator.as_rule()) else { return left };
        if is_state {
            let state = match operator {
                Rule::is_present => IsState::Present,
                Rule::is_missing => IsState::Missing,
                _ => IsState::Empty,
            };
            return Expr { kind: ExprKind::Is { value: Box::new(left), state }, span };
        }
        if operator == Rule::o_single_equals {
            let message = text!(en: "a single `=` compares nothing", zh: "单个“=”不表示比较");
            let help = text!(en: "write `==` to compare", zh: "比较相等写作“==”");
            self.report(&codes::SINGLE_EQUALS, message, operator_span, help);
        }
        let operator = comparison(operator);
        let Some(right) = parts.next() else { return left };
        let right = self.nested(right, depth);
        match parts.next() {
            None => Expr {
                kind: ExprKind::Compare { operator, operator_span, left: Box::new(left), right: Box::new(right) },
                span,
            },
            Some(target) => {
                let target = self.nested(target, depth);
                if operator != Comparison::Within {
                    self.stray_of(right.span.end as usize, target.span);
                }
                let (distance, right) = (Box::new(right), Box::new(target));
                Expr { kind: ExprKind::WithinDistance { left: Box::new(left), distance, right }, span }
            }
        }
    }

    /// `touches a of b`: only `within` takes an `of`.
    fn stray_of(&mut self, after: usize, target: Span) {
        let between = &self.text[after..target.start as usize];
        let start = after + (between.len() - between.trim_start().len());
        let message = text!(en: "`of` belongs to `within` and a distance", zh: "“之于”只跟在“位于”加距离之后");
        let help = text!(en: "as in `within 500 m of p`", zh: "例如“位于 500 m 之于 甲”");
        let span = Span::new(self.file, start, target.start as usize);
        self.report(&codes::UNEXPECTED_TOKEN, message, span, help);
    }

    fn range(&mut self, node: Node, span: Span, depth: usize) -> Expr {
        let (mut low, mut high, mut dots) = (None, None, false);
        let parts: Vec<Node> = children(node).collect();
        let below = depth + usize::from(parts.len() > 1);
        for part in parts {
            if part.as_rule() == Rule::dots {
                dots = true;
            } else {
                let end = self.nested(part, below);
                if dots {
                    high = Some(Box::new(end));
                } else {
                    low = Some(end);
                }
            }
        }
        match low {
            Some(low) if !dots => low,
            low => Expr { kind: ExprKind::Range { low: low.map(Box::new), high }, span },
        }
    }

    fn sum(&mut self, node: Node, span: Span, depth: usize) -> Expr {
        let parts: Vec<Node> = children(node).collect();
        let below = depth + parts.len() / 2;
        if below >= MAX_DEPTH {
            return self.too_deep(span);
        }
        // Operands and operators yet to be joined; a weaker operator joins all stronger ones before it, from the left.
        let (mut operands, mut operators): (Vec<Expr>, Vec<(SumWord, Span)>) = (Vec::new(), Vec::new());
        for part in parts {
            if part.as_rule() != Rule::sum_word {
                operands.push(self.nested(part, below));
                continue;
            }
            let at = self.span(&part);
            let word = children_first(part).map_or(SumWord::Intersection, |word| sum_word(word.as_rule()));
            while operators.last().is_some_and(|(last, _)| last.strength() >= word.strength()) {
                join(&mut operands, &mut operators);
            }
            operators.push((word, at));
        }
        while !operators.is_empty() {
            join(&mut operands, &mut operators);
        }
        operands.pop().unwrap_or(Expr { kind: ExprKind::Error, span })
    }

    fn unary(&mut self, node: Node, span: Span, depth: usize) -> Expr {
        let mut parts: Vec<Node> = children(node).collect();
        let below = depth + parts.len() - 1;
        if below >= MAX_DEPTH {
            return self.too_deep(span);
        }
        let minuses = parts.iter().take_while(|part| part.as_rule() == Rule::minus).count();
        let mut rest = parts.split_off(minuses).into_iter();
        let Some(mut value) = rest.next().map(|primary| self.nested(primary, below)) else {
            return Expr { kind: ExprKind::Error, span };
        };
        for suffix in rest {
            let span = value.span.to(self.span(&suffix));
            let Some(part) = children_first(suffix) else { continue };
            let kind = if part.as_rule() == Rule::word {
                ExprKind::Field(Box::new(value), self.name(&part))
            } else {
                ExprKind::Level { of: Box::new(value), level: Box::new(self.nested(part, below)) }
            };
            value = Expr { kind, span };
        }
        parts.iter().rev().fold(value, |value, minus| {
            let span = self.span(minus).to(value.span);
            Expr { kind: ExprKind::Negate(Box::new(value)), span }
        })
    }

    /// Lowers a primary, or what it consists of.
    pub(super) fn atom(&mut self, node: Node, depth: usize) -> Expr {
        let span = self.span(&node);
        let below = depth + 1;
        let kind = match node.as_rule() {
            Rule::primary | Rule::member => match children_first(node) {
                Some(part) => return self.nested(part, depth),
                None => ExprKind::Error,
            },
            Rule::string => ExprKind::Text(self.quoted(&node).text),
            Rule::date => ExprKind::Date(node.as_str().into()),
            Rule::bool => ExprKind::Bool(children_first(node).is_some_and(|word| word.as_rule() == Rule::b_true)),
            Rule::name => ExprKind::Name(node.as_str().into()),
            Rule::number => self.number(node),
            Rule::list | Rule::value_list => {
                ExprKind::List(children(node).map(|item| self.nested(item, below)).collect())
            }
            Rule::group => {
                let mut parts = children(node);
                let (inner, condition) = (parts.next(), parts.next());
                match (inner, condition) {
                    (Some(inner), None) => return Expr { span, ..self.nested(inner, depth) },
                    (Some(over), Some(condition)) => ExprKind::Filter {
                        over: Box::new(self.nested(over, below)),
                        condition: Box::new(self.nested(condition, below)),
                    },
                    (None, _) => ExprKind::Error,
                }
            }
            Rule::quantifier => self.quantifier(node, below),
            Rule::call => self.call(node, below),
            Rule::value => match children_first(node) {
                Some(part) => return self.nested(part, below),
                None => ExprKind::Error,
            },
            Rule::object => ExprKind::Object(self.entries(node, below)),
            _ => ExprKind::Error,
        };
        Expr { kind, span }
    }

    fn entries(&mut self, node: Node, depth: usize) -> Vec<(Name, Expr)> {
        let mut entries = Vec::new();
        for entry in children(node) {
            let mut parts = children(entry);
            if let (Some(key), Some(value)) = (parts.next(), parts.next()) {
                entries.push((self.name(&key), self.nested(value, depth)));
            }
        }
        entries
    }

    fn number(&mut self, node: Node) -> ExprKind {
        let mut parts = children(node);
        let raw = parts.next().map_or("".into(), |raw| raw.as_str().into());
        ExprKind::Number { raw, unit: parts.next().map(|unit| self.name(&unit)) }
    }

    fn quantifier(&mut self, node: Node, depth: usize) -> ExprKind {
        let mut parts = children(node);
        let kind = match parts.next().and_then(children_first).map(|word| word.as_rule()) {
            Some(Rule::q_any) => QuantifierKind::Any,
            Some(Rule::q_all) => QuantifierKind::All,
            _ => QuantifierKind::None,
        };
        match (parts.next(), parts.next()) {
            (Some(binding), Some(condition)) => ExprKind::Quantifier {
                kind,
                binding: Box::new(self.binding(binding, depth)),
                condition: Box::new(self.nested(condition, depth)),
            },
            _ => ExprKind::Error,
        }
    }

    fn call(&mut self, node: Node, depth: usize) -> ExprKind {
        let mut parts = children(node).peekable();
        let Some(function) = parts.next().map(|path| self.path(path)) else { return ExprKind::Error };
        let (mut arguments, mut bindings) = (Vec::new(), Vec::new());
        for part in parts {
            if part.as_rule() == Rule::for_each {
                bindings.extend(children_first(part).map(|binding| self.binding(binding, depth)));
            } else {
                arguments.push(self.nested(part, depth));
            }
        }
        if bindings.is_empty() {
            return ExprKind::Call { function, arguments };
        }
        let name = Name { text: self.slice(function.span).into(), span: function.span };
        match arguments.pop() {
            Some(element) => ExprKind::Aggregate { function: name, element: Box::new(element), bindings },
            None => ExprKind::Error,
        }
    }

    /// Lowers `d in L overlapping p where …`.
    pub(super) fn binding(&mut self, node: Node, depth: usize) -> Binding {
        let span = self.span(&node);
        let mut binding = Binding {
            name: Name { text: "".into(), span },
            over: Expr { kind: ExprKind::Error, span },
            relation: None,
            condition: None,
            span,
        };
        for part in children(node) {
            match part.as_rule() {
                Rule::word => binding.name = self.name(&part),
                Rule::sum => binding.over = self.nested(part, depth),
                Rule::relation => binding.relation = self.relation(part, depth),
                _ => binding.condition = Some(self.nested(part, depth)),
            }
        }
        binding
    }

    fn relation(&mut self, node: Node, depth: usize) -> Option<Relation> {
        let span = self.span(&node);
        let mut parts = children(node);
        let how = children_first(parts.next()?)?.as_rule();
        let mut target = self.nested(parts.next()?, depth);
        let mut kind = match how {
            Rule::r_overlapping => RelationKind::Overlapping,
            Rule::r_touching => RelationKind::Touching,
            Rule::r_within => RelationKind::Within,
            _ => RelationKind::Containing,
        };
        let mut at_least = Vec::new();
        for part in parts {
            if part.as_rule() == Rule::at_least {
                at_least = children(part).filter_map(|portion| self.portion(portion, depth)).collect();
                continue;
            }
            let of = self.nested(part, depth);
            if how != Rule::r_within {
                self.stray_of(target.span.end as usize, of.span);
            }
            kind = RelationKind::WithinDistance(std::mem::replace(&mut target, of));
        }
        Some(Relation { kind, target, at_least, span })
    }

    fn portion(&mut self, node: Node, depth: usize) -> Option<AtLeast> {
        let mut parts = children(node);
        let quantity = self.nested(parts.next()?, depth);
        Some(AtLeast { quantity, of: parts.next().map(|of| self.nested(of, depth)) })
    }
}

/// Joins the last two operands by the last operator.
fn join(operands: &mut Vec<Expr>, operators: &mut Vec<(SumWord, Span)>) {
    let (Some((word, operator_span)), Some(right), Some(left)) = (operators.pop(), operands.pop(), operands.pop())
    else {
        return;
    };
    let span = left.span.to(right.span);
    let (left, right) = (Box::new(left), Box::new(right));
    let kind = match word {
        SumWord::Arithmetic(operator) => ExprKind::Arithmetic { operator, operator_span, left, right },
        SumWord::Intersection => ExprKind::Intersection(left, right),
        SumWord::Without => ExprKind::Without(left, right),
    };
    operands.push(Expr { kind, span });
}

fn sum_word(rule: Rule) -> SumWord {
    match rule {
        Rule::o_add => SumWord::Arithmetic(Arithmetic::Add),
        Rule::o_subtract => SumWord::Arithmetic(Arithmetic::Subtract),
        Rule::o_multiply => SumWord::Arithmetic(Arithmetic::Multiply),
        Rule::o_divide => SumWord::Arithmetic(Arithmetic::Divide),
        Rule::o_without => SumWord::Without,
        _ => SumWord::Intersection,
    }
}

fn comparison(rule: Rule) -> Comparison {
    match rule {
        Rule::o_not_equal => Comparison::NotEqual,
        Rule::o_less => Comparison::Less,
        Rule::o_less_or_equal => Comparison::LessOrEqual,
        Rule::o_greater => Comparison::Greater,
        Rule::o_greater_or_equal => Comparison::GreaterOrEqual,
        Rule::o_in => Comparison::In,
        Rule::o_has => Comparison::Has,
        Rule::o_covers => Comparison::Covers,
        Rule::o_overlaps => Comparison::Overlaps,
        Rule::o_within => Comparison::Within,
        Rule::o_touches => Comparison::Touches,
        Rule::o_contains => Comparison::Contains,
        Rule::o_intersects => Comparison::Intersects,
        Rule::o_disjoint => Comparison::Disjoint,
        Rule::o_crosses => Comparison::Crosses,
        Rule::o_equals => Comparison::Equals,
        Rule::o_occupies => Comparison::Occupies,
        _ => Comparison::Equal,
    }
}
