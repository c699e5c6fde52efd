//! Columns of text within a given width: what is too wide for its column has a line of its own, so that
//! it can be copied; the last column is wrapped.

use std::borrow::Cow;

use crate::text::{blank, end_line, shorten_end, shorten_middle, visible, width, wrap};

/// Blank columns between two columns.
const GAP: usize = 2;

/// Most columns of a cell on a line of its own; paths and images are shorter.
const MAX_CELL: usize = 600;

/// Indentation of a cell that is too wide to begin below its head.
const INDENT: usize = 2;

/// Most lines that one row may take.
const MAX_LINES: usize = 6;

/// Width down to which a wrapped column gives way before others are shortened.
const COMFORTABLE: usize = 32;

/// What may be done to a column's content to make it fit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fit {
    /// Nothing: the content is known to be short.
    Whole,
    /// The column may be as narrow as this; what is wider stands on a line of its own.
    Narrow(usize),
    /// It is broken into lines, of [`COMFORTABLE`] width if the other columns can be narrowed so far,
    /// otherwise of this width at least.
    Wrap(usize),
}

/// A column's head and how it is fitted.
type Column = (&'static str, Fit);

/// Rows of `N` columns.
pub(crate) struct Columns<const N: usize> {
    widest: usize,
    columns: [Column; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Columns<N> {
    /// No rows yet; lines will take at most `widest` columns.
    pub(crate) fn new(widest: usize, columns: [Column; N]) -> Self {
        Self {
            widest,
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row; what cannot be seen is made visible.
    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| match visible(&cell) {
            Cow::Owned(shown) => shown,
            Cow::Borrowed(_) => cell,
        }));
    }

    /// Writes heads and rows; a column without content is left out.
    pub(crate) fn print(mut self, text: &mut String) {
        let mut heads = self.columns.map(|(head, _)| head.to_owned());
        for (number, head) in heads.iter_mut().enumerate() {
            if self.cells(number).all(str::is_empty) {
                head.clear();
            }
        }
        self.rows.insert(0, heads);
        let widths = self.widths();
        for row in &self.rows {
            self.line(text, row, &widths);
        }
    }

    fn cells(&self, number: usize) -> impl Iterator<Item = &str> {
        let cells = self.rows.iter().filter_map(move |row| row.get(number));
        cells.map(String::as_str)
    }

    fn line(&self, text: &mut String, cells: &[String; N], widths: &[usize; N]) {
        let mut start = text.len();
        let mut indent: usize = 0;
        let mut rest = Vec::new().into_iter();
        let columns = cells.iter().zip(&self.columns).zip(widths);
        for (number, ((cell, (_, fit)), &wide)) in columns.enumerate() {
            let shown = match fit {
                Fit::Wrap(_) => {
                    let mut lines = wrap(cell, wide);
                    if lines.len() > MAX_LINES {
                        lines.truncate(MAX_LINES);
                        if let Some(last) = lines.last_mut() {
                            *last = shorten_end(&format!("{last} …"), wide).into_owned();
                        }
                    }
                    rest = lines.into_iter();
                    Cow::Owned(rest.next().unwrap_or_default())
                }
                Fit::Whole | Fit::Narrow(_) => shorten_middle(cell, MAX_CELL),
            };
            let (with_gap, used) = (with_gap(wide), width(&shown));
            let is_too_wide = used > wide;
            if is_too_wide && indent > 0 && indent.saturating_add(used) > self.widest {
                start = next_line(text, start, INDENT);
            }
            text.push_str(&shown);
            if number < N.saturating_sub(1) {
                indent = with_gap.saturating_add(indent);
            }
            if is_too_wide {
                start = next_line(text, start, indent);
            } else {
                blank(text, with_gap.saturating_sub(used));
            }
        }
        next_line(text, start, 0);
        for more in rest {
            blank(text, indent);
            text.push_str(&more);
            text.push('\n');
        }
    }

    /// Each column as wide as its content where all fit. Otherwise the wrapped column gives way
    /// down to a comfortable width, then the widest of those that may be narrowed, then the wrapped
    /// column once more. What the rows that fit then leave unused goes back to the wrapped column.
    fn widths(&self) -> [usize; N] {
        let mut widths: [usize; N] = std::array::from_fn(|number| {
            let widest = self.cells(number).map(width).max().unwrap_or(0);
            widest.min(self.widest)
        });
        let all = widths.iter().copied().map(with_gap).sum::<usize>();
        let mut over = all.saturating_sub(GAP).saturating_sub(self.widest);
        for wrapped_min in [Some(COMFORTABLE), None, Some(0)] {
            while over > 0 {
                let fits = widths.iter_mut().zip(self.columns);
                let spare = fits.filter_map(|(wide, (_, fit))| {
                    let min = match (fit, wrapped_min) {
                        (Fit::Wrap(min), Some(other)) => min.max(other),
                        (Fit::Narrow(min), None) => min,
                        _ => return None,
                    };
                    (*wide > min).then_some(wide)
                });
                let Some(wide) = spare.max_by_key(|wide| **wide) else {
                    break;
                };
                *wide = wide.saturating_sub(1);
                over = over.saturating_sub(1);
            }
        }
        self.tighten(&mut widths);
        widths
    }

    /// Takes from each narrowed column what no cell that fits into it needs, for the wrapped column.
    fn tighten(&self, widths: &mut [usize; N]) {
        let mut spare: usize = 0;
        for (number, ((_, fit), wide)) in self.columns.iter().zip(widths).enumerate() {
            let all = self.cells(number).map(width);
            match fit {
                Fit::Whole => {}
                Fit::Narrow(_) => {
                    let needed = all.filter(|cell| *cell <= *wide).max().unwrap_or(0);
                    spare = spare.saturating_add(wide.saturating_sub(needed));
                    *wide = needed;
                }
                Fit::Wrap(_) => {
                    let needed = all.max().unwrap_or(0);
                    *wide = needed.min(wide.saturating_add(spare)).max(*wide);
                }
            }
        }
    }
}

/// Ends the line that begins at `start`, unless it is blank, and begins another.
fn next_line(text: &mut String, start: usize, indent: usize) -> usize {
    if text
        .get(start..)
        .is_some_and(|line| !line.trim().is_empty())
    {
        end_line(text, start);
    } else {
        text.truncate(start);
    }
    let start = text.len();
    blank(text, indent);
    start
}

/// A column with the gap behind it; one without content takes none.
fn with_gap(wide: usize) -> usize {
    if wide == 0 {
        0
    } else {
        wide.saturating_add(GAP)
    }
}
