//! Why a run has judged nothing.

/// Why there is no image to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoImages {
    /// Images were found in files and pipelines, but none of a repository that `repositories` covers.
    OtherRepositories,
    /// No setting says where images are.
    NothingSelected,
    /// These settings select what holds none.
    Selected(Vec<&'static str>),
}

impl NoImages {
    /// Which settings to look at, and why. No text from outside.
    pub fn next_step(&self) -> String {
        match self {
            Self::OtherRepositories => "Name the repositories of the images that were found in the setting \
                `repositories`, or `*` for all of them."
                .to_owned(),
            Self::NothingSelected => "Say with `modules`, `images`, `files` or `pipelines` which images are to be judged."
                .to_owned(),
            Self::Selected(settings) => {
                let names: Vec<String> = settings.iter().map(|name| format!("`{name}`")).collect();
                match names.as_slice() {
                    [one] => format!("Look at the setting {one}: what it selects holds no image."),
                    [first @ .., last] => format!(
                        "Look at the settings {} and {last}: what they select holds no image.",
                        first.join(", ")
                    ),
                    [] => "There is nothing to judge.".to_owned(),
                }
            }
        }
    }
}
