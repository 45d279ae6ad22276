//! The clauses of rules, of what tightens them, and of tests.

use crate::diagnostic::codes::language as codes;
use crate::source::Span;
use crate::syntax::ast::{
    Basis, Confidence, ConfidenceWord, Constraint, ConstraintKind, Effective, Expect, Feedback, Given, Let, Name,
    Remedy, Rule as RuleNode, Severity, SeverityWord, Test, Tighten, VerdictWord,
};
use crate::syntax::words::{self, Category};
use crate::text;

use super::declarations::children_first;
use super::{Node, Parser, Rule, children};

impl Parser<'_> {
    /// Adds a clause to a rule.
    pub(super) fn rule_clause(&mut self, rule: &mut RuleNode, node: Node) {
        let kind = node.as_rule();
        let header = matches!(
            kind,
            Rule::basis | Rule::department | Rule::effective | Rule::applies | Rule::confidence | Rule::for_each
        );
        if (header || kind == Rule::let_clause) && !rule.constraints.is_empty() {
            let help = text!(en: "move it above the first constraint", zh: "移到第一条约束之前");
            self.misplaced(&node, help);
        }
        let span = self.span(&node);
        match kind {
            Rule::basis => rule.basis.extend(self.basis(node)),
            Rule::department => rule.departments.extend(children(node).map(|path| self.path(path)).collect::<Vec<_>>()),
            Rule::effective => {
                let mut dates = children(node).map(|date| self.atom(date, 0)).collect::<Vec<_>>().into_iter();
                self.once(rule.effective.is_some(), span);
                rule.effective =
                    dates.next().map(|from| Effective { from, to: dates.next() }).or(rule.effective.take());
            }
            Rule::applies => {
                let places: Vec<_> = children(node).map(|place| self.atom(place, 0)).collect();
                rule.applies.extend(places);
            }
            Rule::confidence => {
                self.once(rule.confidence.is_some(), span);
                let word = children_first(node).and_then(|word| self.confidence(&word));
                rule.confidence = word.or(rule.confidence);
            }
            Rule::severity if rule.constraints.is_empty() => {
                if let Some((severity, label)) = self.severity(node) {
                    self.no_label(label);
                    self.once(rule.severity.is_some(), span);
                    rule.severity = Some(severity);
                }
            }
            Rule::for_each => {
                rule.bindings.extend(children_first(node).map(|binding| self.binding(binding, 0)));
            }
            Rule::let_clause => rule.lets.extend(self.let_clause(node)),
            _ => self.constraint_clause(&mut rule.constraints, node),
        }
    }

    /// Adds a clause to a `tighten`; a severity with `of`, or before any constraint, is the inherited rule's.
    pub(super) fn tighten_clause(&mut self, tighten: &mut Tighten, node: Node) {
        let Tighten::Rule { basis, no_unless, severities, constraints, .. } = tighten else { return };
        match node.as_rule() {
            Rule::basis => basis.extend(self.basis(node)),
            Rule::no_unless => no_unless.push(children_first(node).and_then(|of| self.of_label(of))),
            Rule::severity if constraints.is_empty() || children(node.clone()).count() > 1 => {
                severities.extend(self.severity(node));
            }
            _ => self.constraint_clause(constraints, node),
        }
    }

    /// Adds a constraint, or gives a clause to the last one.
    fn constraint_clause(&mut self, constraints: &mut Vec<Constraint>, node: Node) {
        let (kind, span) = (node.as_rule(), self.span(&node));
        if kind == Rule::constraint {
            constraints.extend(self.constraint(node));
            return;
        }
        let Some(constraint) = constraints.last_mut() else {
            let help = text!(en: "write `forbid`, `require` or `oblige` before it", zh: "先写“禁止”“应当”或“责令”");
            self.misplaced(&node, help);
            return;
        };
        match kind {
            Rule::severity => {
                if let Some((severity, label)) = self.severity(node) {
                    self.no_label(label);
                    self.once(constraint.severity.is_some(), span);
                    constraint.severity = Some(severity);
                }
            }
            Rule::unless => {
                self.once(constraint.unless.is_some(), span);
                constraint.unless = children_first(node).map(|condition| self.expr(condition));
            }
            Rule::message => {
                // One that stands in for a damaged clause is empty.
                self.once(constraint.message.as_ref().is_some_and(|message| !message.parts.is_empty()), span);
                constraint.message = children_first(node).map(|text| self.template(&text));
            }
            Rule::remedy => {
                constraint.remedies.extend(children_first(node).and_then(|remedy| self.remedy(remedy, span)))
            }
            _ => {
                let mut parts = children(node);
                if let (Some(to), Some(text)) = (parts.next(), parts.next()) {
                    constraint.feedback.push(Feedback { to: self.path(to), text: self.template(&text) });
                }
            }
        }
    }

    fn misplaced(&mut self, node: &Node, help: crate::diagnostic::Text) {
        let word = node.clone().into_inner().next().map_or_else(|| self.span(node), |word| self.span(&word));
        let written = self.slice(word).to_owned();
        let message = text!(en: "`{written}` cannot stand here", zh: "“{written}”不能写在这里");
        self.report(&codes::MISPLACED_CLAUSE, message, word, help);
    }

    /// Reports a clause that may stand once and is there already.
    fn once(&mut self, present: bool, span: Span) {
        if present {
            let message = text!(en: "this was said before", zh: "这一项前面已经写过");
            let help = text!(en: "keep one of the two", zh: "只保留其中一处");
            self.report(&codes::REPEATED_CLAUSE, message, span, help);
        }
    }

    fn no_label(&mut self, label: Option<Name>) {
        if let Some(label) = label {
            let message = text!(en: "`of` a label stands only in a `tighten`", zh: "只有“收紧”里才用“之于”指明约束");
            let help = text!(en: "write the severity below its constraint", zh: "把等级写在该约束之下");
            self.report(&codes::MISPLACED_CLAUSE, message, label.span, help);
        }
    }

    fn basis(&mut self, node: Node) -> Option<Basis> {
        let span = self.span(&node);
        let mut parts = children(node);
        let source = self.path(parts.next()?);
        Some(Basis { source, articles: parts.map(|article| self.quoted(&article)).collect(), span })
    }

    fn severity(&mut self, node: Node) -> Option<(SeverityWord, Option<Name>)> {
        let mut parts = children(node);
        let word = parts.next()?;
        let span = self.span(&word);
        let severity = match words::canonical(word.as_str(), Category::Severity) {
            Some("prohibited") => Severity::Prohibited,
            Some("conditional") => Severity::Conditional,
            Some("advisory") => Severity::Advisory,
            Some(_) | None => {
                self.unknown_word(word.as_str(), span, Category::Severity);
                return None;
            }
        };
        Some((SeverityWord { severity, span }, parts.next().and_then(|of| self.of_label(of))))
    }

    fn confidence(&mut self, word: &Node) -> Option<ConfidenceWord> {
        let span = self.span(word);
        let confidence = match words::canonical(word.as_str(), Category::Confidence) {
            Some("verified") => Confidence::Verified,
            Some("seed") => Confidence::Seed,
            Some("unverified") => Confidence::Unverified,
            Some("proposal") => Confidence::Proposal,
            Some(_) | None => {
                self.unknown_word(word.as_str(), span, Category::Confidence);
                return None;
            }
        };
        Some(ConfidenceWord { confidence, span })
    }

    fn of_label(&self, node: Node) -> Option<Name> {
        children_first(node).map(|label| self.name(&label))
    }

    fn let_clause(&mut self, node: Node) -> Option<Let> {
        let mut parts = children(node);
        Some(Let { name: self.name(&parts.next()?), value: self.expr(parts.next()?) })
    }

    fn constraint(&mut self, node: Node) -> Option<Constraint> {
        let span = self.span(&node);
        let mut parts = children(node);
        let kind = match children_first(parts.next()?)?.as_rule() {
            Rule::c_forbid => ConstraintKind::Forbid,
            Rule::c_require => ConstraintKind::Require,
            _ => ConstraintKind::Oblige,
        };
        let mut part = parts.next()?;
        let mut label = None;
        if part.as_rule() == Rule::label {
            label = children_first(part).map(|word| self.name(&word));
            part = parts.next()?;
        }
        Some(Constraint { label, ..constraint(kind, self.expr(part), span) })
    }

    fn remedy(&mut self, node: Node, span: Span) -> Option<Remedy> {
        let kind = node.as_rule();
        if kind == Rule::string {
            return Some(Remedy::Text(self.template(&node)));
        }
        let mut parts = children(node);
        let what = self.expr(parts.next()?);
        let other = self.expr(parts.next()?);
        Some(if kind == Rule::remedy_subtract {
            Remedy::Subtract { what, from: other, margin: parts.next().map(|margin| self.expr(margin)), span }
        } else {
            Remedy::Clip { what, to: other, span }
        })
    }

    /// Adds a clause to a test.
    pub(super) fn test_clause(&mut self, test: &mut Test, node: Node) {
        let span = self.span(&node);
        if node.as_rule() == Rule::given {
            let mut parts = children(node);
            if let Some(class) = parts.next() {
                let class = self.path(class);
                test.given.push(Given { class, object: parts.next().map(|object| self.atom(object, 0)), span });
            }
            return;
        }
        let mut expect = Expect {
            verdict: VerdictWord::Pass,
            label: None,
            subject: None,
            condition: None,
            exception_unknown: false,
            span,
        };
        for part in children(node) {
            match part.as_rule() {
                Rule::verdict => match self.verdict(&part) {
                    Some(verdict) => expect.verdict = verdict,
                    None => return,
                },
                Rule::of_label => expect.label = self.of_label(part),
                Rule::for_subject => expect.subject = children_first(part).map(|subject| self.quoted(&subject)),
                Rule::exception_unknown => expect.exception_unknown = true,
                _ => expect.condition = Some(self.expr(part)),
            }
        }
        test.expects.push(expect);
    }

    fn verdict(&mut self, node: &Node) -> Option<VerdictWord> {
        // `not applicable` may be written with any blanks between.
        let written = node.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        Some(match words::canonical(&written, Category::Verdict) {
            Some("pass") => VerdictWord::Pass,
            Some("conflict") => VerdictWord::Conflict,
            Some("excepted") => VerdictWord::Excepted,
            Some("undetermined") => VerdictWord::Undetermined,
            Some("obligation") => VerdictWord::Obligation,
            Some("not applicable") => VerdictWord::NotApplicable,
            Some(_) | None => {
                self.unknown_word(&written, self.span(node), Category::Verdict);
                return None;
            }
        })
    }
}

/// A constraint without label and clauses.
pub(super) fn constraint(kind: ConstraintKind, condition: crate::syntax::ast::Expr, span: Span) -> Constraint {
    Constraint {
        kind,
        label: None,
        condition,
        unless: None,
        message: None,
        severity: None,
        remedies: Vec::new(),
        feedback: Vec::new(),
        span,
    }
}
