//! File URIs and paths. Other schemes are kept as they are: nothing can be read there, and nothing needs to be.

/// The path of a `file:` URI, with `/` between its parts; of another URI itself.
#[must_use]
pub fn path(uri: &str) -> String {
    let Some(rest) = uri.strip_prefix("file://") else { return uri.to_owned() };
    let path = decoded(rest);
    let mut letters = path.chars();
    let drive = letters.next() == Some('/')
        && letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.next() == Some(':');
    if drive { path.get(1..).unwrap_or("").to_owned() } else { path }
}

/// The last part of a path.
#[must_use]
pub fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The URI of a file beside another one.
#[must_use]
pub fn beside(uri: &str, name: &str) -> String {
    let folder = uri.rfind('/').and_then(|at| uri.get(..=at)).unwrap_or("");
    format!("{folder}{}", encoded(name))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let hex = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, hex(ahead.next()), hex(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_become_paths_and_neighbours() {
        assert_eq!(path("file:///srv/a%20b/r%C3%A9q.yaml"), "/srv/a b/réq.yaml");
        assert_eq!(path("file:///c%3A/x/req.yaml"), "c:/x/req.yaml");
        assert_eq!(path("untitled:Untitled-1"), "untitled:Untitled-1");
        assert_eq!(path("file:///50%"), "/50%");
        assert_eq!(beside("file:///a%20b/req.yaml", "TODO x.md"), "file:///a%20b/TODO%20x.md");
        assert_eq!(base("/a/b.md"), "b.md");
    }
}
