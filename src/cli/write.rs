//! Writing files: whole or not at all, through links, with the mode that the file has.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Replaces a file's content at once; a link is followed, the mode is kept, a read-only file is refused.
///
/// # Errors
/// The path is a folder, read-only, or cannot be written; nothing has changed then.
pub fn atomically(path: &Path, text: &str) -> Result<()> {
    let target = real(path)?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mode = match fs::metadata(&target) {
        Ok(found) if found.is_dir() => bail!("{} is a folder", path.display()),
        Ok(found) if found.permissions().readonly() => bail!("{} is read-only", path.display()),
        Ok(found) => Some(found.permissions()),
        Err(_) => None,
    };
    let mut file = tempfile::Builder::new().prefix(".archplan-").tempfile_in(folder).with_context(|| format!("cannot write in {}", folder.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    file.as_file().sync_all().with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(file.path(), mode.unwrap_or_else(usual)).with_context(|| format!("cannot write {}", path.display()))?;
    file.persist(&target).map_err(|error| error.error).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

/// Mode of a new file: a temporary one is for its owner alone.
#[cfg(unix)]
fn usual() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

/// The file behind links; a link to nothing is an error, a missing file is itself.
fn real(path: &Path) -> Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => fs::canonicalize(path).with_context(|| format!("{} leads nowhere", path.display())),
        _ => Ok(path.to_path_buf()),
    }
}
