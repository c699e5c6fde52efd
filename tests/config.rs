//! The setting `config`: files as people write them, the schema, and the example.
mod files;
