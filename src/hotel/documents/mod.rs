//! Documents for guests and staff: what they say, as trees of blocks in the server's words.
//!
//! Each kind has a file that puts its document together from what the other slices' rules and stores
//! give. How it looks is a writer's: `html` makes a page of it, to be read and printed.

pub mod account;
pub mod api;
pub mod blocks;
pub mod code;
pub mod confirmation;
pub mod html;
pub mod lists;
pub mod pdf;
pub mod receipt;
pub mod registration_card;
pub mod stay;

use crate::hotel::Slice;

pub const SLICE: Slice = Slice { name: "documents", endpoints: |_| api::endpoints(), ..Slice::EMPTY };
