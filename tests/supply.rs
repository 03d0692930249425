//! What the program is made of by others, and where it leaves the compiler's care: licences,
//! doubled crates and `unsafe`, each argued in `supply.toml`. Known weaknesses of the crates
//! are `tests/long/advisories`, which needs more than cargo.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::tidy::below;

/// The program, and the packages' tool.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "packaging/pages/Cargo.toml"];

#[derive(Deserialize)]
struct Argued {
    licences: BTreeMap<String, String>,
    duplicates: Vec<Duplicates>,
    r#unsafe: BTreeMap<String, Blocks>,
}

#[derive(Deserialize)]
struct Duplicates {
    because: String,
    crates: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct Blocks {
    blocks: usize,
    because: String,
}

fn at(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn argued() -> Argued {
    let text = fs::read_to_string(at("tests/supply.toml")).expect("a list");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// Every crate that the lock file names, for whichever system; fetched where that is still to do.
fn crates(manifest: &str) -> Vec<Value> {
    let ask = |flags: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--locked", "--format-version", "1", "--manifest-path"]).arg(at(manifest)).args(flags);
        command.output().expect("cargo runs")
    };
    let known = ask(&["--offline"]);
    let output = if known.status.success() { known } else { ask(&[]) };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("what cargo knows");
    told["packages"].as_array().expect("crates").clone()
}

/// Whether a crate may be used under this expression of SPDX (`/` is an older `OR`): one
/// alternative is enough, and of an `AND` all parts are needed.
fn is_allowed(expression: &str, allows: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.trim();
    let outside = |word: &str| -> Option<(String, String)> {
        let depth = |end: usize| expression[..end].matches('(').count() - expression[..end].matches(')').count();
        let (start, _) = expression.match_indices(word).find(|(start, _)| depth(*start) == 0)?;
        Some((expression[..start].to_owned(), expression[start + word.len()..].to_owned()))
    };
    if let Some((one, other)) = outside(" OR ").or_else(|| outside("/")) {
        return is_allowed(&one, allows) || is_allowed(&other, allows);
    }
    if let Some((one, other)) = outside(" AND ") {
        return is_allowed(&one, allows) && is_allowed(&other, allows);
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_allowed(inner, allows),
        None => allows(expression),
    }
}

#[test]
fn an_expression_of_licences_is_read_as_it_is_meant() {
    let allows = |name: &str| matches!(name, "MIT" | "Unicode-3.0" | "Apache-2.0 WITH LLVM-exception");
    for good in ["MIT", "GPL-3.0-only OR MIT", "X/MIT", "(MIT OR X) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception OR X"] {
        assert!(is_allowed(good, &allows), "{good}");
    }
    for bad in ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "(X OR Y) AND MIT", "X OR (MIT AND Y)", "Apache-2.0"] {
        assert!(!is_allowed(bad, &allows), "{bad}");
    }
}

#[test]
fn every_crate_has_a_licence_that_is_wanted() {
    let argued = argued();
    let mut wrong = Vec::new();
    for package in MANIFESTS.iter().flat_map(|manifest| crates(manifest)) {
        let expression = package["license"].as_str().unwrap_or_default();
        if !is_allowed(expression, &|name| argued.licences.contains_key(name)) {
            wrong.push(format!("{} {}: {expression:?}", package["name"], package["version"]));
        }
    }
    assert!(wrong.is_empty(), "not wanted, or not told: {wrong:#?}");
}

#[test]
fn every_crate_comes_from_the_registry_as_its_checksum_says() {
    for manifest in MANIFESTS {
        for package in locked(manifest) {
            let has = |key: &str| package.get(key).is_some();
            let is_ours = package["name"].as_str().is_some_and(|name| name.starts_with("innkeeper"));
            let is_registered = package.get("source").and_then(toml::Value::as_str).is_some_and(|s| s.starts_with("registry+"));
            assert!(if is_ours { !has("source") } else { is_registered && has("checksum") }, "{manifest}: {package:?}");
        }
    }
}

fn locked(manifest: &str) -> Vec<toml::Value> {
    let text = fs::read_to_string(at(manifest).with_extension("lock")).expect("a lock file");
    let lock: toml::Table = text.parse().expect("a table");
    lock["package"].as_array().expect("crates").clone()
}

#[test]
fn no_crate_is_there_twice_without_a_reason() {
    let argued = argued();
    assert!(argued.duplicates.iter().all(|list| !list.because.is_empty()));
    let expected: BTreeMap<String, usize> = argued.duplicates.into_iter().flat_map(|list| list.crates).collect();
    let mut found = BTreeMap::new();
    for manifest in MANIFESTS {
        let mut versions: BTreeMap<String, usize> = BTreeMap::new();
        for package in locked(manifest) {
            *versions.entry(package["name"].as_str().expect("a name").to_owned()).or_default() += 1;
        }
        for (name, count) in versions.into_iter().filter(|(_, count)| *count > 1) {
            found.entry(name).and_modify(|most: &mut usize| *most = count.max(*most)).or_insert(count);
        }
    }
    assert_eq!(found, expected, "found on the left, argued on the right");
}

#[test]
fn every_unsafe_block_is_counted_and_explained() {
    let argued = argued();
    assert!(argued.r#unsafe.values().all(|blocks| !blocks.because.is_empty()));
    let expected: BTreeMap<String, usize> = argued.r#unsafe.into_iter().map(|(name, blocks)| (name, blocks.blocks)).collect();
    let mut found = BTreeMap::new();
    for (folder, source) in ["src", "tests", "packaging"].iter().flat_map(|f| below(f, &["rs"]).into_iter().map(move |s| (f, s)))
    {
        let code = || source.text.lines().map(|line| line.split("//").next().unwrap_or(""));
        let word = concat!("uns", "afe ");
        let count = code().map(|line| line.matches(word).count()).sum();
        let explained = source.text.lines().filter(|line| line.trim_start().starts_with("// SAFETY: ")).count();
        assert_eq!(count, explained, "{folder}/{}: blocks on the left, explained on the right", source.name);
        if count > 0 {
            found.insert(format!("{folder}/{}", source.name), count);
        }
    }
    assert_eq!(found, expected, "found on the left, argued on the right");
}
