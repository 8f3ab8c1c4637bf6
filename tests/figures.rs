//! The figures printed line by line.
use archplan::diagram::{Answer, Options, Question, Wave, bars, tree, waves};

fn questions() -> Vec<Question> {
    let q = |question: &str, answer, outcome: &str, taken| Question {
        question: question.into(),
        answer,
        outcome: outcome.into(),
        taken,
    };
    vec![
        q("Small team (fewer than 5 developers)?", Answer::No, "Monolith", true),
        q("Several teams with different domains?", Answer::Yes, "Microservices behind an API gateway", true),
        q("Unpredictable traffic spikes?", Answer::NotAsked, "Serverless", false),
        q("Are real-time updates critical?", Answer::NotAsked, "Event-driven", false),
    ]
}

#[test]
fn the_path_taken_is_marked_once() {
    for ascii in [false, true] {
        let text = tree("New system", &questions(), "Modular monolith", &Options { width: 60, ascii });
        println!("{text}");
        let marked: Vec<&str> = text.lines().filter(|l| l.contains("taken")).collect();
        assert_eq!(marked.len(), 1);
        assert!(marked[0].contains("Microservices"));
        assert!(!ascii || text.is_ascii());
    }
}

/// The hand-drawn tree of the seeds, no answer given: four questions, each with what a yes leads to. `UPDATE_DIAGRAMS=1` writes it anew.
#[test]
fn the_hand_drawn_decision_tree_is_redrawn() {
    let q = |question: &str, outcome: &str| Question {
        question: question.into(),
        answer: Answer::Open,
        outcome: outcome.into(),
        taken: false,
    };
    let questions = [
        q("Small team (<5 devs)?", "Monolith (Rails, Django, Laravel)"),
        q("Multiple teams with different domains?", "Microservices (with API Gateway)"),
        q("Unpredictable traffic spikes?", "Serverless (AWS Lambda, Cloudflare Workers)"),
        q("Real-time updates critical?", "Event-Driven (Kafka, WebSockets)"),
    ];
    let text = tree("New System", &questions, "Monolith or Microservices", &Options { width: 80, ascii: false });
    let expected = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagrams/decision-tree.txt");
    if std::env::var_os("UPDATE_DIAGRAMS").is_some() {
        std::fs::write(&expected, &text).expect("the folder of the drawings is there");
    }
    assert_eq!(std::fs::read_to_string(&expected).unwrap_or_default(), text);
    assert!(questions.iter().all(|q| text.contains(&q.question) && text.contains(&q.outcome)));
    assert!(!text.contains("taken") && !text.contains("not asked"));
}

#[test]
fn no_row_is_wider_than_asked() {
    for width in [24, 40, 60] {
        for ascii in [false, true] {
            let options = Options { width, ascii };
            let rows: Vec<(String, f64, String)> =
                [("Gateway and authentication", 12.0), ("Database", 40.0), ("网络", 3.5)]
                    .iter()
                    .map(|(l, v)| ((*l).into(), *v, format!("{v} ms")))
                    .collect();
            let phases: Vec<Wave> = (0..4)
                .map(|i| Wave { name: format!("Phase {i}"), start: i * 2, length: 3, note: "weeks".into() })
                .collect();
            let all = [
                bars(&rows, &options),
                waves(&phases, &options),
                tree("New system", &questions(), "Monolith", &options),
            ]
            .join("");
            println!("{all}");
            for line in all.lines() {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{line}");
            }
        }
    }
}

#[test]
fn bars_are_in_proportion() {
    let rows = [
        ("a".to_owned(), 10.0, String::new()),
        ("b".to_owned(), 20.0, String::new()),
        ("c".to_owned(), f64::NAN, String::new()),
    ];
    let text = bars(&rows, &Options { width: 60, ascii: true });
    let count: Vec<usize> = text.lines().map(|l| l.matches('#').count()).collect();
    assert_eq!(count[1], 2 * count[0]);
    assert_eq!(count[2], 0);
}
