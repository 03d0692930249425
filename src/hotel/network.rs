//! `/api/network`: whether other machines reach the hotel, and how they do. The wish
//! is a row of the database; `lan` carries it out once it is written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Table;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Instant;
use crate::domain::id::Version;
use crate::domain::number::Within;
use crate::error::{Error, Result};
use crate::hotel::settings::api::check_version;
use crate::hotel::{Memory, Slice, audit};
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, Reply, live, seen_with, task, with};
use crate::http::request::Method;
use crate::http::state::App;
use crate::jobs::{Job, every};
use crate::lan::{Lan, State, Wish, qr_path};

pub const SLICE: Slice = Slice {
    name: "network",
    is_workflow: true,
    endpoints,
    statements: &[STATEMENTS],
    jobs,
    areas: &[("network", &[Table::Network])],
    ..Slice::EMPTY
};

statements! {
    FIND = "network.find": "SELECT is_open, port, version FROM network WHERE id = 1";
    BEGIN = "network.begin": "INSERT INTO network (id) VALUES (1) ON CONFLICT (id) DO NOTHING";
    UPDATE = "network.update": "UPDATE network SET is_open = ?1, port = ?2, version = version + 1 WHERE id = 1";
}

const DEFAULT_PORT: u16 = 8443;

pub type Port = Within<1, 65_535>;

fn jobs(memory: &Memory) -> Vec<Job> {
    let lan = memory.lan.clone();
    let tend = move |app: &App| {
        lan.tend(app.clock.now());
        Ok(None)
    };
    vec![every("tend_network", 10, tend).leaves_file()]
}

pub fn endpoints(memory: &Memory) -> Vec<Endpoint> {
    const AT: &str = "/api/network";
    let change = |method, name| {
        task(method, AT, name, Access::OWN, "Open the hotel to other machines, or close it", with(&memory.lan, change))
    };
    vec![
        live(AT, "find_network", Access::OWN, "Whether and how other machines reach the hotel", seen_with(&memory.lan, find)),
        change(Method::Patch, "update_network"),
        change(Method::Put, "replace_network"),
    ]
}

/// What the owner wants, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Setting {
    is_open: bool,
    port: u16,
    version: i64,
}

fn setting(conn: &Conn) -> Result<Setting> {
    let found = conn.one(&FIND, [], |row| Ok(Setting { is_open: row.get(0)?, port: row.get(1)?, version: row.get(2)? }))?;
    Ok(found.unwrap_or(Setting { is_open: false, port: DEFAULT_PORT, version: 1 }))
}

/// What is to be done at a start. The switch of a read-only copy is that of the hotel beside it, whose
/// port it must not take; the command line opens a copy.
pub fn wish(app: &App, lan: &Lan) -> Result<Wish> {
    let setting = app.db.read(&app.own_context(), setting)?;
    let is_open = if app.db.is_read_only() { lan.options.listen.is_some() } else { setting.is_open };
    Ok(Wish { is_open, port: setting.port })
}

/// Whether and how other machines reach the hotel.
#[derive(Debug, Serialize, JsonSchema)]
struct LanView {
    is_open: bool,
    /// Of the encrypted connections of other machines.
    port: u16,
    version: i64,
    /// Why the hotel is not open although it should be.
    problem: Option<String>,
    /// The address and port of the command line, which win over the port here.
    command_line: Option<String>,
    /// Where it is open; the hotel's name first, when the network knows it.
    places: Vec<PlaceView>,
    /// The first address as a picture for phones.
    qr: Option<QrView>,
    /// Whether the network was told the hotel's name.
    is_named: bool,
    name_problem: Option<String>,
    certificate: Option<CertificateView>,
    /// What lets others through the machine's firewall.
    firewall: Vec<FirewallView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PlaceView {
    url: String,
    /// The network card that has the address; empty for a name.
    card: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct QrView {
    url: String,
    /// The modules of a side, with the quiet zone.
    side: i32,
    /// The dark modules, as the path of an SVG picture.
    path: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CertificateView {
    /// The owner's own, not one that Innkeeper made.
    is_own: bool,
    sha256: String,
    /// When one that Innkeeper made is no good any more; it is renewed before.
    expires_at: Option<Instant>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FirewallView {
    system: &'static str,
    command: String,
}

/// The parts to change; those left out stay.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct LanChange {
    is_open: Option<bool>,
    port: Option<Port>,
    version: Option<Version>,
}

fn find(lan: &Lan, app: &App, call: &Call, _: NoParams) -> Result<Reply<LanView>> {
    let setting = app.db.read(&call.context, setting)?;
    Ok(view(lan, setting, call))
}

fn change(lan: &Lan, app: &App, call: &Call, _: NoParams, change: LanChange) -> Result<Reply<LanView>> {
    let after = app.db.write(call.context.clone(), move |tx| write(tx, change))?;
    lan.apply(Wish { is_open: after.is_open, port: after.port }, call.context.now);
    Ok(view(lan, after, call))
}

fn write(tx: &Tx, change: LanChange) -> Result<Setting> {
    tx.run(&BEGIN, [])?;
    let before = setting(tx)?;
    check_version(change.version, before.version)?;
    let is_open = change.is_open.unwrap_or(before.is_open);
    let port = change.port.map_or(Ok(before.port), Port::checked).map_err(|beyond| Error::invalid("port", beyond))?;
    tx.run(&UPDATE, (is_open, port))?;
    let after = setting(tx)?;
    audit::record(tx, "change", "network", 1, &before, &after)?;
    Ok(after)
}

fn view(lan: &Lan, setting: Setting, call: &Call) -> Reply<LanView> {
    let (options, language) = (&lan.options, call.request.language());
    let State { places, port, problem, is_named, name_problem, fingerprint, expires_at } = lan.state();
    // A phone may not know names of the network; it knows addresses.
    let shown = places.iter().find(|place| !place.card.is_empty()).or(places.first());
    let qr = shown.and_then(|place| qr_path(&place.url).map(|(side, path)| QrView { url: place.url.clone(), side, path }));
    let view = LanView {
        is_open: setting.is_open,
        port: setting.port,
        version: setting.version,
        problem: problem.map(|problem| problem.in_language(language)),
        command_line: options.listen.map(|address| address.to_string()),
        qr,
        places: places.into_iter().map(|place| PlaceView { url: place.url, card: place.card }).collect(),
        is_named,
        name_problem,
        certificate: fingerprint.map(|sha256| CertificateView { is_own: options.own.is_some(), sha256, expires_at }),
        firewall: firewall(port.unwrap_or(setting.port)),
    };
    Reply::of(view).in_language(language)
}

/// A command for each kind of machine, its own first.
fn firewall(port: u16) -> Vec<FirewallView> {
    let windows = format!(
        "New-NetFirewallRule -DisplayName Innkeeper -Direction Inbound -Protocol TCP -LocalPort {port} \
         -RemoteAddress LocalSubnet -Action Allow"
    );
    let macos = "/usr/libexec/ApplicationFirewall/socketfilterfw --add \"$(which innkeeper)\"".to_owned();
    let mut all = vec![
        FirewallView { system: "Windows (PowerShell)", command: windows },
        FirewallView { system: "Linux (ufw)", command: format!("sudo ufw allow {port}/tcp") },
        FirewallView {
            system: "Linux (firewalld)",
            command: format!("sudo firewall-cmd --permanent --add-port={port}/tcp && sudo firewall-cmd --reload"),
        },
        FirewallView { system: "macOS", command: format!("sudo {macos}") },
    ];
    let own = match std::env::consts::OS {
        "windows" => "Windows",
        "macos" => "macOS",
        _ => "Linux",
    };
    all.sort_by_key(|hint| !hint.system.starts_with(own));
    all
}
