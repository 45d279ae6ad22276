//! Test blocks: what is given as constants of the fields' types, and what is expected of the rule.

use jiff::civil::Date;

use super::analysis::{Analysis, RuleScope, Scope};
use super::program::{Expect, ExpectedVerdict, Given, GivenValue, Test};
use super::resolve::{both, field_named};
use super::vocabulary;
use crate::diagnostic::{Diagnostic, Text, closest, codes::language as codes};
use crate::model::{ClassId, ClassKind, SUBMISSION, Type};
use crate::syntax::ast::{self, ExprKind as Tree, ItemKind, VerdictWord};
use crate::text;

impl<'a> Analysis<'a> {
    /// Reads all tests; those with a mistake, or of a rule with one, are left out.
    pub(super) fn check_tests(&mut self) {
        for at in 0..self.modules.len() {
            self.at = at;
            let tree = self.modules[at].tree;
            for item in &tree.items {
                let ItemKind::Test(test) = &item.kind else { continue };
                self.scope = Scope::default();
                let (read, sound) = self.soundly(|analysis| analysis.test(item, test));
                if sound {
                    self.program.tests.extend(read);
                }
            }
        }
        self.scope = Scope::default();
    }

    fn test(&mut self, item: &ast::Item, tree: &ast::Test) -> Option<Test> {
        let mut given = Vec::new();
        let mut unsupplied = Vec::new();
        for tree in &tree.given {
            let Some(class) = self.class(&tree.class) else { continue };
            match &tree.object {
                None => unsupplied.push(class),
                Some(object) => given.extend(self.given(class, object)),
            }
        }
        let rule = self.tested_rule(tree);
        let expects = match &rule {
            Some(scope) => self.expectations(tree, scope.clone()),
            None => Vec::new(),
        };
        rule?;
        Some(Test {
            rule: tree.rule.text.clone(),
            title: tree.title.as_ref().map_or_else(|| "".into(), |title| title.text.clone()),
            given,
            unsupplied,
            expects,
            span: tree.title.as_ref().map_or(item.span, |title| tree.rule.span.to(title.span)),
        })
    }

    /// Returns the rule that a test is about: of several with one id the one in force on the day given, else the last.
    fn tested_rule(&mut self, tree: &ast::Test) -> Option<RuleScope> {
        let id = &tree.rule.text;
        if !self.rule_ids.contains(id) {
            let help = match closest(id, self.rule_ids.iter().map(|id| &**id)) {
                Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
                None => text!(en: "a test names the id of a rule", zh: "测试须写规则的编号"),
            };
            let message = text!(en: "there is no rule `{id}`", zh: "没有规则“{id}”");
            self.report(Diagnostic::error(&codes::UNKNOWN_RULE, message).label(tree.rule.span).help(help));
            return None;
        }
        let day = self.given_day(tree);
        let rules = self.rule_scopes.iter().filter(|scope| self.program.rules[scope.rule].id == *id);
        let in_force = |scope: &&RuleScope| {
            let rule = &self.program.rules[scope.rule];
            day.is_none_or(|day| rule.from.is_none_or(|from| from <= day) && rule.to.is_none_or(|to| day <= to))
        };
        let last = rules.clone().max_by_key(|scope| self.program.rules[scope.rule].from);
        let found = if day.is_some() { rules.clone().find(in_force).or(last) } else { last };
        // A rule that was diagnosed has no scope, and its tests say nothing more.
        found.cloned()
    }

    fn given_day(&self, tree: &ast::Test) -> Option<Date> {
        let submission = self.program.schema.class(SUBMISSION);
        let as_of = submission.fields.iter().find(|field| field.names.answers_to("as_of"))?;
        let objects = tree.given.iter().filter(|given| match given.class.words.as_slice() {
            [word] => submission.names.answers_to(&word.text),
            [..] => false,
        });
        objects.filter_map(|given| given.object.as_ref()).find_map(|object| {
            let Tree::Object(entries) = &object.kind else { return None };
            entries.iter().find_map(|(name, value)| match &value.kind {
                Tree::Date(text) if as_of.names.answers_to(&name.text) => super::constants::read_date(text),
                _ => None,
            })
        })
    }

    fn given(&mut self, class: ClassId, object: &ast::Expr) -> Option<Given> {
        let Tree::Object(entries) = &object.kind else {
            let message = text!(en: "a test gives things in braces", zh: "测试用花括号给出内容");
            let help = text!(en: "such as `{{ id: \"P1\" }}`", zh: "如 {{ 标识码: \"P1\" }}");
            self.report(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(object.span).help(help));
            return None;
        };
        let mut given = Given { class, fields: Vec::new(), geometry: None, span: object.span };
        for (name, value) in entries {
            let declared = self.program.schema.class(class);
            if let Some(field) = field_named(declared, &name.text) {
                if self.broken_fields.contains(&(class, field)) {
                    self.broken = true;
                    continue;
                }
                let ty = declared.fields[field.0 as usize].ty.clone();
                if given.fields.iter().any(|(known, _)| *known == field) {
                    self.report_duplicate(&name.text, name.span, None);
                    continue;
                }
                given.fields.extend(self.given_value(value, &ty).map(|value| (field, value)));
                continue;
            }
            let shape = vocabulary::property(&name.text) == Some(super::program::Property::Shape);
            match declared.kind {
                ClassKind::Layer(kind) if shape => {
                    given.geometry = Some(self.checked(value, &Type::Geometry(kind)));
                }
                ClassKind::Layer(_) | ClassKind::Record | ClassKind::Table => {
                    let word = &name.text;
                    let names = &declared.names;
                    let message = Text::new(
                        format!("`{}` has no field `{word}`", names.name),
                        format!("“{}”没有字段“{word}”", names.shown()),
                    );
                    let fields = declared.fields.iter().flat_map(|field| both(&field.names));
                    let help = match closest(word, fields) {
                        Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
                        None => text!(
                            en: "a test gives fields as they are declared, and a layer's `geometry`",
                            zh: "测试给出的是已声明的字段，以及图层的“几何”"
                        ),
                    };
                    self.report(Diagnostic::error(&codes::UNDEFINED_FIELD, message).label(name.span).help(help));
                }
            }
        }
        Some(given)
    }

    fn given_value(&mut self, tree: &ast::Expr, ty: &Type) -> Option<GivenValue> {
        match (&tree.kind, ty) {
            (Tree::Name(word), _) if vocabulary::is_missing(word) => Some(GivenValue::Missing),
            (Tree::Text(id), Type::Item(_)) => Some(GivenValue::Reference(id.clone(), tree.span)),
            (Tree::Object(_), Type::Item(class)) => {
                self.given(*class, tree).map(|given| GivenValue::Nested(Box::new(given)))
            }
            (_, Type::Item(_)) => {
                let message = text!(
                    en: "a feature or record is given by its id, or in braces",
                    zh: "要素或档案须以标识码或花括号给出"
                );
                let help = text!(en: "such as `\"P1\"`", zh: "如 \"P1\"");
                self.report(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(tree.span).help(help));
                None
            }
            (Tree::List(items), Type::List(of)) if matches!(**of, Type::Item(_)) => {
                let values: Vec<_> = items.iter().map(|item| self.given_value(item, of)).collect();
                values.into_iter().collect::<Option<Vec<_>>>().map(GivenValue::List)
            }
            _ => {
                let expr = self.checked(tree, ty);
                (expr.ty != Type::Error).then_some(GivenValue::Plain(expr))
            }
        }
    }

    fn expectations(&mut self, tree: &ast::Test, rule: RuleScope) -> Vec<Expect> {
        let variables = rule.scope.variables.len();
        self.scope = rule.scope;
        self.scope.slots = self.scope.slots.max(self.program.rules[rule.rule].frame);
        let mut expects = Vec::new();
        for expect in &tree.expects {
            let constraint = expect.label.as_ref().and_then(|label| {
                let constraints = &self.program.rules[rule.rule].constraints;
                let found = constraints.iter().position(|constraint| constraint.label.as_ref() == Some(&label.text));
                if found.is_none() {
                    self.report_unknown_label(label, rule.rule);
                }
                found.map(|at| at as u16)
            });
            let condition = expect.condition.as_ref().map(|condition| self.condition(condition));
            self.scope.variables.truncate(variables);
            expects.push(Expect {
                verdict: verdict_of(expect.verdict),
                constraint,
                subject: expect.subject.as_ref().map(|subject| subject.text.clone()),
                condition,
                exception_unknown: expect.exception_unknown,
                span: expect.span,
            });
        }
        // A condition may have variables of its own behind those of the rule.
        let slots = self.scope.slots;
        let frame = &mut self.program.rules[rule.rule].frame;
        *frame = (*frame).max(slots);
        expects
    }

    fn report_unknown_label(&mut self, label: &ast::Name, rule: usize) {
        let rule = &self.program.rules[rule];
        let (id, word) = (&rule.id, &label.text);
        let labels: Vec<&str> = rule.constraints.iter().filter_map(|constraint| constraint.label.as_deref()).collect();
        let help = match closest(word, labels.iter().copied()) {
            Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
            None if labels.is_empty() => text!(en: "its constraints have no labels", zh: "它的约束没有标签"),
            None => Text::new(format!("it has `{}`", labels.join("`, `")), format!("它有：{}", labels.join("、"))),
        };
        let message = text!(
            en: "rule `{id}` has no constraint labelled `{word}`",
            zh: "规则“{id}”没有标签为“{word}”的约束"
        );
        self.report(Diagnostic::error(&codes::UNKNOWN_LABEL, message).label(label.span).help(help));
    }
}

fn verdict_of(verdict: VerdictWord) -> ExpectedVerdict {
    match verdict {
        VerdictWord::Pass => ExpectedVerdict::Pass,
        VerdictWord::Conflict => ExpectedVerdict::Conflict,
        VerdictWord::Excepted => ExpectedVerdict::Excepted,
        VerdictWord::Undetermined => ExpectedVerdict::Undetermined,
        VerdictWord::Obligation => ExpectedVerdict::Obligation,
        VerdictWord::NotApplicable => ExpectedVerdict::NotApplicable,
    }
}
