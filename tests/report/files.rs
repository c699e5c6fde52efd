//! Files: the folder `target/tmp/reports` keeps samples of every format for the checks with
//! tools from elsewhere (`tests/page/run`, `tests/formats/run`).

use std::path::Path;

use harness_images::model::format::Format;
use harness_images::report::{Report, formats, write_reports};
use harness_images::settings::ReportFile;

use support::sample;

fn files(folder: &Path, name: &str) -> Vec<ReportFile> {
    let file = |format: Format| ReportFile {
        path: folder.join(format!("{name}{}", format.endings[0])),
        format,
    };
    formats().into_iter().map(file).collect()
}

/// A sample's name, and how to make it anew.
type Sample = (&'static str, fn() -> Report);

#[test]
fn equal_runs_write_equal_files_with_folders_and_rights() {
    let samples = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    let again = tempfile::tempdir().unwrap();
    let reports: [Sample; 6] = [
        ("places", sample::places),
        ("acme", sample::planned),
        ("listed", sample::listed),
        ("empty", sample::empty),
        ("failed", sample::failed),
        ("hostile", sample::hostile),
    ];
    for (name, report) in reports {
        for (first, second) in files(&samples, name)
            .into_iter()
            .zip(files(&again.path().join("new/folder"), name))
        {
            let one = write_reports(&report(), std::slice::from_ref(&first));
            let two = write_reports(&report(), std::slice::from_ref(&second));
            assert!(one.is_empty() && two.is_empty());
            let (one, two) = (std::fs::read(first.path), std::fs::read(&second.path));
            assert_eq!(one.unwrap(), two.unwrap());
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let rights = std::fs::metadata(second.path).unwrap().permissions();
                assert_eq!(rights.mode() & 0o777, 0o644);
            }
        }
    }
}

#[test]
fn one_file_that_cannot_be_written_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "a file").unwrap();
    let mut given = files(&folder.path().join("taken"), "x");
    given.extend(files(&folder.path().join("free"), "x"));
    let failures = write_reports(&sample::acme(), &given);
    let failed: Vec<_> = failures.iter().map(|(path, _)| path.as_path()).collect();
    let expected: Vec<_> = given[..formats().len()]
        .iter()
        .map(|f| f.path.as_path())
        .collect();
    assert_eq!(failed, expected);
    for file in &given[formats().len()..] {
        assert!(file.path.is_file());
    }
}
