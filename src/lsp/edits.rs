//! Edits of several files in the form that the client takes.

use std::ops::Range;
use std::rc::Rc;

use serde_json::{Map, Value as Json, json};

use super::Server;
use super::files::File;
use super::text::difference;

/// Replacements in one file: bytes and what comes there.
pub type Edits = Vec<(Range<usize>, String)>;

impl Server<'_> {
    /// The edit of files that are there; a file without replacements is left out.
    pub(super) fn workspace_edit(&self, files: &[(Rc<File>, Edits)]) -> Json {
        let of = |file: &File, edits: &Edits| -> Vec<Json> {
            let one = |(bytes, text): &(Range<usize>, String)| json!({"range": file.text.range(bytes.clone(), self.client.encoding), "newText": text});
            edits.iter().map(one).collect()
        };
        let wanted = files.iter().filter(|(_, edits)| !edits.is_empty());
        if self.client.versioned_edits {
            let all: Vec<Json> = wanted
                .map(|(file, edits)| json!({"textDocument": {"uri": file.uri, "version": file.version}, "edits": of(file, edits)}))
                .collect();
            return json!({"documentChanges": all});
        }
        let all: Map<String, Json> = wanted.map(|(file, edits)| (file.uri.clone(), of(file, edits).into())).collect();
        json!({"changes": all})
    }

    /// The edit that makes a file, for clients that can; others get none.
    pub(super) fn new_file(&self, uri: &str, text: &str) -> Option<Json> {
        let start = json!({"line": 0, "character": 0});
        let edit = json!({"range": {"start": start, "end": start}, "newText": text});
        self.client.versioned_edits.then(|| {
            json!({"documentChanges": [
                {"kind": "create", "uri": uri, "options": {"ignoreIfExists": true}},
                {"textDocument": {"uri": uri, "version": null}, "edits": [edit]},
            ]})
        })
    }
}

/// The smallest edit that gives a file a new text; none when it has it.
#[must_use]
pub fn rewrite(file: &File, new: &str) -> Edits {
    let (bytes, text) = difference(file.text.as_str(), new);
    if bytes.is_empty() && text.is_empty() { Vec::new() } else { vec![(bytes, text.to_owned())] }
}
