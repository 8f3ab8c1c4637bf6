//! Finds what is to be checked: requirements and plans by their content, in pairs that belong together.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::lint::drift;
use crate::lint::kind::Kind;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The name that findings print.
    pub name: String,
    /// Where it stands; none for standard input.
    pub path: Option<PathBuf>,
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// Whether it came from standard input.
    pub stdin: bool,
}

/// Requirements, a plan, or both of one system.
#[derive(Clone, Debug, Default)]
pub struct Pair {
    /// The requirements.
    pub requirements: Option<Loaded>,
    /// The plan.
    pub plan: Option<Loaded>,
}

/// What the command line names.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Files, folders, or `-`; empty means here and below.
    pub paths: Vec<PathBuf>,
    /// The requirements of the plans.
    pub req: Option<PathBuf>,
    /// The name of standard input.
    pub stdin_filename: Option<String>,
    /// Standard input is one JSON object of file names and texts.
    pub stdin_batch: bool,
}

/// Reads everything that is wanted and brings plans and requirements together.
///
/// # Errors
/// A path that is not there or cannot be read, or nothing to check.
pub fn collect(wanted: &Wanted) -> Result<Vec<Pair>> {
    let mut files = Vec::new();
    let here = [PathBuf::from(".")];
    let paths = if wanted.paths.is_empty() && !wanted.stdin_batch { &here[..] } else { &wanted.paths };
    if wanted.stdin_batch {
        files.extend(batch()?);
    }
    for path in paths {
        if path == Path::new("-") {
            let name = wanted.stdin_filename.clone().unwrap_or_else(|| "<stdin>".to_owned());
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
            files.push(Loaded { path: wanted.stdin_filename.as_ref().map(PathBuf::from), name, bytes, stdin: true });
        } else if path.is_dir() {
            let before = files.len();
            below(path, &mut files)?;
            if files.len() == before {
                bail!("{}: nothing to check: no requirements and no plan here or below", path.display());
            }
        } else {
            files.push(load(path)?);
        }
    }
    if let Some(req) = &wanted.req {
        files.insert(0, load(req)?);
    }
    pair(files, wanted.req.is_some())
}

/// Reads one file.
///
/// # Errors
/// The file cannot be read.
pub fn load(path: &Path) -> Result<Loaded> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.strip_prefix("./").unwrap_or(path).display().to_string();
    Ok(Loaded { name, path: Some(path.to_owned()), bytes, stdin: false })
}

/// The files of standard input as one JSON object: name to text.
fn batch() -> Result<Vec<Loaded>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
    let files: BTreeMap<String, String> =
        serde_json::from_str(&text).context("--stdin-batch wants one JSON object of file names and texts")?;
    if files.is_empty() {
        bail!("nothing to check: standard input holds no file");
    }
    Ok(files
        .into_iter()
        .map(|(name, text)| Loaded { path: Some(PathBuf::from(&name)), name, bytes: text.into_bytes(), stdin: true })
        .collect())
}

fn kind(file: &Loaded) -> Kind {
    Kind::of(&file.name, &file.bytes)
}

/// Requirements and plans below a folder, sorted; hidden folders and those of build tools are passed over.
fn below(folder: &Path, files: &mut Vec<Loaded>) -> Result<()> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(cannot)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind_of_entry = entry.file_type().with_context(cannot)?;
        let skipped = name.starts_with('.') || ["target", "node_modules", "vendor", "dist"].contains(&name.as_str());
        if kind_of_entry.is_dir() && !skipped {
            below(&entry.path(), files)?;
        } else if kind_of_entry.is_file() && [".yaml", ".yml", ".md"].iter().any(|ending| name.ends_with(ending)) {
            let file = load(&entry.path())?;
            if kind(&file) != Kind::Other {
                files.push(file);
            }
        }
    }
    Ok(())
}

/// The file name that a plan names as its requirements.
fn named(plan: &Loaded) -> Option<String> {
    drift::named_in(std::str::from_utf8(&plan.bytes).ok()?)
}

/// Brings every plan together with its requirements: those named by `--req`, else the file it names that stands beside it.
fn pair(files: Vec<Loaded>, given: bool) -> Result<Vec<Pair>> {
    let mut requirements: Vec<Option<Loaded>> = Vec::new();
    let mut plans = Vec::new();
    for file in files {
        // A file that a person names is checked whatever it is: as a plan when its name says Markdown.
        let markdown = file.name.ends_with(".md");
        match kind(&file) {
            Kind::Plan => plans.push(file),
            Kind::Other if markdown => plans.push(file),
            _ => requirements.push(Some(file)),
        }
    }
    let mut pairs = Vec::new();
    for plan in plans {
        let wanted = named(&plan).unwrap_or_else(|| "req.yaml".to_owned());
        let folder = plan.path.as_ref().map(|path| path.parent().unwrap_or(Path::new("")).to_owned());
        let beside = folder.map(|folder| folder.join(&wanted));
        let same = |file: &Option<Loaded>| {
            let path = file.as_ref().and_then(|file| file.path.as_deref());
            given || path.zip(beside.as_deref()).is_some_and(|(one, two)| plain(one) == plain(two))
        };
        let found = requirements.iter_mut().find(|file| same(file));
        let own = match found {
            Some(file) if given => file.clone(),
            Some(file) => file.take(),
            None => beside.filter(|path| path.is_file()).map(|path| load(&path)).transpose()?,
        };
        pairs.push(Pair { requirements: own, plan: Some(plan) });
    }
    if given && !pairs.is_empty() {
        requirements.clear();
    }
    let alone = requirements.into_iter().flatten().map(|file| Pair { requirements: Some(file), plan: None });
    pairs.extend(alone);
    let name = |pair: &Pair| pair.requirements.as_ref().or(pair.plan.as_ref()).map(|file| file.name.clone());
    pairs.sort_by_key(name);
    Ok(pairs)
}

/// A path without `./`.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| !matches!(part, std::path::Component::CurDir)).collect()
}
