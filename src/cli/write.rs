//! Reading plan files and writing them atomically: never a partial file, mode kept, symbolic links followed, read-only refused.

use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Most links that are followed from one name.
const MOST_LINKS: usize = 40;

/// Reads a text file, or standard input for `-`.
pub fn read(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))
}

/// Writes a result to standard output. A reader that went away (`archplan status | head -1`) is no error.
pub fn stdout(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Writes a text file in one step: readers see the old text or the new one, never a part. A symbolic link stays a link and its target
/// is written; the mode of an existing file is kept; a file that is marked read-only is refused.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    let target = resolve(path)?;
    let before = fs::metadata(&target).ok();
    if let Some(meta) = &before {
        if meta.permissions().readonly() {
            bail!("{} is read-only; make it writable first", target.display());
        }
        if meta.is_dir() {
            bail!("{} is a directory", target.display());
        }
        if !meta.is_file() {
            return fs::write(&target, text).with_context(|| format!("cannot write {}", target.display()));
        }
    }
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = || format!("cannot write {}", target.display());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".archplan-");
    #[cfg(unix)]
    let new_mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(new_mode);
    let mut file = builder.tempfile_in(folder).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    if let Some(meta) = before {
        file.as_file().set_permissions(meta.permissions()).with_context(cannot)?;
    }
    file.as_file().sync_all().with_context(cannot)?;
    file.persist(&target).with_context(cannot)?;
    Ok(())
}

/// The file behind a chain of symbolic links; the last name need not exist.
fn resolve(path: &Path) -> Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(target),
        }
    }
    bail!("{} is a circle of symbolic links", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_existing_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.md");
        replace(&path, "one").unwrap();
        replace(&path, "two\r\n").unwrap();
        assert_eq!(read(&path).unwrap(), "two\r\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_links_stay_and_read_only_is_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link, loose) =
            (folder.path().join("plan.md"), folder.path().join("link.md"), folder.path().join("loose.md"));
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("plan.md", &link).unwrap();
        symlink("new.md", &loose).unwrap();
        replace(&link, "two").unwrap();
        replace(&loose, "three").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(
            (read(&path).unwrap(), fs::metadata(&path).unwrap().permissions().mode() & 0o777),
            ("two".into(), 0o640)
        );
        assert_eq!(fs::read_to_string(folder.path().join("new.md")).unwrap(), "three");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        let error = replace(&path, "four").unwrap_err().to_string();
        assert!(error.contains("is read-only") && read(&path).unwrap() == "two", "{error}");
        symlink("round.md", folder.path().join("round.md")).unwrap();
        assert!(replace(&folder.path().join("round.md"), "x").is_err());
    }
}
