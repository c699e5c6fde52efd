//! What a person reads if not everything went as planned: the cause first, what to do last.

use std::path::Path;

use super::scene::{broken, failed, forbidden, scene, unclear, unconnected};
use crate::change::outcome::rolled_back;
use crate::harness::HarnessError;
use crate::model::facts::Facts;

/// The errors of a change that ended so.
fn errors(lines: &[&str], failure: Option<&HarnessError>) -> Vec<String> {
    let (changes, observed) = scene(lines);
    let (facts, backup) = (Facts::default(), Path::new("kept/backup.json"));
    let ended = rolled_back(observed, &facts, changes, failure.cloned(), backup);
    ended.errors
}

const NOTHING: &str = "nothing was changed";
const REFUSED: &str =
    "Harness refused the change, and the overrides that were read after it are as before";
const BACK: &str =
    "the former values were put back and read: the account is as it was before the run";
const UNANSWERED: &str = ", but Harness may still carry out the change that it did not answer: run `action: check` before the next attempt";

#[test]
fn an_account_that_is_as_it_was_is_said_to_be_so_and_how_that_is_known() {
    for (lines, expected) in [
        (&["K8 a 1>2 refused 1 1"][..], REFUSED),
        (&["K8 a 1>2 held 1 1"], NOTHING),
        (&["K8 a 1>2 sent 2 1 undone"], BACK),
        (&["K8 a 1>2 sent 2 1 undone", "VM a 1>2 refused 1 1"], BACK),
        (&["K8 a 1>2 sent 2 1 undone", "VM a 1>2 held 1 1"], BACK),
    ] {
        let failure = forbidden();
        let errors = errors(lines, Some(&failure));
        assert_eq!(
            errors,
            [failure.to_string(), expected.to_owned()],
            "{lines:?}"
        );
    }
    // What Harness refused counts as not done, even where nobody can look.
    let failure = forbidden();
    let expected = [
        failure.to_string(),
        "K8 was not read".to_owned(),
        "Harness says that it changed nothing, but the overrides could not be read".to_owned(),
    ];
    assert_eq!(errors(&["K8 a 1>2 refused ? ?"], Some(&failure)), expected);
}

#[test]
fn a_write_without_an_answer_may_still_be_carried_out_unless_its_field_was_put_back() {
    for (line, failure, expected) in [
        ("K8 a 1>2 sent 1 1", failed(), true),
        ("K8 a 1>2 sent 1 1", broken(), true),
        // It has arrived, and was undone.
        ("K8 a 1>2 sent 2 1 undone", broken(), false),
        // Harness has refused it.
        ("K8 a 1>2 refused 1 1", failed(), false),
        // It cannot have arrived; the change that failed is an earlier one.
        ("K8 a 1>2 sent 1 1", unconnected(), false),
        // There was an answer.
        ("K8 a 1>2 sent 1 1", unclear(), false),
        ("K8 a 1>2 sent 1 1", forbidden(), false),
    ] {
        let errors = errors(&[line], Some(&failure));
        let base = if line.ends_with("undone") {
            BACK
        } else if line.contains("refused") {
            REFUSED
        } else {
            NOTHING
        };
        let last = format!("{base}{}", if expected { UNANSWERED } else { "" });
        assert_eq!(errors, [failure.to_string(), last], "{line} {failure}");
    }
}

#[test]
fn what_was_accepted_and_did_not_take_is_reported() {
    let accepted = |field: &str, is: &str, planned: &str| {
        format!("{field}: Harness accepted the change, but the field still has {is}, not {planned}")
    };
    let other = |field: &str, is: &str, planned: &str| {
        format!(
            "{field}: after the change the field had {is}, not {planned}: another user may have changed it at the same moment"
        )
    };
    for (line, accepting, refusing) in [
        ("K8 a 1>2 sent 2 1 undone", None, None),
        ("K8 a 1>2 held 9 1", None, None),
        ("K8 a 1>2 refused 1 1", None, None),
        (
            "K8 a 1>2 sent 1 1",
            Some(accepted("ci.K8.a", "1", "2")),
            None,
        ),
        (
            "dbops a ->2 sent - -",
            Some(accepted("dbops.a", "no override", "2")),
            None,
        ),
        (
            "K8 a 1>- sent 1 1",
            Some(accepted("ci.K8.a", "1", "no override")),
            None,
        ),
        (
            "VM a 1>2 sent 9 1 undone",
            Some(other("ci.VM.a", "9", "2")),
            Some(other("ci.VM.a", "9", "2")),
        ),
    ] {
        for (failure, expected) in [(None, accepting), (Some(forbidden()), refusing)] {
            let mut found = errors(&[line], failure.as_ref());
            let last = found.pop().unwrap();
            let known = [NOTHING, BACK, REFUSED];
            assert!(known.contains(&last.as_str()), "{line}: {last}");
            let cause = failure.iter().map(ToString::to_string);
            let expected: Vec<String> = cause.chain(expected).collect();
            assert_eq!(found, expected, "{line} {failure:?}");
        }
    }
}

#[test]
fn what_is_not_as_it_was_is_named_with_what_it_has_and_what_it_should_have() {
    const NOT: &str = "the account is not as it was before the run";
    const UNKNOWN: &str = "it is unknown whether the account is as it was before the run";
    let ci = "`modules: ci`, `infra: K8`";
    let undo = "putting former values back: no";
    for (lines, errors_between, what, settings, by_hand) in [
        (
            &["K8 a 1>2 sent 2 2 undone"][..],
            &[undo][..],
            NOT,
            ci,
            "ci.K8.a has 2, should have 1",
        ),
        (
            &["dbops a ->2 sent 2 2"],
            &[undo],
            NOT,
            "`modules: dbops`",
            "dbops.a has 2, should have no override",
        ),
        // What is read decides, and each place that cannot be is named once.
        (
            &[
                "K8 a 1>- sent - - undone",
                "VM b 1>2 sent ? ?",
                "VM c 1>2 sent ? ?",
            ],
            &["VM was not read", undo],
            NOT,
            "`modules: ci`, `infra: K8,VM`",
            "ci.K8.a has no override, should have 1; ci.VM.b could not be read, should have 1; ci.VM.c could not be read, should have 1",
        ),
        (
            &["K8 a 1>2 sent 2 1 undone", "dbops b 1>2 sent 2 ? undone"],
            &[undo, "dbops was not read"],
            UNKNOWN,
            "`modules: ci,dbops`, `infra: K8`",
            "dbops.b could not be read, should have 1",
        ),
        // It reads as before, but that may be an old answer.
        (
            &["K8 a 1>2 sent 1 1 unconfirmed"],
            &[undo],
            UNKNOWN,
            ci,
            "ci.K8.a has 1 as before, but the change that was sent may still show",
        ),
        // What was refused, held back or is back needs nobody; what another user has done does not count.
        (
            &[
                "K8 a 1>2 sent 2 ? undone",
                "VM b 1>2 refused 9 9",
                "VM c 1>2 held 2 2",
                "VM d 1>2 sent 2 1 undone",
            ],
            &[undo, "K8 was not read"],
            UNKNOWN,
            "`modules: ci`, `infra: K8,VM`",
            "ci.K8.a could not be read, should have 1",
        ),
    ] {
        let failure = forbidden();
        let mut expected = vec![failure.to_string()];
        expected.extend(errors_between.iter().map(|text| (*text).to_owned()));
        expected.push(format!(
            "{what}. Check and set by hand, or run again with `action: restore`, `backup: kept/backup.json`, {settings}: {by_hand}"
        ));
        assert_eq!(errors(lines, Some(&failure)), expected, "{lines:?}");
    }
}
