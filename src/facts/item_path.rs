//! Paths of the keys of one item of a list: `domains[orders].peak`, `domains[orders].instances`.

/// Writes one path after the other into the same text: re-runs name thousands of them.
#[derive(Clone, Debug)]
pub struct ItemPath {
    text: String,
    item: usize,
}

impl ItemPath {
    /// Of the item with this name in a list such as `domains`.
    #[must_use]
    pub fn new(list: &str, name: &str) -> Self {
        let mut text = String::with_capacity(list.len() + name.len() + 24);
        for part in [list, "[", name, "]."] {
            text.push_str(part);
        }
        let item = text.len();
        Self { text, item }
    }

    /// The path of a key.
    pub fn key(&mut self, key: &str) -> &str {
        self.text.truncate(self.item);
        self.text.push_str(key);
        &self.text
    }

    /// The paths of keys that a value is computed from.
    #[must_use]
    pub fn keys<const N: usize>(&self, keys: [&str; N]) -> [String; N] {
        let item = self.text.get(..self.item).unwrap_or_default();
        keys.map(|key| [item, key].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::ItemPath;

    #[test]
    fn paths_name_the_list_the_item_and_the_key() {
        let mut path = ItemPath::new("domains", "orders");
        assert_eq!(path.key("peak"), "domains[orders].peak");
        assert_eq!(path.key("shape"), "domains[orders].shape");
        assert_eq!(path.keys(["peak", "shape"]), ["domains[orders].peak", "domains[orders].shape"]);
    }
}
