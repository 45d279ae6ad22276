//! What a remedy may change: the plan, never a line that other remedies take as given.

use super::analysis::Analysis;
use super::program::{Expr, Remedy, Rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::language as codes;
use crate::model::{ClassId, Type};
use crate::source::Span;
use crate::text;

/// A remedy that works out a shape: whose shape it changes, and what it takes as given.
struct Cut {
    changed: ClassId,
    changed_at: Span,
    given: ClassId,
    given_at: Span,
}

impl Analysis<'_> {
    /// Reports remedies that change what a remedy before them takes as given: of two rules that would each move the other's line, the
    /// one that stands later, which is that of the lower pack.
    pub(super) fn check_remedies(&mut self) {
        let mut cuts: Vec<Cut> = self.program.rules.iter().flat_map(cuts).collect();
        cuts.sort_by_key(|cut| cut.changed_at);
        for (at, cut) in cuts.iter().enumerate() {
            let Some(earlier) = cuts[..at].iter().find(|one| one.given == cut.changed && one.changed != cut.changed)
            else {
                continue;
            };
            let name = self.program.schema.class(cut.changed).names.shown().to_owned();
            let message = text!(
                en: "this remedy would move `{name}`, which another remedy takes as given",
                zh: "该整改会改动“{name}”，而另一条整改以它为准"
            );
            let here = text!(en: "taken as given here", zh: "在此以它为准");
            let help = text!(
                en: "cure the plan and not the control line; say in words what is to be reported to its keeper",
                zh: "应整改方案而不是控制线；需要反馈给控制线管理方的，请用文字写明"
            );
            let found = Diagnostic::error(&codes::MOVED_CONTROL_LINE, message)
                .label(cut.changed_at)
                .label_with(earlier.given_at, here)
                .help(help);
            self.report(found);
        }
    }
}

fn cuts(rule: &Rule) -> impl Iterator<Item = Cut> {
    let remedies = rule.constraints.iter().flat_map(|constraint| &constraint.remedies);
    remedies.filter_map(|remedy| {
        let (changed, given) = match remedy {
            Remedy::Subtract { from, what, .. } => (from, what),
            Remedy::Clip { what, to } => (what, to),
            Remedy::Text(_) => return None,
        };
        Some(Cut {
            changed: class_of(changed)?,
            changed_at: changed.span,
            given: class_of(given)?,
            given_at: given.span,
        })
    })
}

fn class_of(expr: &Expr) -> Option<ClassId> {
    match expr.ty {
        Type::Item(class) | Type::All(class) => Some(class),
        _ => None,
    }
}
