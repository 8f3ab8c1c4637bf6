//! Text in general: digests. Knows nothing of plans or requirements.

pub mod digest;
