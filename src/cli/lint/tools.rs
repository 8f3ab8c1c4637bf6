//! `--tools`: starts the programs of the catalogue that know files of a plan, in a temporary folder and with a limit of time.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::collect::Loaded;
use crate::catalogue::Tool;
use crate::document;
use crate::lint::scan;
use crate::lint::tools::{self, Answer, Embedded, Verdict};

/// The exit code of shells and version managers for a program that is not there.
const NOT_THERE: i32 = 127;
/// How often a run is looked at.
const PAUSE: Duration = Duration::from_millis(5);
/// The most bytes of an answer that are read.
const MOST_BYTES: usize = 64 << 10;

/// A proxy that is not there: what asks for the network all the same is refused at once.
const NO_NETWORK: [(&str, &str); 7] = [
    ("http_proxy", "http://127.0.0.1:9"),
    ("https_proxy", "http://127.0.0.1:9"),
    ("HTTP_PROXY", "http://127.0.0.1:9"),
    ("HTTPS_PROXY", "http://127.0.0.1:9"),
    ("ALL_PROXY", "http://127.0.0.1:9"),
    ("NO_PROXY", ""),
    ("no_proxy", ""),
];

/// What the programs say about the files that a plan makes; each run may take so many seconds.
///
/// # Errors
/// The temporary folder cannot be written.
pub fn ask(known: &[Tool], plan: &Loaded, limit: u64) -> Result<Vec<Answer>> {
    let Ok(text) = std::str::from_utf8(&plan.bytes) else { return Ok(Vec::new()) };
    let document = document::read(text);
    let files = tools::files(&document, &scan::scan(&document));
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    // What programs print stands beside the files, not among them.
    let tree = folder.path().join("files");
    for file in &files {
        put(&tree, file).with_context(|| format!("cannot write {} to a temporary folder", file.path))?;
    }
    let mut out = Vec::new();
    for tool in known {
        let any = |patterns: &[String], path: &str| patterns.iter().any(|pattern| tools::means(pattern, path));
        let own = files.iter().filter(|file| any(&tool.files, &file.path) && !any(&tool.except, &file.path));
        let own: Vec<String> = own.map(|file| file.path.clone()).collect();
        if !own.is_empty() {
            let runs = Runs { tool, folder: folder.path(), limit };
            out.extend(runs.answers(&own)?);
        }
    }
    Ok(out)
}

fn put(tree: &Path, file: &Embedded) -> std::io::Result<()> {
    let path = tree.join(&file.path);
    fs::create_dir_all(path.parent().unwrap_or(tree))?;
    fs::write(path, &file.text)
}

/// The runs of one program.
struct Runs<'a> {
    tool: &'a Tool,
    folder: &'a Path,
    limit: u64,
}

impl Runs<'_> {
    fn answers(&self, files: &[String]) -> Result<Vec<Answer>> {
        let tool = self.tool;
        let answer = |files: &[String], verdict| Answer { tool: tool.id.clone(), files: files.to_vec(), verdict };
        let absent = || vec![answer(files, Verdict::Absent)];
        if !tool.probe.is_empty() && self.one(&tool.probe)? != Verdict::Fine {
            return Ok(absent());
        }
        let alone = tool.run.iter().any(|word| word == "{file}");
        let mut out = Vec::new();
        for part in files.chunks(if alone { 1 } else { files.len() }) {
            let given = |word: &String| match word.as_str() {
                "{file}" | "{files}" => part.to_vec(),
                _ => vec![word.clone()],
            };
            match self.one(&tool.run.iter().flat_map(given).collect::<Vec<_>>())? {
                Verdict::Absent => return Ok(absent()),
                verdict => out.push(answer(part, verdict)),
            }
        }
        Ok(out)
    }

    /// One run. What it prints goes to a file, so that no pipe can fill up while it is waited for.
    fn one(&self, words: &[String]) -> Result<Verdict> {
        let Some((program, arguments)) = words.split_first() else { return Ok(Verdict::Absent) };
        let log = self.folder.join("output");
        let output = File::create(&log)?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.join("files")).stdin(Stdio::null());
        command.stdout(output.try_clone()?).stderr(output).envs(NO_NETWORK).envs(&self.tool.env);
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
                return Ok(Verdict::Absent);
            }
            Err(error) => return Err(error).with_context(|| format!("cannot start {program}")),
        };
        let Some(code) = ended(child, Duration::from_secs(self.limit))? else { return Ok(Verdict::Late(self.limit)) };
        if code == Some(NOT_THERE) {
            return Ok(Verdict::Absent);
        }
        if code.is_some_and(|code| code == 0 || self.tool.passes.contains(&code)) {
            return Ok(Verdict::Fine);
        }
        let mut bytes = fs::read(&log)?;
        bytes.truncate(MOST_BYTES);
        Ok(Verdict::Rejected(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// The exit code of a process, which a signal takes away; nothing when it was ended because it took too long.
fn ended(mut child: Child, limit: Duration) -> Result<Option<Option<i32>>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.code()));
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(PAUSE);
    }
}
