use std::fs;
use std::path::Path;

use harness_images::sources::files::{AUTO, LeftOut, Scan, scan};

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn drone(image: &str) -> String {
    format!("kind: pipeline\nsteps:\n- image: {image}\n")
}

/// `path image`.
fn rows(scan: &Scan) -> Vec<String> {
    let images = scan.files.iter().flat_map(|file| {
        let images = file.found.images.iter();
        images.map(move |image| format!("{} {}", file.path, image.image))
    });
    images.collect()
}

fn left_out(scan: &Scan) -> Vec<String> {
    scan.left_out.iter().map(ToString::to_string).collect()
}

#[test]
fn auto_finds_the_usual_files_in_a_fixed_order() {
    let folder = tempfile::tempdir().unwrap();
    for (path, image) in [
        (".woodpecker/b.yml", "b:1"),
        (".woodpecker/deep/c.yaml", "c:1"),
        (".drone.yml", "a:1"),
        (".harness/x/y.yaml", "y:1"),
        (".harness/a.yml", "z:1"),
        ("other/.drone.yml", "no:1"),
        (".harness/readme.md", "no:2"),
        ("k8s.yml", "no:3"),
    ] {
        write(folder.path(), path, &drone(image));
    }
    let scan = scan(folder.path(), &AUTO);
    let expected = [
        ".drone.yml a:1",
        ".harness/a.yml z:1",
        ".harness/x/y.yaml y:1",
        ".woodpecker/b.yml b:1",
        ".woodpecker/deep/c.yaml c:1",
    ];
    assert_eq!(rows(&scan), expected);
    assert_eq!(left_out(&scan), [""; 0]);
}

#[test]
fn patterns_choose_files_and_what_fits_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a/x.yml", &drone("x:1"));
    write(
        folder.path(),
        "a/b/y.json",
        "{\"kind\": \"pipeline\", \"steps\": [{\"image\": \"y:1\"}]}",
    );
    write(
        folder.path(),
        "bad.yml",
        "a: b: c\n---\nkind: pipeline\nsteps: [{image: z:1}]\n",
    );
    write(folder.path(), "latin.yml", "");
    fs::write(folder.path().join("latin.yml"), b"a: b\nc: \xe4\n").unwrap();
    let scan = scan(
        folder.path(),
        &[
            "a/*.yml",
            "./a/**/*.json",
            "bad.yml",
            "latin.yml",
            "missing/*.yml",
            "/etc/*",
            "../x.yml",
        ],
    );
    let expected = ["a/b/y.json y:1", "a/x.yml x:1", "bad.yml z:1"];
    assert_eq!(rows(&scan), expected);
    assert_eq!(
        left_out(&scan),
        [
            "`/etc/*` in `files` leads out of the workspace and was left out; give paths relative to it",
            "`../x.yml` in `files` leads out of the workspace and was left out; give paths relative to it",
            "`missing/*.yml` in `files` matches no file",
            "bad.yml, line 1, column 5: mapping values are not allowed in this context",
            "latin.yml was not read: line 2, column 4: it is not UTF-8",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_workspace_only() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.yml", &drone("secret:1"));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "ci/real.yml", &drone("real:1"));
    write(folder.path(), ".harness/own.yml", &drone("own:1"));
    let harness = folder.path().join(".harness");
    symlink(outside.path().join("secret.yml"), harness.join("file.yml")).unwrap();
    symlink(outside.path(), harness.join("folder")).unwrap();
    symlink(&harness, harness.join("loop")).unwrap();
    symlink(folder.path().join("ci"), harness.join("ci")).unwrap();
    symlink("missing", harness.join("dangling.yml")).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(harness.join("pipe.yml"))
            .status()
            .unwrap()
            .success()
    );
    let scan = scan(folder.path(), &AUTO);
    let images = rows(&scan).join("\n");
    assert!(!images.contains("secret:1"), "{images}");
    assert!(
        images.contains(" real:1") && images.contains(" own:1"),
        "{images}"
    );
    let reasons = left_out(&scan);
    for path in [".harness/file.yml", ".harness/folder"] {
        let reason = format!("{path} was not read: it is a link that leads out of the workspace");
        assert!(reasons.contains(&reason), "{reasons:?}");
    }
    let pipe = ".harness/pipe.yml was not read: it is not a file".to_owned();
    assert!(reasons.contains(&pipe), "{reasons:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_reached_in_several_ways_is_read_once_by_its_own_name() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "ci/real.yml", &drone("real:1"));
    write(folder.path(), "own.yml", &drone("own:1"));
    write(folder.path(), "sub/x.yml", &drone("x:1"));
    symlink("own.yml", folder.path().join("link.yml")).unwrap();
    symlink("ci", folder.path().join(".harness")).unwrap();
    symlink("..", folder.path().join("sub/up")).unwrap();
    for (patterns, expected) in [
        (&["**"][..], &["ci/real.yml", "own.yml", "sub/x.yml"][..]),
        (&["*.yml"], &["own.yml"]),
        (&[".harness/**"], &["ci/real.yml"]),
        (&["sub/up/own.yml", "own.yml"], &["own.yml"]),
    ] {
        let scan = scan(folder.path(), patterns);
        let mut paths: Vec<&str> = scan.files.iter().map(|file| file.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(paths, expected, "{patterns:?}");
        assert_eq!(left_out(&scan), [""; 0]);
    }
}

#[test]
fn files_that_are_no_text_count_towards_the_bound() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = vec![b'#'; 10 * 1024 * 1024];
    bytes[0] = 0xff;
    for n in 0..7 {
        fs::write(folder.path().join(format!("f{n}.yml")), &bytes).unwrap();
    }
    let scan = scan(folder.path(), &["*.yml"]);
    assert!(
        matches!(&scan.left_out[6..], [LeftOut::Bound { bound: "64 MiB of files", path }] if path == "f6.yml"),
        "{:?}",
        left_out(&scan)
    );
}

#[test]
fn bounds_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let large = vec![b'#'; 10 * 1024 * 1024 + 1];
    fs::write(folder.path().join("large.yml"), &large).unwrap();
    let found = scan(folder.path(), &["*.yml"]);
    assert_eq!(
        left_out(&found),
        ["large.yml was not read: it has more than 10 MiB"]
    );

    for n in 0..7 {
        fs::write(
            folder.path().join(format!("f{n}.yml")),
            &large[..10 * 1024 * 1024],
        )
        .unwrap();
    }
    let found = scan(folder.path(), &["f*.yml"]);
    assert!(matches!(
        &found.left_out[..],
        [LeftOut::Bound { bound: "64 MiB of files", path }] if path == "f6.yml"
    ));
}
