//! The real executable: the server over sockets, and the commands.

mod commands;
mod serving;
