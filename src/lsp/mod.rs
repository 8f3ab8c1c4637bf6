//! The language server as a machine without clock, threads and files: messages go in, messages come out.
//!
//! [`Server::receive`] takes what has arrived, all of it: texts first, then one quick check per changed file, so that of many changes only
//! the newest is checked. [`Server::rest`] makes the full check, which decides the whole plan, once nothing is waiting. Between the two, findings
//! of the last full check stay and move with the text. Positions are those of the negotiated encoding; nothing that a client sends is an
//! error of the server's.

mod actions;
mod check;
mod client;
mod completion;
mod cursor;
mod decided;
mod edits;
pub mod files;
pub mod frame;
mod hover;
mod lens;
mod names;
mod navigate;
mod rename;
mod rename_task;
mod symbols;
pub mod text;
mod update;
pub mod uri;

use std::rc::Rc;

use serde_json::{Value as Json, json};

use crate::catalogue::Catalogue;
use crate::lint::Config;
use crate::lint::baseline::Baseline;
use check::Checks;
use client::Client;
use decided::Plans;
use files::{File, Files, System};

/// What the server needs of the outside world.
pub trait Host {
    /// The bytes of a file; none when it cannot be read.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
    /// How files at a path are checked.
    fn config(&self, path: &str) -> Config;
    /// What was found at a path before, and is shown as known.
    fn baseline(&self, path: &str) -> Option<Baseline>;
}

/// An answer that is an error: a code of the protocol and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code.
    pub code: i32,
    /// One sentence.
    pub message: String,
}

impl Fault {
    fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    fn refused(message: impl Into<String>) -> Self {
        Self::new(-32803, message)
    }

    fn params(message: impl Into<String>) -> Self {
        Self::new(-32602, message)
    }
}

/// How far a session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    New,
    Running,
    ShutDown,
    Ended {
        rightly: bool,
    },
}

/// A session with one client.
pub struct Server<'h> {
    host: &'h dyn Host,
    catalogue: &'h Catalogue,
    phase: Phase,
    client: Client,
    files: Files,
    checks: Checks,
    plans: Plans,
    out: Vec<Json>,
    /// The number of the next request of ours.
    next: u64,
}

/// What an answer comes to.
type Answer = Result<Json, Fault>;

impl<'h> Server<'h> {
    /// A session that has not begun.
    #[must_use]
    pub fn new(host: &'h dyn Host, catalogue: &'h Catalogue) -> Self {
        Self {
            host,
            catalogue,
            phase: Phase::default(),
            client: Client::default(),
            files: Files::default(),
            checks: Checks::default(),
            plans: Plans::default(),
            out: Vec::new(),
            next: 0,
        }
    }

    /// Takes all messages that have arrived, in their order.
    pub fn receive(&mut self, messages: Vec<Json>) {
        let cancelled: Vec<Json> = messages
            .iter()
            .filter(|message| message.get("method").and_then(Json::as_str) == Some("$/cancelRequest"))
            .filter_map(|message| message.pointer("/params/id").cloned())
            .collect();
        for (at, message) in messages.iter().enumerate() {
            let id = message.get("id").filter(|id| !id.is_null());
            if id.is_some_and(|id| cancelled.contains(id)) {
                self.answer(id, Err(Fault::new(-32800, "cancelled")));
            } else if id.is_some() && outdated(message, messages.get(at + 1..).unwrap_or(&[])) {
                self.answer(id, Err(Fault::new(-32801, "the text has changed since")));
            } else {
                self.one(message, id);
            }
        }
        self.check_quickly();
    }

    /// Whether a full check is due.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.phase == Phase::Running && self.checks.is_due()
    }

    /// Makes the full checks that are due.
    pub fn rest(&mut self) {
        self.check_fully();
    }

    /// The messages for the client, which are then forgotten.
    pub fn take(&mut self) -> Vec<Json> {
        std::mem::take(&mut self.out)
    }

    /// Whether the session has ended, and if so whether the client shut it down first.
    #[must_use]
    pub const fn ended(&self) -> Option<bool> {
        match self.phase {
            Phase::Ended { rightly } => Some(rightly),
            _ => None,
        }
    }

    /// Says that a message was no JSON.
    pub fn unreadable(&mut self, why: &str) {
        self.answer(Some(&Json::Null), Err(Fault::new(-32700, why)));
    }

    /// Says that a message could not be worked on.
    pub fn failed(&mut self, message: &Json) {
        self.answer(message.get("id"), Err(Fault::new(-32603, "this message was not understood; the session goes on")));
    }

    fn one(&mut self, message: &Json, id: Option<&Json>) {
        let nothing = Json::Null;
        let params = message.get("params").unwrap_or(&nothing);
        match (message.get("method").and_then(Json::as_str), id) {
            (Some(method), Some(_)) => {
                let answer = self.request(method, params);
                self.answer(id, answer);
            }
            (Some(method), None) => self.notified(method, params),
            // An answer to a request of ours needs nothing.
            (None, Some(_)) if message.get("result").is_some() || message.get("error").is_some() => {}
            (None, _) => self.answer(id.or(Some(&nothing)), Err(Fault::new(-32600, "a message without a method"))),
        }
    }

    fn request(&mut self, method: &str, params: &Json) -> Answer {
        match (self.phase, method) {
            (Phase::New, "initialize") => return Ok(self.initialize(params)),
            (Phase::New, _) => return Err(Fault::new(-32002, "the session has not begun: `initialize` comes first")),
            (Phase::Running, "initialize") => return Err(Fault::new(-32600, "the session has begun already")),
            (Phase::ShutDown | Phase::Ended { .. }, _) => return Err(Fault::new(-32600, "the session has ended")),
            (Phase::Running, _) => {}
        }
        match method {
            "shutdown" => {
                self.phase = Phase::ShutDown;
                Ok(Json::Null)
            }
            "textDocument/diagnostic" => self.pulled(params),
            "textDocument/codeAction" => self.actions(params),
            "textDocument/hover" => self.hover(params),
            "textDocument/completion" => self.completion(params),
            "textDocument/definition" => self.definition(params),
            "textDocument/references" => self.references(params),
            "textDocument/prepareRename" => self.prepare_rename(params),
            "textDocument/rename" => self.rename(params),
            "textDocument/documentSymbol" => self.symbols(params),
            "workspace/symbol" => Ok(self.all_symbols(params)),
            "textDocument/codeLens" => self.lenses(params),
            "textDocument/inlayHint" => self.hints(params),
            "workspace/executeCommand" => self.execute(params),
            _ => Err(Fault::new(-32601, format!("there is no method {method}"))),
        }
    }

    fn notified(&mut self, method: &str, params: &Json) {
        let uri = params.pointer("/textDocument/uri").and_then(Json::as_str);
        match (method, uri) {
            ("exit", _) => self.phase = Phase::Ended { rightly: self.phase == Phase::ShutDown },
            _ if self.phase != Phase::Running => {}
            ("textDocument/didOpen", Some(uri)) => {
                let text = params.pointer("/textDocument/text").and_then(Json::as_str).unwrap_or("");
                let version = params.pointer("/textDocument/version").and_then(Json::as_i64);
                self.files.put(File::new(uri, Some(version.unwrap_or(0)), text.to_owned()));
                self.checks.opened(uri);
            }
            ("textDocument/didChange", Some(uri)) => self.changed(uri, params),
            ("textDocument/didClose", Some(uri)) => {
                self.files.close(uri);
                self.closed(uri);
            }
            ("textDocument/didSave", Some(uri)) => self.checks.saved(uri),
            ("workspace/didChangeConfiguration" | "workspace/didChangeWatchedFiles", _) => {
                let open: Vec<String> = self.files.every().map(|file| file.uri.clone()).collect();
                open.iter().for_each(|uri| self.checks.saved(uri));
            }
            // Whatever else is said needs no answer.
            _ => {}
        }
    }

    fn changed(&mut self, uri: &str, params: &Json) {
        let Some(file) = self.files.get(uri).cloned() else { return };
        let version = params.pointer("/textDocument/version").and_then(Json::as_i64).or(file.version);
        let mut text = file.text.clone();
        for change in params.get("contentChanges").and_then(Json::as_array).into_iter().flatten() {
            let new = change.get("text").and_then(Json::as_str).unwrap_or("");
            let bytes = match change.get("range").filter(|range| !range.is_null()) {
                Some(range) => match text.bytes(range, self.client.encoding) {
                    Some(bytes) => bytes,
                    None => continue,
                },
                None => 0..text.as_str().len(),
            };
            let mut whole = text.as_str().to_owned();
            whole.replace_range(bytes.clone(), new);
            let (gone, put) = if bytes.len() == text.as_str().len() {
                let (gone, put) = text::difference(text.as_str(), new);
                (gone, put.len())
            } else {
                (bytes, new.len())
            };
            self.checks.moved(uri, gone, put);
            text = text::Text::new(whole);
        }
        self.files.put(file.edited(version, text));
        self.checks.changed(uri);
    }

    fn answer(&mut self, id: Option<&Json>, answer: Answer) {
        let Some(id) = id else { return };
        self.out.push(match answer {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err(fault) => json!({"jsonrpc": "2.0", "id": id, "error": {"code": fault.code, "message": fault.message}}),
        });
    }

    fn notify(&mut self, method: &str, params: Json) {
        self.out.push(json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: Json) {
        self.next += 1;
        let id = format!("archplan-{}", self.next);
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if let (false, Some(message)) = (params.is_null(), message.as_object_mut()) {
            message.insert("params".to_owned(), params);
        }
        self.out.push(message);
    }

    /// The file that a request is about.
    fn file(&self, params: &Json) -> Result<Rc<File>, Fault> {
        let uri = params.pointer("/textDocument/uri").and_then(Json::as_str);
        let uri = uri.ok_or_else(|| Fault::params("the request names no text document"))?;
        self.files.get(uri).cloned().ok_or_else(|| Fault::params(format!("{uri} is not open")))
    }

    /// The file and the byte that a request is about.
    fn place(&self, params: &Json) -> Result<(Rc<File>, usize), Fault> {
        let file = self.file(params)?;
        let position = params.get("position").and_then(|position| file.text.at(position, self.client.encoding));
        let at = position.ok_or_else(|| Fault::params("the request has no position"))?;
        Ok((file, at))
    }

    fn system(&mut self, file: &File) -> System {
        self.files.system(self.host, &file.uri)
    }
}

/// Whether a later message changes the text that a request is about, so that an answer would be thrown away; only for what clients ask again.
fn outdated(message: &Json, later: &[Json]) -> bool {
    let method = |message: &Json| message.get("method").and_then(Json::as_str).map(str::to_owned);
    let uri = |message: &Json| message.pointer("/params/textDocument/uri").cloned();
    let again = ["diagnostic", "codeLens", "inlayHint", "documentSymbol", "codeAction"];
    let wanted = method(message);
    let automatic = again.iter().any(|name| wanted.as_deref() == Some(&format!("textDocument/{name}")));
    automatic
        && later
            .iter()
            .any(|other| method(other).as_deref() == Some("textDocument/didChange") && uri(other) == uri(message))
}
