//! The rows of the matrix: how a change fails, and how the account ends then.

use harness_images::model::module::Module;

use super::cell::{AccountState, K8, Modules};
use support::harness_server::Fault;

/// How a row of cells ends, one entry per action: pin, reset, clear, restore.
pub type Ends = [(AccountState, &'static str); 4];

/// A way to fail.
pub struct Row {
    pub name: &'static str,
    pub modules: Modules,
    pub faults: Vec<(When, Fault)>,
    /// How the account ends, and the states of the changes, each once.
    pub ends: Ends,
    /// Words that the errors have.
    pub words: &'static [&'static str],
    /// Something waits for its time to run out.
    pub hangs: bool,
}

#[derive(Clone, Copy)]
pub enum When {
    /// The n-th write of the run.
    Write(usize),
    /// The write to the second module.
    SecondModule,
    /// The n-th write after that one: the rollback.
    Rollback(usize),
    /// All writes after that one.
    RollbackAlways,
    /// The n-th read after the first write.
    ReadBack(usize),
    /// All reads after the first write.
    ReadBackAlways,
}

use AccountState::{Before, Between, Foreign, Planned};
use Modules::{One, Two};
use When::{ReadBack, ReadBackAlways, Rollback, RollbackAlways, SecondModule, Write};

const DONE: [(AccountState, &str); 4] = [(Planned, "applied"); 4];
/// A restore pins first: its reset was never sent.
const FIRST_FAILS: [(AccountState, &str); 4] = [
    (Before, "failed"),
    (Before, "failed"),
    (Before, "failed"),
    (Before, "failed planned"),
];
/// Without an answer, and without the time to wait until no read can be behind any more.
const UNCONFIRMED: [(AccountState, &str); 4] = [
    (Before, "unknown"),
    (Before, "unknown"),
    (Before, "unknown"),
    (Before, "planned unknown"),
];
const SECOND_UNCONFIRMED: [(AccountState, &str); 4] = [(Before, "rolled-back unknown"); 4];
const BACK: [(AccountState, &str); 4] = [(Before, "failed rolled-back"); 4];

fn row(name: &'static str, faults: Vec<(When, Fault)>, ends: Ends) -> Row {
    let has_hang = |(_, fault): &(When, Fault)| matches!(fault, Fault::Hang | Fault::SaveThenHang);
    Row {
        name,
        modules: One,
        hangs: faults.iter().any(has_hang),
        faults,
        ends,
        words: &[],
    }
}

impl Row {
    pub fn says(mut self, words: &'static [&'static str]) -> Self {
        self.words = words;
        self
    }

    pub fn two(mut self) -> Self {
        self.modules = Two;
        self
    }
}

fn another_user(field: &str, image: &str) -> Fault {
    Fault::Meanwhile(Module::Ci, K8, field.to_owned(), Some(image.to_owned()))
}

pub fn one_module() -> Vec<Row> {
    let write = |fault| vec![(Write(1), fault)];
    vec![
        row("ok", Vec::new(), DONE),
        row("400", write(Fault::Status(400)), FIRST_FAILS).says(&[
            "rejected",
            "c0ffee",
            "refused the change",
        ]),
        row("401", write(Fault::Status(401)), FIRST_FAILS).says(&[
            "api_key",
            "401",
            "c0ffee",
            "refused the change",
        ]),
        row("403", write(Fault::Status(403)), FIRST_FAILS).says(&[
            "core_account_edit",
            "Account Admin",
            "c0ffee",
            "refused the change",
        ]),
        row("500 before saving", write(Fault::Status(500)), UNCONFIRMED).says(&["may still show"]),
        row(
            "400 after saving all the same",
            write(Fault::SaveThenStatus(400)),
            [
                (Before, "rolled-back"),
                (Before, "rolled-back"),
                (Before, "rolled-back"),
                (Before, "planned rolled-back"),
            ],
        )
        .says(&["rejected", "as it was before the run"]),
        row("500 after saving", write(Fault::SaveThenStatus(500)), DONE),
        row("502 after saving", write(Fault::SaveThenStatus(502)), DONE),
        row("cut before saving", write(Fault::Cut), UNCONFIRMED)
            .says(&["closed the connection", "may still show"]),
        row("cut after saving", write(Fault::SaveThenCut), DONE),
        row("half an answer", write(Fault::CutBody), DONE),
        row("hangs before saving", write(Fault::Hang), UNCONFIRMED)
            .says(&["timeout", "may still show"]),
        row("hangs after saving", write(Fault::SaveThenHang), DONE),
        row("a web page", write(Fault::Page), UNCONFIRMED).says(&["web page"]),
        row(
            "too many requests",
            write(Fault::Busy("1".to_owned())),
            FIRST_FAILS,
        )
        .says(&["429", "refused the change"]),
        row(
            "`true` without saving",
            write(Fault::PretendSuccess),
            [
                (Before, "rolled-back"),
                (Before, "rolled-back"),
                (Before, "rolled-back"),
                (Before, "rolled-back"),
            ],
        )
        .says(&["Harness accepted the change, but the field still has"]),
        row(
            "saves a part",
            write(Fault::SavePart(1)),
            [(Before, "rolled-back"); 4],
        ),
        row(
            "another field is changed meanwhile",
            write(another_user("cacheS3Tag", "plugins/cache:9.9.9")),
            DONE,
        ),
        row(
            "the same field is changed meanwhile",
            write(another_user("addonTag", "harness/ci-addon:9.9.9")),
            [(Foreign, "failed rolled-back"); 4],
        )
        .says(&["ci.K8.addonTag", "harness/ci-addon:9.9.9", "another user"]),
        row(
            "the read-back fails once",
            vec![(ReadBack(1), Fault::Status(400))],
            DONE,
        ),
        row(
            "the read-back is cut once",
            vec![(ReadBack(1), Fault::Cut)],
            DONE,
        ),
        row(
            "the read-back fails always",
            vec![(ReadBackAlways, Fault::Status(400))],
            [(Before, "unknown"); 4],
        )
        .says(&["could not be read", "should have", "`action: restore`"]),
        row(
            "no clear answer, and the read-back fails always",
            vec![
                (Write(1), Fault::SaveThenCut),
                (ReadBackAlways, Fault::Status(400)),
            ],
            [
                (Before, "unknown"),
                (Before, "unknown"),
                (Before, "unknown"),
                (Before, "planned unknown"),
            ],
        )
        .says(&["could not be read", "closed the connection"]),
    ]
}

pub fn two_modules() -> Vec<Row> {
    let second = |fault| vec![(SecondModule, fault)];
    let with = |first: Fault, mut more: Vec<(When, Fault)>| {
        more.insert(0, (SecondModule, first));
        more
    };
    let left = [(Between, "applied failed"); 4];
    vec![
        row("ok in both", Vec::new(), DONE),
        row("the second is refused", second(Fault::Status(404)), BACK)
            .says(&["no such API", "as it was before the run"]),
        row("the second is forbidden", second(Fault::Status(403)), BACK)
            .says(&["core_account_edit", "as it was before the run"]),
        row(
            "the second fails before saving",
            second(Fault::Status(500)),
            SECOND_UNCONFIRMED,
        ),
        row(
            "the second fails after saving",
            second(Fault::SaveThenStatus(500)),
            DONE,
        ),
        row(
            "the second is cut before saving",
            second(Fault::Cut),
            SECOND_UNCONFIRMED,
        )
        .says(&["may still show"]),
        row(
            "the second is cut after saving",
            second(Fault::SaveThenCut),
            DONE,
        ),
        row(
            "the second hangs before saving",
            second(Fault::Hang),
            SECOND_UNCONFIRMED,
        ),
        row(
            "the second hangs after saving",
            second(Fault::SaveThenHang),
            DONE,
        ),
        row(
            "the second does nothing",
            second(Fault::PretendSuccess),
            [(Before, "rolled-back"); 4],
        ),
        row(
            "the second asks for a pause",
            second(Fault::Busy("3".to_owned())),
            BACK,
        )
        .says(&["429"]),
        row(
            "the rollback is refused",
            with(
                Fault::Status(403),
                vec![(RollbackAlways, Fault::Status(403))],
            ),
            left,
        )
        .says(&[
            "putting former values back",
            "core_account_edit",
            "should have harness/ci-addon:1.14.0",
        ]),
        row(
            "the rollback hangs once",
            with(Fault::Status(403), vec![(Rollback(1), Fault::Hang)]),
            BACK,
        ),
        row(
            "the rollback hangs always",
            with(Fault::Status(403), vec![(RollbackAlways, Fault::Hang)]),
            left,
        )
        .says(&["putting former values back"]),
        row(
            "the rollback is cut once, before saving",
            with(Fault::Status(403), vec![(Rollback(1), Fault::Cut)]),
            BACK,
        ),
        row(
            "the rollback is cut once, after saving",
            with(Fault::Status(403), vec![(Rollback(1), Fault::SaveThenCut)]),
            BACK,
        ),
        row(
            "the rollback is cut always",
            with(Fault::Status(403), vec![(RollbackAlways, Fault::Cut)]),
            left,
        )
        .says(&["putting former values back", "closed the connection"]),
        row(
            "the rollback does nothing, once",
            with(
                Fault::Status(403),
                vec![(Rollback(1), Fault::PretendSuccess)],
            ),
            BACK,
        ),
    ]
}
