//! What a `pin` value means for one field.

use crate::model::image::ImageRef;
use crate::model::policy::{Identity, Policy};
use crate::verdict::InUse;
use crate::verdict::latest_release;

/// A value of the setting `pin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A whole reference.
    Image(ImageRef),
    /// A tag; the repository stays.
    Tag(String),
    /// `latest`, `latest-1`…: so many releases back from the default's.
    Latest(usize),
}

impl Target {
    /// Reads a value.
    ///
    /// # Errors
    /// A sentence that says why it is none of the three.
    pub fn parse(value: &str) -> Result<Self, String> {
        if value == "latest" {
            return Ok(Self::Latest(0));
        }
        let digits = |back: &&str| !back.is_empty() && back.bytes().all(|c| c.is_ascii_digit());
        if let Some(back) = value.strip_prefix("latest-").filter(digits) {
            return Ok(Self::Latest(back.parse().unwrap_or(usize::MAX)));
        }
        if value.contains(['/', ':', '@']) {
            let image = ImageRef::parse(value)
                .map_err(|error| format!("the value is no image reference: {error}"))?;
            return Ok(Self::Image(image));
        }
        if crate::model::image::is_tag(value) {
            return Ok(Self::Tag(value.to_owned()));
        }
        Err("the value is neither an image reference nor a tag nor latest, latest-1…".to_owned())
    }

    /// The reference to pin the field to: registry, prefix and repository of the image in use
    /// stay unless the value names others.
    ///
    /// # Errors
    /// A sentence that says what is unknown.
    pub(crate) fn resolve(&self, field: &InUse<'_>, policy: &Policy) -> Result<ImageRef, String> {
        match self {
            Self::Image(image) => Ok(image.clone()),
            Self::Tag(tag) => {
                let present = field.image().or(field.default()).ok_or(
                    "the present value is no image reference, so there is no repository to keep; give a whole image",
                )?;
                present.with_tag(tag).map_err(|error| error.to_string())
            }
            Self::Latest(back) => {
                let of_default = || field.comparison_with(field.default()?, None);
                let comparison = field
                    .comparison()
                    .or_else(of_default)
                    .ok_or("Harness has no default for this field to count back from")?;
                if policy
                    .same_as
                    .identity(comparison.image, comparison.default)
                    == Identity::Other
                {
                    return Err(format!(
                        "the present override names another image than the default's, {}: give a whole image",
                        comparison.default.name()
                    ));
                }
                let tag = latest_release(&comparison, policy, *back)
                    .map_err(|error| format!("{} is unknown: {error}", named(*back)))?;
                comparison
                    .image
                    .with_tag(&tag)
                    .map_err(|error| error.to_string())
            }
        }
    }

    /// Why the field is pinned so, for the plan.
    pub(crate) fn why(&self) -> String {
        match self {
            Self::Image(_) => "`pin` names this image".to_owned(),
            Self::Tag(_) => "`pin` names this tag".to_owned(),
            Self::Latest(back) => format!("`pin` asks for {}", named(*back)),
        }
    }
}

/// A relative value as it is written.
fn named(back: usize) -> String {
    match back {
        0 => "latest".to_owned(),
        back => format!("latest-{back}"),
    }
}
