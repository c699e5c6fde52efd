//! The nouns that every other room speaks in. They depend on nothing above them.

pub mod api_root;
pub mod change;
pub mod concern;
pub(crate) mod date;
pub mod facts;
pub mod format;
pub mod image;
pub mod lifecycle;
pub mod location;
pub mod mirror;
pub mod module;
pub mod no_images;
pub mod policy;
pub mod row;
pub mod size;
pub mod tag;
pub mod verdict;
pub mod warning;
