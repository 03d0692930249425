//! Texts in cells. A spreadsheet takes what begins with one of a few signs for a formula and runs
//! it, so such texts carry an apostrophe before them, which the import takes off again.

use std::borrow::Cow;

const RUN: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as it may stand in a cell.
pub fn written(text: &str) -> Cow<'_, str> {
    let is_marked = text.strip_prefix('\'').is_some_and(|rest| rest.starts_with(RUN) || rest.starts_with('\''));
    if text.starts_with(RUN) || is_marked { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that a cell stands for.
pub fn read(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').filter(|rest| rest.starts_with(RUN) || rest.starts_with('\''));
    rest.unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_guest_is_a_formula_and_each_comes_back_as_it_was() {
        for (text, cell) in [
            ("=HYPERLINK(\"http://evil\",\"x\")", "'=HYPERLINK(\"http://evil\",\"x\")"),
            ("+351 912 000 000", "'+351 912 000 000"),
            ("@SUM(1+1)*cmd|calc", "'@SUM(1+1)*cmd|calc"),
            ("-", "'-"),
            ("'t Hooft", "'t Hooft"),
            ("'=x", "''=x"),
            ("''", "'''"),
            ("'", "'"),
            ("Ana = Silva", "Ana = Silva"),
            ("", ""),
        ] {
            assert_eq!(written(text), cell);
            assert_eq!(read(cell), text);
        }
        assert_eq!(read("+351 912 000 000"), "+351 912 000 000", "files of others have no apostrophe");
    }
}
