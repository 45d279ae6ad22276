//! From the tree of a rule to the rule that the engine runs.

use std::sync::Arc;

use super::analysis::{Analysis, RuleScope, Scope, Space, Thing, VariableKind};
use super::clauses;
use super::declare::dotted;
use super::program::{Binding, Confidence, Constraint, ConstraintKind, ExprKind, Let, Rule, Severity, Slot};
use super::walk::{free_slots, same};
use crate::diagnostic::{Diagnostic, Text, closest, codes::language as codes};
use crate::model::{CodesId, EnumId, SUBMISSION, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::text;

impl<'a> Analysis<'a> {
    /// Reads all rules; those with a mistake are left out.
    pub(super) fn check_rules(&mut self) {
        for at in 0..self.modules.len() {
            self.at = at;
            let tree = self.modules[at].tree;
            for item in &tree.items {
                let ItemKind::Rule(rule) = &item.kind else { continue };
                self.scope = Scope::default();
                let (read, sound) = self.soundly(|analysis| analysis.rule(item, rule));
                let scope = std::mem::take(&mut self.scope);
                if let Some(read) = read
                    && sound
                {
                    self.rule_scopes.push(RuleScope { rule: self.program.rules.len(), scope });
                    self.program.rules.push(read);
                }
            }
        }
    }

    fn rule(&mut self, item: &'a ast::Item, tree: &'a ast::Rule) -> Option<Rule> {
        let basis = self.basis(tree);
        let sources: Vec<u32> = basis.iter().map(|(source, _)| *source).collect();
        let departments = tree.departments.iter().filter_map(|path| self.department(path)).collect();
        let (from, to) = self.period(tree, &sources);
        let applies = tree.applies.iter().filter_map(|region| self.region(region)).collect();
        if self.repeats_id(&tree.id.text, (from, to), tree.id.span) {
            return None;
        }
        let bindings = self.bindings(tree);
        let mut lets = Vec::new();
        for tree in &tree.lets {
            let value = self.expr(&tree.value, None);
            let shadowed = self.scope.variables.iter().find(|known| known.name == tree.name.text);
            if shadowed.is_some() {
                self.report_duplicate(&tree.name.text, tree.name.span, None);
            }
            let depth = clauses::depth(&value, &bindings, &lets);
            let slot = self.bind(&tree.name.text, value.ty.clone(), VariableKind::Let);
            lets.push(Let { slot, name: tree.name.text.clone(), value, depth });
        }
        let severity = tree.severity.map(|word| severity_of(word.severity));
        let mut constraints: Vec<Constraint> = Vec::new();
        self.check_labels(tree);
        for constraint in &tree.constraints {
            constraints.extend(self.constraint(constraint, tree, severity, &bindings, &lets));
        }
        self.check_use(tree, &bindings, &lets, &constraints);
        if tree.constraints.is_empty() {
            let id = &tree.id.text;
            let message = text!(en: "rule `{id}` demands nothing", zh: "规则“{id}”没有任何要求");
            let help = text!(
                en: "add `forbid`, `require` or `oblige` with a `message`",
                zh: "请加上“禁止”“应当”或“责令”及其“说明”"
            );
            self.report(Diagnostic::error(&codes::NO_CONSTRAINT, message).label(tree.id.span).help(help));
        }
        let module = &self.modules[self.at];
        let worst = constraints.iter().map(|constraint| constraint.severity).min();
        Some(Rule {
            id: tree.id.text.clone(),
            title: tree.title.as_ref().map_or_else(|| tree.id.text.clone(), |title| title.text.clone()),
            docs: item.docs.clone(),
            module: module.name.clone(),
            pack: self.packs[module.pack].name.clone(),
            basis,
            departments,
            severity: severity.or(worst).unwrap_or(Severity::Advisory),
            confidence: tree.confidence.map_or(Confidence::Verified, |word| confidence_of(word.confidence)),
            from,
            to,
            applies,
            frame: self.scope.slots,
            bindings,
            lets,
            constraints,
            span: tree.title.as_ref().map_or(tree.id.span, |title| tree.id.span.to(title.span)),
            text: self.whole(item),
        })
    }

    /// Returns the span of a rule with the documentation above it.
    fn whole(&self, item: &ast::Item) -> Span {
        let text = self.files.text(item.span.file);
        let Some(before) = text.get(..item.span.start as usize) else { return item.span };
        let mut start = before.rfind('\n').map_or(0, |at| at + 1);
        for _ in &item.docs {
            let Some(above) = before.get(..start.saturating_sub(1)) else { break };
            let line = above.rfind('\n').map_or(0, |at| at + 1);
            if !above[line..].trim_start().starts_with("///") {
                break;
            }
            start = line;
        }
        Span::new(item.span.file, start, item.span.end as usize)
    }

    fn basis(&mut self, tree: &ast::Rule) -> Vec<(u32, Vec<Arc<str>>)> {
        let proposal = tree.confidence.is_some_and(|word| word.confidence == ast::Confidence::Proposal);
        if tree.basis.is_empty() && !proposal && !tree.incomplete {
            let id = &tree.id.text;
            let message = text!(en: "rule `{id}` names no legal basis", zh: "规则“{id}”没有写明依据");
            let help = text!(
                en: "add `basis SOURCE \"article\"`, or `confidence proposal`",
                zh: "请加上“依据 来源 \"条款\"”，或“可信度 建议”"
            );
            self.report(Diagnostic::warning(&codes::MISSING_BASIS, message).label(tree.id.span).help(help));
        }
        let mut read = Vec::new();
        for basis in &tree.basis {
            if let Some(Thing::Source(source)) = self.find(Space::Source, &basis.source) {
                read.push((source, basis.articles.iter().map(|article| article.text.clone()).collect()));
            }
        }
        read
    }

    fn department(&mut self, path: &ast::Path) -> Option<(EnumId, u16)> {
        let schema = &self.program.schema;
        let find = |id: EnumId, word: &str| super::constants::find_value(schema, id, word).map(|value| (id, value));
        let enums = self.enums_in_sight();
        let named = |word: &str| enums.iter().copied().find(|&id| schema.enumeration(id).names.answers_to(word));
        let (found, word) = match path.words.as_slice() {
            [of, word] => (named(&of.text).and_then(|id| find(id, &word.text)).into_iter().collect(), &word.text),
            [word] => {
                let own = named("department").or_else(|| named("部门")).and_then(|id| find(id, &word.text));
                let found: Vec<_> = match own {
                    Some(own) => vec![own],
                    None => enums.iter().filter_map(|&id| find(id, &word.text)).collect(),
                };
                (found, &word.text)
            }
            [..] => (Vec::new(), &path.words[0].text),
        };
        match found.as_slice() {
            [one] => Some(*one),
            [] => {
                if self.modules[self.at].incomplete {
                    self.broken = true;
                    return None;
                }
                let values = named("department").or_else(|| named("部门")).into_iter();
                let values = values.flat_map(|id| &schema.enumeration(id).values).flat_map(super::resolve::both);
                let help = match closest(word, values) {
                    Some(near) => text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
                    None => text!(
                        en: "departments are the values of `enum department`, declared here or in a module that is used",
                        zh: "部门是“枚举 部门”的值，须在本模块或其引用的模块中声明"
                    ),
                };
                let message = text!(en: "there is no department `{word}`", zh: "没有部门“{word}”");
                self.report(Diagnostic::error(&codes::UNDEFINED_VALUE, message).label(path.span).help(help));
                None
            }
            [(one, _), (other, _), ..] => {
                let (a, b) = (&schema.enumeration(*one).names.name, &schema.enumeration(*other).names.name);
                let message = Text::new(
                    format!("`{word}` may be a value of `{a}` or `{b}`"),
                    format!("“{word}”可能是“{a}”或“{b}”的值"),
                );
                let help = text!(en: "write `{a}.{word}`", zh: "请写“{a}.{word}”");
                self.report(Diagnostic::error(&codes::AMBIGUOUS_NAME, message).label(path.span).help(help));
                None
            }
        }
    }

    fn region(&mut self, tree: &ast::Expr) -> Option<u32> {
        match self.constant_value(tree, &Type::Code(CodesId::REGION))? {
            Value::Code(code) => Some(code.entry),
            _ => None,
        }
    }

    fn bindings(&mut self, tree: &ast::Rule) -> Vec<Binding> {
        if tree.bindings.is_empty() {
            // The submission is the subject, in slot 0, under no other name than its own.
            self.bind(&"".into(), Type::Item(SUBMISSION), VariableKind::Bound);
        }
        let mut bindings: Vec<Binding> = Vec::new();
        for binding in &tree.bindings {
            let shadowed = self.scope.variables.iter().any(|known| known.name == binding.name.text);
            if shadowed {
                self.report_duplicate(&binding.name.text, binding.name.span, None);
            }
            if let Some(mut read) = self.binding(binding) {
                let collection = matches!(read.over.ty, Type::All(_) | Type::List(_));
                let earlier = bindings.iter().rev().find(|earlier| collection && same(&earlier.over, &read.over));
                read.pairs_with = earlier.map(|earlier| earlier.slot);
                bindings.push(read);
            }
        }
        bindings
    }

    fn check_labels(&mut self, tree: &ast::Rule) {
        let unlabelled = tree.constraints.iter().find(|constraint| constraint.label.is_none());
        if let Some(constraint) = unlabelled
            && tree.constraints.len() > 1
        {
            let message = text!(
                en: "one of several constraints has no label",
                zh: "多个约束中有一个没有标签"
            );
            let help = text!(
                en: "write `forbid name: …`, so that findings and tests can name it",
                zh: "请写“禁止 标签: …”，以便结果和测试引用"
            );
            let span = constraint.span;
            self.report(Diagnostic::warning(&codes::UNLABELLED_CONSTRAINT, message).label(span).help(help));
        }
        for (at, constraint) in tree.constraints.iter().enumerate() {
            let Some(label) = &constraint.label else { continue };
            let earlier = tree.constraints[..at].iter().filter_map(|earlier| earlier.label.as_ref());
            if let Some(first) = earlier.into_iter().find(|first| first.text == label.text) {
                self.report_duplicate(&label.text, label.span, Some(first.span));
            }
        }
    }

    fn constraint(
        &mut self,
        tree: &ast::Constraint,
        rule: &ast::Rule,
        severity: Option<Severity>,
        bindings: &[Binding],
        lets: &[Let],
    ) -> Option<Constraint> {
        let condition = self.condition(&tree.condition);
        if matches!(condition.kind, ExprKind::Constant(Value::Bool(_))) && condition.ty == Type::Bool {
            let message = text!(en: "this constraint can never change its verdict", zh: "这个约束的结果永远不变");
            let help = text!(en: "compare something of the subject", zh: "请判断对象的某项内容");
            let span = condition.span;
            self.report(Diagnostic::warning(&codes::CONSTANT_CONDITION, message).label(span).help(help));
        }
        let unless = tree.unless.as_ref().map(|unless| self.condition(unless));
        let message = match &tree.message {
            Some(message) => self.template(message),
            None => {
                let message = text!(en: "this constraint has no message", zh: "这个约束没有说明");
                let help = text!(
                    en: "add `message \"…\"`: what a planner is to read",
                    zh: "请加上“说明 \"…\"”：规划人员要看到的话"
                );
                self.report(Diagnostic::error(&codes::MISSING_MESSAGE, message).label(tree.span).help(help));
                return None;
            }
        };
        let own = tree.severity.map(|word| severity_of(word.severity)).or(severity);
        let Some(severity) = own else {
            if rule.incomplete {
                self.broken = true;
                return None;
            }
            let message = text!(en: "this constraint has no severity", zh: "这个约束没有等级");
            let help = text!(
                en: "add `severity prohibited`, `conditional` or `advisory` to the rule",
                zh: "请为规则加上“等级 禁止级”“限制级”或“提示级”"
            );
            let span = rule.id.span;
            self.report(Diagnostic::error(&codes::MISSING_SEVERITY, message).label(span).label(tree.span).help(help));
            return None;
        };
        let remedies = tree.remedies.iter().map(|remedy| self.remedy(remedy)).collect();
        let feedback = tree.feedback.iter().filter_map(|feedback| self.feedback(feedback)).collect();
        Some(Constraint {
            label: tree.label.as_ref().map(|label| label.text.clone()),
            kind: match tree.kind {
                ast::ConstraintKind::Forbid => ConstraintKind::Forbid,
                ast::ConstraintKind::Require => ConstraintKind::Require,
                ast::ConstraintKind::Oblige => ConstraintKind::Oblige,
            },
            quantities: self.quantities(&condition, lets),
            evidence: clauses::evidence(&condition, bindings, lets),
            text: self.text(tree.condition.span),
            condition,
            unless,
            message,
            severity,
            remedies,
            feedback,
            span: tree.span,
        })
    }

    /// Warns of lets that nothing names, and of constraints that would say the same for every value of the last binding.
    fn check_use(&mut self, tree: &ast::Rule, bindings: &[Binding], lets: &[Let], constraints: &[Constraint]) {
        for name in tree.lets.iter().map(|tree| &tree.name) {
            let unused = |known: &super::analysis::Variable| {
                known.name == name.text && known.kind == VariableKind::Let && !known.used
            };
            if self.scope.variables.iter().any(unused) && !self.broken && !tree.incomplete {
                let word = &name.text;
                let message = text!(en: "`{word}` is never used", zh: "“{word}”从未使用");
                let help =
                    text!(en: "remove the `let`, or name it in the constraint", zh: "请删去这个“令”，或在约束中使用它");
                self.report(Diagnostic::warning(&codes::UNUSED_LET, message).label(name.span).help(help));
            }
        }
        if bindings.len() < 2 || self.broken {
            return;
        }
        let last = bindings[bindings.len() - 1].slot;
        for constraint in constraints {
            let parts = std::iter::once(&constraint.condition).chain(&constraint.unless);
            let mut named: Vec<Slot> = parts.flat_map(free_slots).collect();
            let mut at = 0;
            while at < named.len() {
                if let Some(found) = lets.iter().find(|found| found.slot == named[at]) {
                    for slot in free_slots(&found.value) {
                        if !named.contains(&slot) {
                            named.push(slot);
                        }
                    }
                }
                at += 1;
            }
            if !named.contains(&last) {
                let name = &bindings[bindings.len() - 1].name;
                let message = text!(
                    en: "the constraint says nothing of `{name}`, so it repeats for every one of them",
                    zh: "约束没有用到“{name}”，会对每个“{name}”重复一次"
                );
                let help = text!(
                    en: "use `{name}`, or put the binding into the condition: `any {name} in …`",
                    zh: "请使用“{name}”，或改写为条件：“存在 {name} 属于 …”"
                );
                let span = constraint.span;
                self.report(Diagnostic::warning(&codes::REPEATED_CONSTRAINT, message).label(span).help(help));
            }
        }
    }

    /// Reads the class that a clause names.
    pub(super) fn class(&mut self, path: &ast::Path) -> Option<crate::model::ClassId> {
        match self.find(Space::Value, path)? {
            Thing::Class(class) => Some(class),
            Thing::Enum(_)
            | Thing::Codes(_)
            | Thing::Set(_)
            | Thing::Param(_)
            | Thing::Source(_)
            | Thing::Define(_) => {
                let name = dotted(path);
                let message = text!(
                    en: "`{name}` is not a layer, record or table",
                    zh: "“{name}”不是图层、档案或对照表"
                );
                let help = text!(en: "name one of these here", zh: "这里须写其中之一");
                self.report(Diagnostic::error(&codes::TYPE_MISMATCH, message).label(path.span).help(help));
                None
            }
        }
    }
}

fn severity_of(severity: ast::Severity) -> Severity {
    match severity {
        ast::Severity::Prohibited => Severity::Prohibited,
        ast::Severity::Conditional => Severity::Conditional,
        ast::Severity::Advisory => Severity::Advisory,
    }
}

fn confidence_of(confidence: ast::Confidence) -> Confidence {
    match confidence {
        ast::Confidence::Verified => Confidence::Verified,
        ast::Confidence::Seed => Confidence::Seed,
        ast::Confidence::Unverified => Confidence::Unverified,
        ast::Confidence::Proposal => Confidence::Proposal,
    }
}
