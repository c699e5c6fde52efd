//! What settings are read into: the values of the public struct.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use crate::model::format::Format;
use crate::model::policy::Pattern;

/// How to reach Harness.
#[derive(Debug)]
pub struct HarnessAccess {
    /// Key or token.
    pub credential: HarnessCredential,
    /// Account identifier.
    pub account_id: String,
    /// Base URL without `/gateway` and without closing slash; a path prefix is kept.
    pub endpoint: Url,
}

/// What authenticates a call to Harness.
#[derive(Debug)]
pub enum HarnessCredential {
    /// Sent as `X-API-KEY`.
    ApiKey(SecretString),
    /// Sent as `Authorization: Bearer`.
    Bearer(SecretString),
}

/// The setting `action` with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Judge.
    Check,
    /// Print the tags of the window.
    List,
    /// Set overrides.
    Pin(Pin),
    /// Remove overrides.
    Reset(Reset),
    /// Remove all overrides.
    Clear,
    /// Bring overrides back to what the backup holds.
    Restore,
}

impl Action {
    /// The action's name in settings and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::List => "list",
            Self::Pin(_) => "pin",
            Self::Reset(_) => "reset",
            Self::Clear => "clear",
            Self::Restore => "restore",
        }
    }
}

/// The setting `pin`, values as written: an image, a tag, or `latest`, `latest-1`…
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// A value per field.
    Fields(BTreeMap<String, String>),
    /// One relative value (`latest`, `latest-N`) for all selected overrides.
    All(String),
}

/// The setting `reset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reset {
    /// Overrides that are unsupported.
    Unsupported,
    /// All overrides.
    All,
    /// These fields; `*` matches within a name.
    Fields(Vec<Pattern>),
}

/// Where tags are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrySetting {
    /// The account's connector, else Docker Hub.
    Auto,
    /// Nowhere.
    Off,
    /// A registry: scheme, host, port and an optional path prefix, without closing slash.
    /// `http` only where the user wrote it.
    Base(Url),
}

/// Where releases are counted if `registry` is a mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpstreamSetting {
    /// Nowhere else.
    Off,
    /// Docker Hub.
    Hub,
    /// The mirror itself has every tag.
    Registry,
    /// A registry: scheme, host, port and an optional path prefix, without closing slash.
    Base(Url),
}

/// `registry_username` and `registry_password`.
#[derive(Debug)]
pub struct RegistryLogin {
    /// User name.
    pub username: String,
    /// Password or token.
    pub password: SecretString,
}

/// One entry of `reports`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Where to write.
    pub path: PathBuf,
    /// What to write, as the name's ending says.
    pub format: Format,
}

/// Certificates and proxies.
#[derive(Debug, Default)]
pub struct Network {
    /// PEM texts to trust besides the built-in roots: `ca_cert`, given as text or read from its path.
    pub ca_cert: Option<String>,
    /// Files whose certificates are trusted as well: `SSL_CERT_FILE`, `HARNESS_CA_PATH`, `HARNESS_ADDITIONAL_CERTS_LIST`.
    pub certificate_files: Vec<PathBuf>,
    /// Folders whose certificates are trusted as well: `SSL_CERT_DIR`, `HARNESS_SHARED_CERTS_PATH`.
    pub certificate_folders: Vec<PathBuf>,
    /// Trust any certificate.
    pub skip_verify: bool,
    /// Proxy for `http://`; may hold credentials.
    pub http_proxy: Option<SecretString>,
    /// Proxy for `https://`; may hold credentials.
    pub https_proxy: Option<SecretString>,
    /// Hosts that are reached without proxy, comma separated.
    pub no_proxy: Option<String>,
}

/// The log to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSettings {
    /// Least important level that is shown.
    pub level: tracing::Level,
    /// How lines look.
    pub format: LogFormat,
}

impl LogSettings {
    pub(super) const LEVELS: [(&str, tracing::Level); 5] = [
        ("trace", tracing::Level::TRACE),
        ("debug", tracing::Level::DEBUG),
        ("info", tracing::Level::INFO),
        ("warn", tracing::Level::WARN),
        ("error", tracing::Level::ERROR),
    ];
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Message first, no timestamps.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    pub(super) const WORDS: [(&str, Self); 2] = [("text", Self::Text), ("json", Self::Json)];
}

/// What the runner's environment says about where results go.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Runner {
    /// `DRONE_OUTPUT`, else `HARNESS_OUTPUT_FILE`: outputs, appended as dotenv lines.
    pub output: Option<PathBuf>,
    /// `DRONE_CARD_PATH`.
    pub card: Option<PathBuf>,
    /// `HARNESS_ANNOTATIONS_FILE`.
    pub annotations: Option<PathBuf>,
    /// `HARNESS_ACCOUNT_ID`, `HARNESS_ORG_ID`, `HARNESS_PROJECT_ID`, `HARNESS_PIPELINE_ID`, `HARNESS_STAGE_ID`,
    /// `HARNESS_STEP_ID`, `HARNESS_EXECUTION_ID`, `HARNESS_STAGE_EXECUTION_ID`… as far as set.
    pub identifiers: BTreeMap<String, String>,
}
