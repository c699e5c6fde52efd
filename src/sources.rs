//! Images in files and pipelines, with their places.
//!
//! A text is read as YAML; each of its documents is of a dialect that it shows itself, and an image
//! is found where that dialect has one, by its path. Nothing here sends a request: files are written
//! by whoever opens a pull request, so what they hold is data, never a host to ask.
//!
//! The place of an image is that of its scalar: of a quoted one the opening quote, of a block scalar
//! the `|` or `>`, behind an alias or merge key the value at the anchor.
//!
//! Expressions are counted, never resolved: a default or an allowed value that stands in one applies
//! only if the run is not given another, and a variable may be set from outside.
//!
//! ```
//! use harness_images::sources;
//!
//! let text = "kind: pipeline\nsteps:\n- image: plugins/kaniko:1.6.0\n- image: alpine:${VERSION}\n";
//! let found = sources::find(text);
//! assert_eq!(found.images[0].image, "plugins/kaniko:1.6.0");
//! assert_eq!(found.images[0].position.to_string(), "line 3, column 10");
//! assert_eq!(found.not_literal.len(), 1);
//! ```

mod collect;
mod dialect;
mod embedded;
pub mod files;
pub(crate) mod glob;
mod ignore;
pub mod patch;
pub mod pipelines;
mod scanners;

use std::ops::Range;

use crate::model::location::PlaceIgnore;
use crate::yaml::{self, Node, Position, Style};
use collect::Collector;
pub use dialect::Dialect;

/// Most images of a run, and so of a text.
pub const MAX_IMAGES: usize = 100_000;
/// Most errors that are listed of a text, where the rest is counted in the last, and most comments
/// without effect.
const MAX_ERRORS: usize = 20;

/// What a text holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImagesOfText {
    /// The images, in the order of the text.
    pub images: Vec<FoundImage>,
    /// Places where an image stands that the text does not name.
    pub not_literal: Vec<NotLiteral>,
    /// What could not be read; the other documents were.
    pub errors: Vec<TextProblem>,
    /// Comments that name this program and have no effect, the first of them.
    pub useless_comments: Vec<TextProblem>,
    /// Templates that documents refer to, with the path of what refers to them.
    pub templates: Vec<(String, TemplateRef)>,
    /// Whether the text has more images than [`MAX_IMAGES`].
    pub is_cut: bool,
}

/// An image where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundImage {
    /// The reference as written; of a scanner's tag, the whole image that it pins; of a container that runs a
    /// floating tag, with the digest that runs.
    pub image: String,
    /// What of it is written there.
    pub property: Property,
    /// Where its scalar begins.
    pub position: Position,
    /// The bytes of the scalar, quotes included; none if it is embedded in another one in such a way
    /// that its bytes are not known.
    pub span: Option<Range<usize>>,
    /// How the scalar is written.
    pub style: Style,
    /// What kind of document it is in.
    pub dialect: Dialect,
    /// Identifiers of stages, groups and steps around it, joined by `/`.
    pub path: String,
    /// The template whose inputs it is one of.
    pub template: Option<TemplateRef>,
    /// The comment that takes this place out.
    pub ignore: Option<PlaceIgnore>,
}

/// What of an image is written at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    /// The image of a step, service or container.
    Image,
    /// The tag of the image that Harness runs for the step.
    Tag,
    /// An image of a cluster's state, which another text decides.
    Running,
}

/// Where an image is used that the text does not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotLiteral {
    /// Where its value begins.
    pub position: Position,
    /// Why it is not known.
    pub reason: Unknown,
    /// Identifiers of stages, groups and steps around it, joined by `/`.
    pub path: String,
}

/// Why an image is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unknown {
    /// It is an expression, or has one.
    Expression,
    /// Only a tag is written, and the step's type does not say of which repository.
    Repository,
    /// The text is no image reference.
    Malformed,
}

/// A template that a pipeline refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateRef {
    /// `templateRef`, with `org.` or `account.` before it if it is not the project's.
    pub name: String,
    /// `versionLabel`; none is the stable version.
    pub version: Option<String>,
}

/// What is wrong at a place of a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {message}")]
pub struct TextProblem {
    /// Where; of a document that cannot be read, where reading ended.
    pub position: Position,
    /// What is wrong there, without any of its text.
    pub message: String,
}

/// Finds the images of a text.
#[must_use]
pub fn find(text: &str) -> ImagesOfText {
    let mut found = Collector::new(text);
    let mut errors = Vec::new();
    let mut more_errors = 0_usize;
    for (number, document) in yaml::documents(text).enumerate() {
        match document {
            Ok(document) => {
                let root = document.root();
                let dialect = Dialect::of(root);
                // Woodpecker reads nothing after a file's first document.
                if dialect == Some(Dialect::Woodpecker) && number > 0 {
                    continue;
                }
                if let Some(dialect) = dialect {
                    found.dialect = dialect;
                    found.document(&document, |root, found| dialect.collect(root, found));
                }
                if dialect == Some(Dialect::Woodpecker) || found.is_cut {
                    break;
                }
            }
            Err(error) if errors.len() < MAX_ERRORS => errors.push(TextProblem {
                position: error.position,
                message: error.message.to_owned(),
            }),
            Err(_) => more_errors = more_errors.saturating_add(1),
        }
    }
    if let Some(last) = errors.last_mut().filter(|_| more_errors > 0) {
        last.message = format!(
            "{}; {more_errors} more documents cannot be read",
            last.message
        );
    }
    let mut found = found.finish(errors.is_empty());
    errors.append(&mut found.errors);
    errors.sort_by_key(|error| error.position);
    found.errors = errors;
    found
}

impl TemplateRef {
    /// The reference of a mapping with `templateRef`.
    fn of(template: Node<'_>) -> Option<Self> {
        let name = template.get("templateRef")?.as_str()?;
        let version = template.get("versionLabel").and_then(Node::as_str);
        Some(Self {
            name: name.to_owned(),
            version: version.map(str::to_owned),
        })
    }
}
