//! `archplan lsp`: the language server over standard input and output.

use std::io::{BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args as Arguments;
use serde_json::Value as Json;

use super::lint::{configuration, known};
use super::{Exit, knowledge};
use crate::lint::Config;
use crate::lint::baseline::Baseline;
use crate::lsp::{Host, Server, frame};

/// How long nothing must arrive before the full check, which decides the whole plan: it never delays typing.
const PAUSE: Duration = Duration::from_millis(200);

/// Arguments of `archplan lsp`.
#[derive(Clone, Debug, Arguments)]
#[command(
    after_help = "Speaks the Language Server Protocol on standard input and output; docs/editors.md has the settings of editors."
)]
pub struct Args {
    /// Standard input and output, which is the only way; editors name it
    #[arg(long)]
    stdio: bool,
}

/// Files on disk, and the nearest `archplan.toml`.
struct Disk;

impl Host for Disk {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }

    fn config(&self, path: &str) -> Config {
        // A configuration that is wrong is said by `archplan lint`; an editor goes on with the defaults.
        configuration(Path::new(path).parent()).unwrap_or_default()
    }

    fn baseline(&self, path: &str) -> Option<Baseline> {
        known(Path::new(path).parent())
    }
}

/// Serves until the client leaves.
///
/// # Errors
/// The catalogue is wrong, or standard output cannot be written.
pub fn run(_: &Args) -> Result<Exit> {
    let catalogue = knowledge::catalogue()?;
    let messages = reader();
    let disk = Disk;
    let mut server = Server::new(&disk, &catalogue);
    loop {
        let first = if server.is_due() {
            match messages.recv_timeout(PAUSE) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Found),
            }
        } else {
            match messages.recv() {
                Ok(message) => Some(message),
                Err(_) => return Ok(Exit::Found),
            }
        };
        match first {
            Some(first) => work(&mut server, std::iter::once(first).chain(messages.try_iter()).collect()),
            // A fault of ours in one text must not end the session.
            None => drop(catch_unwind(AssertUnwindSafe(|| server.rest()))),
        }
        write(&mut server)?;
        if let Some(rightly) = server.ended() {
            return Ok(if rightly { Exit::Fine } else { Exit::Found });
        }
    }
}

/// What arrives: a message, or why it is none.
type Arrived = std::result::Result<Json, String>;

/// Reads messages as they come; the channel closes with the stream.
fn reader() -> Receiver<Arrived> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut input = BufReader::new(std::io::stdin());
        loop {
            let message = match frame::read(&mut input) {
                Ok(Some(body)) => serde_json::from_slice(&body).map_err(|error| format!("no JSON: {error}")),
                Ok(None) => return,
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(error.to_string()),
                Err(_) => return,
            };
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}

fn work(server: &mut Server<'_>, arrived: Vec<Arrived>) {
    let mut messages = Vec::new();
    for message in arrived {
        match message {
            Ok(message) => messages.push(message),
            Err(why) => server.unreadable(&why),
        }
    }
    let last = messages.last().cloned().unwrap_or(Json::Null);
    // What a client sends must not end the session, whatever it is.
    if catch_unwind(AssertUnwindSafe(|| server.receive(messages))).is_err() {
        server.failed(&last);
    }
}

fn write(server: &mut Server<'_>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for message in server.take() {
        frame::write(&mut out, &message.to_string()).context("cannot write to standard output")?;
    }
    out.flush().context("cannot write to standard output")
}
