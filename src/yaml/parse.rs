//! From text to tree.

use std::collections::BTreeMap;

use compact_str::CompactString;
use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Range};

use super::{Comment, Data, Entry, Fault, Node};
use crate::diagnostic::rules;
use crate::quantity::short;
use crate::text::Span;

/// The largest text that is read: 4 MiB.
pub const MOST_BYTES: usize = 4 << 20;
/// The deepest nesting that is read.
pub const MOST_DEPTH: usize = 32;

/// Up to so many keys of a mapping are compared one by one.
const FEW_KEYS: usize = 24;

/// So many bytes are looked at together.
const BLOCK: usize = 64;

/// The most nodes that aliases add to a document.
const MOST_COPIES: usize = 10_000;

/// What came of parsing a text.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The document, unless the text is none.
    pub root: Option<Node>,
    /// Every comment, in file order.
    pub comments: Vec<Comment>,
    /// What is wrong with the text as YAML.
    pub faults: Vec<Fault>,
}

/// Parses one document. Faults that leave a tree (duplicate keys) are reported beside it.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    if let Some(fault) = before_parsing(text) {
        parsed.faults.push(fault);
        return parsed;
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        events: Parser::new_from_str_with_options(body, granit_parser::options! { disallow_directives: true }),
        offset: text.len() - body.len(),
        text,
        comments: Vec::new(),
        seen: 0,
        faults: Vec::new(),
        entries: Vec::new(),
        items: Vec::new(),
        anchors: BTreeMap::new(),
        copies: MOST_COPIES,
    };
    match reader.document() {
        Ok(root) => {
            reader.comments_before(text.len());
            parsed.root = root;
        }
        Err(fault) => reader.faults.push(*fault),
    }
    parsed.comments = reader.comments;
    parsed.faults = reader.faults;
    parsed
}

/// What no parser needs to see: too much text, and characters that no text has.
fn before_parsing(text: &str) -> Option<Fault> {
    if text.len() > MOST_BYTES {
        return Some(Fault::new(
            rules::TOO_LARGE,
            Span::new(0, 0),
            format!("the text has {} bytes, more than {MOST_BYTES}", text.len()),
            "split it, or leave out what is no requirement",
        ));
    }
    let bad = |(at, c): (usize, char)| {
        let alone = c == '\r' && text.get(at + 1..).is_some_and(|rest| !rest.starts_with('\n'));
        let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        let mark = at > 0 && c == '\u{feff}';
        (alone || control || mark || matches!(c, '\u{fffe}' | '\u{ffff}')).then_some((at, c))
    };
    // Plain text is passed over by its bytes.
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    // Without a way out of the loop many bytes are looked at together.
    let block = |bytes: &&[u8]| bytes.iter().fold(true, |all, byte| all & plain(byte));
    let passed = text.as_bytes().chunks(BLOCK).take_while(block).count() * BLOCK;
    let from = text.bytes().skip(passed).position(|byte| !plain(&byte))? + passed;
    let mut rest = text.get(from..).unwrap_or_default().char_indices().map(|(at, c)| (from + at, c));
    rest.find_map(bad).map(|(at, c)| {
        Fault::new(
            rules::BAD_CHARACTER,
            Span::new(at, at + c.len_utf8()),
            format!("the character U+{:04X} has no place in a text", u32::from(c)),
            "delete it; save the file as plain UTF-8 text",
        )
    })
}

/// Faults that end the reading are boxed: they are rare and large.
type Read<T> = Result<T, Box<Fault>>;

struct Reader<'t> {
    events: Parser<'t, granit_parser::StrInput<'t>>,
    offset: usize,
    text: &'t str,
    comments: Vec<Comment>,
    /// Where the last scalar ends: comments up to there are known.
    seen: usize,
    faults: Vec<Fault>,
    /// Entries and items of what is not closed yet, so that each collection is allocated once, as long as it is.
    entries: Vec<Entry>,
    items: Vec<Node>,
    /// Anchored values that an alias may repeat, and how many nodes aliases may still add.
    anchors: BTreeMap<usize, Node>,
    copies: usize,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Read<Option<Node>> {
        let mut root = None;
        let mut documents = 0_usize;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return refuse(span, "a second document", "keep one document in a file");
                    }
                }
                event => root = Some(self.node(event, span, 0)?),
            }
        }
        Ok(root)
    }

    fn next(&mut self) -> Read<Option<(Event<'t>, Span)>> {
        let Some(next) = self.events.next_event() else { return Ok(None) };
        let (event, range) = next.map_err(|error| Box::new(self.syntax(&error)))?;
        let span = self.span(&range);
        if matches!(event, Event::Scalar(..)) {
            self.comments_before(span.start);
            self.seen = self.seen.max(span.end);
        }
        Ok(Some((event, span)))
    }

    /// Takes the comments between the last scalar and here: outside of scalars a `#` behind white space begins one.
    fn comments_before(&mut self, end: usize) {
        let mut at = self.seen;
        while let Some(found) = self.text.get(at..end).and_then(|gap| memchr::memchr(b'#', gap.as_bytes())) {
            let start = at + found;
            let before = self.text.get(..start).and_then(|text| text.chars().next_back());
            if before.is_some_and(|c| !c.is_ascii_whitespace() && c != '\u{feff}') {
                at = start + 1;
                continue;
            }
            let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
            at = start + line.len();
            let text = line.get(1..).unwrap_or_default().to_owned();
            self.comments.push(Comment { span: Span::new(start, at), text });
        }
    }

    fn span(&self, range: &Range) -> Span {
        let bytes = range.byte_range().unwrap_or(0..0);
        Span::new(bytes.start + self.offset, bytes.end + self.offset)
    }

    fn syntax(&self, error: &ScanError) -> Fault {
        let at = error.marker().byte_offset().unwrap_or(0) + self.offset;
        let at = at.min(self.text.len());
        let after = self.text.get(at..).and_then(|rest| rest.chars().next());
        let length = after.filter(|c| *c != '\n').map_or(0, char::len_utf8);
        Fault::new(
            rules::YAML_SYNTAX,
            Span::new(at, at + length),
            format!("this is no YAML: {}", error.info()),
            "indent with spaces, two per level; write `key: value`; put text with `: `, `#`, quotes or brackets in double quotes",
        )
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Read<Node> {
        if depth >= MOST_DEPTH {
            return Err(Box::new(Fault::new(
                rules::TOO_LARGE,
                span,
                format!("nested deeper than {MOST_DEPTH} levels"),
                "nothing in the language is nested that deep; look for brackets that are never closed",
            )));
        }
        if event.tag().is_some() {
            return refuse(span, "a tag", "delete the tag; kinds come from the keys");
        }
        let anchor = event.anchor_id();
        let aliases = self.copies;
        let node = match event {
            Event::Scalar(text, style, ..) => scalar(&text, style, span),
            Event::SequenceStart(..) => self.list(span, depth)?,
            Event::MappingStart(..) => self.map(span, depth)?,
            Event::Alias(id) => return self.alias(id, span),
            _ => return refuse(span, "an alias", "write the value out where it is needed"),
        };
        let Some(id) = anchor else {
            return Ok(node);
        };
        // YAML writers put an anchor where a program lists the same words twice; nothing else may have one.
        let words = |item: &Node| matches!(item.data, Data::Scalar { .. });
        if words(&node) || (self.copies == aliases && is_list_of(&node, words)) {
            self.anchors.insert(id, node.clone());
            return Ok(node);
        }
        refuse(
            span,
            "an anchor on anything but a value or a list of plain values",
            "write the value out where it is needed",
        )
    }

    /// The value that an alias repeats, at the alias's place.
    fn alias(&mut self, id: usize, span: Span) -> Read<Node> {
        let copied = self.anchors.get(&id).cloned();
        let size = copied.as_ref().map_or(0, |node| node.items().len() + 1);
        let Some((mut node, left)) = copied.zip(self.copies.checked_sub(size)) else {
            return refuse(
                span,
                "an alias to anything but a value or a list of plain values",
                "write the value out where it is needed",
            );
        };
        self.copies = left;
        node.span = span;
        if let Data::List(items) = &mut node.data {
            items.iter_mut().for_each(|item| item.span = span);
        }
        Ok(node)
    }

    fn list(&mut self, start: Span, depth: usize) -> Read<Node> {
        let first = self.items.len();
        let mut end = start.end;
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                let last = self.items.last().filter(|_| self.items.len() > first);
                end = self.end(span, last.map(|item| item.span), end);
                break;
            }
            let item = self.node(event, span, depth + 1)?;
            self.items.push(item);
        }
        let items = self.items.drain(first..).collect();
        Ok(Node { span: Span::new(start.start, end), data: Data::List(items) })
    }

    fn map(&mut self, start: Span, depth: usize) -> Read<Node> {
        let from = self.entries.len();
        // Few keys are found faster by looking at each.
        let mut many: BTreeMap<CompactString, Span> = BTreeMap::new();
        let mut end = start.end;
        while let Some((event, key_span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                let last = self.entries.last().filter(|_| self.entries.len() > from);
                end = self.end(key_span, last.map(|entry| entry.value.span), end);
                break;
            }
            let entry = self.entry(event, key_span, depth)?;
            let entries = self.entries.get(from..).unwrap_or_default();
            let first = match many.is_empty() {
                true => entries.iter().find(|other| other.key == entry.key).map(|other| other.key_span),
                false => many.get(&entry.key).copied(),
            };
            if let Some(first) = first {
                let fault = Fault::new(
                    rules::DUPLICATE_KEY,
                    key_span,
                    format!("the key `{}` stands twice", short(&entry.key)),
                    "delete one of them",
                );
                self.faults.push(fault.label(first, "first here"));
            } else {
                match entries.len() + 1 {
                    0..FEW_KEYS => {}
                    FEW_KEYS => {
                        many.extend(entries.iter().chain([&entry]).map(|entry| (entry.key.clone(), entry.key_span)));
                    }
                    _ => many.extend([(entry.key.clone(), entry.key_span)]),
                }
                self.entries.push(entry);
            }
        }
        let entries = self.entries.drain(from..).collect();
        Ok(Node { span: Span::new(start.start, end), data: Data::Map(entries) })
    }

    fn entry(&mut self, event: Event<'t>, key_span: Span, depth: usize) -> Read<Entry> {
        let node = self.node(event, key_span, depth + 1)?;
        let key = match node.data {
            Data::Scalar { text, quoted } if quoted || text != "<<" => text,
            Data::Scalar { .. } => {
                return refuse(key_span, "a merge key", "write the keys out where they are needed");
            }
            Data::Null => return refuse(key_span, "a key without text", "write `key: value`"),
            Data::List(_) | Data::Map(_) => {
                return refuse(key_span, "a list or mapping as key", "write `key: value`");
            }
        };
        let Some((event, span)) = self.next()? else {
            return refuse(key_span, "a key without value", "write `key: value`");
        };
        let mut value = self.node(event, span, depth + 1)?;
        if value.data == Data::Null && value.span.start == value.span.end {
            // Nothing has no place of its own.
            value.span = key_span;
        }
        Ok(Entry { key, key_span, value })
    }

    /// Where a collection ends: behind its bracket, or behind its last value where it has none.
    fn end(&self, closing: Span, last: Option<Span>, open: usize) -> usize {
        let bracket = self.text.get(closing.start..closing.end);
        if matches!(bracket, Some("]" | "}")) { closing.end } else { last.map_or(open, |last| last.end) }
    }
}

fn is_list_of(node: &Node, sound: impl Fn(&Node) -> bool) -> bool {
    matches!(&node.data, Data::List(items) if items.iter().all(sound))
}

fn refuse<T>(span: Span, what: &str, fix: &str) -> Read<T> {
    Err(Box::new(Fault::new(rules::YAML_FEATURE, span, format!("{what} is not part of the language"), fix)))
}

fn scalar(text: &str, style: ScalarStyle, span: Span) -> Node {
    let quoted = style != ScalarStyle::Plain;
    let null = !quoted && matches!(text, "" | "~" | "null" | "Null" | "NULL");
    let data = if null { Data::Null } else { Data::Scalar { text: CompactString::new(text), quoted } };
    Node { span, data }
}
