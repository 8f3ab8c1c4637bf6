//! Quoting: one filter for each place in which a name or text of people can stand. What comes out is inert there, whatever came in.

use minijinja::value::{Value, ValueKind};

use crate::text::{markdown, names};

/// Words that some dialect of SQL keeps for itself.
const SQL_WORDS: &str = " accessible add all alter analyse analyze and any array as asc asensitive asymmetric authorization before between \
    bigint binary blob both by call cascade case cast change char character check collate column concurrently condition constraint \
    continue convert create cross cube current_catalog current_date current_role current_schema current_time current_timestamp \
    current_user cursor database databases date day_hour dec decimal declare default deferrable delayed delete desc describe \
    deterministic distinct distinctrow div do double drop dual each else elseif empty enclosed end escaped except exists exit explain \
    false fetch float for force foreign freeze from full fulltext function generated get grant group grouping groups having \
    high_priority hour_minute if ignore ilike in index infile initially inner inout insensitive insert int integer intersect interval \
    into is isnull iterate join key keys kill lag lateral lead leading leave left like limit linear lines load localtime \
    localtimestamp lock long longblob longtext loop lower match maxvalue mediumblob merge minus mod modifies natural not notnull null \
    numeric of offset on only optimize option optionally or order out outer outfile over overlaps partition percent_rank placing \
    position precision primary procedure purge range rank read reads real recursive references regexp release rename repeat replace \
    require resignal restrict return returning revoke right rlike role row row_number rows schema schemas select sensitive separator \
    session_user set show signal similar smallint some spatial specific sql ssl starting stored straight_join symmetric system table \
    tablesample terminated then time timestamp tinyint to trailing transaction trigger true undo union unique unlock unsigned update \
    usage use user using utc_date utc_time utc_timestamp value values varbinary varchar variadic varying verbose virtual when where \
    while window with without write xor year zerofill zone ";

/// Words that some programming language of the plans keeps for itself, or that mean something in it everywhere.
const CODE_WORDS: &str = " abstract alias and any arguments as assert async await begin boolean box break byte case catch chan char class \
    const constructor continue crate debugger declare def default defer del delete do double dyn elif else elsif end ensure enum eval \
    except export exports extends extern fallthrough false final finally float fn for from func function gen get global go goto if \
    impl implements import in init instanceof int interface is lambda let long loop macro map match mod module move mut namespace \
    native new next nil none nonlocal not null number of or override package pass priv private protected pub public raise range record \
    redo ref register require rescue retry return self sealed select set short static strictfp string struct super switch symbol \
    synchronized then this throw throws trait transient true try type typeof undef undefined union unless unsafe unsized until use \
    var virtual void volatile when where while with yield print list dict str object id main error ";

/// Whether a space-separated list of words holds a word.
fn among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// An SQL identifier: bare when nothing can be meant by it but a name, else between quotation marks (`"` unless told).
pub fn sql_ident(name: &str, mark: Option<&str>) -> String {
    let mark = mark.and_then(|mark| mark.chars().next()).unwrap_or('"');
    if is_plain(name) && !among(SQL_WORDS, name) {
        return name.to_string();
    }
    let inside: String = name.chars().filter(|c| !c.is_control()).collect();
    format!("{mark}{}{mark}", inside.replace(mark, &format!("{mark}{mark}")))
}

/// An SQL text. Dialects that mark identifiers with a backtick read backslashes in texts: name it for them.
pub fn sql_text(text: &str, mark: Option<&str>) -> String {
    let text: String = text.chars().filter(|c| *c != '\0').collect();
    let text = if mark == Some("`") { text.replace('\\', "\\\\") } else { text };
    format!("'{}'", text.replace('\'', "''"))
}

/// Words for a comment of any language: one line in which nothing ends a comment.
pub fn comment(text: &str) -> String {
    let mut out = markdown::one_line(text);
    for end in ["*/", "/*", "-->", "<!--", "--", "{{", "}}", "{%", "%}", "#}", "%>", "?>"] {
        out = out.replace(end, " ");
    }
    let out = out.replace('<', "(").replace('>', ")");
    out.trim_end_matches('\\').chars().take(200).collect::<String>().trim().to_string()
}

/// A value as JSON, numbers and lists too.
fn json(value: &Value) -> String {
    let text = serde_json::to_string(&minijinja::value::Serde(value).0).unwrap_or_else(|_| "null".to_string());
    // Angle brackets stand inside of strings only; escaped, no reader of the plan takes them for markup.
    text.replace('<', "\\u003c").replace('>', "\\u003e")
}

/// A JSON string with everything escaped that any reader of such strings trips over.
pub fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if odd(c) || matches!(c, '<' | '>') => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Control, direction and line characters that are never shown as they stand.
fn odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{200b}'..='\u{200f}')
}

/// A value for YAML: numbers, truth and lists as JSON, texts between quotation marks.
fn yaml(value: &Value) -> String {
    match (value.kind(), value.as_str()) {
        (ValueKind::String, Some(text)) => string(text),
        _ => json(value),
    }
}

/// A name as a word of YAML: bare, unless YAML takes the word for something else than a text.
pub fn yaml_word(name: &str) -> String {
    const OTHERS: &str = " null true false yes no on off y n ";
    if name.is_empty() || among(OTHERS, &name.to_lowercase()) { string(name) } else { name.to_string() }
}

/// A word of a POSIX shell.
pub fn sh(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != '\0').collect();
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(bare) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// A string of HCL.
pub fn hcl(text: &str) -> String {
    string(text).replace("${", "$${").replace("%{", "%%{")
}

/// A value of ENV, LABEL or ARG.
pub fn dockerfile(text: &str) -> String {
    let text = markdown::one_line(text);
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"))
}

/// A string of PromQL; also safe where `{{` begins a template.
pub fn promql(text: &str) -> String {
    string(text).replace("{{", "{ {").replace("}}", "} }")
}

/// A string of Ruby.
pub fn ruby_str(text: &str) -> String {
    string(text).replace('#', "\\#")
}

/// A string of Rust.
pub fn rust_str(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if odd(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A name that is a name in every language of the plans: a reserved word gets an underscore.
pub fn ident(name: &str) -> String {
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let name = if sound { name.to_string() } else { names::snake(name) };
    if among(CODE_WORDS, &name) { format!("{name}_") } else { name }
}

/// A part of a path: letters, digits, dot, hyphen and underscore, never hidden and never a way up.
pub fn path(name: &str) -> String {
    let fine = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let sound = !name.is_empty() && name.len() <= 80 && !name.starts_with('.') && name.chars().all(fine);
    if sound { name.to_string() } else { names::kebab(name) }
}

/// All filters by name.
pub(super) fn register(environment: &mut minijinja::Environment<'_>) {
    environment.add_filter("sql_ident", |name: &str, mark: Option<&str>| sql_ident(name, mark));
    environment.add_filter("sql_text", |text: &str, mark: Option<&str>| sql_text(text, mark));
    environment.add_filter("comment", comment);
    environment.add_filter("json", |value: Value| json(&value));
    environment.add_filter("yaml", |value: Value| yaml(&value));
    environment.add_filter("yaml_word", yaml_word);
    environment.add_filter("sh", sh);
    environment.add_filter("hcl", hcl);
    environment.add_filter("dockerfile", dockerfile);
    environment.add_filter("promql", promql);
    environment.add_filter("hcl_layout", super::layout::hcl);
    environment.add_filter("proto_ident", |name: &str| names::snake(name));
    for name in ["go_str", "ts_str", "py_str", "java_str"] {
        environment.add_filter(name, string);
    }
    environment.add_filter("ruby_str", ruby_str);
    environment.add_filter("rust_str", rust_str);
    environment.add_filter("ident", ident);
    environment.add_filter("md", markdown::prose);
    environment.add_filter("code", markdown::code);
    environment.add_filter("path", path);
    environment.add_filter("number", |number: f64| format!("{}", (number * 1e6).round() / 1e6));
    environment.add_filter("snake", names::snake);
    environment.add_filter("kebab", names::kebab);
    environment.add_filter("constant", names::constant);
    environment.add_filter("pascal", names::pascal);
    environment.add_filter("camel", names::camel);
    environment.add_filter("plural", names::plural);
    environment.add_filter("limit", |name: &str, most: usize| {
        if name.len() <= most { name.to_string() } else { names::shortened(name, name, "_", most) }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people may call their things.
    const HOSTILE: &[&str] = &[
        "order",
        "2fa",
        "Café 店",
        "$(id)",
        "`id`",
        "'; DROP TABLE x; --",
        "{{ 7*7 }}",
        "-->",
        "a\nb",
        "\"",
        "\\",
        "${x}",
        "%{x}",
        "#{x}",
        "../../etc",
        "*/",
        "\u{202e}x",
        "NULL",
        "true",
        "",
    ];

    #[test]
    fn identifiers_are_bare_only_when_they_are_words() {
        assert_eq!((sql_ident("orders", None), sql_ident("order", None)), ("orders".into(), "\"order\"".into()));
        assert_eq!(sql_ident("a`b", Some("`")), "`a``b`");
        assert_eq!((ident("type"), ident("price"), ident("2fa")), ("type_".into(), "price".into(), "n2fa".into()));
    }

    #[test]
    fn nothing_leaves_its_quotation_marks() {
        for text in HOSTILE {
            let sql = sql_text(text, None);
            assert!(text.is_empty() || sql.replace("''", "").matches('\'').count() == 2, "{sql}");
            let ident = sql_ident(text, None);
            assert!(is_plain(&ident) || ident.replace("\"\"", "").matches('"').count() <= 2, "{ident}");
            let shell = sh(text).replace("'\\''", "");
            assert!(!shell.contains('\'') || shell.matches('\'').count() == 2, "{shell}");
            let back: String = serde_json::from_str(&string(text)).unwrap();
            assert_eq!(back, *text);
            assert_eq!(serde_yaml::from_str::<String>(&string(text)).unwrap(), *text);
            let name = names::kebab(text);
            assert_eq!(serde_yaml::from_str::<String>(&yaml_word(&name)).unwrap(), name);
            assert!(!hcl(text).replace("$${", "").replace("%%{", "").contains("${"), "{text}");
            assert!(!promql(text).contains("{{") && !ruby_str(text).replace("\\#", "").contains('#'), "{text}");
            for line in [dockerfile(text), comment(text), rust_str(text)] {
                assert!(!line.contains('\n') && !line.contains("*/") || line.starts_with('"'), "{line}");
            }
            let path = path(text);
            assert!(!path.is_empty() && !path.contains("..") && !path.contains('/'), "{path}");
        }
    }
}
