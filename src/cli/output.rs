//! How the program talks: results to standard output, talk to standard error.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use super::arguments::{Color, Common};
use crate::diagnostic::{Language, Text};

/// Language, colour and width of a run, and how much to say.
#[derive(Debug, Clone)]
pub(super) struct Talk {
    /// The language.
    pub(super) language: Language,
    /// Whether results are coloured.
    pub(super) color: bool,
    /// Whether talk is coloured.
    pub(super) color_talk: bool,
    /// Cells in a line of the terminal.
    pub(super) width: usize,
    /// Whether to say nothing but the result.
    pub(super) quiet: bool,
    /// Whether to say more.
    pub(super) verbose: bool,
    /// Whether to say nothing at all, not even what is wrong.
    silent: bool,
}

/// Cells in a line where there is no terminal to ask.
const WIDTH: usize = 100;

impl Talk {
    /// Returns how to talk after what the command line and the terminal say.
    pub(super) fn new(language: Language, common: &Common) -> Self {
        let allowed = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let color = |terminal: bool| match common.color {
            Color::Auto => allowed && terminal,
            Color::Always => true,
            Color::Never => false,
        };
        let width = match std::io::stdout().is_terminal() {
            true => comfy_table::Table::new().width().map_or(WIDTH, usize::from),
            false => WIDTH,
        };
        Talk {
            language,
            color: color(std::io::stdout().is_terminal()),
            color_talk: color(std::io::stderr().is_terminal()),
            width,
            quiet: common.quiet,
            verbose: common.verbose,
            silent: false,
        }
    }

    /// Returns the same that says nothing, not even what is wrong.
    pub(super) fn silenced(&self) -> Talk {
        Talk { quiet: true, silent: true, ..self.clone() }
    }

    /// Prints a result. A reader that has closed the pipe wants no more: that is no failure.
    pub(super) fn result(&self, bytes: impl AsRef<[u8]>) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(bytes.as_ref()).and_then(|()| out.flush());
    }

    /// Says something that is no result.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Says what is wrong, quiet or not.
    pub(super) fn complain(&self, text: &str) {
        if self.silent {
            return;
        }
        let mut err = std::io::stderr().lock();
        let _ = err.write_all(text.as_bytes());
        if !text.ends_with('\n') {
            let _ = err.write_all(b"\n");
        }
    }

    /// Says in one line why the run cannot go on.
    pub(super) fn fail(&self, text: &Text) {
        let (heading, words) = match self.language {
            Language::En => ("error: ", &text.en),
            Language::Zh => ("错误：", &text.zh),
        };
        self.complain(&format!("{heading}{}", crate::report::escape::line(words)));
    }

    /// Returns a bar on a terminal, drawn only once a second has passed; else one that does nothing.
    pub(super) fn progress(&self) -> indicatif::ProgressBar {
        if self.quiet || !std::io::stderr().is_terminal() {
            return indicatif::ProgressBar::hidden();
        }
        let bar = indicatif::ProgressBar::with_draw_target(None, indicatif::ProgressDrawTarget::stderr_with_hz(8));
        let style = indicatif::ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {elapsed}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_secs(1));
        bar
    }
}

/// Writes a file beside its place and renames it into place, so that nobody reads half a file.
///
/// # Errors
/// Where the folder cannot be made or written to.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Text> {
    let attempt = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(".part");
        let beside = std::path::PathBuf::from(beside);
        // The folder may have come with the submission: what stands there already, a link above all, is not written through.
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        std::fs::OpenOptions::new().write(true).create_new(true).open(&beside)?.write_all(bytes)?;
        std::fs::rename(&beside, path)
    };
    attempt().map_err(|error| {
        let path = path.display();
        crate::text!(en: "cannot write {path}: {error}", zh: "无法写入 {path}：{error}")
    })
}
