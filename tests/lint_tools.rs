//! `archplan lint --tools` with programs of our own where programs are looked for: one that finds nothing, one that does, one that is missing,
//! one that never ends.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A plan that makes an image file and a script, as a diff and as a labelled block.
const PLAN: &str = "# TODO: backend architecture of Pastebox

- [ ] **CODE-1.1 [image]**: <!-- ap: code.delivery.image -->
  - **After**: nothing

```diff
diff --git a/Dockerfile b/Dockerfile
new file mode 100644
--- /dev/null
+++ b/Dockerfile
@@ -0,0 +1,2 @@
+FROM scratch
+COPY app /app
```

**`ops/release.sh`** (executable)

```sh
set -eu
make release
```
";

/// Lints the plan; `programs` are the only ones that are there: names with what they do.
fn lint(programs: &[(&str, &str)], flags: &[&str]) -> Vec<(String, usize, String)> {
    let place = tempfile::tempdir().unwrap();
    let bin = place.path().join("bin");
    fs::create_dir(&bin).unwrap();
    for (name, body) in programs {
        fs::write(bin.join(name), format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::write(place.path().join("plan.md"), PLAN).unwrap();
    findings(place.path(), &bin, flags)
}

fn findings(place: &Path, bin: &Path, flags: &[&str]) -> Vec<(String, usize, String)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archplan"));
    command.args(["lint", "plan.md", "--select", "P047,P048", "--format", "json"]).args(flags);
    let output = command.current_dir(place).env("PATH", bin).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = answer.get("findings").and_then(Value::as_array).unwrap();
    let line = |row: &Value| row.pointer("/line").and_then(Value::as_u64).and_then(|line| usize::try_from(line).ok());
    rows.iter()
        .map(|row| {
            let code = row.get("code").or(row.get("rule")).map(text).unwrap_or_default();
            (code, line(row).unwrap_or(0), row.get("message").map(text).unwrap_or_default())
        })
        .collect()
}

#[test]
fn tools_are_asked_and_their_silence_is_no_pass() {
    assert_eq!(lint(&[("hadolint", "exit 1")], &[]), [], "nothing is started unasked");
    let says =
        |found: &[(String, usize, String)], words: &str| found.iter().filter(|row| row.2.contains(words)).count();
    let all = lint(&[("bash", "exit 0"), ("hadolint", "exit 0"), ("shellcheck", "exit 0")], &["--tools"]);
    assert_eq!(all, [], "programs that find nothing");
    let found = lint(
        &[
            // It sees the files, below the folder it runs in, and no network.
            ("hadolint", "read line < Dockerfile; echo \"Dockerfile:2 DL1 $line $https_proxy\"; exit 1"),
            ("shellcheck", "exit 127"),
        ],
        &["--tools"],
    );
    let (code, line, message) = found.iter().find(|row| row.0 == "P047").cloned().unwrap();
    assert_eq!((code.as_str(), line), ("P047", 13), "{message}");
    assert!(message.contains("hadolint rejects `Dockerfile`: DL1 FROM scratch http://127.0.0.1:9"), "{message}");
    assert_eq!((says(&found, "shell is not here"), says(&found, "shellcheck is not here"), found.len()), (1, 1, 3));
    let odd =
        lint(&[("bash", "echo boom >&2; exit 9"), ("hadolint", "exit 0"), ("shellcheck", "exit 0")], &["--tools"]);
    assert_eq!(odd, [("P047".to_owned(), 19, "shell rejects `ops/release.sh`: boom".to_owned())]);
}

#[test]
fn a_tool_that_never_ends_is_ended() {
    let programs = [("bash", "while :; do :; done"), ("hadolint", "exit 0"), ("shellcheck", "exit 0")];
    let found = lint(&programs, &["--tools", "--tools-limit", "1"]);
    assert_eq!(found, [("P047".to_owned(), 19, "shell gave no answer about `ops/release.sh` in 1 s".to_owned())]);
}
