//! The real executable: the server over sockets, and the commands.

mod commands;
mod demo;
mod serving;
mod transfer;
