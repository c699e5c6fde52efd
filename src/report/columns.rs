//! Columns of text within a given width: some whole, some shortened, the last one wrapped.

use std::borrow::Cow;

use crate::text::{blank, end_line, shorten_end, shorten_middle, visible, width, wrap};

/// Blank columns between two columns.
const GAP: usize = 2;

/// Most lines that one row may take.
const MAX_LINES: usize = 6;

/// Width down to which a wrapped column gives way before others are shortened.
const COMFORTABLE: usize = 32;

/// What may be done to a column's content to make it fit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fit {
    /// Nothing: the content is known to be short.
    Whole,
    /// The middle is left out, down to this width.
    Shorten(usize),
    /// It is broken into lines, of [`COMFORTABLE`] width if the other columns can be shortened
    /// so far, otherwise of this width at least.
    Wrap(usize),
}

/// A column's head and how it is fitted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    head: &'static str,
    fit: Fit,
}

impl Column {
    /// A column.
    pub(crate) fn new(head: &'static str, fit: Fit) -> Self {
        Self { head, fit }
    }
}

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

    /// Writes head and rows; a column without content is left out.
    pub(crate) fn print(&self, text: &mut String) {
        let heads: [&str; N] = std::array::from_fn(|number| self.head(number));
        let widths = self.widths(&heads);
        self.line(text, &heads, &widths);
        for row in &self.rows {
            self.line(text, row, &widths);
        }
    }

    /// A column's head; one without content needs none.
    fn head(&self, number: usize) -> &'static str {
        let is_empty = |row: &[String; N]| row.get(number).is_none_or(String::is_empty);
        match self.columns.get(number) {
            Some(column) if !self.rows.iter().all(is_empty) => column.head,
            Some(_) | None => "",
        }
    }

    fn line<S: AsRef<str>>(&self, text: &mut String, cells: &[S; N], widths: &[usize; N]) {
        let start = text.len();
        let mut indent = 0;
        let mut rest = Vec::new().into_iter();
        for (number, ((cell, column), &wide)) in
            cells.iter().zip(&self.columns).zip(widths).enumerate()
        {
            let shown = match column.fit {
                Fit::Wrap(_) => {
                    let mut lines = wrap(cell.as_ref(), wide);
                    if lines.len() > MAX_LINES {
                        lines.truncate(MAX_LINES);
                        if let Some(last) = lines.last_mut() {
                            *last = shorten_end(&format!("{last} …"), wide).into_owned();
                        }
                    }
                    rest = lines.into_iter();
                    Cow::Owned(rest.next().unwrap_or_default())
                }
                _ => shorten_middle(cell.as_ref(), wide),
            };
            let with_gap = with_gap(wide);
            if number < N.saturating_sub(1) {
                indent = with_gap.saturating_add(indent);
            }
            text.push_str(&shown);
            blank(text, with_gap.saturating_sub(width(&shown)));
        }
        end_line(text, start);
        for more in rest {
            blank(text, indent);
            text.push_str(&more);
            text.push('\n');
        }
    }

    /// Each column as wide as its content where all fit. Otherwise the wrapped column gives way
    /// down to a comfortable width, then the widest of those that may be shortened, then the
    /// wrapped column once more.
    fn widths(&self, heads: &[&str; N]) -> [usize; N] {
        let mut widths: [usize; N] = std::array::from_fn(|number| {
            let cells = self.rows.iter().filter_map(|row| row.get(number));
            let widest = cells.map(|cell| width(cell)).max().unwrap_or(0);
            let head = heads.get(number).map_or(0, |head| head.len());
            widest.min(self.widest).max(head)
        });
        let all = widths.iter().copied().map(with_gap).sum::<usize>();
        let mut over = all.saturating_sub(GAP).saturating_sub(self.widest);
        for wrapped_min in [Some(COMFORTABLE), None, Some(0)] {
            while over > 0 {
                let fits = self.columns.iter().map(|column| column.fit);
                let spare = widths.iter_mut().zip(fits).filter_map(|(wide, fit)| {
                    let min = match (fit, wrapped_min) {
                        (Fit::Wrap(min), Some(other)) => min.max(other),
                        (Fit::Shorten(min), None) => min,
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
        widths
    }
}

/// A column with the gap behind it; one without content takes none.
fn with_gap(wide: usize) -> usize {
    if wide == 0 {
        0
    } else {
        wide.saturating_add(GAP)
    }
}
