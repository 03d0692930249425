//! What must happen: a row a state, a column a command.
//!
//! `all`, `early`, `late`, `other` = it works, and the file then holds Early and Late, Early, Late, or
//! what another hotel's file holds; `new` = a new hotel begins; `shown` = the page of the one that is open;
//! `well` = it works and changes nothing. `+` = and what was none of the file's own is put aside.
//! A word in capitals = it is refused with that sentence, and every file stays as it is. `-` = not run.

use super::commands::{COMMANDS, Command};

/// A refusal: a part of its sentence, and of what it says to do.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("NONE", "There is no data file at", "Name yours with --db"),
    ("LOST", "but a hotel was here", "innkeeper restore "),
    ("TWICE", "has a second name on this disk", "Remove the other name"),
    ("LINK", "is a link to", "Bring back the disk"),
    ("NOFILE", "is no ordinary file", "take it elsewhere"),
    ("RIGHTS", "may not be read and written by this account", "give this one the rights"),
    ("DAMAGED", "is damaged", "innkeeper restore COPY"),
    ("LOG", "is damaged: what was entered last stands in it", "innkeeper restore COPY"),
    ("FOREIGN", "is not an Innkeeper data file", "innkeeper restore COPY"),
    ("NEWER", "was written by a newer Innkeeper", "Start the newer program"),
    ("STRAY", "lies what is none of its own", "Start Innkeeper with the file once"),
    ("HALF", "was being changed by another program", "Open the file with that program once"),
    ("SPOILT", "has been damaged since", "Use another copy"),
    ("NOCOPY", "is neither a back-up of Innkeeper's nor a data file", "Use another"),
    ("OPEN", "The hotel is open", "Close Innkeeper first"),
    ("UNREAD", "cannot be read", "Give this account the rights"),
    ("UNWRITTEN", "cannot be written", "Check that"),
    ("FOLDER", "could not be made", "Check that"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It works and the file holds these names; whether something is put aside.
    Works(Vec<&'static str>, bool),
    /// A new hotel begins.
    New,
    /// The page of the server that is open.
    Shown,
    /// It works and changes nothing.
    Well,
    Refused(&'static str),
    NotRun,
}

impl Outcome {
    fn parse(word: &'static str) -> Outcome {
        let (word, is_aside) = word.strip_suffix('+').map_or((word, false), |word| (word, true));
        match word {
            "all" => Outcome::Works(vec!["Early", "Late"], is_aside),
            "early" => Outcome::Works(vec!["Early"], is_aside),
            "other" => Outcome::Works(vec!["Other"], is_aside),
            "new" => Outcome::New,
            "shown" => Outcome::Shown,
            "well" => Outcome::Well,
            "-" => Outcome::NotRun,
            other => match SENTENCES.iter().find(|(key, _, _)| *key == other) {
                Some((key, _, _)) => Outcome::Refused(key),
                None => panic!("{other} is no outcome"),
            },
        }
    }

    pub fn fits(&self, said: &super::commands::Said) -> bool {
        match self {
            Outcome::Works(..) | Outcome::Well => said.code == Some(0) && !said.text.contains("already; this is its page"),
            Outcome::New => said.code == Some(0) && said.text.contains("To set the hotel up"),
            Outcome::Shown => said.code == Some(0) && said.text.contains("already; this is its page"),
            Outcome::Refused(key) => SENTENCES.iter().any(|(own, what, advice)| {
                own == key && said.code == Some(1) && said.text.contains(what) && said.text.contains(advice)
            }),
            Outcome::NotRun => false,
        }
    }

    pub fn is_refusal(&self) -> bool {
        matches!(self, Outcome::Refused(_))
    }

    pub fn puts_aside(&self) -> bool {
        matches!(self, Outcome::Works(_, true))
    }

    pub fn holds(&self) -> Option<&[&'static str]> {
        match self {
            Outcome::Works(names, _) => Some(names),
            Outcome::New | Outcome::Shown | Outcome::Well | Outcome::Refused(_) | Outcome::NotRun => None,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Row {
    pub state: &'static str,
    /// What the data file holds together with its own log.
    pub holds: Vec<String>,
    outcomes: Vec<Outcome>,
}

impl Row {
    pub fn outcome(&self, command: Command) -> Outcome {
        let at = COMMANDS.iter().position(|other| *other == command).expect("a column");
        self.outcomes[at].clone()
    }
}

pub fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let (state, words) = line.split_once('|').expect("a state and its outcomes");
    let mut words = words.split_whitespace();
    let holds = match words.next().expect("what it holds") {
        "nothing" => vec![],
        names => names.split(',').map(str::to_owned).collect(),
    };
    let outcomes: Vec<Outcome> = words.map(Outcome::parse).collect();
    assert_eq!(outcomes.len(), COMMANDS.len(), "{state}");
    Row { state: state.trim(), holds, outcomes }
}

const TABLE: &str = "
# the data file, with nothing beside it              | holds      start  look   backup restore dry-run check  import export user   upgrade
no file                                              | nothing    new    NONE   NONE   early   well    NONE   NONE   NONE   NONE   NONE
an empty file                                        | nothing    new    NONE   NONE   early   well    NONE   NONE   NONE   NONE   NONE
closed in order                                      | Early,Late all    all    all    early   well    all    all    all    all    all
closed for good                                      | Early,Late all    all    all    early   well    all    all    all    all    all
another hotel's file                                 | Other      other  other  other  early   well    other  other  other  other  other
a newer version's file                               | Early,Late NEWER  NEWER  NEWER  early   well    NEWER  NEWER  NEWER  NEWER  -
a letter                                             | nothing    FOREIGN FOREIGN FOREIGN early well   FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN
a file of noughts                                    | nothing    FOREIGN FOREIGN FOREIGN early well   FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN
another program's data file                          | nothing    FOREIGN FOREIGN FOREIGN early well   FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN
a packed copy under the file's name                  | nothing    FOREIGN FOREIGN FOREIGN early well   FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN
the head overwritten                                 | nothing    FOREIGN FOREIGN FOREIGN early well   FOREIGN FOREIGN FOREIGN FOREIGN FOREIGN
the first page overwritten behind its head           | nothing    DAMAGED DAMAGED DAMAGED early well   DAMAGED DAMAGED DAMAGED DAMAGED DAMAGED
the end cut off                                      | nothing    DAMAGED DAMAGED DAMAGED early well   DAMAGED DAMAGED DAMAGED DAMAGED DAMAGED
the end cut off within a page                        | nothing    DAMAGED DAMAGED DAMAGED early well   DAMAGED DAMAGED DAMAGED DAMAGED DAMAGED
a link to the file                                   | Early,Late all    all    all    early   well    all    all    all    all    all
a link to the file and its log                       | Early,Late all    all    all    early   well    all    all    all    all    all
a link to nothing                                    | nothing    LINK   LINK   LINK   early   well    LINK   LINK   LINK   LINK   LINK
a link to itself                                     | nothing    LINK   LINK   LINK   early   well    LINK   LINK   LINK   LINK   LINK
a second name elsewhere                              | Early,Late TWICE  TWICE  TWICE  early   well    TWICE  TWICE  TWICE  TWICE  TWICE
a folder                                             | nothing    NOFILE NOFILE NOFILE UNWRITTEN well  NOFILE NOFILE NOFILE NOFILE NOFILE
unreadable                                           | Early,Late RIGHTS RIGHTS RIGHTS early   well    RIGHTS RIGHTS RIGHTS RIGHTS -
read-only                                            | Early,Late RIGHTS all    RIGHTS early   well    RIGHTS RIGHTS RIGHTS RIGHTS -
in a folder that may not be written to               | Early,Late RIGHTS RIGHTS RIGHTS UNWRITTEN UNWRITTEN RIGHTS RIGHTS RIGHTS RIGHTS -

# its log                                            | holds      start  look   backup restore dry-run check  import export user   upgrade
killed, with its log                                 | Early,Late all    all    all    early   well    all    all    all    all    all
killed, its log folded in already                    | Early,Late all    all    all    early   well    all    all    all    all    all
an empty log                                         | Early,Late all    all    all    early   well    all    all    all    all    all
a log of noughts                                     | Early,Late all    all    all    early   well    all    all    all    all    all
an older log                                         | Early,Late all+   STRAY  all+   early   well    all+   all+   all+   all+   all+
another hotel's log                                  | Early,Late all+   STRAY  all+   early   well    all+   all+   all+   all+   all+
a log beside a file closed for good                  | Early,Late all+   STRAY  all+   early   well    all+   all+   all+   all+   all+
no file beside its log                               | nothing    LOST   LOST   LOST   early   well    LOST   LOST   LOST   LOST   LOST
an empty file beside its log                         | nothing    LOST   LOST   LOST   early   well    LOST   LOST   LOST   LOST   LOST
a log with a damaged head                            | Early      LOG    LOG    LOG    early   well    LOG    LOG    LOG    LOG    LOG
a log damaged before its last change                 | Early      LOG    LOG    LOG    early   well    LOG    LOG    LOG    LOG    LOG
a log that is a letter                               | Early      LOG    LOG    LOG    early   well    LOG    LOG    LOG    LOG    LOG
a log that is a link                                 | Early,Late NOFILE NOFILE NOFILE early   well    NOFILE NOFILE NOFILE NOFILE NOFILE
a log that is a folder                               | Early,Late NOFILE NOFILE NOFILE early   well    NOFILE NOFILE NOFILE NOFILE NOFILE
an unreadable log                                    | Early      RIGHTS RIGHTS RIGHTS early   well    RIGHTS RIGHTS RIGHTS RIGHTS -

# the index of the log                               | holds      start  look   backup restore dry-run check  import export user   upgrade
an index that is a letter                            | Early,Late all    all    all    early   well    all    all    all    all    all
a log with an index that is a letter                 | Early,Late all    all    all    early   well    all    all    all    all    all
an index that is a folder                            | Early,Late NOFILE NOFILE NOFILE early   well    NOFILE NOFILE NOFILE NOFILE NOFILE
an index that is a link to the file                  | Early,Late NOFILE NOFILE NOFILE early   well    NOFILE NOFILE NOFILE NOFILE NOFILE

# its journal                                        | holds      start  look   backup restore dry-run check  import export user   upgrade
an empty journal                                     | Early,Late all    all    all    early   well    all    all    all    all    all
a journal that was finished with                     | Early,Late all    all    all    early   well    all    all    all    all    all
its own journal                                      | Early,Late all    STRAY  all    early   well    all    all    all    all    all
another file's journal                               | Early,Late all+   STRAY  all+   early   well    all+   all+   all+   all+   all+
a journal that is a letter                           | Early,Late all+   STRAY  all+   early   well    all+   all+   all+   all+   all+
another program's journal of a file closed for good  | Early,Late HALF   HALF   HALF   early   well    HALF   HALF   HALF   HALF   HALF
no file beside a journal                             | nothing    LOST   LOST   LOST   early   well    LOST   LOST   LOST   LOST   LOST
a journal that is a link to the file                 | Early,Late NOFILE NOFILE NOFILE early   well    NOFILE NOFILE NOFILE NOFILE NOFILE

# the lock and the note                              | holds      start  look   backup restore dry-run check  import export user   upgrade
a lock that nobody holds                             | Early,Late all    all    all    early   well    all    all    all    all    all
a note that is a letter                              | Early,Late all    all    all    early   well    all    all    all    all    all
a lock that is a folder                              | Early,Late all    all    all    early   well    all    all    all    all    all
a lock that is a link to the file                    | Early,Late all    all    all    early   well    all    all    all    all    all
a note's part that is a link to the file             | Early,Late all    all    all    early   well    all    all    all    all    all
open at a server                                     | Early,Late shown  shown  all    OPEN    OPEN    all    all    all    all    -

# copies and restores that were broken off           | holds      start  look   backup restore dry-run check  import export user   upgrade
a copy half made, with a journal                     | Early,Late all    all    all    early   well    all    all    all    all    all
a copy half made that is a link to the file          | Early,Late all    all    all    early   well    all    all    all    all    all
a packed copy half made                              | Early,Late all    all    all    early   well    all    all    all    all    all
a packed copy half made that is a link to the file   | Early,Late all    all    all    early   well    all    all    all    all    all
a restore half done, with a journal                  | Early,Late all    all    all    early   well    all    all    all    all    all
a restore half done, with another's log              | Early,Late all    all    all    early   well    all    all    all    all    all
a restore half done that is a link to the file       | Early,Late all    all    all    early   well    all    all    all    all    all
killed while the file was set aside                  | Early,Late all    TWICE  TWICE  early   well    TWICE  TWICE  TWICE  TWICE  TWICE
killed after its log was set aside                   | Early,Late all    TWICE  TWICE  early   well    TWICE  TWICE  TWICE  TWICE  TWICE
no file beside one that was set aside                | nothing    LOST   LOST   LOST   early   well    LOST   LOST   LOST   LOST   LOST
an upgrade's copy half made                          | Early,Late all    all    all    early   well    all    all    all    all    all

# the journal of erasures                            | holds      start  look   backup restore dry-run check  import export user   upgrade
a journal of erasures that is a letter               | Early,Late all    all    all    early   well    all    all    all    all    all
a journal of erasures that is no text                | Early,Late all    all    all    early   well    all    all    all    all    all
a journal of erasures that is a folder               | Early,Late all    all    all    UNREAD  UNREAD  all    all    all    all    all
an unreadable journal of erasures                    | Early,Late all    all    all    UNREAD  UNREAD  all    all    all    all    -

# the copies                                         | holds      start  look   backup restore dry-run check  import export user   upgrade
no file beside its copies                            | nothing    LOST   LOST   LOST   early   well    LOST   LOST   LOST   LOST   LOST
an empty file beside its copies                      | nothing    LOST   LOST   LOST   early   well    LOST   LOST   LOST   LOST   LOST
no file beside copies that may not be listed         | nothing    LOST   LOST   LOST   UNREAD  UNREAD  LOST   LOST   LOST   LOST   -
copies in a folder that is a file                    | Early,Late all    all    FOLDER early   well    all    all    all    all    all
copies in a folder that may not be written to        | Early,Late all    all    UNWRITTEN early well    all    all    all    all    -
a damaged copy                                       | Early,Late all    all    all    SPOILT  SPOILT  all    all    all    all    all
a copy cut short                                     | Early,Late all    all    all    SPOILT  SPOILT  all    all    all    all    all
an empty copy                                        | Early,Late all    all    all    NOCOPY  NOCOPY  all    all    all    all    all
a copy that is a letter                              | Early,Late all    all    all    NOCOPY  NOCOPY  all    all    all    all    all
an unreadable copy                                   | Early,Late all    all    all    UNREAD  UNREAD  all    all    all    all    -
another hotel's copy                                 | Early,Late all    all    all    other   well    all    all    all    all    all
a newer copy                                         | Early,Late all    all    all    all     well    all    all    all    all    all
a copy that is the file itself                       | Early,Late all    all    all    all     well    all    all    all    all    all
a copied file with its own log                       | Early,Late all    all    all    all     well    all    all    all    all    all
a copied file with another's log                     | Early,Late all    all    all    early   well    all    all    all    all    all
";
