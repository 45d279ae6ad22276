//! What a run reads: the program, the data, and what is worked out once for all subjects.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::Settings;
use super::finding::Missing;
use super::frame::Frame;
use super::ground::Ground;
use super::lookup::Lookups;
use super::meter::Meter;
use super::register::Register;
use super::value::{Evaluated, Tri};
use super::walk;
use crate::geometry::measure::Measure;
use crate::model::{ClassId, Dataset, FieldId, ItemRef, SUBMISSION, Type};
use crate::sema::program::{Expr, ExprKind, Program, Rule, Slot};

/// The address of an expression in the program: cheap to look up while features are visited.
pub(super) fn address(expr: &Expr) -> usize {
    std::ptr::from_ref(expr) as usize
}

/// Tells whether an expression gathers things of a class and comes out the same whatever the subject.
fn is_of_data_alone(expr: &Expr) -> bool {
    let gathers = matches!(expr.kind, ExprKind::Aggregate { .. } | ExprKind::Quantifier { .. } | ExprKind::Call(..));
    let mut names_class = false;
    if gathers {
        walk::everything(expr, &mut |part| names_class |= matches!(part.kind, ExprKind::Class(_)));
    }
    names_class && walk::depends_only_on(expr, &[])
}

/// The program and the data with what is worked out once.
pub(super) struct World<'a> {
    pub(super) program: &'a Program,
    pub(super) data: &'a Dataset,
    pub(super) settings: &'a Settings,
    pub(super) grounds: Vec<OnceLock<Ground<'a>>>,
    /// The areas of the items of each class, once one of them is asked for.
    areas: Vec<OnceLock<Box<[OnceLock<Measure>]>>>,
    /// The field that holds a class's geometry, where one is declared.
    geometry_fields: Vec<Option<FieldId>>,
    /// Conditions that depend on nothing but the item: their truth for each item of the class, once asked for.
    masks: FxHashMap<usize, (ClassId, Vec<OnceLock<Tri>>)>,
    /// What depends on the data alone and may go through many of them: the value of each, once asked for.
    kept: FxHashMap<usize, OnceLock<Evaluated<'a>>>,
    /// Which expressions and bindings are which join of the plan; see [`super::plan::Plan`].
    pub(super) joins: FxHashMap<usize, u32>,
    /// Conditions that registers answer in part.
    pub(super) lookups: Lookups<'a>,
    /// The registers of the lookups, each made when it is first asked.
    pub(super) registers: Vec<OnceLock<Register>>,
    /// Whether indexes, masks and caches may be used; without them a run must come to the same.
    pub(super) shortcuts: bool,
    /// Where the time of the run is booked, if it is asked for.
    pub(super) meter: Option<&'a Meter>,
    pub(super) as_of: Option<FieldId>,
    pub(super) region: Option<FieldId>,
}

impl<'a> World<'a> {
    /// Returns a world in which these rules can be run.
    pub(super) fn new(program: &'a Program, data: &'a Dataset, settings: &'a Settings, rules: &[&'a Rule]) -> Self {
        let schema = &program.schema;
        let geometry_field = |class: ClassId| {
            let class = schema.class(class);
            class.field("geometry").filter(|field| matches!(class.fields[field.0 as usize].ty, Type::Geometry(_)))
        };
        let submission_field = |name: &str| schema.classes.first().and_then(|class| class.field(name));
        let lookups = Lookups::of(program, rules);
        let registers = lookups.abouts.iter().map(|_| OnceLock::new()).collect();
        let mut world = World {
            program,
            data,
            settings,
            grounds: schema.classes.iter().map(|_| OnceLock::new()).collect(),
            areas: schema.classes.iter().map(|_| OnceLock::new()).collect(),
            geometry_fields: schema.class_ids().map(geometry_field).collect(),
            masks: FxHashMap::default(),
            kept: FxHashMap::default(),
            joins: FxHashMap::default(),
            lookups,
            registers,
            shortcuts: true,
            meter: None,
            as_of: submission_field("as_of"),
            region: submission_field("region"),
        };
        for rule in rules {
            for binding in rule.bindings.iter().skip(1) {
                world.mask(binding.condition.as_ref(), binding.slot, &binding.ty);
            }
            walk::of_rule(rule, &mut |expr| world.prepare(expr));
        }
        for define in &program.defines {
            world.prepare(&define.body);
        }
        world
    }

    /// Makes room for what is kept of an expression and its parts.
    fn prepare(&mut self, expr: &'a Expr) {
        walk::everything(expr, &mut |part| {
            if is_of_data_alone(part) {
                self.kept.insert(address(part), OnceLock::new());
            }
            for binding in walk::bindings(part) {
                self.mask(binding.condition.as_ref(), binding.slot, &binding.ty);
            }
            if let ExprKind::Filter { over, slot, condition } = &part.kind
                && let Type::All(class) = over.ty
            {
                self.mask(Some(condition), *slot, &Type::Item(class));
            }
        });
    }

    fn mask(&mut self, condition: Option<&'a Expr>, slot: Slot, ty: &Type) {
        if let (Some(condition), Type::Item(class)) = (condition, ty)
            && walk::depends_only_on(condition, &[slot])
        {
            let truths = (0..self.data.items(*class).len()).map(|_| OnceLock::new()).collect();
            self.masks.insert(address(condition), (*class, truths));
        }
    }

    /// Returns where the truth of a condition for an item is kept, if it depends on nothing but the item.
    pub(super) fn mask_of(&self, condition: &Expr, class: ClassId, item: u32) -> Option<&OnceLock<Tri>> {
        let (of, truths) = self.masks.get(&address(condition)).filter(|_| self.shortcuts)?;
        if *of == class { truths.get(item as usize) } else { None }
    }

    /// Returns where the value of an expression is kept, if it depends on the data alone.
    pub(super) fn kept(&self, expr: &Expr) -> Option<&OnceLock<Evaluated<'a>>> {
        self.kept.get(&address(expr)).filter(|_| self.shortcuts)
    }

    /// Returns the field that holds the geometry of a class, where one is declared.
    pub(super) fn geometry_field(&self, class: ClassId) -> Option<FieldId> {
        self.geometry_fields.get(class.0 as usize).copied().flatten()
    }

    /// Returns the area of an item, if it was measured for an earlier subject.
    pub(super) fn known_area(&self, item: ItemRef) -> Option<Measure> {
        self.areas[item.class.0 as usize].get()?.get(item.index as usize)?.get().copied()
    }

    /// Keeps the area of an item, all of which is known, for later subjects.
    pub(super) fn keep_area(&self, item: ItemRef, area: Measure) {
        if !self.shortcuts {
            return;
        }
        let count = self.data.items(item.class).len();
        let areas = self.areas[item.class.0 as usize].get_or_init(|| (0..count).map(|_| OnceLock::new()).collect());
        if let Some(kept) = areas.get(item.index as usize) {
            // Whoever was first measured the same.
            kept.get_or_init(|| area);
        }
    }

    /// Returns why a class may hold more than is known: it was not supplied, or not read to its end.
    pub(super) fn unread(&self, class: ClassId) -> Option<Missing> {
        let items = self.data.items(class);
        match (items.supplied || !items.is_empty(), items.complete) {
            (_, false) => Some(Missing::PartlyRead(class)),
            (false, true) => Some(Missing::Class(class)),
            (true, true) => None,
        }
    }

    /// Returns the submission's own record, if it was supplied.
    pub(super) fn submission(&self) -> Option<ItemRef> {
        let there = !self.data.items(SUBMISSION).is_empty();
        there.then_some(ItemRef { class: SUBMISSION, index: 0 })
    }

    /// Returns an empty frame for expressions outside any rule.
    pub(super) fn bare_frame(&self) -> Frame<'a> {
        Frame::of_arguments(0, [])
    }
}
