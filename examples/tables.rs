//! Prints the README's tables from the program's own: settings, verdicts, warning codes.
#![allow(clippy::print_stdout)]

use harness_images::report;
use harness_images::settings;

fn main() {
    println!(
        "<!-- settings -->\n{}<!-- /settings -->\n",
        settings::markdown()
    );
    println!(
        "<!-- verdicts -->\n{}<!-- /verdicts -->\n",
        report::verdicts::markdown()
    );
    println!(
        "<!-- warnings -->\n{}<!-- /warnings -->",
        report::codes::markdown()
    );
}
