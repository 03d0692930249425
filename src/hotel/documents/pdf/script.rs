//! Scripts as far as choosing a face for them needs to tell them apart, and the faces that are made for each.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    Arabic,
    Hebrew,
    Thai,
    Devanagari,
    Han,
    Kana,
    Hangul,
    /// Whatever else there is: the first face that has the letter.
    Other,
}

impl Script {
    pub fn of(letter: char) -> Script {
        match u32::from(letter) {
            0x0590..=0x05ff | 0xfb1d..=0xfb4f => Script::Hebrew,
            0x0600..=0x06ff | 0x0750..=0x077f | 0x0870..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfefc => Script::Arabic,
            0x0900..=0x097f | 0xa8e0..=0xa8ff => Script::Devanagari,
            0x0e00..=0x0e7f => Script::Thai,
            0x1100..=0x11ff | 0x3130..=0x318f | 0xa960..=0xa97f | 0xac00..=0xd7ff => Script::Hangul,
            0x3040..=0x30ff | 0x31f0..=0x31ff | 0xff65..=0xff9f => Script::Kana,
            0x2e80..=0x303f | 0x3100..=0x312f | 0x3190..=0x31ef | 0x3200..=0x9fff | 0xf900..=0xfaff | 0xfe30..=0xfe4f => {
                Script::Han
            }
            0xff00..=0xff64 | 0xffe0..=0xffee | 0x2_0000..=0x3_ffff => Script::Han,
            _ => Script::Other,
        }
    }

    /// Families of Linux, Windows and macOS, the best first.
    pub(super) fn families(self) -> &'static [&'static str] {
        match self {
            Script::Arabic => &["Noto Sans Arabic", "Noto Naskh Arabic", "Segoe UI", "Geeza Pro", "Tahoma", "Arial"],
            Script::Hebrew => &["Noto Sans Hebrew", "Segoe UI", "Arial Hebrew", "Arial"],
            Script::Thai => &["Noto Sans Thai", "Leelawadee UI", "Thonburi", "Tahoma", "Loma"],
            Script::Devanagari => &["Noto Sans Devanagari", "Nirmala UI", "Kohinoor Devanagari", "Lohit Devanagari"],
            Script::Han => &["Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Droid Sans Fallback"],
            Script::Kana => &["Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic", "Meiryo", "Hiragino Sans", "Droid Sans Fallback"],
            Script::Hangul => {
                &["Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", "Droid Sans Fallback"]
            }
            Script::Other => &["Noto Sans", "Segoe UI", "Arial Unicode MS", "DejaVu Sans"],
        }
    }
}

/// Thai writes no spaces: a line may end where one of its vowels tells that a syllable begins or ends, which is never
/// inside one. `before` and `after` stand around the place.
pub(super) fn parts_syllables(before: char, after: char) -> bool {
    let is_thai = |letter: char| Script::of(letter) == Script::Thai;
    let begins = matches!(after, 'เ' | 'แ' | 'โ' | 'ใ' | 'ไ') && !matches!(before, 'เ' | 'แ' | 'โ' | 'ใ' | 'ไ');
    let ends = matches!(before, 'ะ' | 'ำ' | 'ๆ' | 'ฯ' | '์') && !matches!(after, 'ๆ' | 'ฯ' | '่' | '้' | '๊' | '๋' | '์');
    is_thai(before) && is_thai(after) && (begins || ends)
}

/// Where a line may end in need, inside a word that is wider than a line: not before a mark that belongs to the letter
/// before it, nor after a Thai vowel that is written before its consonant.
pub(super) fn may_part(before: char, after: char) -> bool {
    let leads = matches!(before, 'เ' | 'แ' | 'โ' | 'ใ' | 'ไ');
    let follows = matches!(after, 'ะ' | 'า' | 'ำ' | 'ๅ' | 'ๆ' | 'ฯ' | '\u{200d}');
    !leads && !follows && before != '\u{200d}' && !unicode_normalization::char::is_combining_mark(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_has_its_script() {
        for (letters, script) in [
            ("א", Script::Hebrew),
            ("عﻼ", Script::Arabic),
            ("नि", Script::Devanagari),
            ("ก้", Script::Thai),
            ("한ㅎ", Script::Hangul),
            ("カな", Script::Kana),
            ("中。（", Script::Han),
            ("aЖΩ1 😀", Script::Other),
        ] {
            for letter in letters.chars() {
                assert_eq!(Script::of(letter), script, "{letter}");
            }
        }
    }

    #[test]
    fn thai_is_parted_between_syllables() {
        let word = "ห้องพักและอาหารเช้า";
        let letters: Vec<char> = word.chars().collect();
        let parts = |rule: fn(char, char) -> bool| -> String {
            let parted = letters.windows(2).map(|pair| {
                let sign = if rule(pair[0], pair[1]) { "|" } else { "" };
                format!("{}{sign}", pair[0])
            });
            parted.chain(letters.last().map(char::to_string)).collect()
        };
        assert_eq!(parts(parts_syllables), "ห้องพัก|และ|อาหาร|เช้า");
        assert_eq!(parts(may_part), "ห้|อ|ง|พั|ก|และ|อา|หา|ร|เช้า");
    }
}
