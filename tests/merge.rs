//! The table "update in place" of the plan contract, row by row, on a plan of toys.

#![expect(clippy::unwrap_used, reason = "a test that reads texts it made itself")]

use archplan::document::{self, seal};
use archplan::merge::{self, Merged, OnConflict, Options, update};

/// A plan with three tasks and two blocks; each argument is one text of it.
fn plan(peak: &str, purpose: &str, cost: &str) -> String {
    seal(&format!(
        "# TODO: backend architecture of shop\n\n<!-- ap-begin: summary -->\nPeak {peak}.\n<!-- ap-end: summary -->\n\n\
         ## Architecture Items\n\n\
         - [ ] **ARCH-ITEM-1.1 [orders]**: <!-- ap: item.orders traffic.peak={peak} -->\n  - **Purpose**: {purpose}\n  - **Scaling Strategy**: for {peak}\n\
         - [ ] **ARCH-ITEM-2.1 [mail]**: <!-- ap: item.mail -->\n  - **Purpose**: sends mail\n\n\
         ## Cost\n\n<!-- ap-begin: cost.lines -->\n| Line | Cost |\n|---|---|\n| app | {cost} |\n<!-- ap-end: cost.lines -->\n"
    ))
}

fn base() -> String {
    plan("400/s", "settles orders", "10")
}

fn run(old: &str, fresh: &str) -> Merged {
    let merged = update(old, fresh, &Options::default());
    let again = update(&merged.text, fresh, &Options::default());
    assert_eq!(again.text, merged.text, "a second run changes nothing");
    assert_eq!(again.conflicts, merged.conflicts);
    merged
}

/// The fresh plan without the mail task, and its successor.
fn without_mail(text: &str) -> String {
    let (start, end) = (text.find("- [ ] **ARCH-ITEM-2.1").unwrap(), text.find("\n## Cost").unwrap());
    let cut = [text.get(..start).unwrap(), text.get(end..).unwrap()].concat();
    seal(&cut.replace("ARCH-ITEM-2.1 item.mail\n", ""))
}

#[test]
fn untouched_and_changed_is_refreshed_and_the_tick_stays() {
    let old = merge::tick(&base(), "ARCH-ITEM-2.1", true).unwrap();
    let fresh = plan("400/s", "accepts orders", "12");
    let merged = run(&old, &fresh);
    assert_eq!(merged.text, merge::tick(&fresh, "ARCH-ITEM-2.1", true).unwrap());
    assert_eq!(
        (merged.refreshed, merged.conflicts.len()),
        (vec!["ARCH-ITEM-1.1".to_owned(), "cost.lines".to_owned()], 0)
    );
}

#[test]
fn unchanged_plans_change_no_byte_whatever_formatters_did() {
    let old = "\u{feff}".to_owned()
        + &base()
            .replace("- [ ]", "* [ ]")
            .replace("| app | 10 |", "| app  |   10 |")
            .replace("  - **P", "  * __P")
            .replace("Purpose**", "Purpose__");
    let old = old.replace("settles orders", "settles\n    orders  ").replace('\n', "\r\n");
    let merged = run(&old, &base());
    assert!(!merged.changed, "{}", merged.text);
    let refreshed = run(&old, &plan("500/s", "settles orders", "10"));
    assert!(refreshed.conflicts.is_empty() && refreshed.text.starts_with("\u{feff}# TODO"));
    assert!(!refreshed.text.replace("\r\n", "").contains('\n'));
    assert!(
        refreshed.text.contains("* [ ] **ARCH-ITEM-1.1 [orders]**")
            && refreshed.text.contains("settles\r\n    orders  \r\n"),
        "{}",
        refreshed.text
    );
    assert!(refreshed.text.contains("Scaling Strategy**: for 500/s"));
}

#[test]
fn edited_and_unchanged_is_kept() {
    let old = base().replace("settles orders", "our words").replace("| app | 10 |", "| app | 11 |");
    let merged = run(&old, &base());
    assert!(!merged.changed && merged.conflicts.is_empty());
}

#[test]
fn edited_and_changed_is_kept_with_the_new_text_below_until_somebody_decides() {
    let old = base().replace("settles orders", "our words").replace("| app | 10 |", "| app | 11 |");
    let fresh = plan("400/s", "accepts orders", "12");
    let merged = run(&old, &fresh);
    let names: Vec<_> = merged.conflicts.iter().map(|c| (c.id.as_str(), c.what.as_str())).collect();
    assert_eq!(names, [("ARCH-ITEM-1.1", "Purpose"), ("cost.lines", "block")]);
    assert!(merged.text.contains("  - **Purpose**: our words\n  - **Scaling Strategy**: for 400/s\n  - **New text** of `Purpose`: accepts orders <!-- ap-offer: "));
    assert!(merged.text.contains("| app | 11 |") && merged.text.contains("| app | 12 |"));
    let solved = |on_conflict| update(&merged.text, &fresh, &Options { on_conflict, restore: vec![] });
    assert_eq!(solved(OnConflict::Take).text, fresh);
    let kept = solved(OnConflict::Keep).text;
    assert!(kept.contains("our words") && !kept.contains("accepts orders") && !kept.contains("| app | 12 |"));
    let both = solved(OnConflict::Both).text;
    assert!(
        both.contains("our words")
            && both.contains("  - **New text** of `Purpose`: accepts orders\n")
            && both.contains("| app | 12 |")
    );
    for text in [kept, both] {
        assert!(run(&text, &fresh).conflicts.is_empty());
    }
    let by_hand: String =
        merged.text.split_inclusive('\n').filter(|l| !l.contains("ap-offer: ") || l.contains("cost.lines")).collect();
    assert_eq!(run(&by_hand, &fresh).conflicts.len(), 1, "deleting the offer settles the task");
}

#[test]
fn an_edit_that_equals_the_new_text_is_no_conflict() {
    let fresh = plan("400/s", "accepts orders", "10");
    let merged = run(&base().replace("settles", "accepts"), &fresh);
    assert_eq!((merged.text, merged.conflicts.len()), (fresh, 0));
}

#[test]
fn a_tick_whose_inputs_changed_is_suspect_until_accepted() {
    let ticked = merge::tick(&base(), "item.orders", true).unwrap();
    let fresh = plan("1200/s", "settles orders", "10");
    let merged = run(&ticked, &fresh);
    assert_eq!(merged.suspect, ["ARCH-ITEM-1.1"]);
    let line =
        "  - **Status**: suspect — done for traffic.peak = 400/s, now 1200/s <!-- ap-done: traffic.peak=400/s -->\n";
    assert!(merged.text.contains(line) && merged.text.contains("- [x] **ARCH-ITEM-1.1"), "{}", merged.text);
    let accepted = merge::accept(&merged.text, "ARCH-ITEM-1.1").unwrap();
    assert_eq!(accepted, merge::tick(&fresh, "ARCH-ITEM-1.1", true).unwrap());
    assert!(run(&accepted, &fresh).suspect.is_empty());
    assert!(merge::accept(&accepted, "ARCH-ITEM-1.1").is_err());
    let third = run(&merged.text, &plan("2k/s", "settles orders", "10"));
    assert!(third.text.contains("done for traffic.peak = 400/s, now 2k/s"));
    let back = run(&merged.text, &base());
    assert_eq!((back.text, back.suspect.len()), (ticked, 0), "the inputs are as they were");
    let unticked = run(&merged.text.replace("[x]", "[ ]"), &fresh);
    assert_eq!(unticked.text, fresh, "an open task is not suspect");
    assert_eq!(merge::tick(&merged.text, "ARCH-ITEM-1.1", false).unwrap(), fresh);
}

#[test]
fn a_status_of_a_person_is_theirs() {
    let old = merge::tick(&base(), "item.orders", true)
        .unwrap()
        .replace("  - **Purpose**: settles", "  - **Status**: in-progress\n  - **Purpose**: settles");
    let merged = run(&old, &plan("1200/s", "settles orders", "10"));
    assert!(
        merged.text.contains("**Status**: in-progress\n") && merged.text.contains("**Scaling Strategy**: for 1200/s"),
        "{}",
        merged.text
    );
    assert_eq!(merged.suspect.len(), 1);
}

#[test]
fn what_is_gone_is_dropped_or_kept_under_retired_and_its_id_is_not_reused() {
    let fresh = without_mail(&base());
    let dropped = run(&base(), &fresh);
    assert!(
        !dropped.text.contains("sends mail") && dropped.text.contains("<!-- ap-retired: ARCH-ITEM-2.1 item.mail -->")
    );
    assert_eq!(document::read(&dropped.text).ledger().ids.id("item.new", None, "ARCH-ITEM-2"), "ARCH-ITEM-2.2");

    let ticked = merge::tick(&base(), "item.mail", true).unwrap().replace("sends mail\n", "sends mail\n  - a note\n");
    let retired = run(&ticked, &fresh);
    assert!(
        retired.text.contains("### Retired\n\n- [x] **ARCH-ITEM-2.1 [mail]**: ")
            && retired.text.contains("sends mail\n  - a note\n- [ ] **ARCH-ITEM-2.2 [remove mail]**"),
        "{}",
        retired.text
    );
    assert!(retired.text.find("### Retired") < retired.text.find("## Cost"), "at the end of its section");
    assert_eq!(retired.retired, ["ARCH-ITEM-2.1"]);

    let back = run(&retired.text, &base());
    assert!(!back.text.contains("### Retired") && !back.text.contains("[remove mail]"), "{}", back.text);
    assert!(
        back.text.contains("- [x] **ARCH-ITEM-2.1 [mail]**")
            && back.text.contains("  - **Status**: suspect — was retired and is back")
    );
    assert!(
        back.text.contains("  - a note\n")
            && back.text.contains("<!-- ap-retired: ARCH-ITEM-2.2 removal.item.mail -->")
    );
    let accepted = merge::accept(&back.text, "ARCH-ITEM-2.1").unwrap();
    assert!(run(&accepted, &base()).suspect.is_empty());
}

#[test]
fn successors_are_taken_over() {
    let fresh = without_mail(&base()) + "<!-- ap-retired: ARCH-ITEM-2.1 item.mail -> ARCH-ITEM-1.1 -->\n";
    let merged = run(&base(), &fresh);
    assert!(merged.text.contains("<!-- ap-retired: ARCH-ITEM-2.1 item.mail -> ARCH-ITEM-1.1 -->"));
}

#[test]
fn a_key_that_got_the_id_of_another_one_is_that_one_renamed() {
    let old = merge::tick(&base(), "item.mail", true).unwrap().replace("sends mail\n", "sends mail\n  > keep me\n");
    let merged = run(&old, &seal(&base().replace("item.mail", "item.post").replace("[mail]", "[post]")));
    assert!(
        merged.text.contains("- [x] **ARCH-ITEM-2.1 [post]**: <!-- ap: item.post ")
            && merged.text.contains("  > keep me\n")
    );
    assert!(!merged.text.contains("item.mail") && merged.retired.is_empty(), "{}", merged.text);
}

#[test]
fn what_a_person_deleted_stays_deleted_until_restored() {
    let (full, cut) = (base(), without_mail(&base()));
    let ledger = full.get(full.find("<!-- ap-ledger").unwrap()..).unwrap();
    let deleted = cut.get(..cut.find("<!-- ap-ledger").unwrap()).unwrap().to_owned() + ledger;
    let block =
        deleted.find("<!-- ap-begin: cost").unwrap()..deleted.find("<!-- ap-end: cost.lines -->\n").unwrap() + 28;
    let deleted = [deleted.get(..block.start).unwrap(), deleted.get(block.end..).unwrap()].concat();
    let merged = run(&deleted, &full);
    assert!(!merged.text.contains("sends mail") && !merged.text.contains("| app |"), "{}", merged.text);
    assert!(
        merged.text.contains("<!-- ap-deleted: ARCH-ITEM-2.1 item.mail -->")
            && merged.text.contains("<!-- ap-deleted: block cost.lines -->")
    );
    assert_eq!(merged.deleted, ["ARCH-ITEM-2.1", "cost.lines"]);
    let options =
        Options { restore: vec!["arch-item-2.1".into(), "cost.lines".into(), "TASK-9.9".into()], ..Options::default() };
    let restored = update(&merged.text, &full, &options);
    assert_eq!(document::read(&restored.text).written, document::read(&full).written);
    assert!(restored.text.contains("sends mail") && restored.text.contains("| app | 10 |"));
    assert_eq!(restored.not_restored, ["TASK-9.9"]);
}

#[test]
fn headings_follow_the_plan_and_own_sections_stay() {
    let own = base().replacen("## Cost\n", "## Ours\n\ntext  \n\n## Cost\n", 1);
    let renamed = run(&own, &base().replace("of shop", "of store"));
    assert!(
        renamed.text.starts_with("# TODO: backend architecture of store\n")
            && renamed.text.contains("## Ours\n\ntext  \n\n## Cost\n")
    );
    let cut = base().get(..base().find("## Cost").unwrap()).unwrap().to_owned();
    let no_cost = run(&own, &seal(&cut));
    assert!(!no_cost.text.contains("## Cost\n") && no_cost.text.contains("## Ours\n\ntext  \n"), "{}", no_cost.text);
    assert_eq!(run(&no_cost.text, &base()).text.matches("## Cost").count(), 2, "once as a heading, once in the ledger");
}

#[test]
fn a_plan_is_told_from_other_files() {
    assert!(merge::is_plan(&base()));
    assert!(!merge::is_plan("# TODO: backend architecture of x\n\n- [ ] call <!-- apple -->\n") && !merge::is_plan(""));
}

#[test]
fn any_two_texts_give_a_text() {
    let texts = [
        "",
        "\u{feff}",
        "\n",
        "- [ ]",
        "<!-- ap-ledger",
        "<!-- ap-begin: x -->",
        "- [x] **A-1** <!-- ap: -->",
        "```",
        "- [ ] **A-1.1**: <!-- ap: k 123456 -->\n```",
    ];
    for old in texts {
        for fresh in texts {
            let merged = update(old, &seal(fresh), &Options::default());
            let again = update(&merged.text, &seal(fresh), &Options::default());
            assert_eq!(again.text, merged.text, "{old:?} and {fresh:?}");
        }
    }
}
