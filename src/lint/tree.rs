//! The repository beside a plan: which of its files are read, and what they say about languages and images. Knowledge of names comes
//! from the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Catalogue, Technology};
use crate::document::Document;
use crate::document::verify::{self, Predicate};

/// The most bytes of a file that is read for what it declares.
pub const MOST_BYTES: u64 = 512 * 1024;

/// Topics whose parts run as images or managed engines of their own.
const STORES: [&str; 8] =
    ["database", "cache", "broker", "search", "document-store", "key-value-store", "wide-column-store", "graph-store"];

/// The files of a repository; paths are relative to its root, with forward slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Every file.
    pub paths: BTreeSet<String>,
    /// The texts of those that were read.
    pub texts: BTreeMap<String, String>,
}

/// Something that a file of the repository declares.
#[derive(Clone, Debug)]
pub struct Declared<'c> {
    /// The file.
    pub path: String,
    /// The bytes in it.
    pub place: std::ops::Range<usize>,
    /// What stands there.
    pub text: String,
    /// What the catalogue knows by that name.
    pub technology: &'c Technology,
}

impl Tree {
    /// Whether a file or folder is there.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let folder = format!("{path}/");
        self.paths.contains(path)
            || self.paths.range(folder.clone()..).next().is_some_and(|other| other.starts_with(&folder))
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path.trim_start_matches("./")).map(String::as_str)
    }
}

/// Whether a file may declare something: deployment files and manifests by their endings.
#[must_use]
pub fn may_declare(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (start, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    matches!(ending, "yaml" | "yml" | "tf")
        || start == "Dockerfile"
        || name == "Dockerfile"
        || name.starts_with("Dockerfile.")
}

/// The files that a plan speaks of: those its tasks wait for, and those its diffs change.
#[must_use]
pub fn named(document: &Document) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for check in verify::checks(document, None) {
        if let Predicate::File { path, .. } = check.predicate {
            out.insert(path);
        }
    }
    let scan = super::scan::scan(document);
    for fence in scan.fences.iter().filter(|fence| matches!(fence.language.as_str(), "diff" | "patch")) {
        out.extend(super::patch::read(&super::scan::inside(document, fence)).files.into_iter().map(|file| file.path));
    }
    out
}

/// Languages whose manifests the tree holds, with the manifest nearest to the root.
#[must_use]
pub fn languages<'c>(tree: &Tree, catalogue: &'c Catalogue) -> Vec<(&'c Technology, String)> {
    let mut out = Vec::new();
    for technology in catalogue.candidates("language") {
        let manifests = technology.attributes.get("manifests").and_then(serde_json::Value::as_array);
        let names: Vec<&str> = manifests.into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
        let fits = |path: &&String| {
            let file = path.rsplit('/').next().unwrap_or(path);
            names.iter().any(|name| file == *name || (name.starts_with('.') && file.ends_with(name)))
        };
        let nearest = tree.paths.iter().filter(fits).min_by_key(|path| (path.matches('/').count(), (*path).clone()));
        if let Some(path) = nearest {
            out.push((technology, path.clone()));
        }
    }
    out
}

/// Stores, caches and brokers that images and managed engines of the tree declare.
#[must_use]
pub fn stores<'c>(tree: &Tree, catalogue: &'c Catalogue) -> Vec<Declared<'c>> {
    let mut out = Vec::new();
    for (path, text) in tree.texts.iter().filter(|(path, _)| may_declare(path)) {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if let Some((offset, image)) = image(line)
                && let Some(technology) = known(catalogue, image)
            {
                let place = at + offset..at + offset + image.len();
                out.push(Declared { path: path.clone(), place, text: image.to_owned(), technology });
            }
            at += line.len();
        }
    }
    out
}

/// The image or engine that a line names, with its place: `image: a/b:1`, `FROM a:1`, `engine = "a"`.
fn image(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start().trim_start_matches("- ");
    let value = ["image:", "FROM ", "engine ", "engine=", "chart:"].iter().find_map(|key| text.strip_prefix(key))?;
    let value = value.trim_start_matches([' ', '=', ':']).trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '#')).unwrap_or(value.len());
    let start = line.len() - line.get(line.find(value)?..)?.len();
    let word = value.get(..end)?;
    (!word.is_empty()).then_some((start, word))
}

/// The store of the catalogue that an image is of, by id or tag.
fn known<'c>(catalogue: &'c Catalogue, image: &str) -> Option<&'c Technology> {
    let name = image.split('@').next()?.rsplit('/').next()?.split(':').next()?.to_lowercase();
    STORES.iter().find_map(|topic| {
        let mut entries = catalogue.candidates(topic);
        entries.find(|entry| entry.id == name || (entry.tags.contains(&name) && !GENERIC.contains(&name.as_str())))
    })
}

/// Tags that name a family and no product.
const GENERIC: [&str; 4] = ["sql", "nosql", "queue", "cache"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_engines_are_read_where_they_stand() {
        assert_eq!(image("    image: \"library/thing:16-alpine\" # db\n"), Some((12, "library/thing:16-alpine")));
        assert_eq!(image("FROM thing:1 AS build\n"), Some((5, "thing:1")));
        assert_eq!(image("  engine = \"thing\"\n"), Some((12, "thing")));
        assert_eq!(image("imagePullPolicy: Always\n"), None);
    }

    #[test]
    fn folders_are_there_when_something_is_in_them() {
        let tree = Tree { paths: ["db/0001.up.sql".to_owned()].into(), ..Tree::default() };
        assert!(tree.has("db") && tree.has("./db/0001.up.sql") && !tree.has("d") && !tree.has("db/0002.up.sql"));
    }
}
