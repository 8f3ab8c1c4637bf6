//! Plans that formatters went over are untouched. `tests/formatted/source.md` is a sealed plan; the other files are what prettier 3 and
//! mdformat (with mdformat-gfm) made of it.

use archplan::document::seal;
use archplan::merge::{Options, update};

#[test]
fn formatters_do_not_look_like_edits() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formatted");
    let source = std::fs::read_to_string(folder.join("source.md")).unwrap();
    let changed =
        seal(&source.replace("240/s", "900/s").replace("400k rows", "500k rows").replace("99.9 %", "99.95 %"));
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!update(&text, &source, &Options::default()).changed, "{}", path.display());
        let merged = update(&text, &changed, &Options::default());
        assert_eq!((merged.refreshed.len(), merged.conflicts.len()), (3, 0), "{}", path.display());
        assert!(merged.text.contains("PostgreSQL, `orders` 500k rows"), "{}", merged.text);
        count += 1;
    }
    assert_eq!(count, 5);
}
