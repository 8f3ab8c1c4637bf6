//! Tasks over the waves of the plan.

use super::Sight;
use crate::diagram::Wave;
use crate::plan::Task;
use crate::text::markdown::figure as clean;

/// The migration tasks, each in its wave.
pub(super) fn migration(sight: &Sight) -> Option<Vec<Wave>> {
    let mut steps: Vec<&Task> =
        sight.tasks.iter().filter(|task| task.section == "Migration" && task.phase == "core").collect();
    steps.sort_by_key(|task| task.wave);
    let rows = steps.iter().map(|task| Wave {
        name: clean(&task.title.replace('\\', "")),
        start: task.wave.saturating_sub(1),
        length: 1,
        note: task.id.clone(),
    });
    let rows: Vec<Wave> = rows.collect();
    (rows.len() > 1).then_some(rows)
}

/// Each strand of work from its first to its last wave.
pub(super) fn phases(sight: &Sight) -> Option<Vec<Wave>> {
    let mut sections: Vec<&str> = Vec::new();
    for task in sight.tasks {
        if !sections.contains(&task.section.as_str()) {
            sections.push(&task.section);
        }
    }
    let mut rows = Vec::new();
    for section in sections {
        let of = |phase: &str| sight.tasks.iter().filter(|task| task.section == section && task.phase == phase).count();
        let core: Vec<u32> = sight
            .tasks
            .iter()
            .filter(|task| task.section == section && task.phase == "core")
            .map(|task| task.wave)
            .collect();
        let (Some(first), Some(last)) = (core.iter().min(), core.iter().max()) else { continue };
        let later = of("scale") + of("optimize");
        let later = if later > 0 { format!(", {later} later") } else { String::new() };
        rows.push(Wave {
            name: section.to_string(),
            start: first.saturating_sub(1),
            length: last + 1 - first,
            note: format!("{} tasks{later}", core.len()),
        });
    }
    (rows.len() > 2).then_some(rows)
}
