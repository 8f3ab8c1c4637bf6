//! Forms of secrets. Placeholders, references to variables and words such as `changeme` in angle brackets are none.

use std::ops::Range;

use crate::text::holds;

/// Prefixes that only keys have, the least length of the whole, and what they are.
const PREFIXES: [(&str, usize, &str); 12] = [
    ("AKIA", 20, "an access key of a cloud account"),
    ("ASIA", 20, "an access key of a cloud account"),
    ("ghp_", 36, "a token of a code host"),
    ("gho_", 36, "a token of a code host"),
    ("github_pat_", 40, "a token of a code host"),
    ("glpat-", 20, "a token of a code host"),
    ("xoxb-", 24, "a token of a chat service"),
    ("xoxp-", 24, "a token of a chat service"),
    ("sk_live_", 20, "a live key of a payment service"),
    ("rk_live_", 20, "a live key of a payment service"),
    ("AIza", 39, "a key of a cloud service"),
    ("eyJhbGciOi", 40, "a signed token"),
];

/// Names whose value is a secret.
const NAMES: [&str; 8] =
    ["password", "passwd", "secret_key", "secretkey", "api_key", "apikey", "access_token", "client_secret"];

/// Which forms occur in a text at all, so that its lines are not searched for the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    key: bool,
    prefixes: Vec<&'static (&'static str, usize, &'static str)>,
    address: bool,
    quoted: bool,
}

impl Forms {
    /// Whether any form occurs.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.key || !self.prefixes.is_empty() || self.address || self.quoted
    }
}

/// Searches a whole text for each form once.
#[must_use]
pub fn forms_in(text: &str) -> Forms {
    Forms {
        key: holds(text, "-----BEGIN "),
        prefixes: PREFIXES.iter().filter(|(prefix, ..)| holds(text, prefix)).collect(),
        address: holds(text, "://"),
        quoted: text.contains('"') || text.contains('\''),
    }
}

/// The first secret of a line, with what it is.
#[must_use]
pub fn find(text: &str, forms: &Forms) -> Option<(Range<usize>, &'static str)> {
    let begin = || {
        let at = text.find("-----BEGIN ")?;
        text.get(at..).is_some_and(|rest| rest.contains("PRIVATE KEY-----")).then_some(at)
    };
    if let Some(at) = forms.key.then(begin).flatten() {
        return Some((at..text.trim_end().len(), "a private key"));
    }
    let known = || forms.prefixes.iter().find_map(|prefix| prefixed(text, prefix));
    let address = || forms.address.then(|| connection(text)).flatten();
    known().or_else(address).or_else(|| forms.quoted.then(|| assigned(text)).flatten())
}

fn prefixed(text: &str, (prefix, least, what): &(&str, usize, &'static str)) -> Option<(Range<usize>, &'static str)> {
    let at = text.find(prefix)?;
    let before = text.get(..at)?.chars().next_back();
    let rest = text.get(at..)?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))).unwrap_or(rest.len());
    let free = !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    (free && end >= *least && varied(rest.get(prefix.len()..end)?)).then_some((at..at + end, *what))
}

/// `scheme://user:password@host`.
fn connection(text: &str) -> Option<(Range<usize>, &'static str)> {
    let start = text.find("://")? + 3;
    let rest = text.get(start..)?;
    let end = rest.find(|c: char| c.is_whitespace() || "/`\"'<>)".contains(c)).unwrap_or(rest.len());
    let (login, _) = rest.get(..end)?.rsplit_once('@')?;
    let (user, password) = login.split_once(':')?;
    let at = start + login.len() - password.len();
    // A password that is the name of its user is one of a developer's machine.
    (password != user && real(password)).then_some((at..at + password.len(), "a password in a connection string"))
}

/// `password = "..."`, `API_KEY: ...`.
fn assigned(text: &str) -> Option<(Range<usize>, &'static str)> {
    if !(text.contains('"') || text.contains('\'')) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    NAMES.iter().find_map(|name| {
        let at = lower.find(name)? + name.len();
        let rest = text.get(at..)?.trim_start_matches(['"', '\'']).trim_start();
        let value = rest.strip_prefix(['=', ':'])?.trim_start();
        let quoted = value.strip_prefix(['"', '\''])?;
        let end = quoted.find(['"', '\''])?;
        let inner = quoted.get(..end)?;
        let start = text.len() - quoted.len();
        let mixed = inner.len() >= 8 && inner.bytes().any(|b| b.is_ascii_digit()) && real(inner);
        mixed.then_some((start..start + end, "a secret value"))
    })
}

/// Whether a password is one and no placeholder.
fn real(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = [
        "password", "passwd", "secret", "changeme", "example", "xxx", "***", "...", "pass", "pw", "local", "test",
        "guest",
    ];
    text.len() >= 4
        && !text.contains(['$', '{', '<', '>', '%', '*', ' '])
        && !words.iter().any(|word| lower == *word || (word.len() > 4 && lower.contains(word)))
        && varied(text)
}

/// Whether a text has more than a few different characters.
fn varied(text: &str) -> bool {
    let mut seen: Vec<char> = text.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() >= 4
}

#[cfg(test)]
mod tests {
    use super::{find as find_in, forms_in};

    #[test]
    fn secrets_are_found_and_placeholders_are_not() {
        // Put together here, so that no scanner of this repository finds them.
        let find = |text: &str| find_in(text, &forms_in(text));
        let key = ["AKIA", "QX3ZT7PMWN4KRVBY"].concat();
        let token = ["ghp", "_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8"].concat();
        assert_eq!(find(&format!("key {key}")).map(|(range, _)| range), Some(4..24));
        assert!(find(&token).is_some());
        assert!(find("DATABASE_URL=db://app:Tr0ub4dor@host/shop").is_some());
        assert!(find("password = \"hunter2hunter2\"").is_some());
        for text in [
            "db://app:${DB_PASSWORD}@host/x",
            "db://app:password@host/x",
            "password: \"changeme1\"",
            "api_key = env(\"K1\")",
            "https://host/a:b@c",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
