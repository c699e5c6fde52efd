//! Manifests, indexes and configurations.

use super::{Image, Reply, Repository, Shared};
use crate::received::Received;

/// A digest made of the tag's digest and what it is for.
fn derived(digest: &str, mark: char) -> String {
    let hex = digest.strip_prefix("sha256:").unwrap_or_default();
    format!("sha256:{mark}{}", &hex[1..])
}

const ATTESTATION: char = 'a';
const MANIFEST: char = 'b';
const CONFIG: char = 'c';

impl Shared {
    pub(super) fn content(&self, request: &Received, repository: &Repository, rest: &str) -> Reply {
        if let Some(digest) = rest.strip_prefix("/blobs/") {
            let image = repository
                .images
                .values()
                .find(|image| derived(&image.digest, CONFIG) == digest);
            return match image {
                Some(Image {
                    config_at: Some(to),
                    ..
                }) => Reply::new(307, "").header("Location", format!("{to}/storage/{digest}")),
                Some(image) => config(&image.created),
                None => Reply::error(404, "BLOB_UNKNOWN"),
            };
        }
        let reference = rest.strip_prefix("/manifests/").unwrap_or_default();
        let by_digest = || {
            repository
                .images
                .values()
                .find(|image| image.digest == reference)
        };
        let named = repository.images.get(reference).or_else(by_digest);
        let child = repository
            .images
            .values()
            .find(|image| derived(&image.digest, MANIFEST) == reference);
        let (image, is_index) = match (named, child) {
            (Some(image), _) => (image, image.is_index),
            (None, Some(image)) => (image, false),
            (None, None) => return Reply::error(404, "MANIFEST_UNKNOWN"),
        };
        if !request
            .header("accept")
            .unwrap_or_default()
            .contains("image.index")
        {
            return Reply::error(404, "MANIFEST_UNKNOWN");
        }
        let body = if is_index {
            serde_json::json!({"manifests": [
                {"digest": derived(&image.digest, ATTESTATION), "platform": {"os": "unknown", "architecture": "unknown"}},
                {"digest": derived(&image.digest, MANIFEST), "platform": {"os": "linux", "architecture": "amd64"}},
            ]})
        } else {
            let part = |size: &u64| serde_json::json!({"size": size});
            let layers: Vec<_> = image.sizes.iter().map(part).collect();
            serde_json::json!({"config": {"digest": derived(&image.digest, CONFIG), "size": 100}, "layers": layers})
        };
        let reply = Reply::new(200, body.to_string());
        if image.hides_digest {
            reply
        } else {
            reply.header("Docker-Content-Digest", &image.digest)
        }
    }

    /// What another server keeps for a registry.
    pub(super) fn stored(&self, digest: &str) -> Reply {
        let images = self
            .options
            .repositories
            .values()
            .flat_map(|known| known.images.values());
        match images
            .into_iter()
            .find(|image| derived(&image.digest, CONFIG) == digest)
        {
            Some(image) => config(&image.created),
            None => Reply::error(404, "BLOB_UNKNOWN"),
        }
    }
}

fn config(created: &str) -> Reply {
    Reply::new(
        200,
        serde_json::json!({"created": created, "os": "linux"}).to_string(),
    )
}
