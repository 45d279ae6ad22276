//! What variables run over, and which of it a condition keeps.

use std::sync::Arc;

use super::Evaluator;
use crate::engine::frame::Frame;
use crate::engine::pieces::Pieces;
use crate::engine::truth;
use crate::engine::value::{Evaluated, Filter, Gap, Many, Reasons, Selection, Tri};
use crate::model::{CodeRef, ItemRef, Truth};
use crate::sema::program::{Expr, Members, Slot};

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn filter(&self, over: Evaluated<'a>, filter: Filter<'a>) -> Evaluated<'a> {
        match over {
            Evaluated::Selection(selection) => {
                let mut selection = Selection::clone(&selection);
                selection.filters.push(filter);
                Evaluated::Selection(Arc::new(selection))
            }
            Evaluated::Pieces(pieces) => {
                let (mut list, mut gaps) = (Vec::new(), pieces.gaps.clone());
                for piece in &pieces.list {
                    match self.fits(&filter, &Evaluated::Piece(Arc::clone(piece)), &[]) {
                        Truth::True => list.push(Arc::clone(piece)),
                        Truth::False => {}
                        Truth::Unknown(reasons) => gaps.push(Gap { bounds: Some(piece.shape().bounds()), reasons }),
                    }
                }
                Evaluated::Pieces(Arc::new(Pieces::new(list, gaps)))
            }
            Evaluated::List(_) | Evaluated::Set(_) | Evaluated::Codes(..) | Evaluated::Values(_) => {
                let many = self.iterate(&over);
                let mut kept: Vec<Evaluated<'a>> = Vec::new();
                for (item, _) in many.items {
                    match self.fits(&filter, &item, &[]) {
                        Truth::True => kept.push(item),
                        Truth::False => {}
                        // One that may or may not belong leaves its place unknown.
                        Truth::Unknown(reasons) => kept.push(Evaluated::Unknown(reasons)),
                    }
                }
                kept.extend(many.more.map(Evaluated::Unknown));
                Evaluated::List(kept.into())
            }
            other => other,
        }
    }

    fn fits(&self, filter: &Filter<'a>, item: &Evaluated<'a>, settled: &[(usize, Tri)]) -> Tri {
        self.condition(filter.condition, filter.slot, item, settled, &mut Frame::clone(&filter.frame))
    }

    /// Returns whether a condition holds for one thing that a variable runs over; parts of it may be `settled`, by their addresses.
    pub(in crate::engine) fn condition(
        &self,
        condition: &'a Expr,
        slot: Slot,
        value: &Evaluated<'a>,
        settled: &[(usize, Tri)],
        frame: &mut Frame<'a>,
    ) -> Tri {
        let mask = value.item().and_then(|item| self.mask_of(condition, item));
        frame.set(slot, value.clone());
        match mask {
            Some(mask) => mask.get_or_init(|| self.exact().truth(condition, frame)).clone(),
            None => self.truth_given(condition, settled, frame),
        }
    }

    /// Returns whether an item belongs to a selection.
    pub(in crate::engine) fn admits(&self, selection: &Selection<'a>, item: ItemRef) -> Tri {
        self.admits_given(selection, item, &[])
    }

    /// Returns whether an item belongs to a selection; parts of its conditions may be `settled`, by their addresses.
    pub(super) fn admits_given(&self, selection: &Selection<'a>, item: ItemRef, settled: &[(usize, Tri)]) -> Tri {
        truth::all(selection.filters.iter().map(|filter| {
            let value = Evaluated::Item(item);
            if let Some(known) = self.mask_of(filter.condition, item).and_then(|mask| mask.get()) {
                return known.clone();
            }
            self.fits(filter, &value, settled)
        }))
    }

    /// Returns the things that a variable over this value stands for.
    pub(in crate::engine) fn iterate(&self, over: &Evaluated<'a>) -> Many<'a> {
        match over {
            Evaluated::Unknown(_) | Evaluated::Absent(_) => Many::unknown(over.unknown().unwrap_or_default()),
            Evaluated::Dangling(missing) => Many::unknown(Reasons::one(missing.clone())),
            Evaluated::List(items) => {
                let known = items.iter().filter(|item| item.unknown().is_none()).cloned();
                Many { more: Reasons::all(items.iter().filter_map(Evaluated::unknown)), ..Many::known(known) }
            }
            Evaluated::Selection(selection) => Arc::unwrap_or_clone(self.things_of(selection, Vec::new()).many),
            Evaluated::Set(members @ Members::Codes { include, .. }) => {
                let held = include.iter().filter(|code| self.set_holds(members, **code));
                Many::known(held.map(|code| Evaluated::Code(*code)))
            }
            Evaluated::Set(Members::Values { of, include }) => {
                Many::known(include.iter().map(|value| Evaluated::Enum(*of, *value)))
            }
            Evaluated::Codes(list, level) => {
                let entries = self.world.program.schema.code_list(*list).entries.iter().enumerate();
                let wanted = entries.filter(|(_, entry)| level.is_none_or(|level| entry.level == level));
                Many::known(wanted.map(|(at, _)| Evaluated::Code(CodeRef { list: *list, entry: at as u32 })))
            }
            Evaluated::Values(of) => {
                let count = self.world.program.schema.enumeration(*of).values.len() as u16;
                Many::known((0..count).map(|value| Evaluated::Enum(*of, value)))
            }
            Evaluated::Pieces(pieces) => Many {
                items: pieces.list.iter().map(|piece| (Evaluated::Piece(Arc::clone(piece)), None)).collect(),
                more: pieces.doubt(),
            },
            Evaluated::Bool(_)
            | Evaluated::Number(_)
            | Evaluated::Measure(_)
            | Evaluated::Text(_)
            | Evaluated::Date(_)
            | Evaluated::Duration(_)
            | Evaluated::Code(_)
            | Evaluated::Enum(..)
            | Evaluated::Range(_)
            | Evaluated::Item(_)
            | Evaluated::Region(_)
            | Evaluated::Piece(_) => Many::known([over.clone()]),
        }
    }

    pub(super) fn is_empty(&self, value: &Evaluated<'a>) -> Tri {
        if let Evaluated::Text(text) = value {
            return truth::of(text.trim().is_empty());
        }
        if let Evaluated::Region(region) = value {
            let doubt = region.doubt().map_or(Truth::True, Truth::Unknown);
            return truth::and(truth::of(region.shape.view().is_empty()), doubt);
        }
        let many = self.iterate(value);
        let there = many.items.iter().map(|(_, doubt)| truth::doubted(doubt.as_ref()));
        let there = truth::any(there);
        truth::not(truth::or(there, many.more.map_or(Truth::False, Truth::Unknown)))
    }
}
