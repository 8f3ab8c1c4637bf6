//! The ceiling of functions as parts of one whole: what each service and each kind of work may run at the same time.

use super::model::{Service, Workload};

/// The ceiling where none is computed.
pub(super) const UNKNOWN: f64 = 10.0;

/// Least that a queue lets through; providers take no lower ceiling of it.
const QUEUED: f64 = 2.0;

/// Shares the ceiling out: one for what a schedule starts, what peak needs for queued work as far as half of the rest goes, and all
/// others for the services by their requests at peak, one at least for each.
pub(super) fn share(total: f64, services: &mut [Service], workloads: &mut [Workload]) {
    let mut rest = total;
    let mut queued: Vec<&mut Workload> = Vec::new();
    for work in workloads.iter_mut().filter(|work| work.runs_as == "function") {
        if work.kind == "scheduled" {
            rest -= work.at_once;
        } else {
            queued.push(work);
        }
    }
    let over = |work: &Workload| (work.at_once - QUEUED).max(0.0);
    let least: f64 = queued.iter().map(|_| QUEUED).sum();
    let wanted: f64 = queued.iter().map(|work| over(work)).sum();
    let room = ((rest / 2.0).floor() - least).max(0.0);
    let part = if wanted > room { room / wanted } else { 1.0 };
    for work in queued {
        work.at_once = QUEUED + (over(work) * part).floor();
        rest -= work.at_once;
    }
    let peaks: Vec<f64> = services.iter().map(|service| service.peak.unwrap_or(0.0)).collect();
    for (service, part) in services.iter_mut().zip(parts(rest, &peaks)) {
        service.ceiling = Some(part);
    }
}

/// Whole parts of a whole by weight, one at least; what rounding leaves goes to those that lose most by it.
fn parts(whole: f64, weights: &[f64]) -> Vec<f64> {
    let each: f64 = weights.iter().map(|_| 1.0).sum();
    let sum: f64 = weights.iter().sum();
    let spare = (whole - each).max(0.0);
    let exact = weights.iter().map(|weight| if sum > 0.0 { spare * weight / sum } else { spare / each });
    let mut out: Vec<(usize, f64, f64)> =
        exact.enumerate().map(|(at, part)| (at, 1.0 + part.floor(), part.fract())).collect();
    let mut left = spare - out.iter().map(|(_, part, _)| part - 1.0).sum::<f64>();
    out.sort_by(|a, b| b.2.total_cmp(&a.2));
    for (_, part, _) in &mut out {
        if left > 0.5 {
            *part += 1.0;
            left -= 1.0;
        }
    }
    out.sort_by_key(|(at, _, _)| *at);
    out.into_iter().map(|(_, part, _)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_up_the_whole() {
        for (whole, weights, expected) in [
            (10.0, vec![20.0, 8.0, 2.0], vec![6.0, 3.0, 1.0]),
            (10.0, vec![1.0], vec![10.0]),
            (7.0, vec![0.0, 0.0], vec![4.0, 3.0]),
            (2.0, vec![5.0, 1.0, 1.0], vec![1.0, 1.0, 1.0]),
        ] {
            assert_eq!(parts(whole, &weights), expected, "{whole} by {weights:?}");
        }
    }
}
