//! Stub.
use super::Requirements;
