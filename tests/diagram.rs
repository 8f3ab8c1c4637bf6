//! Drawings of known and of random models: golden texts, the verifier's opinion, mutants, widths, determinism.
#![expect(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing, reason = "helpers of tests")]
use archplan::diagram::{Cluster, Edge, Model, Node, Options, draw, verify};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn models() -> Vec<(PathBuf, Model)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagrams");
    let mut out: Vec<(PathBuf, Model)> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .map(|p| (p.clone(), serde_json::from_str(&std::fs::read_to_string(&p).unwrap()).unwrap()))
        .collect();
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

fn drawn(model: &Model, options: &Options) -> String {
    draw(model, options).into_iter().map(|d| d.text).collect::<Vec<_>>().join("\n")
}

fn faults(text: &str, model: &Model, options: &Options) -> Vec<String> {
    verify(text, model, options).iter().map(ToString::to_string).collect()
}

/// `UPDATE_DIAGRAMS=1 cargo test` writes the expected texts anew.
#[test]
fn golden_texts() {
    for (path, model) in models().into_iter().filter(|(_, m)| m.nodes.len() < 40) {
        let text = drawn(&model, &Options::default());
        let expected = path.with_extension("txt");
        if std::env::var_os("UPDATE_DIAGRAMS").is_some() {
            std::fs::write(&expected, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&expected).unwrap_or_default(), text, "{}", path.display());
    }
}

#[test]
fn every_model_reads_back_at_every_width() {
    for (path, model) in models() {
        for width in if model.nodes.len() > 20 { vec![60, 100] } else { vec![60, 70, 80, 90, 100, 120, 160] } {
            for ascii in [false, true] {
                let options = Options { width, ascii };
                let text = drawn(&model, &options);
                assert_eq!(
                    faults(&text, &model, &options),
                    [] as [&str; 0],
                    "{} {width} {ascii}\n{text}",
                    path.display()
                );
            }
        }
    }
}

/// Deletes or exchanges one glyph at a time: the verifier has to notice.
#[test]
fn mutants_are_caught() {
    let (mut all, mut missed) = (0, Vec::new());
    for (path, model) in models().into_iter().filter(|(_, m)| m.nodes.len() < 14) {
        for ascii in [false, true] {
            let options = Options { width: 100, ascii };
            let text = drawn(&model, &options);
            for (k, (kind, mutant)) in mutants(&text, ascii).into_iter().enumerate() {
                if mutant == text || k % 7 != 0 {
                    continue;
                }
                all += 1;
                if verify(&mutant, &model, &options).is_empty() {
                    missed.push(format!("{} {kind}\n{mutant}", path.display()));
                }
            }
        }
    }
    println!(
        "{} of {all} mutants missed\n{}",
        missed.len(),
        missed.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(all > 1000 && missed.len() * 100 <= all, "{} of {all} mutants missed", missed.len());
}

fn mutants(text: &str, ascii: bool) -> Vec<(&'static str, String)> {
    let strokes = if ascii { "|-+" } else { "│─┌┐└┘├┤┬┴┼" };
    let heads = if ascii { "" } else { "▼▲►◄" };
    let mut out = Vec::new();
    let cells: Vec<(usize, char)> = text.char_indices().collect();
    for (n, &(at, c)) in cells.iter().enumerate() {
        let with = |r: &str| {
            let all = format!("{}{r}{}", &text[..at], &text[at + c.len_utf8()..]);
            all.lines().map(|l| format!("{}\n", l.trim_end())).collect::<String>()
        };
        if strokes.contains(c) {
            out.push(("delete", with(" ")));
            let others: Vec<char> = strokes.chars().filter(|s| *s != c).collect();
            out.push(("flip", with(&others[n % others.len()].to_string())));
        } else if heads.contains(c) {
            out.push(("delete head", with(" ")));
        } else if c.is_alphabetic() {
            out.push(("letter", with(if c == 'Q' { "Z" } else { "Q" })));
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    for y in 0..lines.len() {
        let shifted: String =
            lines.iter().enumerate().map(|(k, l)| if k == y { format!(" {l}\n") } else { format!("{l}\n") }).collect();
        out.push(("shift", shifted));
    }
    out
}

#[test]
fn hostile_models_keep_the_width() {
    let long = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrente".repeat(3);
    let node = |id: &str, label: &str| Node {
        id: id.into(),
        label: vec![label.into()],
        cluster: Some("q".into()),
        ..Node::default()
    };
    let edge = |from: &str, to: &str| Edge { from: from.into(), to: to.into(), label: Some(long.clone()), flat: false };
    let model = Model {
        nodes: vec![node("a", ""), node("a", "x\ty"), node("b", &long)],
        edges: vec![edge("a", "b"), edge("b", "a"), edge("z", "a"), edge("b", "b")],
        clusters: vec![Cluster { id: "q".into(), label: long.clone(), cluster: None }],
    };
    for width in [0, 24, 60, 100] {
        for ascii in [false, true] {
            assert!(draw(&model, &Options { width, ascii }).iter().all(|d| !d.text.is_empty()));
            for line in drawn(&model, &Options { width, ascii }).lines() {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= width.max(24), "{width}: {line}");
            }
        }
    }
    assert!(draw(&Model::default(), &Options::default()).is_empty());
}

#[test]
fn drawing_twice_gives_the_same_bytes() {
    for (_, model) in models().into_iter().filter(|(_, m)| m.nodes.len() < 40) {
        assert_eq!(drawn(&model, &Options::default()), drawn(&model, &Options::default()));
    }
}

/// A tree of this size with a second caller for every other node.
fn sparse(nodes: usize) -> Model {
    let edge = |from: usize, to: usize| Edge { from: format!("n{from}"), to: format!("n{to}"), ..Edge::default() };
    let node = |i| Node { id: format!("n{i}"), label: vec![format!("service {i}")], ..Node::default() };
    Model {
        nodes: (0..nodes).map(node).collect(),
        edges: (1..nodes)
            .flat_map(|i| [(i / 2, i), (i * 7 % i.max(3), i)].into_iter().take(1 + i % 2))
            .filter(|(from, to)| from != to)
            .map(|(from, to)| edge(from, to))
            .collect(),
        clusters: Vec::new(),
    }
}

/// Times as ratios, so that a slow or busy machine does not matter: six times the nodes may take forty times as long at most. The
/// release build draws 50 nodes in 10 ms.
#[test]
fn time_grows_little_faster_than_the_graph() {
    let time = |model: &Model| {
        let once = || {
            let start = std::time::Instant::now();
            assert!(!draw(model, &Options::default()).is_empty());
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap()
    };
    let (small, large) = (time(&sparse(50)), time(&sparse(300)));
    println!("50 nodes: {small:?}, 300 nodes: {large:?}");
    assert!(large < 40 * small, "50 nodes: {small:?}, 300 nodes: {large:?}");
    assert!(small < std::time::Duration::from_secs(3), "50 nodes: {small:?}");
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{1,9}( [A-Z][a-z]{1,9}){0,2}",
        "[a-z]{2,8}(-[a-z]{2,8}){0,3}",
        "[\u{4e00}-\u{4e40}]{1,6}",
        "[\u{30a2}-\u{30f3}]{1,8}",
        "[\u{ac00}-\u{ac20}]{1,5}( [\u{ac00}-\u{ac20}]{1,3})?",
        Just("Cafe\u{301} 👩‍🚀 🔒".to_owned()),
    ]
}

fn model() -> impl Strategy<Value = Model> {
    let nodes = prop::collection::vec((label(), 0usize..4, prop::option::weighted(0.1, label())), 1..22);
    let edges =
        prop::collection::vec((0usize..22, 0usize..22, prop::option::weighted(0.2, "[a-z]{2,8}( [a-z]{2,8})?")), 0..30);
    (nodes, edges, 0usize..3).prop_map(|(nodes, edges, clusters)| {
        let n = nodes.len();
        Model {
            nodes: nodes
                .into_iter()
                .enumerate()
                .map(|(i, (label, cluster, note))| Node {
                    id: format!("n{i}"),
                    label: vec![format!("{label} {i}")],
                    kind: "service".to_owned(),
                    cluster: (cluster < clusters).then(|| format!("c{cluster}")),
                    note,
                })
                .collect(),
            edges: edges
                .into_iter()
                .map(|(a, b, label)| Edge {
                    from: format!("n{}", a % n),
                    to: format!("n{}", b % n),
                    label,
                    flat: false,
                })
                .collect(),
            clusters: (0..clusters)
                .map(|c| Cluster {
                    id: format!("c{c}"),
                    label: format!("Zone {c}"),
                    cluster: (c == 1).then(|| "c0".to_owned()),
                })
                .collect(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_graphs_read_back(model in model(), width in 60usize..=160, ascii: bool) {
        let options = Options { width, ascii };
        let text = drawn(&model, &options);
        let found = faults(&text, &model, &options);
        prop_assert!(found.is_empty(), "{found:#?}\n{text}\n{}", serde_json::to_string(&model).unwrap());
    }
}
