//! A text as it is searched: without capitals, accents and apostrophes, and a name written with
//! or without its umlauts as one.
//!
//! Müller, Mueller and Muller find one another, as do O'Brien and Obrien, Bjørn and Bjoern.

use unicode_normalization::UnicodeNormalization;

/// What is written between the letters of one word and not typed by everybody.
const APOSTROPHES: &[char] = &['\'', '’', '‘', '`', '´', 'ʼ', 'ʻ', 'ʿ', 'ʾ', '′'];

/// The words of a text, and where a transliteration hides in them, all of them once more without it.
pub fn search_text(text: &str) -> String {
    let plain = plain(text);
    match without_transliteration(&plain) {
        Some(other) => format!("{plain} {other}"),
        None => plain,
    }
}

/// How a typed word may stand in a search text: as it is, or without its transliteration.
pub fn search_forms(typed: &str) -> Vec<String> {
    let plain = plain(typed);
    let other = without_transliteration(&plain);
    std::iter::once(plain).chain(other).filter(|form| !form.is_empty()).collect()
}

/// Whether a part of `text` is what was typed, as a search sees them.
pub fn is_found_in(text: &str, typed: &str) -> bool {
    let text = search_text(text);
    let forms = search_forms(typed);
    forms.is_empty() || forms.iter().any(|form| text.contains(form))
}

/// Words in small letters without accents, one space between them. Each character of a script
/// without spaces is a word of its own.
fn plain(text: &str) -> String {
    if text.is_ascii() {
        return joined(text.len(), text.chars().filter(|c| !APOSTROPHES.contains(c)));
    }
    let letters = text.chars().filter(|c| !APOSTROPHES.contains(c)).nfkd().filter(|c| !is_accent(*c));
    joined(text.len(), letters)
}

fn joined(length: usize, letters: impl Iterator<Item = char>) -> String {
    let mut plain = String::with_capacity(length);
    let mut is_open = false;
    for c in letters {
        let is_alone = is_written_without_spaces(c);
        if is_divider(c) || is_alone || !is_open {
            is_open = false;
            if !plain.is_empty() && !plain.ends_with(' ') {
                plain.push(' ');
            }
        }
        if !is_divider(c) {
            is_open = !is_alone;
            push_letter(&mut plain, c);
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Accents of the alphabets that have capitals; in others such marks are the vowels themselves.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Chinese characters and Japanese kana.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_divider(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
}

/// The letter, small; those that no decomposition resolves by what stands for them.
fn push_letter(plain: &mut String, c: char) {
    match c {
        'ß' | 'ẞ' => plain.push_str("ss"),
        'æ' | 'Æ' => plain.push_str("ae"),
        'œ' | 'Œ' => plain.push_str("oe"),
        'ø' | 'Ø' => plain.push('o'),
        'ł' | 'Ł' => plain.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => plain.push('d'),
        'þ' | 'Þ' => plain.push_str("th"),
        'ħ' | 'Ħ' => plain.push('h'),
        'ı' => plain.push('i'),
        _ => plain.extend(c.to_lowercase()),
    }
}

/// ae, oe, ue and aa as the letters that they are written for (ä, ö, ü, å), which a search sees as
/// a, o and u. `None` where there are none.
fn without_transliteration(plain: &str) -> Option<String> {
    let is_pair = |a: char, b: char| matches!((a, b), ('a' | 'o' | 'u', 'e') | ('a', 'a'));
    let mut other = String::with_capacity(plain.len());
    let mut before = None;
    for c in plain.chars() {
        if before.is_some_and(|b| is_pair(b, c)) {
            before = None;
        } else {
            other.push(c);
            before = Some(c);
        }
    }
    (other.len() < plain.len()).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_its_letters_are_written() {
        let one = ["Müller", "Mueller", "MULLER", "Mu\u{308}ller"];
        let other = ["O'Brien", "O’Brien", "Obrien", "OʼBRIEN"];
        let third = ["Bjørn Åse", "Bjoern Aase", "bjorn ase"];
        let fourth = ["Weiß", "weiss"];
        let fifth = ["Peña", "pena", "PEN\u{303}A"];
        let sixth = ["Łukasz Đặng", "lukasz dang"];
        let seventh = ["Israël", "Israel"];
        let eighth = ["Œuvré Kjær", "oeuvre kjaer", "ŒUVRÉ KJÆR"];
        let ninth = ["Þórður", "thordur", "ÞÓRÐUR"];
        let tenth = ["Ħal Işık Weẞ", "hal isik wess"];
        for names in [&one[..], &other, &third, &fourth, &fifth, &sixth, &seventh, &eighth, &ninth, &tenth] {
            for stored in names {
                for typed in names {
                    assert!(is_found_in(stored, typed), "{typed} finds {stored}");
                }
            }
        }
    }

    #[test]
    fn a_part_is_found_and_another_word_is_not() {
        assert!(is_found_in("Chatterjee", "hatterj"));
        assert!(is_found_in("Mueller", "eller"), "as it is written");
        assert!(is_found_in("İstanbul", "istanbul"));
        assert!(is_found_in("Anna", ""));
        assert!(!is_found_in("Miller", "muller"));
        assert!(!is_found_in("Ana", "anna"));
    }

    #[test]
    fn words_are_divided_by_what_divides_them() {
        assert_eq!(search_text(" Ana-Sofía  d'Ávila, Jr. "), "ana sofia davila jr");
        assert_eq!(search_text("ana.lopes@example.com"), "ana lopes example com");
        assert_eq!(search_text("王秀英"), "王 秀 英");
        assert_eq!(search_text("さくら Sato"), "さ く ら sato");
        assert_eq!(search_text("王Sato秀"), "王 sato 秀");
        assert_eq!(search_text("Weiss-Mueller"), "weiss mueller weiss muller");
        assert_eq!(search_text("สุดา"), "สุดา");
        assert_eq!(search_text("\" * ("), "");
        assert_eq!(search_forms("Mue"), ["mue", "mu"]);
        assert_eq!(search_forms("..."), Vec::<String>::new());
    }
}
