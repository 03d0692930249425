//! A bar on the terminal while something long is done; nothing elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

/// The bar of one piece of work. It vanishes when dropped.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// `what` is done, such as "Importing". Shown on stderr, and only to people.
    pub fn new(what: &'static str) -> Progress {
        let bar = ProgressBar::new(0).with_message(what);
        match ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len}") {
            Ok(style) => bar.set_style(style),
            Err(error) => log::debug!("the progress bar stays plain: {error}"),
        }
        Progress(bar)
    }

    pub fn tell(&self, done: u64, of: u64) {
        self.0.set_length(of);
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
