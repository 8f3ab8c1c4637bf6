//! Price books: what a provider asks for a role in a region, with date and confidence.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::packed::Late;
use crate::quantity::Range;

/// The prices of one provider.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceBook {
    /// The provider as in `stack.cloud`.
    pub provider: String,
    /// The region that most rows are for.
    pub default_region: String,
    /// Factors of other regions over the default region.
    #[serde(default)]
    pub region_factors: BTreeMap<String, RegionFactor>,
    /// One row per role and region.
    pub prices: Vec<Price>,
    /// What commitments and interruptible capacity take off; empty where none is sold.
    #[serde(default)]
    pub discounts: Vec<Discount>,
    /// Loads at which two ways to buy cost the same.
    #[serde(default)]
    pub break_evens: Vec<BreakEven>,
}

/// A discount for a promise, or for capacity that may be taken away.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// What is promised or put up with.
    pub name: String,
    /// Topics whose hourly lines it covers.
    pub topics: Vec<String>,
    /// Part taken off, 0 to 1.
    pub share: f64,
    /// Length of the commitment in months; absent for interruptible capacity.
    #[serde(default)]
    pub months: Option<f64>,
    /// Where it comes from.
    pub source: Late<String>,
    /// Date of the evidence.
    pub as_of: Late<String>,
    /// `found` or `memory`.
    pub confidence: Late<String>,
}

/// A fixed way to buy against a way that is paid per thing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakEven {
    /// The two ways, the fixed one last.
    pub what: String,
    /// Role of the fixed way.
    pub fixed_role: String,
    /// Its units in a month.
    pub fixed_units: f64,
    /// Role of the way that is paid per thing.
    pub unit_role: String,
    /// Its units for one thing.
    pub units_each: f64,
    /// Unit of the rate, per second.
    pub unit: String,
    /// Path of the fact with the rate of the design.
    pub now: String,
    /// Where it comes from.
    pub source: Late<String>,
}

/// How much more a region costs.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub struct RegionFactor {
    /// Least.
    pub low: f64,
    /// Expected.
    pub expected: f64,
    /// Most.
    pub high: f64,
}

/// One price.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Price {
    /// What technologies ask for.
    pub role: String,
    /// Where it holds.
    pub region: String,
    /// As the provider calls it.
    pub item: Late<String>,
    /// The name by which it is ordered, where it is a machine.
    #[serde(default)]
    pub machine: Option<String>,
    /// Machines of one unit; absent for one.
    #[serde(default)]
    pub machines: Option<f64>,
    /// vCPU of a machine.
    #[serde(default)]
    pub vcpu: Option<f64>,
    /// Memory of a machine in GB.
    #[serde(default)]
    pub memory_gb: Option<f64>,
    /// What one unit is.
    pub unit: Late<String>,
    /// Price of one unit.
    pub price: f64,
    /// `EUR` or absent for US dollars.
    #[serde(default)]
    pub currency: Option<String>,
    /// Units that cost nothing each month.
    #[serde(default, alias = "free_gb")]
    pub free: f64,
    /// Cheaper prices from a quantity on.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// Where it comes from.
    pub source: Late<String>,
    /// Date of the evidence.
    pub as_of: Late<String>,
    /// `found` or `memory`.
    pub confidence: Late<String>,
}

/// A price from a quantity on.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub struct Tier {
    /// Units from which it holds.
    #[serde(alias = "from_gb")]
    pub from: f64,
    /// Price of one unit above.
    pub price: f64,
}

/// A price found for a role, in US dollars.
#[derive(Clone, Debug)]
pub struct Quote<'a> {
    /// The row.
    pub row: &'a Price,
    /// Permanent id: provider, role and region.
    pub id: String,
    /// Factor from the row's price to the stated region, in US dollars.
    pub factor: Range,
}

impl PriceBook {
    /// The price of a role in the first of these regions that has one, else in the default region times its factor.
    #[must_use]
    pub fn quote(&self, role: &str, regions: &[String], usd_per_eur: f64) -> Option<Quote<'_>> {
        let row_in = |region: &str| self.prices.iter().find(|row| row.role == role && row.region == region);
        let region = regions.first().map_or(self.default_region.as_str(), String::as_str);
        let (row, factor) = match row_in(region) {
            Some(row) => (row, Range::exactly(1.0)),
            None => {
                let row = row_in(&self.default_region).or_else(|| self.prices.iter().find(|row| row.role == role))?;
                let factor = self.region_factors.get(region).map_or(Range::exactly(1.0), |found| Range {
                    low: found.low,
                    expected: found.expected,
                    high: found.high,
                });
                (row, factor)
            }
        };
        let currency = if row.currency.as_deref() == Some("EUR") { usd_per_eur } else { 1.0 };
        Some(Quote {
            row,
            id: format!("{}.{}.{}", self.provider, row.role, row.region),
            factor: factor.scaled(currency),
        })
    }
}

impl PriceBook {
    /// The price of every role, as [`PriceBook::quote`] gives it.
    #[must_use]
    pub fn quotes(&self, regions: &[String], usd_per_eur: f64) -> BTreeMap<&str, Quote<'_>> {
        let mut out = BTreeMap::new();
        for row in &self.prices {
            if !out.contains_key(row.role.as_str())
                && let Some(quote) = self.quote(&row.role, regions, usd_per_eur)
            {
                out.insert(row.role.as_str(), quote);
            }
        }
        out
    }
}

impl Price {
    /// Cost of a quantity in the row's currency: the free units cost nothing, further tiers their own price.
    #[must_use]
    pub fn cost(&self, quantity: f64) -> f64 {
        let tiers = || self.tiers.iter().filter(|tier| tier.from > 0.0);
        let steps = std::iter::once(Tier { from: 0.0, price: self.price }).chain(tiers().copied());
        let billed = (quantity - self.free).max(0.0);
        let ends = tiers().map(|tier| tier.from).chain(std::iter::once(f64::INFINITY));
        steps.zip(ends).map(|(step, end)| (billed.min(end) - step.from).max(0.0) * step.price).sum()
    }
}
