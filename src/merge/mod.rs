//! Updating.
