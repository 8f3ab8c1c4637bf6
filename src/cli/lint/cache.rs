//! What earlier runs found in the same bytes: a gate over files that did not change costs reading them.
//!
//! An entry holds everything that its report follows from, byte for byte, so that an old one is never taken for a new one. It is no state:
//! without the folder every run says the same, only later. What cannot be read or written is passed over.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, fs};

use anyhow::Result;
use etcetera::BaseStrategy;

use super::collect::{Loaded, Pair};
use super::options::Options;
use crate::cli::knowledge;
use crate::lint::{Config, Report};
use crate::text::Source;
use crate::text::digest::Fnv;

/// The most entries; the oldest make room.
const MOST: usize = 64;

/// The largest pair that is kept, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// A folder with the reports of earlier runs.
pub struct Cache {
    folder: PathBuf,
    /// What reports follow from beside the files: the program and its configuration.
    head: String,
}

impl Cache {
    /// The folder that counts; none where reports follow from more than the two files and the configuration.
    ///
    /// # Errors
    /// The configuration is wrong.
    pub fn open(options: &Options, config: &Config) -> Result<Option<Self>> {
        let Options { no_cache, root, tools, fix, unsafe_fixes, diff, cache_dir, .. } = options;
        let more = root.is_some() || *tools || *fix || *unsafe_fixes || *diff;
        if *no_cache || more || !knowledge::own_folders()?.is_empty() {
            return Ok(None);
        }
        let usual = || Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("archplan"));
        let folder = cache_dir.clone().or_else(usual);
        Ok(folder.zip(program()).map(|(folder, program)| Self { folder, head: format!("{program}\n{config:?}\n") }))
    }

    /// What an earlier run found in a pair.
    pub fn find(&self, pair: &Pair) -> Option<Report> {
        let key = self.key(pair)?;
        let entry = fs::read_to_string(self.file(pair)?).ok()?;
        let (report, known) = entry.split_once('\n')?;
        if known != key {
            return None;
        }
        let sources = files(pair).map(source).collect::<Option<_>>()?;
        Some(Report { sources, ..serde_json::from_str(report).ok()? })
    }

    /// Keeps what was found in a pair. A report that shows further texts is not kept.
    pub fn keep(&self, pair: &Pair, report: &Report) {
        // The next run finds it or does the work again: a full disk is no fault of the files.
        let _ = self.write(pair, report);
    }

    fn write(&self, pair: &Pair, report: &Report) -> Option<()> {
        let (key, file) = (self.key(pair)?, self.file(pair)?);
        if report.sources.len() != files(pair).count() {
            return None;
        }
        let kept = serde_json::to_string(report).ok()?;
        fs::create_dir_all(&self.folder).ok()?;
        if !file.exists() {
            make_room(&self.folder);
        }
        let mut new = tempfile::NamedTempFile::new_in(&self.folder).ok()?;
        new.write_all(format!("{kept}\n{key}").as_bytes()).ok()?;
        new.persist(file).ok().map(|_| ())
    }

    /// Everything that a report follows from; none for what is not kept.
    fn key(&self, pair: &Pair) -> Option<String> {
        let mut key = self.head.clone();
        for file in files(pair) {
            let text = std::str::from_utf8(&file.bytes).ok().filter(|_| !file.stdin)?;
            key.push_str(&format!("{:?} {}\n{text}\n", file.name, text.len()));
        }
        (key.len() <= MOST_BYTES).then_some(key)
    }

    /// The one place of a pair: by where its files stand, so that a new report takes the place of the old one.
    fn file(&self, pair: &Pair) -> Option<PathBuf> {
        let mut digest = Fnv::default();
        digest.write(env::current_dir().ok()?.as_os_str().as_encoded_bytes());
        for file in files(pair) {
            digest.write(file.name.as_bytes());
            digest.write(&[0]);
        }
        Some(self.folder.join(format!("lint-{:016x}", digest.value())))
    }
}

fn files(pair: &Pair) -> impl Iterator<Item = &Loaded> {
    pair.requirements.iter().chain(&pair.plan)
}

fn source(file: &Loaded) -> Option<Source> {
    Some(Source { name: file.name.clone(), text: std::str::from_utf8(&file.bytes).ok()?.to_owned() })
}

/// Which program this is: another build may find something else.
fn program() -> Option<String> {
    let meta = fs::metadata(env::current_exe().ok()?).ok()?;
    let age = meta.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("archplan {} {} {}", env!("CARGO_PKG_VERSION"), meta.len(), age.as_nanos()))
}

/// Takes the oldest entries out until one more has room.
fn make_room(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let own = entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"lint-"));
    let mut found: Vec<_> =
        own.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).collect();
    found.sort();
    let surplus = (found.len() + 1).saturating_sub(MOST);
    for (_, path) in found.into_iter().take(surplus) {
        // Another run may have been quicker.
        let _ = fs::remove_file(path);
    }
}
