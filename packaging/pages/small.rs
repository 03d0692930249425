//! The web UI as the packages ship it: the modules of `static/js` as one, without comments, spaces and long
//! names, the words of each language beside it as one, the style sheets as one. What is text is there only
//! compressed, under its name and `.gz`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::link::linked;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

const PAGE: &str = "index.html";
const ALL_STYLES: &str = "css/all.css";
const FIRST_MODULE: &str = "js/main.js";
/// Modules that are fetched by a name put together while running, with all that they import: one language of many.
const WORDS: &str = "js/i18n/";

/// Writes the pages of the folder `from` into `to`, in the place of what is there.
pub fn make(from: &Path, to: &Path) -> Outcome<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    for path in files_below(from)? {
        let name = path.strip_prefix(from)?.to_string_lossy().replace('\\', "/");
        match name.rsplit('.').next() {
            _ if name == PAGE || name.ends_with(".d.ts") => {}
            Some("css") => {}
            Some("js") if name.strip_prefix(WORDS).is_some_and(|language| !language.contains('/')) => {
                let text = format!("{}export {{ words$0 as words }};", linked(from, &name)?);
                write_small(&to.join(&name), &module(&name, &text)?)?;
            }
            Some("js") => {}
            Some("svg") => write_small(&to.join(&name), &fs::read_to_string(&path)?)?,
            _ => {
                fs::create_dir_all(to.join(&name).parent().ok_or("a file without a folder")?)?;
                fs::copy(&path, to.join(&name))?;
            }
        }
    }
    write_small(&to.join(FIRST_MODULE), &module(FIRST_MODULE, &linked(from, FIRST_MODULE)?)?)?;
    page(from, to)
}

fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn write(path: &Path, text: &str) -> Outcome<()> {
    fs::create_dir_all(path.parent().ok_or("a file without a folder")?)?;
    Ok(fs::write(path, text)?)
}

/// Compressed as well as gzip can be; it takes its time.
fn write_small(path: &Path, text: &str) -> Outcome<()> {
    fs::create_dir_all(path.parent().ok_or("a file without a folder")?)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    let file = fs::File::create(PathBuf::from(name))?;
    Ok(zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, text.as_bytes(), file)?)
}

/// A module with the same meaning in fewer bytes. Names that others import stay.
fn module(name: &str, text: &str) -> Outcome<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::mjs()).parse();
    if let Some(problem) = parsed.diagnostics.first() {
        return Err(format!("static/{name}: {problem}").into());
    }
    let mut program = parsed.program;
    let all = MinifierOptions {
        mangle: Some(MangleOptions::default()),
        compress: Some(CompressOptions::default()),
        ..MinifierOptions::default()
    };
    let minified = Minifier::new(all).minify(&allocator, &mut program);
    let tight = CodegenOptions { minify: true, comments: CommentOptions::disabled(), ..CodegenOptions::default() };
    let printer = Codegen::new().with_options(tight).with_scoping(minified.scoping);
    Ok(printer.with_private_member_mappings(minified.class_private_mappings).build(&program).code)
}

/// The page with one link in place of all its style sheets, in the order in which it names them.
fn page(from: &Path, to: &Path) -> Outcome<()> {
    let mut styles = String::new();
    let mut lines = Vec::new();
    for line in fs::read_to_string(from.join(PAGE))?.lines().map(str::trim) {
        let Some(name) = line.strip_prefix(r#"<link rel="stylesheet" href="/assets/@hash@/"#) else {
            lines.push(line.to_owned());
            continue;
        };
        let (name, rest) = name.split_once('"').ok_or("a style sheet's link without an end")?;
        let sheet = stylesheet(&fs::read_to_string(from.join(name))?);
        if rest.contains(r#"media="print""#) {
            styles.push_str(&format!("@media print{{{sheet}}}"));
        } else {
            styles.push_str(&sheet);
        }
    }
    let at = lines.iter().position(|line| line.starts_with(r#"<script type="module""#)).ok_or("no modules")?;
    lines.insert(at, format!(r#"<link rel="stylesheet" href="/assets/@hash@/{ALL_STYLES}" />"#));
    write(&to.join(PAGE), &lines.join("\n"))?;
    write_small(&to.join(ALL_STYLES), &styles)
}

/// A style sheet without comments and needless space. Strings stay as they are.
fn stylesheet(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if let Some(comment) = rest.strip_prefix("/*") {
            push_space(&mut out);
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else if first == '"' || first == '\'' {
            let end = string_end(rest, first);
            out.push_str(&rest[..end]);
            end
        } else if first.is_whitespace() {
            push_space(&mut out);
            first.len_utf8()
        } else {
            if matches!(first, '{' | '}' | ';' | ',') && out.ends_with(' ') {
                out.pop();
            }
            if first == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(first);
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    out.trim_end().to_owned()
}

/// One space between words; none where the sign before it already parts them.
fn push_space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',', ':', '(']) {
        out.push(' ');
    }
}

/// Where the string that `text` begins with ends, the quote included.
fn string_end(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        if sign == quote && !is_escaped {
            return at + sign.len_utf8();
        }
        is_escaped = sign == '\\' && !is_escaped;
    }
    text.len()
}
