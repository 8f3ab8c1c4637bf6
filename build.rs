//! Embeds `patterns/` and `templates/`.
fn main() {}
