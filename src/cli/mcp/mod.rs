//! `archplan mcp`: the commands as tools of language models, one JSON message a line over standard input and output.
//!
//! Every call runs this very program with the command's own arguments: a tool says what the command says, and no call can end the server.

mod tools;

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use clap::Args as Arguments;
use serde_json::{Value as Json, json};

use super::Exit;
use tools::{TOOLS, Tool};

/// Versions of the protocol that are spoken, the newest first; between them nothing differs that is used here.
const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// The longest line that is read: 16 MiB.
const LONGEST: u64 = 16 << 20;

/// The most bytes of an answer's text: more fits no model.
const MOST_TEXT: usize = 400_000;

const INSTRUCTIONS: &str = "archplan turns a requirements file (req.yaml) into a backend architecture plan (TODO_backend-architect.md) and keeps both in step. \
    Begin with `next`, read one task with `show`, tick it with `done` when its `Done when` holds. After every change of the requirements run `new`, then `lint`. \
    Never edit comments that begin with `<!-- ap`.";

/// Arguments of `archplan mcp`.
#[derive(Clone, Debug, Arguments)]
#[command(
    after_help = "Speaks the Model Context Protocol on standard input and output; docs/editors.md has the settings of clients."
)]
pub struct Args {}

/// Serves until standard input ends.
///
/// # Errors
/// This program cannot be found, or standard output cannot be written.
pub fn run(_: &Args, passed: &[OsString]) -> Result<Exit> {
    let program = std::env::current_exe().context("cannot find this program")?;
    let call = |words: &[String]| {
        Command::new(&program).args(passed).args(words).stdin(Stdio::null()).env("NO_COLOR", "1").output()
    };
    let mut input = BufReader::new(std::io::stdin());
    let mut out = std::io::stdout().lock();
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut line).context("cannot read standard input")? == 0 {
            return Ok(Exit::Fine);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match serde_json::from_slice::<Json>(&line) {
            Ok(message) => answer(&message, &call),
            Err(error) => Some(fault(&Json::Null, -32700, &format!("no JSON: {error}"))),
        };
        if let Some(answer) = answer {
            writeln!(out, "{answer}").and_then(|()| out.flush()).context("cannot write to standard output")?;
        }
    }
}

/// Runs this program with some words.
type Call<'c> = &'c dyn Fn(&[String]) -> std::io::Result<std::process::Output>;

/// The answer to a message; notifications have none.
fn answer(message: &Json, call: Call<'_>) -> Option<Json> {
    let id = message.get("id").filter(|id| !id.is_null());
    let Some(method) = message.get("method").and_then(Json::as_str) else {
        let is_answer = id.is_some() && (message.get("result").is_some() || message.get("error").is_some());
        return (!is_answer).then(|| fault(id.unwrap_or(&Json::Null), -32600, "a message without a method"));
    };
    let id = id?;
    let params = message.get("params").unwrap_or(&Json::Null);
    let result = match method {
        "initialize" => initialize(params),
        "ping" => json!({}),
        "tools/list" => json!({"tools": TOOLS.iter().map(Tool::described).collect::<Vec<_>>()}),
        "tools/call" => {
            let name = params.get("name").and_then(Json::as_str).unwrap_or("");
            let Some(tool) = TOOLS.iter().find(|tool| tool.name == name) else {
                let near = crate::text::suggest(name, TOOLS.iter().map(|tool| tool.name));
                let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                return Some(fault(id, -32602, &format!("there is no tool `{name}`{near}")));
            };
            called(tool, params.get("arguments").unwrap_or(&Json::Null), call)
        }
        _ => return Some(fault(id, -32601, &format!("there is no method {method}"))),
    };
    Some(json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

fn initialize(params: &Json) -> Json {
    let asked = params.get("protocolVersion").and_then(Json::as_str).unwrap_or("");
    let version = VERSIONS.into_iter().find(|version| *version == asked).or(VERSIONS.first().copied());
    json!({
        "protocolVersion": version,
        "capabilities": {"tools": {"listChanged": false}},
        "serverInfo": {"name": "archplan", "version": env!("CARGO_PKG_VERSION")},
        "instructions": INSTRUCTIONS,
    })
}

/// What a tool says; what is wrong with a call is said to the model, which can mend it.
fn called(tool: &Tool, arguments: &Json, call: Call<'_>) -> Json {
    let output = match tool.words(arguments) {
        Ok(words) => call(&words).map_err(|error| format!("archplan cannot run: {error}")),
        Err(why) => Err(why),
    };
    let output = match output {
        Ok(output) => output,
        Err(why) => return json!({"content": [{"type": "text", "text": why}], "isError": true}),
    };
    let said = String::from_utf8_lossy(&output.stdout);
    // Findings (1) are an answer; wrong input (2) and a choice for a person (3) are errors.
    let failed = !matches!(output.status.code(), Some(0 | 1));
    let data = serde_json::from_str::<Json>(&said).ok().filter(Json::is_object);
    let beside = String::from_utf8_lossy(&output.stderr);
    let text = match (said.trim().is_empty(), beside.trim().is_empty() || tool.quiet && !failed) {
        (_, true) => said.into_owned(),
        (true, false) => beside.into_owned(),
        (false, false) => format!("{said}\n{beside}"),
    };
    let mut result = json!({"content": [{"type": "text", "text": shortened(&text)}], "isError": failed});
    if let (Some(data), Some(result)) = (data, result.as_object_mut()) {
        result.insert("structuredContent".to_owned(), data);
    }
    result
}

/// A text that is not too long.
fn shortened(text: &str) -> String {
    if text.len() <= MOST_TEXT {
        return text.to_owned();
    }
    let end = (0..=MOST_TEXT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}\n... shortened", text.get(..end).unwrap_or(""))
}

fn fault(id: &Json, code: i32, message: &str) -> Json {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
}
