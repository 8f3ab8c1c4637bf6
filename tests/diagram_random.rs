//! Random graphs at random widths in both character sets: drawn, within the width, read back exactly. `DIAGRAM_GRAPHS=20000` draws more.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use archplan::diagram::{Cluster, Edge, Model, Node, Options, draw, read, verify, verify_form};

/// A small generator of its own, so that a seed gives the same graph for ever.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            dice.below(2);
        }
        dice
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % most.max(1)
    }

    fn of(&mut self, first: u32, many: usize, length: usize) -> String {
        (0..1 + self.below(length))
            .map(|_| char::from_u32(first + u32::try_from(self.below(many)).unwrap()).unwrap())
            .collect()
    }

    fn words(&mut self, between: &str) -> String {
        let count = 1 + self.below(3);
        let words: Vec<String> = (0..count).map(|_| self.of(0x41, 26, 1) + &self.of(0x61, 26, 8)).collect();
        words.join(between)
    }

    /// Latin, Han, Hangul, kana, combining marks, emoji of several code points.
    fn label(&mut self) -> String {
        match self.below(8) {
            0..=2 => self.words(" "),
            3 => self.words("-"),
            4 => self.of(0x4e00, 64, 6),
            5 => self.of(0xac00, 32, 6),
            6 => self.of(0x30a2, 70, 8),
            _ => "Cafe\u{301} 👩‍🚀 🔒".to_owned(),
        }
    }
}

fn graph(dice: &mut Dice) -> Model {
    let (nodes, clusters, edges) = (1 + dice.below(22), dice.below(5), dice.below(30));
    let node = |i: usize, dice: &mut Dice| {
        let cluster = dice.below(clusters + 2);
        Node {
            id: format!("n{i}"),
            label: vec![format!("{} {i}", dice.label())],
            kind: "service".to_owned(),
            cluster: (cluster < clusters).then(|| format!("c{cluster}")),
            note: (dice.below(10) == 0).then(|| dice.label()),
        }
    };
    let edge = |dice: &mut Dice| Edge {
        from: format!("n{}", dice.below(nodes)),
        to: format!("n{}", dice.below(nodes)),
        label: (dice.below(5) == 0).then(|| ["sync", "copy all", "a b c", "events 3/s"][dice.below(4)].to_owned()),
        flat: dice.below(12) == 0,
    };
    let cluster = |c: usize, dice: &mut Dice| Cluster {
        id: format!("c{c}"),
        label: [["Zone A", "eu-west-1"][usize::from(dice.below(4) == 0)], "Region: EU", "数据 域", "Data - subnet"][c]
            .to_owned(),
        cluster: (c > 0 && dice.below(2) == 0).then(|| format!("c{}", dice.below(c))),
    };
    Model {
        nodes: (0..nodes).map(|i| node(i, dice)).collect(),
        edges: (0..edges).map(|_| edge(dice)).collect(),
        clusters: (0..clusters).map(|c| cluster(c, dice)).collect(),
    }
}

#[test]
fn random_graphs_read_back_exactly() {
    let count = std::env::var("DIAGRAM_GRAPHS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let mut failures = Vec::new();
    for seed in 0..count {
        let mut dice = Dice::new(seed);
        let model = graph(&mut dice);
        let width = 60 + dice.below(101);
        for ascii in [false, true] {
            let options = Options { width, ascii };
            let text = draw(&model, &options).into_iter().map(|d| d.text).collect::<Vec<_>>().join("\n");
            let wide = text.lines().filter(|line| unicode_width::UnicodeWidthStr::width(*line) > width).count();
            let found = verify(&text, &model, &options);
            if !found.is_empty() || wide > 0 {
                failures
                    .push(format!("seed {seed} at {width}, ascii {ascii}, {wide} rows too wide: {found:#?}\n{text}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {} drawings are wrong\n{}", failures.len(), 2 * count, failures.join("\n"));
}

/// The titles of the frames around each node, outermost last.
fn frames(model: &Model) -> Vec<Vec<String>> {
    let around = |id: &Option<String>| model.clusters.iter().find(|c| Some(&c.id) == id.as_ref());
    let path = |n: &Node| {
        let mut out = Vec::new();
        let mut at = around(&n.cluster);
        while let Some(c) = at {
            out.push(c.label.clone());
            at = around(&c.cluster);
        }
        out
    };
    let mut out: Vec<Vec<String>> = model.nodes.iter().map(path).collect();
    out.sort();
    out
}

/// What is read back without the model has the same boxes, lines and frames, and drawn again it reads back again.
#[test]
fn a_drawing_is_a_model() {
    let mut whole = 0;
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let model = graph(&mut dice);
        let options = Options { width: 100, ascii: seed % 3 == 0 };
        let text = draw(&model, &options).into_iter().map(|d| d.text).collect::<Vec<_>>().join("\n");
        assert_eq!(verify_form(&text, &options), [], "seed {seed}\n{text}");
        let back = read(&format!("Some words.\n\n```text\n{text}```\n"), &options);
        assert_eq!(back.len(), 1, "seed {seed}\n{text}");
        assert_eq!(
            (back[0].nodes.len(), back[0].edges.len()),
            (model.nodes.len(), model.edges.len()),
            "seed {seed}\n{text}"
        );
        assert_eq!(frames(&back[0]), frames(&model), "seed {seed}\n{text}");
        let again = draw(&back[0], &options).into_iter().map(|d| d.text).collect::<Vec<_>>().join("\n");
        assert_eq!(verify(&again, &back[0], &options), [], "seed {seed}\n{again}");
        whole += usize::from(verify(&text, &back[0], &options).is_empty());
    }
    assert!(whole > 45, "only {whole} of 60 read back to a model that the drawing shows exactly");
}
