//! What a report file may hold, as far as settings and docs need to know; `report` renders it.

/// A format of report files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Endings of the names of its files: lower case, with the dot, the usual one first. Of all
    /// formats' endings the longest that a name has decides.
    pub endings: &'static [&'static str],
    /// What the format is called.
    pub name: &'static str,
    /// What a file of it is for, in Markdown, in half a sentence.
    pub meaning: &'static str,
    /// What a run must do for such a file to have anything to hold.
    pub requires: Requirement,
}

/// What a run must do for a report file to have anything to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing: every run has a report.
    Nothing,
    /// Look for images in `files`.
    Files,
    /// Plan a copy: `action: list` with `mirror_to`.
    MirrorPlan,
}

impl Format {
    /// The format that a file's name asks for by its ending, in any case.
    pub fn of_name(formats: &[Self], name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let fitting = formats.iter().filter_map(|format| {
            let endings = format.endings.iter();
            let matching = endings.filter(|ending| name.ends_with(**ending));
            Some((matching.map(|ending| ending.len()).max()?, format))
        });
        fitting
            .max_by_key(|(length, _)| *length)
            .map(|(_, format)| *format)
    }

    /// The endings of all formats, those of one format side by side.
    pub fn endings(formats: &[Self]) -> impl Iterator<Item = &'static str> {
        formats
            .iter()
            .flat_map(|format| format.endings.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn format(name: &'static str, endings: &'static [&'static str]) -> Format {
        Format {
            endings,
            name,
            meaning: "",
            requires: Requirement::Nothing,
        }
    }

    #[test]
    fn the_longest_ending_decides() {
        let formats = [
            format("plain", &[".yml", ".yaml"]),
            format("plan", &[".plan.yml"]),
        ];
        for (name, expected) in [
            ("a.yml", Some("plain")),
            ("b/a.YAML", Some("plain")),
            ("a.plan.yml", Some("plan")),
            ("a.Plan.Yml", Some("plan")),
            ("plan.yml", Some("plain")),
            ("a.yml.txt", None),
            ("yml", None),
            ("", None),
        ] {
            let found = Format::of_name(&formats, name).map(|format| format.name);
            assert_eq!(found, expected, "{name}");
        }
    }
}
