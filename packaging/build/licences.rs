//! The licences and the bill of materials of everything that goes into the
//! program, and the resources of the Windows one. Writes into `$OUT_DIR`.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

/// What the program is made of besides crates: compiled in, or linked in.
const OTHERS: &str = "\
SQLite (in libsqlite3-sys): public domain, https://www.sqlite.org/copyright.html
The Rust standard library: MIT OR Apache-2.0, https://github.com/rust-lang/rust
The GNU C library (in the static Linux program only): LGPL-2.1-or-later, https://www.gnu.org/software/libc/
The mingw-w64 runtime (in the Windows program only): ZPL-2.1, https://www.mingw-w64.org/
The IANA time zone database (in jiff): public domain, https://www.iana.org/time-zones
";

pub fn make() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-env-changed=INNKEEPER_ICON");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder"));
    let crates = crates().unwrap_or_else(|what| {
        println!("cargo::warning=the licences of the crates are not in this build: {what}");
        Vec::new()
    });
    pack(&out.join("licences.txt.gz"), &licences(&crates));
    pack(&out.join("sbom.json.gz"), &bill_of_materials(&crates));
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("windows") {
        resources();
    }
}

/// Compressed; without a time, so that the bytes stay the same.
pub fn pack(path: &Path, text: &str) {
    let packed = (|| {
        let mut file = GzBuilder::new().write(fs::File::create(path)?, Compression::best());
        file.write_all(text.as_bytes())?;
        file.finish()
    })();
    packed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

struct Crate {
    name: String,
    version: String,
    licence: String,
    repository: String,
    checksum: Option<String>,
    texts: Vec<String>,
}

/// The crates that the program is linked from for this target, by name.
fn crates() -> Result<Vec<Crate>, String> {
    let metadata = metadata(&["--offline"]).or_else(|_| metadata(&[]))?;
    let nodes = metadata["resolve"]["nodes"].as_array().ok_or("no dependencies are told")?;
    let nodes: BTreeMap<&str, &Value> = nodes.iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let root = metadata["resolve"]["root"].as_str().ok_or("no root is told")?;
    let (mut linked, mut open) = (BTreeSet::new(), vec![root]);
    while let Some(id) = open.pop() {
        let dependencies = nodes.get(id).and_then(|node| node["deps"].as_array()).into_iter().flatten();
        for dependency in dependencies.filter(|d| is_linked(d)) {
            let id = dependency["pkg"].as_str().unwrap_or_default();
            if linked.insert(id) {
                open.push(id);
            }
        }
    }
    let checksums = checksums();
    let packages = metadata["packages"].as_array().ok_or("no packages are told")?;
    let mut crates: Vec<Crate> = packages
        .iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| linked.contains(id)))
        .map(|package| described(package, &checksums))
        .collect();
    crates.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(crates)
}

/// Neither for tests nor for build scripts, and no macro, which leaves only its output.
fn is_linked(dependency: &Value) -> bool {
    dependency["dep_kinds"].as_array().into_iter().flatten().any(|kind| kind["kind"].is_null())
}

fn metadata(flags: &[&str]) -> Result<Value, String> {
    let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
    let mut command = Command::new(variable("CARGO")?);
    command.current_dir(variable("CARGO_MANIFEST_DIR")?);
    command.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &variable("TARGET")?]).args(flags);
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn described(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Crate {
    let text = |member: &str| package[member].as_str().unwrap_or_default().to_owned();
    let (name, version) = (text("name"), text("version"));
    let folder = Path::new(package["manifest_path"].as_str().unwrap_or_default()).parent().unwrap_or(Path::new(""));
    Crate {
        checksum: checksums.get(&(name.clone(), version.clone())).cloned(),
        texts: texts(folder),
        licence: text("license"),
        repository: text("repository"),
        name,
        version,
    }
}

/// What a crate's own licence files say.
fn texts(folder: &Path) -> Vec<String> {
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        path.is_file() && ["license", "licence", "copying", "notice", "unlicense"].iter().any(|start| name.starts_with(start))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_licence).collect();
    paths.sort();
    let read = |path: &PathBuf| fs::read_to_string(path).ok().map(|text| text.replace("\r\n", "\n").trim().to_owned());
    paths.iter().filter_map(read).filter(|text| !text.is_empty()).collect()
}

/// The checksums of Cargo.lock by name and version.
fn checksums() -> BTreeMap<(String, String), String> {
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    let mut found = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
            line.strip_suffix('"').map(str::to_owned)
        };
        if let (Some(name), Some(version), Some(checksum)) = (value("name"), value("version"), value("checksum")) {
            found.insert((name, version), checksum);
        }
    }
    found
}

/// One list, and each text once with the crates that it is for.
fn licences(crates: &[Crate]) -> String {
    let own = fs::read_to_string("LICENSE").unwrap_or_default();
    let mut text = format!("Innkeeper\n\n{}\n\nIt is made with the work of many others:\n\n{OTHERS}\n", own.trim());
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in crates {
        text.push_str(&format!("{} {}: {}, {}\n", one.name, one.version, one.licence, one.repository));
        for licence in &one.texts {
            users.entry(licence).or_default().push(&one.name);
        }
    }
    let mut texts: Vec<(&str, Vec<&str>)> = users.into_iter().collect();
    texts.sort_by(|a, b| a.1.cmp(&b.1));
    for (licence, names) in texts {
        text.push_str(&format!("\n{}\n{}\n\n{licence}\n", "-".repeat(72), names.join(", ")));
    }
    text
}

/// CycloneDX, for those whose tools read it.
fn bill_of_materials(crates: &[Crate]) -> String {
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let component = |one: &Crate| {
        let purl = format!("pkg:cargo/{}@{}", one.name, one.version);
        let mut component = json!({
            "type": "library", "bom-ref": purl, "name": one.name, "version": one.version, "purl": purl,
            "licenses": [{"expression": one.licence.replace('/', " OR ")}],
        });
        if let Some(checksum) = &one.checksum {
            component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
        }
        component
    };
    let bill = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {"type": "application", "name": "innkeeper", "version": version, "licenses": [{"expression": "MIT"}]}},
        "components": crates.iter().map(component).collect::<Vec<_>>(),
    });
    format!("{bill:#}\n")
}

/// Icon and version of the Windows program.
fn resources() {
    let mut resource = winresource::WindowsResource::new();
    // The packages' script draws it from static/icon.svg.
    if let Ok(icon) = env::var("INNKEEPER_ICON") {
        resource.set_icon(&icon);
    }
    resource.set("ProductName", "Innkeeper").set("FileDescription", "Innkeeper, hotel management");
    resource.set("LegalCopyright", "MIT licence");
    if env::var("HOST").ok() != env::var("TARGET").ok() {
        resource.set_windres_path("x86_64-w64-mingw32-windres").set_ar_path("x86_64-w64-mingw32-ar");
    }
    resource.compile().unwrap_or_else(|error| panic!("the resources could not be compiled: {error}"));
}
