//! What a mirror has, lacks, or holds in another state than the publisher.

use serde::Serialize;

/// The images that a mirror is to hold: the setting `mirror_to`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mirror {
    /// Host of the mirror, with port, and its path.
    pub registry: String,
    /// Images that the mirror lacks.
    pub missing: usize,
    /// Tags that the mirror has with another digest.
    pub stale: usize,
    /// One entry per tag, or digest by which an image is in use: by repository, newest first.
    pub images: Vec<MirrorImage>,
    /// Images beyond the most that are looked at in one run.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// Hosts that the settings name with `http://`, which copying tools must be told.
    #[serde(skip)]
    pub plain_hosts: Vec<String>,
}

/// One image of a mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MirrorImage {
    /// Host and path of the repository that it is copied from.
    pub source: String,
    /// Its tag; `None` for an image that is in use by digest.
    pub tag: Option<String>,
    /// Digest of the manifest or index at the source, if known.
    pub digest: Option<String>,
    /// Host and path of the repository at the mirror.
    pub target: String,
    /// What the mirror has.
    pub state: MirrorState,
    /// Why the mirror is to hold it, one reason a field or place.
    pub why: Vec<String>,
    /// What could not be compared or copied, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a mirror has of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MirrorState {
    /// Nothing.
    Missing,
    /// The tag, with another digest.
    Stale,
    /// The mirror or the source did not say enough.
    Unknown,
    /// The same.
    Present,
}

impl MirrorState {
    /// The state's name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
            Self::Present => "present",
        }
    }
}

/// A copy that brings the mirror up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copying<'m> {
    /// The image.
    pub image: &'m MirrorImage,
    /// Digest by which it is copied.
    pub digest: &'m str,
}

impl Copying<'_> {
    /// The source by digest: `docker.io/harness/ci-addon@sha256:…`.
    pub fn source(&self) -> String {
        format!("{}@{}", self.image.source, self.digest)
    }

    /// The target by tag, where there is one.
    pub fn target(&self) -> String {
        match &self.image.tag {
            Some(tag) => format!("{}:{tag}", self.image.target),
            None => format!("{}@{}", self.image.target, self.digest),
        }
    }
}

impl Mirror {
    /// What is to be copied: all that is missing or stale and whose digest is known.
    pub fn copies(&self) -> impl Iterator<Item = Copying<'_>> {
        self.images.iter().filter_map(|image| {
            let is_due = match image.state {
                MirrorState::Missing | MirrorState::Stale => true,
                MirrorState::Unknown | MirrorState::Present => false,
            };
            let digest = image.digest.as_deref().filter(|_| is_due)?;
            Some(Copying { image, digest })
        })
    }

    /// How many images are in a state.
    pub fn count(&self, state: MirrorState) -> usize {
        let is_so = |image: &&MirrorImage| image.state == state;
        self.images.iter().filter(is_so).count()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}
