//! Changing overrides: what is planned, what is sent, and how every failure ends.

mod cell;
mod documents;
mod fields;
mod kept;
mod lag;
mod matrix;
mod pins;
mod planning;
mod properties;
mod refusals;
mod removals;
mod rows;
mod safety;
mod scale;
mod signals;
mod streams;
