//! YAML and JSON with positions: the documents of a text as trees whose nodes know their bytes.
//!
//! The grammar is libyaml's, as the runners written in Go have it. Aliases lead to the node that
//! has the anchor, so whatever is reached through one has the place at the anchor; merge keys
//! (`<<`) are resolved where a mapping is read. Each document stands on its own: after one that is
//! no YAML the next `---` is read. Documents of usual shapes are read without the library, into the
//! same tree, several times as fast.
//!
//! ```
//! use harness_images::yaml;
//!
//! let text = "base: &base {image: alpine:3.20}\nstep: {<<: *base}\n";
//! let document = yaml::documents(text).next().unwrap().unwrap();
//! let image = document.root().get("step").unwrap().get("image").unwrap();
//! assert_eq!(image.as_str(), Some("alpine:3.20"));
//! assert_eq!(yaml::position(text, image.span().start).to_string(), "line 1, column 21");
//! ```

mod node;
mod outline;
mod parts;
mod position;
mod reader;
mod simple;
mod stand_in;
mod tree;

pub use node::Node;
pub use outline::outline;
pub use position::{Position, Positions, position};
pub use reader::{Documents, documents};
pub use tree::{Document, Style};

/// Most bytes of a text.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Most documents of a text, comments alone between two `---` included.
pub const MAX_DOCUMENTS: usize = 10_000;
/// Most levels of mappings and sequences, those reached through aliases included.
pub const MAX_DEPTH: u32 = 128;
/// Most nodes of a document as written.
pub const MAX_NODES: usize = 1_000_000;
/// Most nodes that aliases add to a document.
pub const MAX_ALIASED: u32 = 1_000_000;

/// Why a document cannot be read. The message never holds any of its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {message}")]
pub struct YamlError {
    /// Where reading ended.
    pub position: Position,
    /// What is wrong there.
    pub message: &'static str,
}
