//! What a definition of a setting consists of, and what the table of definitions is made into.

use serde_json::Value;

use crate::model::format::Format;

/// A setting as users read about it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in a step; the variable is `PLUGIN_` and the name in capitals.
    pub name: &'static str,
    /// What applies if it is not set, in Markdown; empty if nothing does.
    pub default: &'static str,
    /// What it means, in Markdown, on one line; `{endings}` stands for those of report files,
    /// `{modules}` for the names of Harness' modules.
    pub meaning: &'static str,
    /// Whether its value is shown nowhere, and does not belong in a file.
    pub secret: bool,
    /// What it belongs to.
    pub group: Group,
    /// Whether quotes around its value belong to it.
    pub(super) verbatim: bool,
    /// JSON schema of its value in a config file; `null` need not be among it.
    pub(super) schema: fn(&[Format]) -> Value,
}

/// What a setting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// How to reach Harness.
    Harness,
    /// Which images are looked at.
    Selection,
    /// How they are judged.
    Policy,
    /// What is changed.
    Change,
    /// Where tags are read.
    Registry,
    /// Files, dates and reports.
    Files,
    /// Network and log.
    Run,
}

impl Group {
    /// Its heading in the help text.
    pub fn title(self) -> &'static str {
        match self {
            Self::Harness => "Harness",
            Self::Selection => "Which images",
            Self::Policy => "How they are judged",
            Self::Change => "Changes",
            Self::Registry => "Registry",
            Self::Files => "Files and reports",
            Self::Run => "Network and log",
        }
    }
}

/// Makes of the definitions: the table [`SETTINGS`](super::SETTINGS), the struct of texts that
/// `envy` fills, the struct of values that are read from them, and the public struct.
///
/// A row is `plain`, `secret` or `verbatim` (a secret to which quotes around it belong), then
/// `name: Type = default, (read, schema), "default in words", "meaning";`. `read` takes a text that is trimmed and not
/// blank, and says what is wrong without the text; `schema` is that of the value in a config file, to which `null` is
/// added. Both may look at the formats of report files. A row without `= default` becomes a field of the public struct
/// only together with others: those stand under `composed`.
macro_rules! settings {
    (
        |$formats:ident|
        $($group:ident { $(
            $kind:ident $name:ident: $type:ty $(= $unset:expr)?, $form:expr,
                $default:literal, $meaning:literal;
        )+ })+;
        composed { $( #[doc = $doc:literal] $field:ident: $composed:ty, )+ }
    ) => {
        /// Every setting, in the order in which it is explained.
        pub static SETTINGS: &[Setting] = &[$($(Setting {
            name: stringify!($name),
            default: $default,
            meaning: $meaning,
            secret: settings!(@is_secret $kind),
            group: Group::$group,
            verbatim: settings!(@is_verbatim $kind),
            schema: |$formats| {
                let _ = $formats;
                let (_, schema) = $form;
                schema()
            },
        },)+)+];

        /// Every setting as text, trimmed and never blank. Holds secrets: no `Debug`.
        #[derive(Default, Deserialize)]
        pub(super) struct Raw {
            $($(pub(super) $name: Option<String>,)+)+
        }

        /// Every setting as it is read: `None` where it is not set, or wrong. Holds secrets.
        pub(super) struct Values {
            $($(pub(super) $name: Option<$type>,)+)+
        }

        impl Values {
            /// Reads every setting, and notes what is wrong.
            pub(super) fn read(raw: &Raw, $formats: &[Format], problems: &mut Problems) -> Self {
                Self {
                    $($($name: {
                        let (read, _) = $form;
                        let value = raw.$name.as_deref().map(read);
                        problems.check(stringify!($name), value).map(<$type>::from)
                    },)+)+
                }
            }
        }

        /// What several settings, or the environment, make together.
        pub(super) struct Composed {
            $(pub(super) $field: $composed,)+
        }

        /// Everything a run needs to know from its step, checked and normalised.
        #[derive(Debug)]
        pub struct Settings {
            $($($(
                #[doc = concat!("The setting `", stringify!($name), "`: ", $meaning, ".\n\nUnset: `", stringify!($unset), "`.")]
                pub $name: $type,
            )?)+)+
            $(#[doc = $doc] pub $field: $composed,)+
        }

        impl Settings {
            /// Each value, or what applies without it.
            pub(super) fn assemble(values: Values, composed: Composed) -> Self {
                Self {
                    $($($($name: values.$name.unwrap_or_else(|| $unset),)?)+)+
                    $($field: composed.$field,)+
                }
            }
        }
    };
    (@is_secret plain) => { false };
    (@is_secret $secret:ident) => { true };
    (@is_verbatim verbatim) => { true };
    (@is_verbatim $other:ident) => { false };
}

pub(super) use settings;
