//! What the program says to people: every language has every sentence of the sources, says
//! nothing that nobody asks for, and names the same values.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::tidy::below;

const CATALOGUES: [&str; 1] = ["src/domain/wording/id.json"];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The text literal at the start of some source, and what comes after it.
fn literal(source: &str) -> Option<(String, &str)> {
    let mut chars = source.trim_start().strip_prefix('"')?.char_indices();
    let rest = chars.as_str();
    let mut text = String::new();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, &rest[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                // A break of the line in the source is none in the text.
                '\n' => {
                    let blanks = chars.as_str().len() - chars.as_str().trim_start().len();
                    (0..blanks).for_each(|_| _ = chars.next());
                }
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    None
}

/// Every template of the sources, with the file that says it first.
fn templates() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for source in below("src", &["rs"]).iter().filter(|s| !s.name.ends_with("tests.rs") && !s.name.contains("/tests/")) {
        let code = source.text.split("\nmod tests {").next().unwrap_or("");
        for (at, _) in code.match_indices("text!(") {
            if let Some((text, _)) = literal(&code[at + "text!(".len()..]) {
                found.entry(text).or_insert_with(|| source.name.clone());
            }
        }
        for (at, _) in code.match_indices("counted!(") {
            let Some(one) = code[at..].find(", \"").and_then(|comma| literal(&code[at + comma + 1..])) else { continue };
            let many = one.1.strip_prefix(',').and_then(literal);
            if let Some((many, _)) = many {
                found.entry(many).or_insert_with(|| source.name.clone());
            }
        }
    }
    found.retain(|_, name| name != "domain/wording/mod.rs");
    found
}

/// The names in a template or a translation.
fn names(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_language_says_every_sentence_with_its_values_and_nothing_else() {
    let templates = templates();
    assert!(templates.len() > 100, "the sources' sentences are not found");
    for name in CATALOGUES {
        let text = fs::read_to_string(file(name)).expect("a catalogue");
        let words: BTreeMap<String, String> = serde_json::from_str(&text).expect("a map of texts");
        let lacking: Vec<_> = templates.iter().filter(|(said, _)| !words.contains_key(*said)).collect();
        assert!(lacking.is_empty(), "{name} lacks {} sentences: {lacking:#?}", lacking.len());
        let left_over: Vec<_> = words.keys().filter(|said| !templates.contains_key(*said)).collect();
        assert!(left_over.is_empty(), "{name} has sentences that nobody says: {left_over:#?}");
        for (said, translated) in &words {
            assert!(!translated.trim().is_empty(), "{name} has no words for “{said}”");
            assert_eq!(names(said), names(translated), "{name}: the values of “{said}”");
        }
        let in_order = format!("{}\n", serde_json::to_string_pretty(&words).expect("a text"));
        assert_eq!(in_order, text, "{name} is in the order of its sentences, each once");
    }
}

/// Reasons that the program itself gives are kept in English and said by the pages.
#[test]
fn the_reasons_that_pages_translate_are_those_that_the_program_writes() {
    let text = fs::read_to_string(file("static/js/own-reasons.js")).expect("the reasons");
    let reasons: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().split_once(": \"reason."))
        .map(|(reason, _)| reason.trim_matches('"'))
        .collect();
    assert_eq!(reasons.len(), 9, "{reasons:?}");
    let sources = below("src/hotel", &["rs"]);
    for reason in reasons {
        let written = format!("\"{reason}\"");
        assert!(sources.iter().any(|source| source.text.contains(&written)), "nobody writes {written}");
    }
}

#[test]
fn a_text_is_made_of_a_template_that_is_found() {
    for source in below("src", &["rs"]).iter().filter(|source| source.name != "domain/wording/mod.rs") {
        assert!(!source.text.contains("Text::of("), "{} makes a text that no catalogue is held against", source.name);
    }
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    assert_eq!(literal(r#" "a \"b\" c", x)"#), Some(("a \"b\" c".to_owned(), ", x)")));
    assert_eq!(literal("\"a \\\n     b\")").map(|(text, _)| text), Some("a b".to_owned()));
    assert_eq!(literal("name, x)"), None);
}
