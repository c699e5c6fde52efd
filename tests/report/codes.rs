//! The table of warning codes against the program's own text.

use std::path::Path;

use harness_images::report::codes;

/// What stands before a code where a warning is made.
const MAKERS: [&str; 3] = ["general(", "warning(", "code: "];

fn codes_in(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.ends_with("codes.rs")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            for maker in MAKERS {
                let makes = text.split(maker).skip(1);
                let quoted =
                    makes.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
                found.extend(quoted.filter(|code| !code.contains(' ')).map(str::to_owned));
            }
        }
    }
}

#[test]
fn every_code_that_is_used_is_explained() {
    let mut found = Vec::new();
    codes_in(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.len() > 10, "{found:?}");
    for code in &found {
        assert!(
            codes::help(code).is_some(),
            "{code} is missing in report/codes.rs"
        );
    }
}
