//! A plain table: names to the left, figures to the right.

use std::fmt;

/// Rows under a heading.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table whose columns are named.
    pub(super) fn new(heading: &[&str]) -> Self {
        let mut table = Self { rows: Vec::new() };
        table.row(heading);
        table
    }

    /// Adds a row; its first cell is a name.
    pub(super) fn row<T: ToString>(&mut self, cells: &[T]) {
        self.rows.push(cells.iter().map(T::to_string).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                let width = width(column);
                if column == 0 {
                    write!(f, "{cell:<width$}")?;
                } else {
                    write!(f, "  {cell:>width$}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A number with a comma between thousands.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_under_each_other() {
        let mut table = Table::new(&["what", "bytes"]);
        table.row(&["a long name", "7"]);
        assert_eq!(
            table.to_string(),
            "what         bytes\na long name      7\n"
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(61_440), "61,440");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
