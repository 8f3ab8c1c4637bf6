//! The outline of requirements and plans, and a search for names over all open files.

use std::ops::Range;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::files::File;
use super::navigate::in_file;
use super::{Answer, Server};
use crate::document::Document;
use crate::lint::kind::Kind;
use crate::yaml::{Data, Node};

/// Kinds of symbols in the protocol.
const MODULE: u8 = 2;
const PROPERTY: u8 = 7;
const FIELD: u8 = 8;
const STRING: u8 = 15;
const OBJECT: u8 = 19;
const EVENT: u8 = 24;

/// The most names that a search gives.
const MOST_FOUND: usize = 500;

/// One row of an outline.
struct Symbol {
    name: String,
    detail: String,
    kind: u8,
    whole: Range<usize>,
    own: Range<usize>,
    children: Vec<Symbol>,
}

impl Server<'_> {
    /// Answers `textDocument/documentSymbol`.
    pub(super) fn symbols(&mut self, params: &Json) -> Answer {
        let file = self.file(params)?;
        let rows = match file.kind {
            Kind::Requirements => file.reading().tree.as_ref().map(|tree| of_node(tree, "")).unwrap_or_default(),
            Kind::Plan => of_plan(file.document()),
            Kind::Other => Vec::new(),
        };
        if self.client.symbol_tree {
            return Ok(rows.iter().map(|row| self.tree(&file, row)).collect());
        }
        let mut flat = Vec::new();
        rows.iter().for_each(|row| self.flat(&file, row, "", &mut flat));
        Ok(flat.into())
    }

    /// Answers `workspace/symbol`.
    pub(super) fn all_symbols(&mut self, params: &Json) -> Json {
        let query = params.get("query").and_then(Json::as_str).unwrap_or("").to_lowercase();
        let mut out = Vec::new();
        let files: Vec<Rc<File>> = self.files.every().map(Rc::clone).collect();
        for file in files {
            for found in in_file(&file).into_iter().filter(|found| found.given) {
                let task = file.document().task(&found.name).filter(|_| file.kind == Kind::Plan);
                let name = task.map_or_else(|| found.name.clone(), |task| format!("{} {}", task.id, task.title));
                if out.len() < MOST_FOUND && name.to_lowercase().contains(&query) {
                    let range = file.text.range(found.bytes, self.client.encoding);
                    let kind = if file.kind == Kind::Plan { EVENT } else { OBJECT };
                    out.push(json!({"name": name, "kind": kind, "location": {"uri": file.uri, "range": range}, "containerName": found.sort.list()}));
                }
            }
        }
        out.into()
    }

    fn tree(&self, file: &File, row: &Symbol) -> Json {
        json!({
            "name": row.name,
            "detail": row.detail,
            "kind": row.kind,
            "range": file.text.range(row.whole.clone(), self.client.encoding),
            "selectionRange": file.text.range(row.own.clone(), self.client.encoding),
            "children": row.children.iter().map(|row| self.tree(file, row)).collect::<Vec<_>>(),
        })
    }

    fn flat(&self, file: &File, row: &Symbol, above: &str, out: &mut Vec<Json>) {
        let range = file.text.range(row.whole.clone(), self.client.encoding);
        out.push(json!({"name": row.name, "kind": row.kind, "containerName": above, "location": {"uri": file.uri, "range": range}}));
        row.children.iter().for_each(|child| self.flat(file, child, &row.name, out));
    }
}

/// The keys of a mapping, the named items of a list.
fn of_node(node: &Node, above: &str) -> Vec<Symbol> {
    match &node.data {
        Data::Map(entries) => entries
            .iter()
            .map(|entry| {
                let value = &entry.value;
                let own = entry.key_span.start..entry.key_span.end;
                let whole = own.start..value.span.end.max(own.end);
                let kind = match value.data {
                    Data::Map(_) => MODULE,
                    Data::List(_) => OBJECT,
                    _ => PROPERTY,
                };
                let detail = value.text().unwrap_or("").chars().take(60).collect();
                Symbol { name: visible(&entry.key), detail, kind, whole, own, children: of_node(value, &entry.key) }
            })
            .collect(),
        Data::List(items) => items
            .iter()
            .enumerate()
            .filter(|(_, item)| matches!(item.data, Data::Map(_)))
            .map(|(at, item)| {
                let whole = item.span.start..item.span.end.max(item.span.start);
                let name = ["name", "id", "topic", "to", "rule", "path"].iter().find_map(|key| item.get(key));
                let inside = |name: &&Node| whole.start <= name.span.start && name.span.end <= whole.end;
                let own = name.filter(inside).map_or(whole.start..whole.start, |name| name.span.start..name.span.end);
                let label = name.and_then(Node::text).map_or_else(|| format!("{above} {}", at + 1), str::to_owned);
                let children = of_node(item, &label);
                Symbol { name: visible(&label), detail: String::new(), kind: OBJECT, whole, own, children }
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The headings with the tasks below them.
fn of_plan(document: &Document) -> Vec<Symbol> {
    let mut open: Vec<(usize, Symbol)> = Vec::new();
    let mut out = Vec::new();
    let mut tasks = document.tasks.iter().peekable();
    let end = document.text.len();
    for (index, heading) in document.headings.iter().enumerate() {
        let line = document.span(heading.line..heading.line + 1);
        while let Some((_, done)) = open.pop_if(|(level, _)| *level >= heading.level) {
            close(done, line.start, &mut open, &mut out);
        }
        let own = document.lines.get(heading.line).map_or(line.clone(), |line| line.start..line.end);
        let mut row = Symbol {
            name: visible(&heading.text),
            detail: String::new(),
            kind: STRING,
            whole: line.start..end,
            own,
            children: Vec::new(),
        };
        while let Some(task) = tasks.next_if(|task| task.heading.is_none_or(|at| at <= index)) {
            let bytes = document.span(task.lines.clone());
            let head = document.lines.get(task.lines.start).map_or(bytes.clone(), |line| line.start..line.end);
            let tick = if task.ticked { "done" } else { "open" };
            let name = visible(&format!("{} {}", task.id, task.title));
            row.children.push(Symbol {
                name,
                detail: tick.to_owned(),
                kind: FIELD,
                whole: bytes,
                own: head,
                children: Vec::new(),
            });
        }
        open.push((heading.level, row));
    }
    while let Some((_, done)) = open.pop() {
        close(done, end, &mut open, &mut out);
    }
    out
}

/// Ends a heading's part before the next one of its level, and hangs it below the one above.
fn close(mut row: Symbol, end: usize, open: &mut [(usize, Symbol)], out: &mut Vec<Symbol>) {
    row.whole.end = end.max(row.own.end);
    match open.last_mut() {
        Some((_, above)) => above.children.push(row),
        None => out.push(row),
    }
}

/// A name that is not empty, which clients refuse.
fn visible(name: &str) -> String {
    if name.trim().is_empty() { "?".to_owned() } else { name.to_owned() }
}
