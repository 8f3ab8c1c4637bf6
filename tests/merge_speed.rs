//! The budget of an update: a plan of 10,000 tasks in at most 300 ms (release build; run with `--ignored`).

use archplan::document::seal;
use archplan::merge::{Options, update};
use std::fmt::Write as _;
use std::time::Instant;

fn plan(tasks: usize, peak: usize) -> String {
    let mut out = String::from("# TODO: backend architecture of large\n\n## Architecture Items\n\n");
    for n in 0..tasks {
        let own = if n % 3 == 0 { peak } else { 0 };
        let _ = write!(
            out,
            "- [ ] **ARCH-ITEM-{n}.1 [domain {n}]**: <!-- ap: item.d{n} traffic.peak={peak}/s -->\n  - **Purpose**: accepts and settles `orders_{n}`, `lines_{n}`\n  \
             - **Dependencies**: upstream web; downstream payments (timeout 2 s, circuit breaker), ARCH-PLAN-2.1\n  - **Data Store**: PostgreSQL, {own} rows\n  \
             - **Scaling Strategy**: horizontal, 3 replicas; next step at 700/s\n  - **After**: ARCH-PLAN-2.1 · **Wave**: 2 · **Phase**: Core\n"
        );
    }
    seal(&out)
}

#[test]
#[ignore = "a measurement, meaningful in release builds"]
fn ten_thousand_tasks_update_within_the_budget() {
    let old = plan(10_000, 400).replacen("- [ ]", "- [x]", 5000).replace("settles `orders_7", "settles our `orders_7");
    for (name, fresh) in [
        ("no change", plan(10_000, 400)),
        ("every fact, a third of the texts", plan(10_000, 900)),
        ("half is gone", plan(5_000, 900)),
        ("a fifth is new", plan(12_000, 400)),
        ("nearly all is gone", plan(100, 400)),
    ] {
        let start = Instant::now();
        let merged = update(&old, &fresh, &Options::default());
        let spent = start.elapsed();
        println!("{name}: {} ms, {}", spent.as_millis(), merged.summary());
        assert!(spent.as_millis() <= 300, "{name} took {} ms", spent.as_millis());
    }
}
