//! Price books: what a provider asks for a role in a region, with date and confidence.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::quantity::Range;

/// The prices of one provider.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
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
    pub item: String,
    /// What one unit is.
    pub unit: String,
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
    pub source: String,
    /// Date of the evidence.
    pub as_of: String,
    /// `found` or `memory`.
    pub confidence: String,
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

impl Price {
    /// Cost of a quantity in the row's currency: the free units cost nothing, further tiers their own price.
    #[must_use]
    pub fn cost(&self, quantity: f64) -> f64 {
        let mut steps = vec![Tier { from: 0.0, price: self.price }];
        steps.extend(self.tiers.iter().copied().filter(|tier| tier.from > 0.0));
        let billed = (quantity - self.free).max(0.0);
        let ends = steps.iter().skip(1).map(|tier| tier.from).chain(std::iter::once(f64::INFINITY));
        steps.iter().zip(ends).map(|(step, end)| (billed.min(end) - step.from).max(0.0) * step.price).sum()
    }
}
