//! A log, read as SQLite would: whose it is, and whether all of it can still be read.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::{Head, MARK_PAGE, marks, number, page_bytes};

/// A log without a change in it has this many bytes.
pub(super) const HEAD: u64 = 32;
const FRAME_HEAD: usize = 24;

/// What a log is to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its own, or one that says nothing about that.
    Own,
    /// Another file's, or of another time of this one.
    Strange,
    /// Its own, but what was acknowledged in it cannot be read any more.
    Damaged,
}

/// Reads a log beside its file.
pub(super) fn look(path: &Path, file: &Head) -> io::Result<Verdict> {
    let mut from = BufReader::new(File::open(path)?);
    let mut head = Vec::new();
    from.by_ref().take(HEAD).read_to_end(&mut head)?;
    // Not a byte of the first change reached the disk: nobody was told that it is saved.
    if !file.is_ours || head.iter().all(|byte| *byte == 0) {
        return Ok(Verdict::Own);
    }
    let is_log = head.len() == HEAD as usize && number(&head, 0) & 0xffff_fffe == 0x377f_0682;
    if !file.may_have_log || (is_log && page_bytes(number(&head, 8)) != file.page_bytes) {
        return Ok(Verdict::Strange);
    }
    let mut sum = Sum { is_big: head.get(3).is_some_and(|byte| byte & 1 == 1), of: (0, 0) };
    if !is_log || !sum.goes_on(&head[..24]).is(&head[24..32]) {
        return Ok(Verdict::Damaged);
    }
    let frames = Frames::read(&mut from, &head[16..24], sum, file.page_bytes)?;
    let is_other = |mark: &Vec<u8>| !frames.marks.is_empty() && !frames.marks.contains(mark);
    if file.mark.as_ref().is_some_and(is_other) {
        return Ok(Verdict::Strange);
    }
    Ok(if frames.has_lost_a_commit { Verdict::Damaged } else { Verdict::Own })
}

/// SQLite's running sum over a log.
#[derive(Clone, Copy)]
struct Sum {
    is_big: bool,
    of: (u32, u32),
}

impl Sum {
    fn goes_on(&mut self, bytes: &[u8]) -> &mut Sum {
        let read = |at: &[u8]| {
            let word = [at[0], at[1], at[2], at[3]];
            if self.is_big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
        };
        let (mut one, mut two) = self.of;
        for pair in bytes.chunks_exact(8) {
            one = one.wrapping_add(read(pair)).wrapping_add(two);
            two = two.wrapping_add(read(&pair[4..])).wrapping_add(one);
        }
        self.of = (one, two);
        self
    }

    fn is(&self, stored: &[u8]) -> bool {
        self.of == (number(stored, 0), number(stored, 4))
    }
}

/// The pages of a log's present round: before it others may have stood there.
#[derive(Default)]
struct Frames {
    marks: HashSet<Vec<u8>>,
    /// A page cannot be read although a commit was finished behind it: each commit is on the disk
    /// before the next begins, so that somebody was told that it is saved. Where only the last
    /// commit is in pieces, nobody was.
    has_lost_a_commit: bool,
}

impl Frames {
    fn read(from: &mut BufReader<File>, round: &[u8], mut sum: Sum, page_bytes: u64) -> io::Result<Frames> {
        let (mut found, mut frame) = (Frames::default(), Vec::new());
        let (mut is_whole, mut is_committed_behind) = (true, false);
        loop {
            frame.clear();
            from.by_ref().take(FRAME_HEAD as u64 + page_bytes).read_to_end(&mut frame)?;
            if frame.len() as u64 != FRAME_HEAD as u64 + page_bytes {
                return Ok(found);
            }
            let (head, page) = frame.split_at(FRAME_HEAD);
            let is_of_round = head[8..16] == *round;
            is_whole = is_whole && is_of_round && sum.goes_on(&head[..8]).goes_on(page).is(&head[16..24]);
            if !is_of_round {
                continue;
            }
            found.has_lost_a_commit |= is_committed_behind;
            is_committed_behind |= !is_whole && number(head, 4) > 0;
            if number(head, 0) == MARK_PAGE {
                found.marks.extend(marks(page).map(<[u8]>::to_vec));
            }
        }
    }
}
