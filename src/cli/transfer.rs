//! `import` and `export`: bookings in and out as CSV.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::progress::Progress;
use super::{Failure, context, io_failure, note, open_existing, print, settled};
use crate::config::DataFile;
use crate::db::Db;
use crate::hotel::backups::pack::{self, Form};
use crate::hotel::transfer::options::{DateOrder, DecimalMark, Delimiter, Mapping, PastPayment, PastStatus};
use crate::hotel::transfer::{self, COLUMNS, ImportOptions, Outcome};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct ImportArguments {
    /// Print a CSV file with the right header and two examples
    #[arg(long)]
    template: bool,
    #[command(subcommand)]
    what: Option<Import>,
}

#[derive(Debug, Subcommand)]
enum Import {
    /// Import bookings; bad rows and conflicts are told, and nothing is taken unless all of it can be
    Bookings {
        /// The CSV file; - reads the standard input
        csv: PathBuf,
        #[command(flatten)]
        how: How,
        #[command(flatten)]
        file: DataFile,
    },
}

/// A parser of an enum's own words.
macro_rules! one_of {
    ($words:ident) => {
        PossibleValuesParser::new($words::ALL.iter().map(|word| word.as_str()))
            .map(|word| $words::parse(&word).expect("invariant: only these words are possible"))
    };
}

#[derive(Debug, clap::Args)]
struct How {
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Take the good rows although others are bad
    #[arg(long)]
    skip_bad_rows: bool,
    /// What parts the values of a row, where the header leaves a doubt
    #[arg(long, value_parser = one_of!(Delimiter))]
    delimiter: Option<Delimiter>,
    /// What begins the decimals: point as in 1,234.50, comma as in 1.234,50
    #[arg(long, value_parser = one_of!(DecimalMark))]
    decimal_mark: Option<DecimalMark>,
    /// What comes first in dates such as 03/05/2026
    #[arg(long, value_parser = one_of!(DateOrder))]
    date_order: Option<DateOrder>,
    /// What became of stays that are over and do not say it
    #[arg(long, value_parser = one_of!(PastStatus))]
    past_status: Option<PastStatus>,
    /// What was paid for stays that are over and do not say it: everything, or nothing
    #[arg(long, value_parser = one_of!(PastPayment))]
    past_payment: Option<PastPayment>,
    /// Take bookings for more guests than their room type is for
    #[arg(long)]
    over_capacity: bool,
    /// Take a column of another name for one of ours, such as "Guest name(s)=guest_name"; may be given several times
    #[arg(long = "map", value_name = "THEIRS=OURS", value_parser = mapping)]
    mappings: Vec<Mapping>,
    /// Leave columns out that are not known
    #[arg(long)]
    ignore_unknown_columns: bool,
}

impl From<How> for ImportOptions {
    fn from(how: How) -> ImportOptions {
        ImportOptions {
            dry_run: how.dry_run,
            skip_bad_rows: how.skip_bad_rows,
            delimiter: how.delimiter,
            decimal_mark: how.decimal_mark,
            date_order: how.date_order,
            past_status: how.past_status,
            past_payment: how.past_payment,
            over_capacity: how.over_capacity,
            mappings: how.mappings,
            ignore_unknown_columns: how.ignore_unknown_columns,
        }
    }
}

fn mapping(text: &str) -> Result<Mapping, String> {
    let (given, ours) = text.rsplit_once('=').ok_or("write it as THEIRS=OURS, such as \"Guest name=guest_name\"")?;
    let column = COLUMNS.iter().find(|column| **column == ours.trim());
    let column = column.ok_or_else(|| format!("{} is not one of the columns: {}", ours.trim(), COLUMNS.join(", ")))?;
    Ok(Mapping { given: given.trim().to_owned(), column })
}

#[derive(Debug, clap::Args)]
pub struct ExportArguments {
    #[command(subcommand)]
    what: Export,
}

#[derive(Debug, Subcommand)]
enum Export {
    /// Export every booking in the format of the import
    Bookings {
        /// Where to; the standard output when left out
        csv: Option<PathBuf>,
        #[command(flatten)]
        file: DataFile,
    },
}

pub(super) fn import(arguments: ImportArguments) -> Result<ExitCode, Failure> {
    let Some(Import::Bookings { csv, how, file }) = arguments.what else {
        print(transfer::template().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    refuse_hotel(&csv)?;
    let db = open_existing(&settled(&file)?)?;
    let input = reader(&csv)?;
    let options = ImportOptions::from(how);
    let skip_bad_rows = options.skip_bad_rows;
    let report = db.write_alone(context(), move |tx| {
        let bar = Progress::new("Importing");
        transfer::import(tx, input, &options, &mut |done, of| bar.tell(done, of))
    })?;
    if report.outcome == Outcome::Imported {
        db.settle_search(context())?;
    }
    print(report.to_string().as_bytes())?;
    let is_good = match report.outcome {
        Outcome::Imported => true,
        Outcome::DryRun => report.bad.is_empty() || skip_bad_rows,
        Outcome::Refused => false,
    };
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn reader(csv: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if csv == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(csv).map_err(io_failure(format!("{} cannot be read.", csv.display())))?;
    Ok(Box::new(BufReader::new(file)))
}

pub(super) fn export(arguments: ExportArguments) -> Result<ExitCode, Failure> {
    let Export::Bookings { csv, file } = arguments.what;
    csv.iter().try_for_each(|csv| refuse_hotel(csv))?;
    let db = open_existing(&settled(&file)?)?;
    match csv {
        None => {
            let count = db.read(&context(), |conn| transfer::export(conn, BufWriter::new(io::stdout().lock())))?;
            note(&db, "export", "reservation", json!({ "bookings": count }));
        }
        Some(csv) => {
            let count = export_to(&db, &csv)?;
            note(&db, "export", "reservation", json!({ "bookings": count, "file": csv.display().to_string() }));
            print(format!("{count} bookings are in {}.\n", csv.display()).as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A hotel's file in the place of a CSV file. Looked at before the hotel is opened: to open its file
/// once more would cost it SQLite's locks.
fn refuse_hotel(csv: &Path) -> Result<(), Failure> {
    if pack::form(csv).is_ok_and(|form| form != Form::Other) {
        return Err(Failure::Plain(format!("{} is a data file or a back-up; name another file for the CSV.", csv.display())));
    }
    Ok(())
}

/// Writes beside the file and puts it in place once whole, so that a full disk
/// leaves no half of it.
fn export_to(db: &Db, csv: &Path) -> Result<u64, Failure> {
    let failed = || io_failure(format!("{} cannot be written.", csv.display()));
    let mut part = csv.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut out = BufWriter::new(pack::create(&part).map_err(failed())?);
    let count = db.read(&context(), |conn| transfer::export(conn, &mut out))?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(failed())?;
    drop(out);
    std::fs::rename(&part, csv).map_err(failed())?;
    Ok(count)
}
