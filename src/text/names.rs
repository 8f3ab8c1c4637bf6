//! Names of people as names of machines: tables, columns, classes, paths. ASCII letters, digits and one separator, never empty, never
//! beginning with a digit, of bounded length, and the same for the same name wherever it stands.

use super::digest;
use std::collections::BTreeMap;

/// Longest name that [`snake`] and its kin give; a longer one is cut and carries a digest of the whole.
pub const LONGEST: usize = 40;

/// Characters of a name that are looked at; the digest is taken of all.
const LOOKED_AT: usize = 400;

/// Words of four letters or more, lower case, plural or not: what texts of people are compared by.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).map(|word| word.trim_end_matches('s').to_string());
    words.filter(|word| word.chars().count() >= 4).collect()
}

/// Lower-case words of a name: `OrderLine`, `order line` and `order-line` are `order`, `line`. Letters with marks lose them, other
/// scripts become their code points.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = name.chars().take(LOOKED_AT).collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(at + 1).copied();
        let starts = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
                || before.is_some_and(char::is_uppercase) && after.is_some_and(char::is_lowercase));
        if starts {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric() {
            push(&mut words, c.to_ascii_lowercase().encode_utf8(&mut [0; 4]));
            continue;
        }
        let lower: String = c.to_lowercase().collect();
        match plain(&lower) {
            Some(letters) => push(&mut words, letters),
            None if c.is_alphanumeric() => {
                words.push(format!("u{:x}", u32::from(*c)));
                words.push(String::new());
            }
            // An apostrophe stands inside a word.
            _ if matches!(c, '\'' | '’') => {}
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn push(words: &mut [String], letters: &str) {
    if let Some(word) = words.last_mut() {
        word.push_str(letters);
    }
}

/// A lower-case letter with a mark as plain letters.
fn plain(lower: &str) -> Option<&'static str> {
    const LETTERS: [(&str, &str); 22] = [
        ("áàâãåāăą", "a"),
        ("äæ", "ae"),
        ("çćĉċč", "c"),
        ("ďđð", "d"),
        ("éèêëēĕėęě", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("íìîïĩīĭįı", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľŀł", "l"),
        ("ñńņňŋ", "n"),
        ("óòôõōŏőø", "o"),
        ("öœ", "oe"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ß", "ss"),
        ("ţťŧț", "t"),
        ("úùûũūŭůűų", "u"),
        ("ü", "ue"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
    ];
    let c = lower.chars().next()?;
    LETTERS.iter().find(|(marked, _)| marked.contains(c)).map(|(_, letters)| *letters)
}

/// `order_line`.
#[must_use]
pub fn snake(name: &str) -> String {
    bounded(name, words(name), "_")
}

/// `order-line`.
#[must_use]
pub fn kebab(name: &str) -> String {
    bounded(name, words(name), "-")
}

/// `ORDER_LINE`.
#[must_use]
pub fn constant(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// `OrderLine`.
#[must_use]
pub fn pascal(name: &str) -> String {
    snake(name).split('_').map(capital).collect()
}

/// `orderLine`.
#[must_use]
pub fn camel(name: &str) -> String {
    let snake = snake(name);
    let mut parts = snake.split('_');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |out, part| out + &capital(part))
}

/// `order_lines`: the last word of a snake-case name in the plural.
#[must_use]
pub fn plural(snake: &str) -> String {
    let before_y = snake.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    let many = snake.ends_with('s') && !["ss", "us", "is", "as"].iter().any(|ending| snake.ends_with(ending));
    match before_y {
        _ if many => snake.to_string(),
        Some(stem) => format!("{stem}ies"),
        None if snake.ends_with(['s', 'x', 'z']) || snake.ends_with("ch") || snake.ends_with("sh") => {
            format!("{snake}es")
        }
        None => format!("{snake}s"),
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

fn bounded(name: &str, words: Vec<String>, separator: &str) -> String {
    let mut out = words.join(separator);
    if out.is_empty() {
        out = if name.trim().is_empty() { "x".to_string() } else { format!("x{separator}{}", digest::short(name)) };
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, 'n');
    }
    if out.len() > LONGEST || name.chars().count() > LOOKED_AT {
        return shortened(&out, name, separator, LONGEST);
    }
    out
}

/// At most `most` characters of an ASCII name; a longer one ends in a digest of `whole`.
#[must_use]
pub fn shortened(name: &str, whole: &str, separator: &str, most: usize) -> String {
    let room = most.saturating_sub(separator.len() + 6);
    let kept: String = name.chars().take(room).collect();
    format!("{}{separator}{}", kept.trim_end_matches(separator), digest::short(whole))
}

/// Names mapped so that no two meet: the smallest of the originals keeps the plain form, the others carry a digest of theirs. The
/// order of the names does not count. `taken` are names that nobody may have.
#[must_use]
pub fn unique(names: &[&str], taken: &[&str], map: impl Fn(&str) -> String) -> Vec<String> {
    let mut sorted: Vec<(&str, String)> = names.iter().map(|name| (*name, map(name))).collect();
    sorted.sort();
    sorted.dedup();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut mapped: BTreeMap<&str, String> = BTreeMap::new();
    for (name, plain) in &sorted {
        let mut own = plain.clone();
        let mut salt = (*name).to_string();
        while taken.contains(&own.as_str()) || owners.contains_key(&own) {
            own = format!("{plain}_{}", digest::short(&salt));
            salt.push('+');
        }
        owners.insert(own.clone(), name);
        mapped.insert(name, own);
    }
    names.iter().map(|name| mapped.get(name).cloned().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_become_names_of_machines() {
        for (name, expected) in [
            ("OrderLine", "order_line"),
            ("order line", "order_line"),
            ("HTTPServer", "http_server"),
            ("Müller & Söhne", "mueller_soehne"),
            ("O'Brien", "obrien"),
            ("店舗", "u5e97_u8217"),
            ("2fa", "n2fa"),
            ("", "x"),
            ("$(id)", "id"),
            ("'; DROP TABLE x; --", "drop_table_x"),
            ("a_b", "a_b"),
            ("v2Users", "v2_users"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
        assert_eq!((pascal("order_line"), camel("Order line")), ("OrderLine".to_string(), "orderLine".to_string()));
        assert_eq!(snake("-->"), format!("x_{}", digest::short("-->")));
        assert_eq!(snake(&"long ".repeat(2000)).len(), LONGEST);
    }

    #[test]
    fn plurals_of_plurals_stay() {
        let plurals = ["category", "order", "status", "address", "box", "orders", "day", "branch"].map(plural);
        assert_eq!(plurals, ["categories", "orders", "statuses", "addresses", "boxes", "orders", "days", "branches"]);
    }

    #[test]
    fn collisions_are_resolved_whatever_the_order() {
        let forth = unique(&["order line", "OrderLine", "id"], &["id"], snake);
        let back = unique(&["id", "OrderLine", "order line"], &["id"], snake);
        assert_eq!(forth.iter().rev().collect::<Vec<_>>(), back.iter().collect::<Vec<_>>());
        assert_eq!(forth.get(1).map(String::as_str), Some("order_line"));
        assert!(forth.iter().all(|name| name != "id"), "{forth:?}");
    }
}
