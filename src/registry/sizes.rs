//! Sizes in answers of registries. Whatever else stands in their place is passed over: an answer is
//! worth reading without them.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A part of an image: a platform or a layer.
#[derive(Deserialize)]
pub(super) struct SizedPart {
    #[serde(default)]
    size: Option<Box<RawValue>>,
}

impl SizedPart {
    /// Its bytes, if it says so.
    pub(super) fn bytes(&self) -> Option<u64> {
        bytes(self.size.as_deref()?)
    }
}

/// A number of bytes.
pub(super) fn bytes(json: &RawValue) -> Option<u64> {
    json.get().parse().ok()
}

/// A list of parts; `None` if it is none.
pub(super) fn parts(json: &RawValue) -> Option<Vec<SizedPart>> {
    serde_json::from_str(json.get()).ok()
}
