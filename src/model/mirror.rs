//! What a mirror has, lacks, or holds in another state than the publisher.

use serde::{Serialize, Serializer};

use crate::model::size::{ImageSize, readable};
use crate::text::counted;

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
    /// Hosts that the settings name with `http://`, of which copying tools must be informed.
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
    /// How large it is with all its platforms, if the publisher's list states it.
    pub size: Option<ImageSize>,
    /// What the mirror has.
    pub state: MirrorState,
    /// Why the mirror is to hold it.
    pub why: Reasons,
    /// What could not be compared or copied, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Most reasons of one image in a report.
const MAX_REASONS: usize = 20;

/// Why a mirror is to hold an image: names of fields and places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons {
    /// Where it is in use.
    pub in_use: Vec<String>,
    /// In whose support windows it is.
    pub window: Vec<String>,
}

impl Reasons {
    /// The first reason and how many there are of its kind: `in use: ci.K8.addonTag and 2 more`.
    pub fn short(&self) -> String {
        let (kind, names) = match self.in_use.as_slice() {
            [] => ("window", self.window.as_slice()),
            in_use => ("in use", in_use),
        };
        match names {
            [] => String::new(),
            [only] => format!("{kind}: {only}"),
            [first, others @ ..] => format!("{kind}: {first} and {} more", others.len()),
        }
    }
}

/// A list of `in use: <name>` and `window: <name>`; of many the rest is counted in the last entry.
impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let in_use = self.in_use.iter().map(|name| format!("in use: {name}"));
        let window = self.window.iter().map(|name| format!("window: {name}"));
        let mut reasons: Vec<String> = in_use.chain(window).collect();
        let more = reasons.len().saturating_sub(MAX_REASONS);
        if more > 0 {
            reasons.truncate(MAX_REASONS);
            reasons.push(format!("{more} more"));
        }
        reasons.serialize(serializer)
    }
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

    /// How much is to be copied, as words: `up to 182 MB`; empty if nothing is known of it.
    fn copy_size(&self) -> String {
        let sizes: Vec<Option<ImageSize>> = self.copies().map(|copy| copy.image.size).collect();
        let known: Vec<u64> = sizes.iter().flatten().map(|size| size.bytes()).collect();
        let sum = readable(known.iter().copied().fold(0, u64::saturating_add));
        match (known.len(), sizes.len().saturating_sub(known.len())) {
            (0, _) => String::new(),
            (_, 0) => format!("up to {sum}"),
            (_, 1) => format!("up to {sum}, and an image of unknown size"),
            (_, more) => format!("up to {sum}, and {more} images of unknown size"),
        }
    }

    /// Whether there are images that could not be compared, or not be planned.
    pub fn has_open_notes(&self) -> bool {
        let is_open =
            |image: &MirrorImage| image.state != MirrorState::Present && image.note.is_some();
        self.images.iter().any(is_open)
    }

    /// The states in numbers, and how much is to be copied.
    pub fn summary(&self) -> String {
        let mut text = format!(
            "{} to hold: {} present, {} missing, {} stale, {} unknown.",
            counted(self.images.len(), "image", "images"),
            self.count(MirrorState::Present),
            self.missing,
            self.stale,
            self.count(MirrorState::Unknown)
        );
        let size = self.copy_size();
        if !size.is_empty() {
            text.push_str(&format!(" To copy: {size}."));
        }
        text
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
