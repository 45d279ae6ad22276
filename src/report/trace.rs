//! The steps of a condition as the report carries them.

use super::amount::amount;
use super::assemble::{sign, tidy};
use super::number::Printer;
use super::place::Spot;
use super::result::{Origin, Outcome, Step, Trace};
use crate::engine::finding::{self, Operation};
use crate::model::{SUBMISSION, Truth};
use crate::sema::program::{Constraint, ConstraintKind, Program};
use crate::source::Files;

/// Puts the steps behind a finding into words.
pub(super) fn trace(
    finding: &finding::Finding,
    constraint: &Constraint,
    program: &Program,
    printer: Printer<'_>,
    files: &Files,
) -> Option<Trace> {
    let teller = Teller { program, printer, files };
    Some(Trace {
        wanted: match constraint.kind {
            ConstraintKind::Require => true,
            ConstraintKind::Forbid | ConstraintKind::Oblige => false,
        },
        condition: teller.step(finding.condition.as_ref()?),
        unless: finding.unless.as_ref().map(|unless| teller.step(unless)),
    })
}

struct Teller<'a> {
    program: &'a Program,
    printer: Printer<'a>,
    files: &'a Files,
}

impl Teller<'_> {
    fn step(&self, step: &finding::Step) -> Step {
        Step {
            text: tidy(self.files.slice(step.span)),
            operation: match step.operation {
                Operation::And => Some("and".to_owned()),
                Operation::Or => Some("or".to_owned()),
                Operation::Not => Some("not".to_owned()),
                Operation::Compare(order) => Some(sign(order).to_owned()),
                Operation::Other => None,
            },
            amount: step.value.as_ref().map(|value| amount(value, self.printer)),
            outcome: step.truth.as_ref().map(|truth| match truth {
                Truth::True => Outcome::True,
                Truth::False => Outcome::False,
                Truth::Unknown(()) => Outcome::Unknown,
            }),
            from: step.from.and_then(|from| self.origin(from)),
            steps: step.steps.iter().map(|part| self.step(part)).collect(),
        }
    }

    fn origin(&self, from: finding::Origin) -> Option<Origin> {
        let schema = self.printer.schema;
        match from {
            finding::Origin::Param(number) => {
                let param = self.program.params.get(number as usize)?;
                Some(Origin {
                    what: param.names.name.to_string(),
                    path: self.files.name(param.span.file).to_string(),
                    line: Some(self.files.location(param.span).line),
                    record: None,
                    cell: None,
                    of_rules: true,
                })
            }
            finding::Origin::Item(item) | finding::Origin::Field(item, _) => {
                let (class, items) = (schema.class(item.class), self.printer.data.items(item.class));
                if item.index as usize >= items.len() {
                    return None;
                }
                let thing = match item.class {
                    SUBMISSION => class.names.name.to_string(),
                    _ => format!("{} {}", class.names.name, items.id(item.index)),
                };
                let field = match from {
                    finding::Origin::Field(_, field) => class.fields.get(field.0 as usize),
                    finding::Origin::Item(_) | finding::Origin::Param(_) => None,
                };
                let place = items.place(item.index);
                let spot = Spot::of(self.files, place);
                Some(Origin {
                    what: match field {
                        Some(field) => format!("{thing} · {}", field.aliases.first().unwrap_or(&field.names.name)),
                        None => thing,
                    },
                    path: self.files.name(place.file).to_string(),
                    line: spot.line,
                    record: spot.record,
                    cell: spot.cell,
                    of_rules: false,
                })
            }
        }
    }
}
