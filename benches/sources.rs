//! Finding images in files: wall time on one core and peak memory, which should grow with the bytes
//! and no faster.
//!
//! `cargo bench --bench sources` prints a table for folders of generated pipelines of every dialect;
//! `sources scan FOLDER` reads one folder and prints time and memory.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use harness_images::sources::files;

/// As in the program that is shipped.
#[cfg(target_env = "musl")]
#[global_allocator]
static MEMORY: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// Files and bytes of each.
const FOLDERS: [(usize, usize); 6] = [
    (500, 10_000),
    (1_000, 10_000),
    (2_000, 10_000),
    (4_000, 10_000),
    (200, 100_000),
    (2, 10_000_000),
];

/// Runs of a folder, of which the best counts: the machine has other work, too.
const RUNS: usize = 5;

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => table(),
        ["scan", folder] => scan(Path::new(folder)),
        ["write", folder, count, bytes] => {
            let (count, bytes) = (count.parse().unwrap(), bytes.parse().unwrap());
            write(Path::new(folder), count, bytes);
        }
        _ => panic!("sources [scan FOLDER | write FOLDER FILES BYTES]"),
    }
}

fn table() {
    println!("| files | bytes each | images | wall | processor | MB/s | peak |");
    println!("|--:|--:|--:|--:|--:|--:|--:|");
    for (count, bytes) in FOLDERS {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), count, bytes);
        let mut runs: Vec<[f64; 4]> = (0..RUNS).map(|_| child(folder.path())).collect();
        runs.sort_by(|a, b| a[1].total_cmp(&b[1]));
        let [images, wall, cpu, peak] = runs[0];
        let rate = (count * bytes) as f64 / 1e6 / cpu;
        println!(
            "| {count} | {bytes} | {images} | {:.0} ms | {:.0} ms | {rate:.0} | {:.1} MiB |",
            wall * 1e3,
            cpu * 1e3,
            peak / 1024.0
        );
    }
}

/// Images, seconds, seconds of the processor and KiB of a run of its own.
fn child(folder: &Path) -> [f64; 4] {
    let output = Command::new(std::env::current_exe().unwrap())
        .arg("scan")
        .arg(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(|word| word.parse().unwrap())
        .collect();
    numbers.try_into().unwrap()
}

fn scan(folder: &Path) {
    let start = Instant::now();
    let scan = files::scan(folder, &["**/*.yml"]);
    let wall = start.elapsed().as_secs_f64();
    assert!(scan.left_out.is_empty(), "{:?}", scan.left_out);
    let images: usize = scan.files.iter().map(|file| file.found.images.len()).sum();
    println!("{images} {wall} {} {}", processor(), peak());
}

/// Seconds of the processor that this process has used.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e9
}

/// Most KiB that this process has held.
fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|word| word.parse().ok())
        .unwrap_or(f64::NAN)
}

fn write(folder: &Path, count: usize, bytes: usize) {
    for number in 0..count {
        let text = match number % 4 {
            0 => harness(number, bytes),
            1 => drone(number, bytes),
            2 => woodpecker(number, bytes),
            _ => kubernetes(number, bytes),
        };
        let part = folder.join(format!("{:03}", number / 100));
        std::fs::create_dir_all(&part).unwrap();
        std::fs::write(part.join(format!("{number:05}.yml")), text).unwrap();
    }
}

const SCRIPT: &str = "set -euo pipefail
export GOFLAGS=-mod=readonly CGO_ENABLED=0
go vet ./... && go test -race -coverprofile=coverage.out ./...
docker run --rm -v \"$PWD:/src\" -w /src image: \"not this one:1.2.3\" make all
curl -fsSL https://example.com/install.sh | sh -s -- --prefix /usr/local
";

/// A document that begins so, with as many parts as it takes to be so long.
fn document(head: &str, bytes: usize, part: impl Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text += &part(number);
    }
    text
}

fn indented(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    text.lines().map(|line| format!("{pad}{line}\n")).collect()
}

fn harness(number: usize, bytes: usize) -> String {
    let head = format!(
        "pipeline:\n  name: Build {number}\n  identifier: build{number}\n  projectIdentifier: shop\n  orgIdentifier: default\n  stages:\n    - stage:\n        name: Build\n        identifier: Build\n        type: CI\n        spec:\n          cloneCodebase: true\n          execution:\n            steps:\n"
    );
    document(&head, bytes, |step| {
        format!(
            "              - step:\n                  type: Run\n                  name: Step {step}\n                  identifier: step{step}\n                  spec:\n                    connectorRef: account.docker\n                    image: golang:1.{step}.{number}\n                    shell: Bash\n                    command: |-\n{}                    resources:\n                      limits: {{memory: 2Gi, cpu: \"1\"}}\n",
            indented(SCRIPT, 22)
        )
    })
}

fn drone(number: usize, bytes: usize) -> String {
    let head = "kind: pipeline\ntype: docker\nname: default\n\nsteps:\n";
    document(head, bytes, |step| {
        format!(
            "- name: step{step}\n  image: plugins/docker:{step}.{number}.3\n  pull: if-not-exists\n  environment:\n    TOKEN:\n      from_secret: token\n  settings:\n    repo: acme/app\n    tags: [latest, \"1.{step}\"]\n  commands:\n  - |\n{}  when:\n    event: [push, pull_request]\n",
            indented(SCRIPT, 4)
        )
    })
}

fn woodpecker(number: usize, bytes: usize) -> String {
    let head =
        "when:\n  - event: push\n    branch: main\nvariables:\n  - &go 'golang:1.22'\nsteps:\n";
    document(head, bytes, |step| {
        format!(
            "  test{step}:\n    image: *go\n    commands: [make, \"make test{step}\"]\n  build{step}:\n    image: \"node:{number}.{step}\" # the build\n    commands:\n      - |\n{}",
            indented(SCRIPT, 8)
        )
    })
}

fn kubernetes(number: usize, bytes: usize) -> String {
    document("", bytes, |object| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app{object}\n  labels: {{app: app{object}, tier: web}}\nspec:\n  replicas: 3\n  selector:\n    matchLabels: {{app: app{object}}}\n  template:\n    metadata:\n      labels: {{app: app{object}}}\n    spec:\n      initContainers:\n      - name: migrate\n        image: registry.corp:5000/app/migrate:{number}.{object}\n      containers:\n      - name: app\n        image: registry.corp:5000/app/web:{number}.{object}.1\n        ports: [{{containerPort: 8080}}]\n        env:\n        - {{name: LOG, value: info}}\n        readinessProbe:\n          httpGet: {{path: /health, port: 8080}}\n"
        )
    })
}
