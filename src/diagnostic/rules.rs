//! Codes and names of the rules about requirements; permanent, never used twice.

use super::RuleId;

/// A rule's code and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Letter and three digits.
    pub code: &'static str,
    /// Kebab-case name.
    pub name: &'static str,
}

impl Named {
    /// The same, owned by a diagnostic.
    #[must_use]
    pub fn id(self) -> RuleId {
        RuleId { code: self.code.to_owned(), name: self.name.to_owned() }
    }
}

macro_rules! rules {
    ($($constant:ident = $code:literal $name:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "` ", $name)]
            pub const $constant: Named = Named { code: $code, name: $name };
        )*

        /// Every rule of family R, by code.
        pub const FAMILY_R: &[Named] = &[$($constant),*];
    };
}

rules! {
    YAML_SYNTAX = "R001" "yaml-syntax";
    YAML_FEATURE = "R002" "yaml-feature";
    TOO_LARGE = "R003" "too-large";
    BAD_CHARACTER = "R004" "bad-character";
    DUPLICATE_KEY = "R005" "duplicate-key";
    UNKNOWN_KEY = "R006" "unknown-key";
    MISSING_KEY = "R007" "missing-key";
    WRONG_TYPE = "R008" "wrong-type";
    UNKNOWN_VALUE = "R009" "unknown-value";
    BAD_QUANTITY = "R010" "bad-quantity";
    RANGE_ORDER = "R011" "range-order";
    OUT_OF_BOUNDS = "R012" "out-of-bounds";
    EMPTY_FILE = "R013" "empty-file";
    UNSUPPORTED_VERSION = "R014" "unsupported-version";
    UNSAFE_NAME = "R015" "unsafe-name";
    DUPLICATE_NAME = "R016" "duplicate-name";
    DANGLING_REFERENCE = "R017" "dangling-reference";
    CYCLIC_CALLS = "R018" "cyclic-calls";
    PERCENTILE_ORDER = "R019" "percentile-order";
    PEAK_BELOW_AVERAGE = "R020" "peak-below-average";
    DAILY_ABOVE_MONTHLY = "R021" "daily-above-monthly";
    MISSING_LOAD = "R022" "missing-load";
    UNKNOWN_QUERY_FIELD = "R023" "unknown-query-field";
    CURRENCY_WITHOUT_RATE = "R024" "currency-without-rate";
    SET_NULL_ON_REQUIRED = "R025" "set-null-on-required";
    WAIVER_WITHOUT_REASON = "R026" "waiver-without-reason";
    FIELD_WITHOUT_ONE_TYPE = "R027" "field-without-one-type";
    SEVERAL_TENANTS = "R028" "several-tenants";
    UNKNOWN_RESIDENCY = "R029" "unknown-residency";
    UNKNOWN_PATH = "R030" "unknown-path";
    BAD_ENDPOINT = "R031" "bad-endpoint";
    TRAFFIC_DISAGREEMENT = "R032" "traffic-disagreement";
    UNPUBLISHED_EVENT = "R033" "unpublished-event";
    MANY_ERRORS = "R034" "many-errors";
    UNUSED_INPUT = "R035" "unused-input";
}
