//! A client of `archplan lsp`: a process, messages out and in, texts that edits are applied to.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use archplan::lsp::frame;
use serde_json::{Value, json};

/// The longest that a message is waited for.
const LONGEST: Duration = Duration::from_secs(60);

/// A session.
pub struct Editor {
    child: Child,
    input: ChildStdin,
    arrived: Receiver<Value>,
    /// Messages that nobody asked for yet, in their order.
    pub unasked: Vec<Value>,
    /// What the server said it can do.
    pub capabilities: Value,
    /// The open texts by URI.
    pub texts: BTreeMap<String, String>,
    folder: String,
    next: u64,
}

/// A client that can take new files, versions and trees.
pub fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]},
        "workspace": {"workspaceEdit": {"documentChanges": true}},
        "textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": true}},
    })
}

impl Editor {
    /// Begins a session in a folder.
    pub fn start(folder: &Path, capabilities: Value) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_archplan"))
            .args(["lsp", "--stdio"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let (sender, arrived) = channel();
        std::thread::spawn(move || {
            while let Ok(Some(body)) = frame::read(&mut output) {
                if sender.send(serde_json::from_slice(&body).unwrap()).is_err() {
                    return;
                }
            }
        });
        let folder = folder.display().to_string();
        let mut editor = Self {
            child,
            input,
            arrived,
            unasked: Vec::new(),
            capabilities: Value::Null,
            texts: BTreeMap::new(),
            folder,
            next: 0,
        };
        let answer =
            editor.ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": capabilities}));
        editor.capabilities = answer["capabilities"].clone();
        editor.say("initialized", json!({}));
        editor
    }

    /// The URI of a file of the folder.
    pub fn uri(&self, name: &str) -> String {
        format!("file://{}/{name}", self.folder)
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).unwrap();
        self.input.flush().unwrap();
    }

    /// Sends messages at once, so that the server finds them together.
    pub fn send(&mut self, messages: &[Value]) {
        let mut bytes = Vec::new();
        messages.iter().for_each(|message| frame::write(&mut bytes, &message.to_string()).unwrap());
        self.raw(&bytes);
    }

    /// Sends a notification.
    pub fn say(&mut self, method: &str, params: Value) {
        self.send(&[json!({"jsonrpc": "2.0", "method": method, "params": params})]);
    }

    /// The whole answer to a request, errors included.
    pub fn answer(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&[json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})]);
        self.wait(&|message| message["id"] == id && message.get("method").is_none())
    }

    /// The result of a request.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The next message that fits; those before it are kept.
    pub fn wait(&mut self, fits: &dyn Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unasked.iter().position(fits) {
            return self.unasked.remove(at);
        }
        loop {
            let message = self.arrived.recv_timeout(LONGEST).expect("the server answers");
            if fits(&message) {
                return message;
            }
            self.unasked.push(message);
        }
    }

    /// Opens a file of the folder.
    pub fn open(&mut self, name: &str, language: &str) -> String {
        let uri = self.uri(name);
        let text = std::fs::read_to_string(Path::new(&self.folder).join(name)).unwrap();
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.say("textDocument/didOpen", json!({"textDocument": document}));
        self.texts.insert(uri.clone(), text);
        uri
    }

    /// Replaces a text as a whole.
    pub fn change(&mut self, uri: &str, version: i64, text: &str) {
        let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]});
        self.say("textDocument/didChange", params);
        self.texts.insert(uri.to_owned(), text.to_owned());
    }

    /// Diagnostics of a file, once they fit.
    pub fn diagnostics(&mut self, uri: &str, fits: &dyn Fn(&[Value]) -> bool) -> Vec<Value> {
        let message = self.wait(&|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["diagnostics"].as_array().is_some_and(|all| fits(all))
        });
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// A request's parameters for the place `offset` bytes behind the beginning of a word.
    pub fn at(&self, uri: &str, word: &str, offset: usize) -> Value {
        let text = &self.texts[uri];
        let at = text.find(word).unwrap_or_else(|| panic!("no {word}")) + offset;
        let before = &text[..at];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let position = json!({"line": before.matches('\n').count(), "character": at - start});
        json!({"textDocument": {"uri": uri}, "position": position, "context": {"includeDeclaration": true}})
    }

    /// The text of a line of a location in a file of the folder.
    pub fn line(&self, location: &Value) -> String {
        let text = &self.texts[location["uri"].as_str().unwrap()];
        let line = usize::try_from(location["range"]["start"]["line"].as_u64().unwrap()).unwrap();
        text.lines().nth(line).unwrap().to_owned()
    }

    /// Applies an edit of ASCII places to texts and writes them to disk; the names of the files.
    pub fn apply(&mut self, edit: &Value) -> Vec<String> {
        let mut names = Vec::new();
        for change in edit["documentChanges"].as_array().expect("versioned edits") {
            let uri = change["textDocument"]["uri"].as_str().unwrap().to_owned();
            let mut text = self.texts.remove(&uri).unwrap_or_default();
            let mut edits = change["edits"].as_array().unwrap().clone();
            edits.reverse();
            for edit in edits {
                let (start, end) = (offset(&text, &edit["range"]["start"]), offset(&text, &edit["range"]["end"]));
                text.replace_range(start..end, edit["newText"].as_str().unwrap());
            }
            let name = uri.rsplit('/').next().unwrap().to_owned();
            std::fs::write(Path::new(&self.folder).join(&name), &text).unwrap();
            self.texts.insert(uri, text);
            names.push(name);
        }
        names
    }

    /// Ends the session; the exit status.
    pub fn end(mut self) -> i32 {
        self.ask("shutdown", Value::Null);
        self.say("exit", Value::Null);
        self.child.wait().unwrap().code().unwrap()
    }

    /// Leaves without a word; the exit status.
    pub fn leave(self) -> i32 {
        let Self { mut child, input, .. } = self;
        drop(input);
        child.wait().unwrap().code().unwrap()
    }
}

/// The byte of a position in bytes of a line.
fn offset(text: &str, position: &Value) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    start + usize::try_from(position["character"].as_u64().unwrap()).unwrap()
}
