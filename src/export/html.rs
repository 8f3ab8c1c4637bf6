//! One self-contained page: the plan as HTML with a list of contents, search, filters and a print form. It loads nothing, and no text of
//! the plan becomes markup or script: tags other than those of collapsible parts are shown as text.

use crate::document::status::{self, State};
use crate::document::{Document, Task};
use minijinja::{AutoEscape, Environment};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html as writer};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

const PAGE: &str = include_str!("../../templates/export/page.html");
const STYLE: &str = include_str!("../../templates/export/page.css");
const SCRIPT: &str = include_str!("../../templates/export/page.js");

/// The page.
///
/// # Errors
/// The embedded template is wrong.
pub fn page(document: &Document) -> Result<String, String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page", PAGE).map_err(|error| format!("{error:#}"))?;
    let template = environment.get_template("page").map_err(|error| format!("{error:#}"))?;
    let mut body = Body::new(document);
    let events: Vec<Event<'_>> = body.events();
    let mut html = String::with_capacity(document.text.len() * 2);
    writer::push_html(&mut html, events.into_iter());
    let all = status::status(document).all;
    let view = View {
        title: super::title(document),
        style: STYLE,
        script: SCRIPT,
        body: &html,
        contents: &body.contents,
        done: all.done,
        total: all.total,
    };
    template.render(minijinja::value::Serde(&view)).map_err(|error| format!("{error:#}"))
}

#[derive(serde::Serialize)]
struct View<'a> {
    title: String,
    style: &'a str,
    script: &'a str,
    body: &'a str,
    contents: &'a [Entry],
    done: usize,
    total: usize,
}

/// A line of the list of contents.
#[derive(serde::Serialize)]
struct Entry {
    level: usize,
    anchor: String,
    text: String,
}

struct Body<'a> {
    document: &'a Document,
    /// Tasks by the byte at which their line begins.
    tasks: BTreeMap<usize, &'a Task>,
    ids: BTreeSet<&'a str>,
    contents: Vec<Entry>,
    /// Markup inside an HTML block, until it ends.
    raw: Option<String>,
    /// The heading that is open: its level and its words.
    heading: Option<(usize, String)>,
    in_code: bool,
}

impl<'a> Body<'a> {
    fn new(document: &'a Document) -> Self {
        let start = |task: &Task| document.span(task.lines.clone()).start;
        Self {
            document,
            tasks: document.tasks.iter().filter(|t| !t.id.is_empty()).map(|task| (start(task), task)).collect(),
            ids: document.tasks.iter().map(|t| t.id.as_str()).filter(|id| !id.is_empty()).collect(),
            contents: Vec::new(),
            raw: None,
            heading: None,
            in_code: false,
        }
    }

    fn events(&mut self) -> Vec<Event<'a>> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
        let document: &'a Document = self.document;
        let mut out = Vec::new();
        for (event, span) in Parser::new_ext(&document.text, options).into_offset_iter() {
            self.event(event, span, &mut out);
        }
        out
    }

    fn event(&mut self, event: Event<'a>, span: Range<usize>, out: &mut Vec<Event<'a>>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.raw = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(text) = self.raw.take() {
                    out.push(Event::Html(safe(&text).into()));
                }
            }
            Event::Html(text) | Event::InlineHtml(text) => match &mut self.raw {
                Some(raw) => raw.push_str(&text),
                None => out.push(Event::InlineHtml(safe(&text).into())),
            },
            Event::Start(Tag::Item) => match self.tasks.get(&span.start) {
                Some(task) => out.push(Event::Html(opening(task).into())),
                None => out.push(event),
            },
            Event::Start(Tag::Heading { level, .. }) => {
                self.heading = Some((depth(level), String::new()));
                out.push(Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }));
                if let Some(Event::Start(Tag::Heading { id, .. })) = out.last_mut() {
                    *id = Some(format!("h{}", self.contents.len()).into());
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                self.contents.extend(self.heading.take().map(|(level, text)| Entry {
                    level,
                    anchor: format!("h{}", self.contents.len()),
                    text,
                }));
                out.push(event);
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) | Event::End(TagEnd::Link | TagEnd::Image) => {
                link(event, out);
            }
            Event::Start(Tag::Table(_)) => out.extend([Event::Html("<div class=\"wide\">".into()), event]),
            Event::End(TagEnd::Table) => out.extend([event, Event::Html("</div>\n".into())]),
            Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => self.code(event, out),
            Event::Text(text) if !self.in_code => self.text(&text, out),
            Event::Code(text) => {
                if let Some((_, words)) = &mut self.heading {
                    words.push_str(&text);
                }
                out.push(Event::Code(text));
            }
            other => out.push(other),
        }
    }

    fn code(&mut self, event: Event<'a>, out: &mut Vec<Event<'a>>) {
        self.in_code = matches!(event, Event::Start(_));
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(word))) = &event
            && &**word == "text"
        {
            out.push(Event::Html("<div class=\"figure\">".into()));
            self.in_code = true;
            out.push(event);
            return;
        }
        let closes = matches!(event, Event::End(_));
        let figure = closes && open_figure(out);
        out.push(event);
        if figure {
            out.push(Event::Html("</div>\n".into()));
        }
    }

    /// Words with every id of the plan as a link to its task.
    fn text(&mut self, text: &CowStr<'a>, out: &mut Vec<Event<'a>>) {
        if let Some((_, words)) = &mut self.heading {
            words.push_str(text);
            return out.push(Event::Text(text.clone()));
        }
        let mut plain = String::new();
        for word in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')) {
            let id = word.trim_end_matches(|c: char| !c.is_ascii_digit());
            let Some(id) = self.ids.get(id) else {
                plain.push_str(word);
                continue;
            };
            out.push(Event::Text(std::mem::take(&mut plain).into()));
            out.push(Event::InlineHtml(format!("<a href=\"#{id}\">{id}</a>").into()));
            plain.push_str(word.get(id.len()..).unwrap_or(""));
        }
        out.push(Event::Text(plain.into()));
    }
}

/// Whether the code block that ends here was opened as a figure.
fn open_figure(out: &[Event<'_>]) -> bool {
    let start = out.iter().rev().find(|event| matches!(event, Event::Start(Tag::CodeBlock(_))));
    matches!(start, Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(word)))) if &**word == "text")
}

/// A link that leads to a page, a mail address or a place in this page; anything else is shown as its words. Images are their words.
fn link<'a>(event: Event<'a>, out: &mut Vec<Event<'a>>) {
    let kept = match &event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            let scheme = dest_url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
            scheme.is_none_or(|s| matches!(s.as_str(), "http" | "https" | "mailto"))
        }
        Event::End(TagEnd::Link) => {
            let open = |e: &&Event<'_>| matches!(e, Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link));
            matches!(out.iter().rev().find(open), Some(Event::Start(_)))
        }
        _ => false,
    };
    if kept {
        out.push(event);
    }
}

/// The list item of a task; ids hold letters, digits, `-` and `.` only.
fn opening(task: &Task) -> String {
    let state = if task.retired { "retired" } else { status::state(task).word() };
    let phase = task.field("Phase").map(super::inline::plain).unwrap_or_default();
    let phase = ["Core", "Scale", "Optimize"].into_iter().find(|p| *p == phase).unwrap_or("");
    let class = if state == State::Done.word() { "task done" } else { "task" };
    format!("<li id=\"{}\" class=\"{class}\" data-state=\"{state}\" data-phase=\"{phase}\">", task.id)
}

/// Raw markup made harmless: comments go, the tags of collapsible parts stay, everything else becomes text.
fn safe(text: &str) -> String {
    const KEPT: [&str; 5] = ["<details>", "</details>", "<summary>", "</summary>", "<details open>"];
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        escape(rest.get(..at).unwrap_or(""), &mut out);
        rest = rest.get(at..).unwrap_or("");
        if let Some(inside) = rest.strip_prefix("<!--") {
            rest = inside.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(tag) = KEPT.iter().find(|tag| rest.starts_with(**tag)) {
            out.push_str(tag);
            rest = rest.get(tag.len()..).unwrap_or("");
        } else {
            out.push_str("&lt;");
            rest = rest.get(1..).unwrap_or("");
        }
    }
    escape(rest, &mut out);
    out
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
}

fn depth(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        _ => 3,
    }
}
