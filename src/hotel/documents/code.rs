//! A QR code as dark stretches of its rows, for whoever draws it: one way for all writers.

use qrcodegen::{QrCode, QrCodeEcc};

/// A square of so many modules a side.
pub struct Drawing {
    pub size: u16,
    pub stretches: Vec<Stretch>,
}

/// Dark modules side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub row: u16,
    pub from: u16,
    pub length: u16,
}

/// `None` when there is more to say than a code can hold (2,331 bytes at level M, which payments ask for).
pub fn drawing(payload: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(payload, QrCodeEcc::Medium).ok()?;
    let size = u16::try_from(code.size()).ok()?;
    let mut stretches: Vec<Stretch> = Vec::new();
    for row in 0..size {
        for from in (0..size).filter(|column| code.get_module(i32::from(*column), i32::from(row))) {
            match stretches.last_mut().filter(|last| last.row == row && last.from + last.length == from) {
                Some(last) => last.length += 1,
                None => stretches.push(Stretch { row, from, length: 1 }),
            }
        }
    }
    Some(Drawing { size, stretches })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_every_dark_module_once() {
        let drawing = drawing("innkeeper").expect("it fits");
        let code = QrCode::encode_text("innkeeper", QrCodeEcc::Medium).expect("it fits");
        let size = i32::from(drawing.size);
        let dark = (0..size * size).filter(|at| code.get_module(at % size, at / size)).count();
        assert_eq!(drawing.stretches.iter().map(|stretch| usize::from(stretch.length)).sum::<usize>(), dark);
        assert_eq!(drawing.stretches[0], Stretch { row: 0, from: 0, length: 7 }, "the first corner's upper edge");
        assert!(super::drawing(&"x".repeat(2332)).is_none() && super::drawing(&"x".repeat(2331)).is_some());
    }
}
