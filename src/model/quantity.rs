//! Units, and the only conversions between them.

use rust_decimal::Decimal;

use super::Dimension;

/// One mu in square metres, exactly 10000/15; not a finite decimal, so conversions multiply before they divide.
pub const MU_M2: f64 = 10_000.0 / 15.0;

/// A unit that a literal or a message may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Metre.
    Metre,
    /// Kilometre.
    Kilometre,
    /// Square metre.
    SquareMetre,
    /// Hectare, 公顷.
    Hectare,
    /// Square kilometre.
    SquareKilometre,
    /// Mu, 亩: one fifteenth of a hectare.
    Mu,
    /// Ten thousand mu, 万亩.
    TenThousandMu,
    /// Yuan.
    Yuan,
    /// Ten thousand yuan, 万元.
    TenThousandYuan,
    /// A hundred million yuan, 亿元.
    HundredMillionYuan,
    /// A hundredth.
    Percent,
    /// A thousandth.
    Permille,
}

impl Unit {
    /// Returns how many base units (m, m², yuan, 1) one of this unit is, as a fraction.
    fn factor(self) -> (u64, u64) {
        match self {
            Unit::Metre | Unit::SquareMetre | Unit::Yuan => (1, 1),
            Unit::Kilometre => (1_000, 1),
            Unit::Hectare | Unit::TenThousandYuan => (10_000, 1),
            Unit::SquareKilometre => (1_000_000, 1),
            Unit::Mu => (10_000, 15),
            Unit::TenThousandMu => (100_000_000, 15),
            Unit::HundredMillionYuan => (100_000_000, 1),
            Unit::Percent => (1, 100),
            Unit::Permille => (1, 1_000),
        }
    }

    /// Returns the dimension that the unit measures.
    pub fn dimension(self) -> Dimension {
        match self {
            Unit::Metre | Unit::Kilometre => Dimension::LENGTH,
            Unit::SquareMetre | Unit::Hectare | Unit::SquareKilometre | Unit::Mu | Unit::TenThousandMu => {
                Dimension::AREA
            }
            Unit::Yuan | Unit::TenThousandYuan | Unit::HundredMillionYuan => Dimension::MONEY,
            Unit::Percent | Unit::Permille => Dimension::NONE,
        }
    }

    /// Converts a number of this unit to base units; `None` if it does not fit a decimal.
    pub fn to_base(self, number: Decimal) -> Option<Decimal> {
        let (numerator, denominator) = self.factor();
        number.checked_mul(Decimal::from(numerator))?.checked_div(Decimal::from(denominator))
    }

    /// Converts a number of base units to this unit; `None` if it does not fit a decimal.
    pub fn from_base(self, number: Decimal) -> Option<Decimal> {
        let (numerator, denominator) = self.factor();
        number.checked_mul(Decimal::from(denominator))?.checked_div(Decimal::from(numerator))
    }

    /// Converts a measured number of base units to this unit.
    pub fn measure_from_base(self, number: f64) -> f64 {
        let (numerator, denominator) = self.factor();
        number * denominator as f64 / numerator as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_mu_are_a_hectare() {
        assert_eq!(Unit::Mu.to_base(Decimal::from(15)), Some(Decimal::from(10_000)));
        assert_eq!(Unit::Hectare.from_base(Decimal::from(10_000)), Some(Decimal::from(1)));
        assert!((Unit::Mu.measure_from_base(MU_M2) - 1.0).abs() < 1e-15);
    }
}
