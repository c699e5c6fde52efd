//! Prints the tables of the README and the docs from the program's own: settings, verdicts, formats, warning codes;
//! with the argument `schema` that of config files instead.
#![allow(clippy::print_stdout)]

use harness_images::report;
use harness_images::settings;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("schema") {
        print!("{}", settings::config_schema(&report::formats()));
        return;
    }
    println!(
        "<!-- settings -->\n{}<!-- /settings -->\n",
        settings::markdown(&report::formats())
    );
    println!(
        "<!-- verdicts -->\n{}<!-- /verdicts -->\n",
        harness_images::model::verdict::Verdict::markdown()
    );
    println!(
        "<!-- lifecycles -->\n{}<!-- /lifecycles -->\n",
        harness_images::model::lifecycle::markdown()
    );
    println!(
        "<!-- formats -->\n{}<!-- /formats -->\n",
        report::formats_markdown()
    );
    println!(
        "<!-- warnings -->\n{}<!-- /warnings -->",
        harness_images::model::warning::WarningCode::markdown()
    );
}
