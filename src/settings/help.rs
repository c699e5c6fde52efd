//! The table of settings as text: `--help` and the README.

use std::fmt::Write;

use super::definition::Setting;
use super::table::SETTINGS;
use crate::model::format::Format;
use crate::model::lifecycle::LIFECYCLES;
use crate::model::module::Module;

impl Setting {
    /// Its meaning with the endings of `formats`, and their names where the endings do not say
    /// them.
    pub(super) fn explained(&self, formats: &[Format]) -> String {
        let explained = formats.iter().map(|format| {
            let endings: Vec<String> = format.endings.iter().map(|e| format!("`{e}`")).collect();
            let endings = endings.join(", ");
            let name = format!(".{}", format.name.to_ascii_lowercase());
            if format.endings.contains(&name.as_str()) {
                endings
            } else {
                format!("{endings} ({})", format.name)
            }
        });
        let explained: Vec<String> = explained.collect();
        let modules = Module::HARNESS.map(|module| format!("`{module}`"));
        self.meaning
            .replace("{endings}", &explained.join(", "))
            .replace("{modules}", &modules.join(", "))
    }
}

/// Widest line of the help text.
const MAX_WIDTH: usize = 100;

/// Column in which meanings start in the help text.
const INDENT: usize = 22;

/// The text that `--help` prints: every setting by group, no line wider than 100 columns.
/// `formats` are those of report files.
pub fn help(formats: &[Format]) -> String {
    let mut text = format!(
        "harness-images {}\n{}.\n\n\
         Settings are environment variables: PLUGIN_ and the name in capitals, as in PLUGIN_API_KEY.\n\
         Lists are separated by commas or line ends, maps are JSON or key=value. Empty means unset.\n",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_DESCRIPTION"),
    );
    let mut group = None;
    for setting in SETTINGS {
        if group != Some(setting.group) {
            group = Some(setting.group);
            text.push_str(&format!("\n{}\n", setting.group.title()));
        }
        let mut meaning = setting.explained(formats).replace('`', "");
        if setting.secret {
            meaning.push_str("; secret");
        }
        if !setting.default.is_empty() {
            meaning.push_str(&format!(" (default: {})", setting.default.replace('`', "")));
        }
        let mut line = format!("  {:<width$}", setting.name, width = INDENT - 3);
        for word in meaning.split(' ') {
            let word = format!(" {word}");
            if line.len().saturating_add(word.len()) > MAX_WIDTH {
                let _ = writeln!(text, "{line}");
                line = " ".repeat(INDENT - 1);
            }
            line.push_str(&word);
        }
        let _ = writeln!(text, "{line}");
    }
    text.push_str("\nHow long images are supported, as far as documents say\n");
    for row in LIFECYCLES {
        let _ = writeln!(text, "  {:<21} {}", row.repositories, row.rule);
        let _ = writeln!(
            text,
            "{:23} by \"{}\", read on {}",
            "", row.document, row.read_on
        );
    }
    text
}

/// The table of settings as Markdown, as the README shows it. `formats` are those of report files.
pub fn markdown(formats: &[Format]) -> String {
    let mut text = String::from("| setting | default | meaning |\n|---|---|---|\n");
    for setting in SETTINGS {
        let default = match setting.default {
            "" => "–",
            default => default,
        };
        let meaning = setting.explained(formats).replace('|', "\\|");
        let secret = if setting.secret { "; secret" } else { "" };
        let _ = writeln!(
            text,
            "| `{}` | {default} | {meaning}{secret} |",
            setting.name
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::formats;

    #[test]
    fn help_fits_and_names_everything() {
        let help = help(&formats());
        for line in help.lines() {
            assert!(line.chars().count() <= MAX_WIDTH, "{line}");
            assert_eq!(line, line.trim_end());
        }
        for setting in SETTINGS {
            let entry = format!("\n  {} ", setting.name);
            assert_eq!(help.matches(&entry).count(), 1, "{}", setting.name);
            let heading = format!("\n\n{}\n", setting.group.title());
            assert_eq!(
                help.matches(&heading).count(),
                1,
                "{heading} is in one piece"
            );
        }
    }

    #[test]
    fn markdown_has_one_row_of_three_cells_per_setting() {
        let markdown = markdown(&formats());
        assert_eq!(markdown.lines().count(), SETTINGS.len() + 2);
        for (setting, line) in SETTINGS.iter().zip(markdown.lines().skip(2)) {
            assert!(line.starts_with(&format!("| `{}` |", setting.name)));
        }
        for line in markdown.lines() {
            let cells = line.replace("\\|", "").matches('|').count() - 1;
            assert_eq!(cells, 3, "{line}");
        }
    }
}
