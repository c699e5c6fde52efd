//! Digests and dates of single tags: by `HEAD` on the manifest, and from the `created` of the
//! image's configuration. The manifest that is read for a date states the size of its image as well.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::base::RepositoryPlace;
use super::error::RegistryError;
use super::session::Session;
use super::sizes::{SizedPart, bytes, parts};
use super::token_server::TokenScope;
use crate::http::header::ACCEPT;
use crate::http::{HeaderValue, Request, Response};
use crate::model::image::is_digest;
use crate::model::size::ImageSize;

/// Manifests and indexes, in the forms of the OCI and of Docker.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// Largest manifest, in bytes: the limit of the distribution specification.
const MAX_MANIFEST: usize = 4 << 20;

/// Largest configuration, in bytes.
const MAX_CONFIG: usize = 8 << 20;

/// Images built reproducibly carry a date of convenience, such as 1970 or 1980. No image is older
/// than the first release of Docker, in seconds since 1970.
const FIRST_IMAGE: i64 = 1_363_737_600;

/// What is learnt of a tag from the manifest and the configuration of its image.
#[derive(Default)]
pub(super) struct Created {
    /// When the image was built, as far as its configuration says so credibly.
    pub(super) at: Option<Timestamp>,
    pub(super) size: Option<ImageSize>,
}

/// Reads about the tags of one repository.
pub(super) struct Details<'s, 'a> {
    pub(super) session: &'s Session<'a>,
    pub(super) place: &'s RepositoryPlace,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    manifests: Vec<Child>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Option<Box<RawValue>>,
}

impl Manifest {
    /// The size of an image for one platform; an index does not tell those of its images.
    fn size(&self) -> Option<ImageSize> {
        let config = bytes(self.config.as_ref()?.size.as_deref()?);
        let layers = parts(self.layers.as_deref()?)?;
        ImageSize::sum(layers.iter().map(SizedPart::bytes).chain([config]))
    }
}

#[derive(Deserialize)]
struct Child {
    digest: String,
    #[serde(default)]
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    #[serde(default)]
    os: String,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
    #[serde(default)]
    size: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct ImageConfig {
    #[serde(default)]
    created: Option<String>,
}

impl Details<'_, '_> {
    /// The digest of a tag; `None` if the registry has no such tag, an error also if it has one
    /// and does not say its digest.
    ///
    /// # Errors
    /// [`RegistryError`] if there is no usable answer.
    pub(super) async fn digest(&self, tag: &str) -> Result<Option<String>, RegistryError> {
        let path = format!("{}/manifests/{tag}", self.place.api);
        let request = Request::head(self.session.url(&path))
            .header(ACCEPT, HeaderValue::from_static(MANIFESTS));
        let response = self.send(request).await?;
        match response.status {
            200 => match response.header("docker-content-digest") {
                Some(digest) if is_digest(digest.trim()) => Ok(Some(digest.trim().to_owned())),
                _ => Err(self.shape("manifest with a digest")),
            },
            404 => Ok(None),
            status => Err(self.status(status, &response)),
        }
    }

    /// When a tag's image was built; `None` if the registry has no such tag.
    ///
    /// # Errors
    /// [`RegistryError`] if there is no usable answer.
    pub(super) async fn created(&self, tag: &str) -> Result<Option<Created>, RegistryError> {
        let mut manifest = match self.manifest(tag).await {
            Err(RegistryError::Status { status: 404, .. }) => return Ok(None),
            manifest => manifest?,
        };
        let size = manifest.size();
        if manifest.config.is_none() {
            // An index: its first image, not the attestations that may stand beside it.
            let is_image = |child: &&Child| {
                child
                    .platform
                    .as_ref()
                    .is_none_or(|platform| platform.os != "unknown")
            };
            let Some(child) = manifest.manifests.iter().find(is_image) else {
                return Ok(Some(Created::default()));
            };
            let digest = self.checked(&child.digest)?.to_owned();
            manifest = self.manifest(&digest).await?;
        }
        let Some(config) = manifest.config else {
            return Ok(Some(Created::default()));
        };
        let path = format!("{}/blobs/{}", self.place.api, self.checked(&config.digest)?);
        let request = Request::get(self.session.url(&path)).max_body(MAX_CONFIG);
        let config: ImageConfig = self.json(request, "image configuration").await?;
        let created = config
            .created
            .and_then(|created| created.parse::<Timestamp>().ok());
        let at = created.filter(|created| created.as_second() >= FIRST_IMAGE);
        Ok(Some(Created { at, size }))
    }

    async fn manifest(&self, reference: &str) -> Result<Manifest, RegistryError> {
        let path = format!("{}/manifests/{reference}", self.place.api);
        let request = Request::get(self.session.url(&path))
            .header(ACCEPT, HeaderValue::from_static(MANIFESTS))
            .max_body(MAX_MANIFEST);
        self.json(request, "manifest").await
    }

    async fn json<T: for<'de> Deserialize<'de>>(
        &self,
        request: Request,
        expected: &'static str,
    ) -> Result<T, RegistryError> {
        let response = self.send(request).await?;
        if response.status != 200 {
            return Err(self.status(response.status, &response));
        }
        serde_json::from_slice(&response.body).map_err(|_| self.shape(expected))
    }

    async fn send(&self, request: Request) -> Result<Response, RegistryError> {
        let scope = TokenScope::Repository(&self.place.name);
        self.session.send(request, scope).await
    }

    /// A digest becomes part of an address, so it must be one.
    fn checked<'d>(&self, digest: &'d str) -> Result<&'d str, RegistryError> {
        if is_digest(digest) {
            Ok(digest)
        } else {
            Err(self.shape("manifest"))
        }
    }

    fn status(&self, status: u16, response: &Response) -> RegistryError {
        RegistryError::status(&self.session.host, status, &response.body)
    }

    fn shape(&self, expected: &'static str) -> RegistryError {
        RegistryError::Shape {
            host: self.session.host.clone(),
            expected,
        }
    }
}
