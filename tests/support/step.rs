//! The step as a runner starts it: the real binary, `PLUGIN_*` variables and nothing else, in a
//! folder of its own. Every run is searched for secrets.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A step that is being set up.
pub struct Step {
    variables: BTreeMap<String, String>,
    arguments: Vec<String>,
    secrets: Vec<String>,
    folder: tempfile::TempDir,
}

/// A step that has ended.
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    /// Lines of `DRONE_OUTPUT`, as keys and values.
    pub outputs: BTreeMap<String, String>,
    pub folder: tempfile::TempDir,
}

impl Step {
    /// A step that logs everything it can.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let step = Self {
            variables: BTreeMap::new(),
            arguments: Vec::new(),
            secrets: Vec::new(),
            folder,
        };
        let output = step.path("output.env");
        step.env("DRONE_OUTPUT", output.to_str().unwrap())
            .set("log_level", "trace")
            .set("reports", "report.json")
    }

    /// A step that judges a snapshot.
    pub fn on_snapshot(snapshot: &Value) -> Self {
        let step = Self::new().write("snapshot.json", &snapshot.to_string());
        step.set("snapshot", "snapshot.json")
    }

    /// A step that calls a Harness server, by a key that must not be seen anywhere.
    pub fn on_server(url: &str, key: &str) -> Self {
        Self::new()
            .secret("api_key", key)
            .set("endpoint", url)
            .set("registry", "off")
    }

    /// Sets `PLUGIN_<NAME>`.
    pub fn set(self, name: &str, value: &str) -> Self {
        self.env(&format!("PLUGIN_{}", name.to_uppercase()), value)
    }

    /// Sets `PLUGIN_<NAME>` to a value that must not be seen anywhere.
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.push(value.to_owned());
        self.set(name, value)
    }

    /// Sets several.
    pub fn set_all(self, settings: &[(&str, &str)]) -> Self {
        let set = |step: Self, (name, value): &(&str, &str)| step.set(name, value);
        settings.iter().fold(self, set)
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// A further text that must not be seen anywhere.
    pub fn hides(mut self, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self
    }

    /// A path in the step's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders it lies in.
    pub fn write(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Writes a pipeline of Drone, whose images stand in the lines from 3 on, and sets `files` to it.
    pub fn drone(self, name: &str, images: &[&str]) -> Self {
        let images: String = images.iter().map(|image| format!("- image: {image}\n")).collect();
        self.write(name, &format!("kind: pipeline\nsteps:\n{images}"))
            .set("files", name)
    }

    /// Runs the step to its end, and searches all it has left behind for secrets.
    pub fn run(self) -> Ran {
        self.start().end()
    }

    /// Runs the step with other outputs than pipes.
    pub fn run_with(self, stdout: Stdio, stderr: Stdio) -> Ran {
        self.start_with(stdout, stderr).end()
    }

    /// Starts the step.
    pub fn start(self) -> Running {
        self.start_with(Stdio::piped(), Stdio::piped())
    }

    /// Starts the step with other outputs than pipes.
    pub fn start_with(self, stdout: Stdio, stderr: Stdio) -> Running {
        let child = Command::new(program())
            .args(&self.arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
            .unwrap();
        Running {
            child,
            folder: self.folder,
            secrets: self.secrets,
        }
    }
}

/// A step that has been started.
pub struct Running {
    child: Child,
    folder: tempfile::TempDir,
    secrets: Vec<String>,
}

impl Running {
    /// Sends a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        assert!(self.signal_if_there(name), "{name}");
    }

    /// Sends a signal, unless the step has ended; says whether it was sent. A shell always has
    /// `kill`, which as a program of its own is missing on small machines.
    pub fn signal_if_there(&self, name: &str) -> bool {
        let number = self.child.id().to_string();
        let sent = Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &number])
            .status();
        sent.unwrap().success()
    }

    /// Waits for the end, and looks at what the step holds meanwhile: the most of it, in bytes.
    pub fn end_with_peak(self) -> (Ran, u64) {
        let mut peak = 0;
        while let Some(now) = self.peak_memory() {
            peak = now.max(peak);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        (self.end(), peak)
    }

    /// The most memory that the step has held so far, in bytes; `None` once it has ended.
    fn peak_memory(&self) -> Option<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes << 10)
    }

    /// Standard error of a step that a signal has ended for good.
    pub fn stderr_of_the_killed(self) -> String {
        let output = self.child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), None, "it ended by itself");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Waits for the end, and searches all that was left behind for secrets.
    pub fn end(self) -> Ran {
        let output = self.child.wait_with_output().unwrap();
        let ran = Ran {
            status: output.status.code().expect("an exit status"),
            stdout: String::from_utf8(output.stdout).expect("text on standard output"),
            stderr: String::from_utf8(output.stderr).expect("text on standard error"),
            outputs: read_outputs(&self.folder.path().join("output.env")),
            folder: self.folder,
        };
        let mut written = vec![
            ("standard output".to_owned(), ran.stdout.clone()),
            ("standard error".to_owned(), ran.stderr.clone()),
        ];
        read_folder(ran.folder.path(), &mut written);
        for (place, text) in &written {
            for secret in &self.secrets {
                assert!(!text.contains(secret), "a secret is in {place}:\n{text}");
            }
        }
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran
    }
}

impl Ran {
    /// A file of the step's folder.
    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    /// A JSON file of the step's folder.
    #[track_caller]
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("JSON")
    }

    /// The `.json` report.
    #[track_caller]
    pub fn report(&self) -> Value {
        self.json("report.json")
    }

    /// Rows of the report, in its order.
    #[track_caller]
    pub fn rows(&self) -> Vec<Value> {
        self.report()["images"].as_array().unwrap().clone()
    }

    /// The `.json` report, or an empty one if the step ended before there was any.
    pub fn clone_report(&self) -> Value {
        let text = std::fs::read_to_string(self.path("report.json")).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_else(|_| serde_json::json!({"changes": []}))
    }

    /// Rows of the report as `field verdict`, in its order.
    pub fn verdicts(&self) -> Vec<String> {
        shown(&self.rows(), &["field", "verdict"])
    }

    /// Codes of the report's warnings, in its order.
    pub fn warnings(&self) -> Vec<String> {
        shown(self.report()["warnings"].as_array().unwrap(), &["code"])
    }

    /// Messages of the report's warnings with this code, in its order.
    pub fn messages(&self, code: &str) -> Vec<String> {
        let report = self.report();
        let mut warnings = report["warnings"].as_array().unwrap().clone();
        warnings.retain(|warning| warning["code"] == code);
        shown(&warnings, &["message"])
    }

    /// Errors of the report, one behind the other.
    pub fn errors(&self) -> String {
        let errors = self.report()["errors"].as_array().cloned();
        let errors = errors.unwrap_or_default();
        let texts: Vec<&str> = errors.iter().map(|error| error.as_str().unwrap()).collect();
        texts.join("\n")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Holds standard output to have this text.
    #[track_caller]
    pub fn prints(&self, text: &str) {
        assert!(self.stdout.contains(text), "{text:?} is not in\n{}", self.stdout);
    }

    /// Holds the report's errors to have this text.
    #[track_caller]
    pub fn has_error(&self, text: &str) {
        let errors = self.errors();
        assert!(errors.contains(text), "{text:?} is not in\n{errors}");
    }

    /// Holds the report's warnings to have this text.
    #[track_caller]
    pub fn has_warning(&self, text: &str) {
        let warnings = self.report()["warnings"].to_string();
        assert!(warnings.contains(text), "{text:?} is not in\n{warnings}");
    }

    #[track_caller]
    pub fn ends(self, status: i32) -> Self {
        assert_eq!(self.status, status, "\n{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// The texts of each row under these keys, between spaces; `-` for none.
pub fn shown(rows: &[Value], keys: &[&str]) -> Vec<String> {
    let text = |row: &Value, key: &str| match &row[key] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let texts = |row: &Value| {
        let texts: Vec<String> = keys.iter().map(|key| text(row, key)).collect();
        texts.join(" ")
    };
    rows.iter().map(texts).collect()
}

fn read_outputs(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn read_folder(folder: &Path, written: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(&path, written);
        } else if path.symlink_metadata().unwrap().is_file() {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            written.push((path.display().to_string(), text));
        }
    }
}

/// The program, which Cargo builds beside the folder of the tests.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let folder = tests.ancestors().nth(2).unwrap();
    folder.join(format!("harness-images{}", std::env::consts::EXE_SUFFIX))
}
