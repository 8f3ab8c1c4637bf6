//! Frames within frames: which cluster stands in which. It knows no columns.
#![expect(clippy::indexing_slicing, reason = "paths are made here, one for each cluster")]

/// The clusters of a picture as a forest.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Nest {
    /// For each cluster the clusters around it and itself, outermost first.
    paths: Vec<Vec<usize>>,
}

impl Nest {
    /// From the cluster around each; one that would stand in itself stands in none.
    pub fn new(around: &[Option<usize>]) -> Nest {
        let path = |c: usize| {
            let mut path = vec![c];
            let mut at = around[c];
            while let Some(outer) = at.filter(|&outer| outer < around.len()) {
                if path.contains(&outer) {
                    return vec![c];
                }
                path.insert(0, outer);
                at = around[outer];
            }
            path
        };
        Nest { paths: (0..around.len()).map(path).collect() }
    }

    /// The clusters around a place, outermost first.
    pub fn path(&self, place: Option<usize>) -> &[usize] {
        place.map_or(&[], |c| &self.paths[c])
    }

    /// How many frames stand around a place.
    pub fn depth(&self, place: Option<usize>) -> i32 {
        i32::try_from(self.path(place).len()).unwrap_or(0)
    }

    /// The cluster directly around a cluster.
    pub fn around(&self, c: usize) -> Option<usize> {
        self.paths[c].iter().rev().nth(1).copied()
    }

    /// Whether a place is in a cluster or in one inside of it.
    pub fn within(&self, place: Option<usize>, c: usize) -> bool {
        self.path(place).contains(&c)
    }

    /// The innermost cluster around both places.
    pub fn common(&self, a: Option<usize>, b: Option<usize>) -> Option<usize> {
        self.path(a).iter().rev().copied().find(|&c| self.within(b, c))
    }

    /// Frames around the first place and not the second, and the other way round.
    pub fn between(&self, a: Option<usize>, b: Option<usize>) -> (i32, i32) {
        let shared = self.depth(self.common(a, b));
        (self.depth(a) - shared, self.depth(b) - shared)
    }

    /// Clusters, inner ones before those around them.
    pub fn inner_first(&self) -> Vec<usize> {
        let mut out: Vec<usize> = (0..self.paths.len()).collect();
        out.sort_by_key(|&c| std::cmp::Reverse(self.paths[c].len()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_cut_and_paths_lead_outwards() {
        let nest = Nest::new(&[None, Some(0), Some(1), Some(4), Some(3)]);
        assert_eq!(nest.path(Some(2)), [0, 1, 2]);
        assert_eq!(nest.path(Some(3)), [3]);
        assert_eq!(nest.common(Some(2), Some(1)), Some(1));
        assert_eq!(nest.between(Some(2), Some(0)), (2, 0));
    }
}
