//! Puts the modules of the web UI into one: a browser asks for it once, instead of for ninety of them one
//! after the other, and compressed as a whole they are a quarter smaller. It knows the forms that these
//! modules have (`import { a, b as c }`, `export` before a declaration, `import("./a.js")`), and refuses
//! any other.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use oxc_allocator::{Allocator, TakeIn};
use oxc_ast::ast::{Declaration, Expression, ImportDeclarationSpecifier, ImportExpression, Program, Statement};
use oxc_ast_visit::Visit;
use oxc_codegen::Codegen;
use oxc_parser::Parser;
use oxc_semantic::{Scoping, SemanticBuilder};
use oxc_span::{SourceType, Span};

use crate::small::Outcome;

/// A module with the same meaning as `entry` and everything that it imports, at once or later. Each name of
/// a module's top level carries the module's number.
pub fn linked(folder: &Path, entry: &str) -> Outcome<String> {
    let mut linker = Linker { folder, numbers: BTreeMap::new(), text: String::new(), later: VecDeque::new() };
    linker.add(entry)?;
    // What is imported later is there already, but its own names come after those that need it first.
    while let Some(name) = linker.later.pop_front() {
        let exports = linker.add(&name)?;
        let number = linker.numbers[&name].0;
        let members: Vec<String> = exports.iter().map(|name| format!("{name}: {name}${number}")).collect();
        writeln!(linker.text, "async function module${number}() {{ return {{ {} }}; }}", members.join(", "))?;
    }
    Ok(linker.text)
}

struct Linker<'f> {
    folder: &'f Path,
    /// The modules met so far, with their numbers; what they export once they are in the text.
    numbers: BTreeMap<String, (usize, Option<Vec<String>>)>,
    text: String,
    /// What is imported by `import("…")`.
    later: VecDeque<String>,
}

impl Linker<'_> {
    fn number(&mut self, name: &str) -> usize {
        let next = self.numbers.len();
        self.numbers.entry(name.to_owned()).or_insert((next, None)).0
    }

    /// Writes a module after everything that it imports; the names that it exports.
    fn add(&mut self, name: &str) -> Outcome<Vec<String>> {
        let number = self.number(name);
        if let Some(exports) = &self.numbers[name].1 {
            return Ok(exports.clone());
        }
        // Modules that import each other see each other's functions, as without linking.
        self.numbers.insert(name.to_owned(), (number, Some(Vec::new())));
        let text = self.with_calls(name, fs::read_to_string(self.folder.join(name))?)?;
        let allocator = Allocator::default();
        let mut program = parsed(&allocator, name, &text)?;
        let mut scoping = SemanticBuilder::new().build(&program).semantic.into_scoping();
        if let Some(sign) = scoping.symbol_names().find(|symbol| symbol.contains('$')) {
            return Err(format!("static/{name}: no name may have a $ in it: {sign}").into());
        }
        let exports = self.rename(name, number, &program, &mut scoping)?;
        for statement in &mut program.body {
            if let Statement::ExportDeclaration(export) = statement {
                *statement = Statement::from(export.declaration.take_in(&&allocator));
            }
        }
        program.body.retain(|statement| !matches!(statement, Statement::ImportDeclaration(_)));
        self.text.push_str(&Codegen::new().with_scoping(Some(scoping)).build(&program).code);
        self.numbers.insert(name.to_owned(), (number, Some(exports.clone())));
        Ok(exports)
    }

    /// Calls in place of `import("./a.js")`. Names that are put together while running stay as they are.
    fn with_calls(&mut self, name: &str, mut text: String) -> Outcome<String> {
        let mut found = LaterImports::default();
        found.visit_program(&parsed(&Allocator::default(), name, &text)?);
        for (span, source) in found.places.into_iter().rev() {
            let target = resolved(name, &source)?;
            text.replace_range(span.start as usize..span.end as usize, &format!("module${}()", self.number(&target)));
            if !self.later.contains(&target) {
                self.later.push_back(target);
            }
        }
        Ok(text)
    }

    /// Gives each name of the top level its module's number; the names that are exported.
    fn rename(&mut self, name: &str, number: usize, program: &Program, scoping: &mut Scoping) -> Outcome<Vec<String>> {
        let own: Vec<_> = scoping.iter_bindings_in(scoping.root_scope_id()).collect();
        for symbol in own {
            let numbered = format!("{}${number}", scoping.symbol_name(symbol));
            scoping.set_symbol_name(symbol, numbered.as_str().into());
        }
        let mut exports = Vec::new();
        for statement in &program.body {
            match statement {
                Statement::ImportDeclaration(import) => {
                    let target = resolved(name, &import.source.value)?;
                    let known = self.add(&target)?;
                    let from = self.number(&target);
                    for specifier in import.specifiers.iter().flatten() {
                        let ImportDeclarationSpecifier::ImportSpecifier(one) = specifier else {
                            return Err(format!("static/{name}: import {{ names }} from {target}").into());
                        };
                        let imported = one.imported.name();
                        // A circle is not whole yet; the browser would find out.
                        if !known.is_empty() && !known.iter().any(|known| imported == *known) {
                            return Err(format!("static/{target} does not export {imported}, which {name} imports").into());
                        }
                        scoping.set_symbol_name(one.local.symbol_id(), format!("{imported}${from}").as_str().into());
                    }
                }
                Statement::ExportDeclaration(export) => exports.extend(declared(&export.declaration)),
                Statement::ExportAllDeclaration(_)
                | Statement::ExportDefaultDeclaration(_)
                | Statement::ExportNamedDeclaration(_)
                | Statement::ExportFromDeclaration(_) => {
                    return Err(format!("static/{name}: write export before what is declared").into());
                }
                _ => {}
            }
        }
        Ok(exports)
    }
}

fn parsed<'a>(allocator: &'a Allocator, name: &str, text: &'a str) -> Outcome<Program<'a>> {
    let parsed = Parser::new(allocator, text, SourceType::mjs()).parse();
    match parsed.diagnostics.first() {
        Some(problem) => Err(format!("static/{name}: {problem}").into()),
        None => Ok(parsed.program),
    }
}

/// The names of a declaration.
fn declared(declaration: &Declaration) -> Vec<String> {
    match declaration {
        Declaration::VariableDeclaration(all) => {
            let names = all.declarations.iter().flat_map(|one| one.id.get_binding_identifiers());
            names.map(|name| name.name.to_string()).collect()
        }
        other => other.id().map(|name| name.name.to_string()).into_iter().collect(),
    }
}

/// The name of a module as another one writes it, `./` or `../` before it.
fn resolved(from: &str, source: &str) -> Outcome<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in source.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if !source.starts_with('.') {
        return Err(format!("static/{from} imports {source}, which is no module of its own").into());
    }
    Ok(parts.join("/"))
}

/// Where `import("…")` stands, in the order of the text.
#[derive(Default)]
struct LaterImports {
    places: Vec<(Span, String)>,
}

impl<'a> Visit<'a> for LaterImports {
    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if let Expression::StringLiteral(source) = &import.source {
            self.places.push((import.span, source.value.to_string()));
        }
    }
}
