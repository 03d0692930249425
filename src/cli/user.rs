//! `user add`, `user reset-password`, `user list`: accounts without the browser,
//! for the owner who is locked out.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{Failure, context, open_existing, password, print, settled};
use crate::config::DataFile;
use crate::domain::actor::Role;
use crate::hotel::settings;
use crate::hotel::users::{self, NewUser, hash_password, store};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account; the password is asked for, or read from the first line of a pipe
    Add {
        /// The name that signs in, without spaces
        username: String,
        /// What the account may do
        #[arg(long, value_parser = role_parser())]
        role: Role,
        /// The name that colleagues see [default: the user name]
        #[arg(long, value_name = "NAME")]
        full_name: Option<String>,
        #[command(flatten)]
        file: DataFile,
    },
    /// Give an account a new password and sign it out everywhere; asked for, or read from a pipe
    ResetPassword {
        /// Whose password
        username: String,
        #[command(flatten)]
        file: DataFile,
    },
    /// List the accounts
    List {
        #[command(flatten)]
        file: DataFile,
    },
}

fn role_parser() -> impl TypedValueParser<Value = Role> {
    let words = Role::ALL.iter().map(|role| role.as_str());
    PossibleValuesParser::new(words).try_map(|word| Role::parse(&word).ok_or("is not a role"))
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        Command::Add { username, role, full_name, file } => add(username, role, full_name, &file),
        Command::ResetPassword { username, file } => reset_password(username, &file),
        Command::List { file } => list(&file),
    }
}

fn add(username: String, role: Role, full_name: Option<String>, file: &DataFile) -> Result<ExitCode, Failure> {
    let db = open_existing(&settled(file)?)?;
    if db.read(&context(), settings::store::find)?.is_none() || !db.read(&context(), store::has_any)? {
        let what = "This hotel has not been set up yet. Start Innkeeper and open its set-up page first.";
        return Err(Failure::Plain(what.to_owned()));
    }
    let full_name = full_name.unwrap_or_else(|| username.clone());
    let password_hash = hash_password("password", &password::read(&username)?, &[&username, &full_name])?;
    let user = db.write(context(), move |tx| {
        users::create(tx, &NewUser { username: username.into(), full_name: full_name.into(), role, password_hash })
    })?;
    print(format!("{} can sign in now, as {}.\n", user.username, user.role).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn reset_password(username: String, file: &DataFile) -> Result<ExitCode, Failure> {
    let db = open_existing(&settled(file)?)?;
    let user = db
        .read(&context(), |conn| store::find_named(conn, &username))?
        .ok_or_else(|| Failure::Plain(format!("There is no account {username}; innkeeper user list shows them all.")))?;
    let hash = hash_password("password", &password::read(&user.username)?, &[&user.username, &user.full_name])?;
    let id = user.id;
    db.write(context(), move |tx| users::set_password(tx, id, &hash))?;
    let rest = if user.is_active { "" } else { " The account is deactivated, though." };
    print(format!("{} has a new password and was signed out everywhere.{rest}\n", user.username).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn list(file: &DataFile) -> Result<ExitCode, Failure> {
    let db = open_existing(&settled(file)?)?;
    let users = db.read(&context(), store::list)?;
    let mut text = String::new();
    for user in &users {
        let state = if user.is_active { "" } else { "  (deactivated)" };
        // Writing to memory cannot fail.
        let _ = writeln!(text, "{:<20}  {:<13}  {}{state}", user.username, user.role.as_str(), user.full_name);
    }
    print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
