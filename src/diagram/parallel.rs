//! The same work on many things at once, on as many threads as there are processors. It knows nothing of drawings.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Threads beyond which a handful of sheets gains nothing.
const MOST: usize = 8;

/// What the work makes of each thing, in the order of the things: the same result on every machine.
pub(super) fn map<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(things.len()).min(MOST);
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(at) else { return done };
            done.push((at, work(thing)));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_stand_in_the_order_of_the_things() {
        let things: Vec<u64> = (0..500).collect();
        let squares: Vec<u64> = things.iter().map(|n| n * n).collect();
        assert_eq!(map(&things, |n| n * n), squares);
        assert!(map(&[], |n: &u64| *n).is_empty());
    }
}
