//! Exact fractions, so that equal quantities in different notations are the same number.
