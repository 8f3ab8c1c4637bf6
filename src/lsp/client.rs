//! What a client can do, and what the server says it does.

use serde_json::{Value as Json, json};

use super::text::Encoding;
use super::{Phase, Server};

/// The command that brings a plan up to date.
pub const UPDATE: &str = "archplan.update";

/// What a client said of itself.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one capability of the protocol")]
pub struct Client {
    /// What it counts characters in.
    pub encoding: Encoding,
    /// It asks for diagnostics, so none are sent unasked.
    pub pulls: bool,
    /// It can be told to ask for diagnostics again.
    pub refreshes: bool,
    /// It takes edits with versions, and new files.
    pub versioned_edits: bool,
    /// It shows symbols as a tree.
    pub symbol_tree: bool,
    /// It can be told to ask for lenses and hints again.
    pub refreshes_lenses: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    #[must_use]
    pub fn new(params: &Json) -> Self {
        let has = |path: &str| params.pointer(&format!("/capabilities/{path}")).is_some_and(|value| value == true);
        let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Json::as_array);
        let offered: Vec<&str> = offered.into_iter().flatten().filter_map(Json::as_str).collect();
        Self {
            encoding: Encoding::negotiate(&offered),
            pulls: params.pointer("/capabilities/textDocument/diagnostic").is_some_and(Json::is_object),
            refreshes: has("workspace/diagnostics/refreshSupport"),
            versioned_edits: has("workspace/workspaceEdit/documentChanges"),
            symbol_tree: has("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            refreshes_lenses: has("workspace/codeLens/refreshSupport"),
        }
    }
}

impl Server<'_> {
    /// Begins the session.
    pub(super) fn initialize(&mut self, params: &Json) -> Json {
        self.client = Client::new(params);
        self.phase = Phase::Running;
        json!({
            "serverInfo": {"name": "archplan", "version": env!("CARGO_PKG_VERSION")},
            "capabilities": {
                "positionEncoding": self.client.encoding.name(),
                "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
                "diagnosticProvider": {"identifier": "archplan", "interFileDependencies": true, "workspaceDiagnostics": false},
                "codeActionProvider": {"codeActionKinds": ["quickfix", "source.fixAll", "source.fixAll.archplan", "source.archplan.update"]},
                "hoverProvider": true,
                "completionProvider": {"triggerCharacters": [":", " ", "[", "{", ",", "-"], "resolveProvider": false},
                "definitionProvider": true,
                "referencesProvider": true,
                "renameProvider": {"prepareProvider": true},
                "documentSymbolProvider": true,
                "workspaceSymbolProvider": true,
                "codeLensProvider": {"resolveProvider": false},
                "inlayHintProvider": {"resolveProvider": false},
                "executeCommandProvider": {"commands": [UPDATE]},
            },
        })
    }
}
