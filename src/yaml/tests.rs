//! The tree against serde_yaml, and against any text.

use serde_yaml::Value as Yaml;

use super::*;

const REFERENCE: &str = include_str!("../../tests/data/reference.req.yaml");

fn same(node: &Node, yaml: &Yaml) -> bool {
    match (&node.data, yaml) {
        (Data::Null, Yaml::Null) => true,
        (Data::Scalar { text, .. }, Yaml::String(other)) => text == other,
        (Data::Scalar { text, quoted: false }, Yaml::Bool(value)) => *text == value.to_string(),
        (Data::Scalar { text, quoted: false }, Yaml::Number(value)) => text.parse::<f64>().ok() == value.as_f64(),
        (Data::List(items), Yaml::Sequence(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(one, two)| same(one, two))
        }
        (Data::Map(entries), Yaml::Mapping(others)) => {
            entries.len() == others.len()
                && entries
                    .iter()
                    .zip(others)
                    .all(|(entry, (key, value))| key.as_str() == Some(&entry.key) && same(&entry.value, value))
        }
        _ => false,
    }
}

#[test]
fn the_tree_agrees_with_serde_yaml_and_keeps_comments() {
    for text in [
        REFERENCE,
        "a: 'it''s'\nb: \"x\\ty\"\nc: |\n  one\n  two\nd: >-\n  folded\n  text\ne: [1, 1.10, no, ~]\n",
        "a: &w [x, y]\nb: *w\n",
    ] {
        let parsed = parse(text);
        assert_eq!(parsed.faults, []);
        let yaml: Yaml = serde_yaml::from_str(text).unwrap();
        assert!(same(&parsed.root.unwrap(), &yaml), "{text}");
    }
    assert!(parse(REFERENCE).comments.len() > 100);
}

#[test]
fn spans_point_at_the_text() {
    let text = "\u{feff}a: {b: [x, 'y z']}\r\nc:\r\n  d: 90/s\r\n";
    let root = parse(text).root.unwrap();
    let at = |path: &str| {
        let span = root.at(path).unwrap().span;
        text.get(span.start..span.end).unwrap()
    };
    assert_eq!((at("a.b"), at("a.b[1]"), at("c.d")), ("[x, 'y z']", "'y z'", "90/s"));
}

#[test]
fn what_means_something_elsewhere_is_refused_with_a_place() {
    let deep = "[".repeat(40);
    for text in [
        "a: !t x",
        "a: &m {b: c}\n",
        "a: &m [*m]",
        "a: {<<: {b: c}}",
        "? [a]\n: b",
        "a: 1\n---\nb: 2",
        "%YAML 1.2\n---\na: 1",
        "a: \u{1b}[0m",
        "a: 1\na: 2",
        "a: [1",
        "a:\n\tb: 1",
        deep.as_str(),
    ] {
        let faults = parse(text).faults;
        assert_eq!(faults.len(), 1, "{text:?}: {faults:?}");
        assert!(faults[0].span.end <= text.len());
    }
}

#[test]
fn comments_stand_outside_of_every_form_of_scalar() {
    let text = "\u{feff}# first\na: |  # header\n  text # no comment\n# after block\nb: >-\n  folded\n\n  # inside\n\n# trailing\nc: plain#1 # c1\n\
        d: multi\n  line # c2\ne: [1, \"x # y\", &n b#c, *n]\t# c3\n\"q\": 'single # not' # c4 # more\nf: # nothing\ng: {h: i} #\r\nk: |\n  last\n  # content\n # odd\n# end";
    let parsed = parse(text);
    assert_eq!(parsed.faults, []);
    let found: Vec<&str> = parsed.comments.iter().map(|comment| comment.text.as_str()).collect();
    let expected = [
        " first",
        " header",
        " after block",
        " trailing",
        " c1",
        " c2",
        " c3",
        " c4 # more",
        " nothing",
        "",
        " odd",
        " end",
    ];
    assert_eq!(found, expected);
    for comment in &parsed.comments {
        let written = text.get(comment.span.start..comment.span.end);
        assert_eq!(written, Some(format!("#{}", comment.text).as_str()));
    }
}
