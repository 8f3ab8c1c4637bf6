//! The embedded catalogue as it stands in the program: a tree of values that costs nothing until somebody looks at it, and parts of typed
//! entries that are decoded only then. It knows no kind of entry.

mod late;
mod place;
mod tree;

pub use late::Late;
pub use place::{Placed, placed};
pub use tree::Packed;
