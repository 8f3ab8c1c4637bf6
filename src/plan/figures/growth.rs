//! The system later: the system figure over the values of a re-run.

use super::{Sight, system};
use crate::diagram::Model;
use crate::facts::Facts;

/// The system when the next stage opens; none when nothing changes.
pub(super) fn next_stage(sight: &Sight, now: &Model) -> Option<Model> {
    later(sight, sight.outlook.next_stage.as_ref()?, now)
}

/// The system at ten times the load; none when nothing changes or the next stage shows the same.
pub(super) fn ten_times(sight: &Sight, now: &Model) -> Option<Model> {
    let then = later(sight, sight.outlook.ten_times.as_ref()?, now)?;
    (next_stage(sight, now).as_ref() != Some(&then)).then_some(then)
}

fn later(sight: &Sight, facts: &Facts, now: &Model) -> Option<Model> {
    let then = system::model(sight.requirements, facts);
    (then != *now).then(|| marked(then, now))
}

/// Notes beside what changes: new boxes, and what a box says today.
fn marked(mut then: Model, now: &Model) -> Model {
    for node in &mut then.nodes {
        node.note = match now.nodes.iter().find(|old| old.id == node.id) {
            None => Some("new".to_string()),
            Some(old) => {
                let gone: Vec<&str> =
                    old.label.iter().filter(|line| !node.label.contains(line)).map(String::as_str).collect();
                (!gone.is_empty()).then(|| format!("today {}", gone.join(", ")))
            }
        };
    }
    then
}
