//! The shape of the code: which way imports point, how long files are, and what
//! never stands in them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use innkeeper::hotel::SLICES;

const MOST_LINES: usize = 600;

/// What each part may import, besides itself: only parts before it, as the next test sees to. An arrow
/// never points back.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("error", &["domain"]),
    ("gzip", &[]),
    ("gate", &["domain"]),
    ("lan", &["domain", "gate"]),
    ("watch", &["domain"]),
    ("db", &["domain", "error", "watch"]),
    ("kept", &[]),
    ("cache", &["gzip", "kept"]),
    ("http", &["domain", "error", "gzip", "kept", "watch", "db", "cache"]),
    ("jobs", &["domain", "error", "db", "http"]),
    ("hotel", &["domain", "error", "kept", "watch", "db", "http", "lan", "jobs"]),
    ("routes", &["domain", "error", "db", "cache", "http", "jobs", "hotel"]),
    ("config", &["db", "http", "gate", "lan"]),
    ("server", &["domain", "gate", "http", "jobs", "lan"]),
    ("cli", &["domain", "error", "db", "http", "lan", "hotel", "routes", "config", "server"]),
];

pub struct Source {
    /// Below `src`, with `/` between its parts.
    pub name: String,
    pub text: String,
}

impl Source {
    /// The part of the program: the folder or file directly below `src`.
    fn part(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or("");
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_test(&self) -> bool {
        self.name.contains("/tests/") || self.name.ends_with("/tests.rs")
    }

    /// The lines that run: without comments, and without the tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let until_tests = self.text.lines().enumerate().take_while(|(_, line)| line.trim() != "mod tests {");
        until_tests.map(|(at, line)| (at + 1, line.split("//").next().unwrap_or(""))).filter(|(_, line)| !line.trim().is_empty())
    }
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            files_below(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

pub fn below(folder: &str, endings: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths = Vec::new();
    if root.is_dir() {
        files_below(&root, &mut paths);
    }
    let wanted = |path: &PathBuf| path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending));
    let source = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("below").components();
        let name: Vec<&str> = name.filter_map(|c| c.as_os_str().to_str()).collect();
        Source { name: name.join("/"), text: fs::read_to_string(&path).expect("a text") }
    };
    let mut sources: Vec<Source> = paths.into_iter().filter(wanted).map(source).collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn sources() -> Vec<Source> {
    below("src", &["rs"])
}

/// The first names after `prefix` in a text: of `crate::a::b` and `crate::{a, b::c}`.
fn imported(text: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        let rest = &text[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(first_names(group)),
            None => names.extend(first_word(rest)),
        }
    }
    names
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// The names at the top level of a group that begins after its brace.
fn first_names(group: &str) -> Vec<String> {
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.extend(first_word(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.extend(first_word(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

fn code_text(source: &Source) -> String {
    source.code().map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[test]
fn imports_point_one_way() {
    let rules: HashMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| !s.is_test() && !matches!(s.part(), "lib" | "main")) {
        let allowed = rules.get(source.part()).unwrap_or_else(|| panic!("{} has no place among the parts", source.name));
        for name in imported(&code_text(source), "crate::") {
            // Macros stand at the crate's root.
            if name != source.part() && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{} imports {name}", source.name));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_two_parts_may_import_each_other() {
    for (at, (part, allowed)) in MAY_IMPORT.iter().enumerate() {
        let is_before = |name: &&str| MAY_IMPORT[..at].iter().any(|(before, _)| before == name);
        assert!(allowed.iter().all(is_before), "{part} imports what stands after it");
    }
}

#[test]
fn slices_import_only_those_before_them() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| s.part() == "hotel" && s.name != "hotel/mod.rs") {
        let slice = source.name.split('/').nth(1).map(|s| s.trim_end_matches(".rs")).unwrap_or("");
        let place =
            SLICES.iter().position(|s| s.name == slice).unwrap_or_else(|| panic!("{slice} has no place among the slices"));
        for name in imported(&code_text(source), "crate::hotel::") {
            let is_before = matches!(name.as_str(), "Slice" | "Memory") || SLICES[..=place].iter().any(|s| s.name == name);
            if !SLICES[place].is_workflow && !is_before {
                wrong.push(format!("{} imports {name}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rules_and_statements_never_see_http() {
    for source in sources().iter().filter(|s| s.part() == "hotel" && s.name != "hotel/mod.rs") {
        let is_inner = source.name.ends_with("/mod.rs") || source.name.ends_with("/store.rs");
        assert!(!is_inner || !code_text(source).contains("crate::http"), "{}", source.name);
    }
}

#[test]
fn one_place_names_each_foreign_thing() {
    let places: &[(&str, &[&str])] = &[
        ("tiny_http", &["server"]),
        ("mio::", &["gate"]),
        ("r2d2", &["db"]),
        (".prepare(", &["db"]),
        ("clap::", &["cli", "config"]),
        ("indicatif::", &["cli"]),
        ("Instant::system_now", &["http", "cli", "domain"]),
    ];
    for source in sources().iter().filter(|s| !s.is_test()) {
        for (at, line) in source.code() {
            for (what, parts) in places {
                assert!(!line.contains(what) || parts.contains(&source.part()), "{}:{at} names {what}", source.name);
            }
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_own() {
    for (folder, source) in ["src", "tests"].iter().flat_map(|f| below(f, &["rs"]).into_iter().map(move |s| (f, s))) {
        let lines = source.text.lines().count();
        assert!(lines <= MOST_LINES, "{folder}/{} has {lines} lines; split it", source.name);
        let opens = source.text.lines().next().unwrap_or("");
        assert!(opens.starts_with("//!") || source.name == "lib.rs", "{folder}/{} does not say what it owns", source.name);
    }
}

#[test]
fn nothing_unwraps_or_waits_to_be_done() {
    for source in sources().iter().filter(|s| !s.is_test()) {
        for (at, line) in source.code() {
            assert!(!line.contains(".unwrap()"), "{}:{at} unwraps", source.name);
            assert!(!line.contains("todo!(") && !line.contains("unimplemented!("), "{}:{at} is not done", source.name);
        }
        assert!(!source.text.contains(concat!("TO", "DO")), "{} has something left to do", source.name);
    }
}

/// How fast a machine is, what it has and what else runs on it is no business of a test:
/// `tests/bench` and `tests/load` measure that. A test waits with patience for what has to
/// come, and asserts what is added to what was there.
#[test]
fn no_test_asserts_a_figure_of_the_machine() {
    let in_src = below("src", &["rs"]).into_iter().filter(Source::is_test);
    let in_tests = below("tests", &["rs"]).into_iter().filter(|s| !s.name.starts_with("bench/") && s.name != "tidy.rs");
    for source in in_src.chain(in_tests) {
        let code = source.text.lines().map(|line| line.split("//").next().unwrap_or(""));
        for (at, line) in (1..).zip(code) {
            for figure in ["VmHWM", "VmRSS", "VmPeak", "available_parallelism", "thread::sleep"] {
                assert!(!line.contains(figure), "{}:{at} depends on the machine by {figure}", source.name);
            }
            let is_timed = line.contains("assert") && line.contains("elapsed()");
            assert!(!is_timed || line.contains("< PATIENCE"), "{}:{at} asserts how long something took", source.name);
            let port =
                line.split_once("bind(\"").or(line.split_once("listen\", \"")).and_then(|(_, rest)| rest.split('"').next());
            assert!(port.is_none_or(|address| address.ends_with(":0")), "{}:{at} names a port of the machine", source.name);
        }
    }
    for source in below("tests/browser", &["mjs"]).iter().filter(|s| s.name.starts_with("flows/")) {
        for (at, line) in (1..).zip(source.text.lines()) {
            for figure in ["Date.now()", "performance.now()", "setTimeout(", "waitForTimeout(", "timeout:"] {
                assert!(!line.contains(figure), "browser/{}:{at} depends on the machine by {figure}", source.name);
            }
        }
    }
}

#[test]
fn money_is_never_floating() {
    let holds_money = |name: &str| {
        name == "domain/money.rs" || ["folio", "rates", "reservations"].iter().any(|s| name.starts_with(&format!("hotel/{s}")))
    };
    let sources = sources();
    assert!(sources.iter().any(|s| s.name == "domain/money.rs"));
    for source in sources.iter().filter(|s| holds_money(&s.name)) {
        for (at, line) in source.code() {
            let words = || line.split(|c: char| !c.is_alphanumeric() && c != '_');
            assert!(!words().any(|word| matches!(word, "f32" | "f64")), "{}:{at} is not exact", source.name);
        }
    }
}

#[test]
fn pages_are_built_without_html_in_text() {
    for source in below("static", &["js", "html"]) {
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!source.text.contains(forbidden), "static/{} uses {forbidden}", source.name);
        }
    }
}

/// A native field writes dates in the browser's order; those of the hotel stand in a `<date-field>`.
#[test]
fn no_page_has_a_native_date_field() {
    let sheets = below("static", &["js", "html", "css"]);
    assert!(sheets.iter().any(|s| s.name == "js/elements/date-field.js"));
    for source in &sheets {
        let squeezed = source.text.replace([' ', '\'', '"'], "");
        for native in
            ["type:date,", "type:date}", "type=date", "type:datetime-local", "showPicker", "-webkit-calendar", "-webkit-datetime"]
        {
            assert!(!squeezed.contains(native), "static/{} has {native}", source.name);
        }
    }
}

/// Each has a file that says what it is, in the layer of its folder; what a page is called stands
/// in the layer of the pages alone. (The chart is a page and a component.)
#[test]
fn a_style_sheet_is_one_component_or_one_page() {
    let sheets = below("static/css", &["css"]);
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/index.html")).expect("the page");
    let names = sheets.iter().filter_map(|s| s.name.strip_prefix("pages/")?.strip_suffix(".css")).filter(|name| *name != "chart");
    let names: Vec<String> = names.chain(["page"]).flat_map(|name| ["-", " ", ","].map(|end| format!(".{name}{end}"))).collect();
    assert!(names.len() > 30, "{names:?}");
    for sheet in &sheets {
        let mut colours =
            sheet.text.split('#').skip(1).filter(|rest| rest.chars().take(3).filter(char::is_ascii_hexdigit).count() == 3);
        let is_plain = colours.next().is_none() && !sheet.text.contains("rgb(");
        assert!(is_plain || sheet.name == "tokens.css", "{} has a colour of its own", sheet.name);
        let link = format!("/css/{}\"", sheet.name);
        assert_eq!(page.matches(&link).count(), 1, "index.html names {} once", sheet.name);
        let Some((layer, _)) = sheet.name.split_once('/') else { continue };
        assert!(
            sheet.text.starts_with("/* ") && sheet.text.contains(&format!("@layer {layer} {{")),
            "{} has its layer",
            sheet.name
        );
        let strange = names.iter().find(|name| layer == "components" && sheet.text.contains(name.as_str()));
        assert_eq!(strange, None, "{} names a page", sheet.name);
    }
}

#[test]
fn every_long_script_asks_for_tests_that_are_there() {
    let own = std::env::current_exe().expect("this program");
    let listed = std::process::Command::new(own).args(["--list", "--format", "terse"]).output().expect("its tests");
    let tests = String::from_utf8(listed.stdout).expect("names");
    let (mut filters, mut strange) = (0, Vec::new());
    let mut scripts = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/long"), &mut scripts);
    for script in &scripts {
        let text = fs::read_to_string(script).expect("a text");
        for word in text.lines().filter(|line| line.contains(" --test main ")).flat_map(str::split_whitespace) {
            let is_filter = word.contains("::");
            filters += usize::from(is_filter);
            if is_filter && !tests.contains(word) {
                strange.push(format!("{}: {word}", script.display()));
            }
        }
    }
    assert!(filters >= 4 && strange.is_empty(), "{filters} filters; without a test: {strange:?}");
}

#[test]
fn the_packages_profile_names_each_crate_that_the_quick_one_names() {
    // It inherits from it, and a name there holds here, too, unless it stands here again.
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("the manifest");
    let named = |profile: &str| -> Vec<String> {
        let (_, rest) = text.split_once(&format!("[profile.{profile}.package]\n")).expect("its crates");
        let lines = rest.lines().take_while(|line| line.contains(" = { opt-level = "));
        lines.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
    };
    let (quick, shipped) = (named("release"), named("shipped"));
    assert!(quick.len() > 10, "{quick:?}");
    let missing: Vec<&String> = quick.iter().filter(|name| !shipped.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
