//! The git repository that a submission lies in: where its top is, and the submission's folder as it was in another commit.
//!
//! Reading is by the `git` program: its objects only (`rev-parse`, `merge-base`, `ls-tree`, `cat-file`). Nothing of the repository is run:
//! hooks, filters, pagers and remotes are not asked, no commit is checked out, and nothing is fetched.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use crate::diagnostic::Text;
use crate::text;

/// Returns a folder as seen from the top of the repository that it lies in, with `/`; from the working directory, if it lies in none.
/// Empty if it is that place itself, or is not below it.
pub(super) fn folder_seen_from_top(folder: &Path) -> String {
    let Ok(folder) = folder.canonicalize() else { return String::new() };
    let top = folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned);
    let top = top.or_else(|| std::env::current_dir().and_then(|here| here.canonicalize()).ok());
    let inside = top.as_ref().and_then(|top| folder.strip_prefix(top).ok());
    inside.map(|inside| inside.to_string_lossy().replace('\\', "/")).unwrap_or_default()
}

/// A folder as it was in a commit.
pub(super) struct Earlier {
    /// The commit: 40 or 64 hexadecimal digits.
    pub(super) commit: String,
    /// The files, in a place of their own that goes with this value; `None` if the commit has no such folder.
    pub(super) files: Option<tempfile::TempDir>,
}

/// Reads a folder as it was where the history of the working tree left that of `rev`: in their merge base, which is `rev` itself if it is
/// an ancestor. Links and submodules are left out, and so is what git keeps elsewhere (large file storage).
///
/// # Errors
/// Where the folder lies in no repository, the revision is not known, or the two have no commit in common; the text says what to do.
pub(super) fn earlier(folder: &Path, rev: &str) -> Result<Earlier, Text> {
    let git = Git { folder };
    let commit = git.base(rev)?;
    let prefix = git.line(&["rev-parse", "--show-prefix"])?;
    let mut list = vec!["ls-tree", "-r", "-z", "--full-tree", &commit];
    if !prefix.is_empty() {
        list.extend(["--", &prefix]);
    }
    let listed = git.run(&list)?;
    let entries = entries(&listed, &prefix);
    if entries.is_empty() {
        return Ok(Earlier { commit, files: None });
    }
    let place = tempfile::tempdir().map_err(|error| no_place(&error))?;
    git.write(&entries, place.path())?;
    Ok(Earlier { commit, files: Some(place) })
}

/// A file of a tree: its object, and its path inside the folder.
type Entry = (String, PathBuf);

/// Reads what `ls-tree -z` lists: `mode SP type SP object TAB path NUL`. Only plain files at plain paths are taken.
fn entries(listed: &[u8], prefix: &str) -> Vec<Entry> {
    let lines = listed.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
    let entry = |line: &str| {
        let (head, path) = line.split_once('\t')?;
        let mut words = head.split(' ');
        let (mode, kind, object) = (words.next()?, words.next()?, words.next()?);
        let inside = PathBuf::from(path.strip_prefix(prefix)?);
        let plain = inside.components().all(|part| matches!(part, Component::Normal(_)));
        (mode.starts_with("100") && kind == "blob" && plain).then(|| (object.to_owned(), inside))
    };
    lines.filter_map(entry).collect()
}

struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(self.folder)
            // What a repository's own settings could make git run is switched off, and so is every way to a remote.
            .args(["--no-pager", "--no-replace-objects", "--literal-pathspecs", "--no-optional-locks"])
            .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false"])
            .args(arguments)
            // A hook of git runs with settings for its own folder.
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_PREFIX")
            .env("GIT_ALLOW_PROTOCOL", "")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Vec<u8>, Text> {
        let done = self.command(arguments).output().map_err(|error| not_started(&error))?;
        if done.status.success() {
            return Ok(done.stdout);
        }
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        Err(text!(en: "git failed: {said}", zh: "git 运行失败：{said}"))
    }

    fn line(&self, arguments: &[&str]) -> Result<String, Text> {
        Ok(String::from_utf8_lossy(&self.run(arguments)?).trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Returns the commit that the working tree is compared with.
    fn base(&self, rev: &str) -> Result<String, Text> {
        let folder = self.folder.display();
        // What is no revision could be an option to git, or a second argument.
        if rev.is_empty() || rev.starts_with('-') || rev.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(text!(en: "`{rev}` is no revision", zh: "“{rev}”不是版本"));
        }
        match self.line(&["rev-parse", "--is-inside-work-tree"]) {
            Ok(inside) if inside == "true" => {}
            // That git is not there, or does not trust the folder's owner, is said as such.
            Err(problem) if !problem.en.contains("not a git repository") => return Err(problem),
            Ok(_) | Err(_) => {
                return Err(text!(
                    en: "{folder} lies in no git repository, so that nothing is known of its state at `{rev}`",
                    zh: "{folder} 不在 git 仓库中，无法得知它在“{rev}”时的状态"
                ));
            }
        }
        let named = self.line(&["rev-parse", "--verify", "--quiet", &format!("{rev}^{{commit}}")]);
        let base = named.as_ref().ok().and_then(|commit| self.line(&["merge-base", commit, "HEAD"]).ok());
        if let Some(base) = base.filter(|base| !base.is_empty()) {
            return Ok(base);
        }
        let shallow = self.line(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|shallow| shallow == "true");
        Err(match (shallow, named.is_ok()) {
            (true, _) => text!(
                en: "`{rev}` is not in this clone, which is shallow: fetch the history (`git fetch --unshallow`, or depth 0 in the job)",
                zh: "此克隆为浅克隆，其中没有“{rev}”的历史：请取回历史（git fetch --unshallow，或在作业中将深度设为 0）"
            ),
            (false, true) => text!(
                en: "`{rev}` has no commit in common with what is checked out",
                zh: "“{rev}”与当前检出的版本没有共同的提交"
            ),
            (false, false) => text!(
                en: "this repository has no revision `{rev}`; a branch of the remote is named as `origin/main`, once fetched",
                zh: "仓库中没有版本“{rev}”；远端分支须先取回，写作 origin/main"
            ),
        })
    }

    /// Writes files of a tree into a folder.
    fn write(&self, entries: &[Entry], folder: &Path) -> Result<(), Text> {
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| not_started(&error))?;
        let done = match (child.stdin.take(), child.stdout.take()) {
            (Some(mut questions), Some(answers)) => {
                let mut answers = BufReader::new(answers);
                // One question, one answer: neither side waits for the other's full pipe.
                entries.iter().try_for_each(|(object, path)| {
                    writeln!(questions, "{object}")?;
                    questions.flush()?;
                    take(&mut answers, &folder.join(path))
                })
            }
            _ => Err(std::io::ErrorKind::BrokenPipe.into()),
        };
        // It ends once its questions are closed; how does not matter any more.
        let _ = child.wait();
        done.map_err(|error| no_place(&error))
    }
}

/// Takes one answer of `cat-file --batch`: `object SP type SP size LF contents LF`.
fn take(answers: &mut impl BufRead, path: &Path) -> std::io::Result<()> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let size: u64 = match head.trim_end().rsplit_once(' ') {
        Some((_, size)) => size.parse().map_err(|_| std::io::ErrorKind::InvalidData)?,
        None => return Err(std::io::ErrorKind::InvalidData.into()),
    };
    if let Some(above) = path.parent() {
        std::fs::create_dir_all(above)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    let copied = std::io::copy(&mut answers.take(size), &mut file)?;
    let mut end = [0];
    answers.read_exact(&mut end)?;
    if copied == size { Ok(()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}

fn not_started(error: &std::io::Error) -> Text {
    text!(
        en: "git cannot be run, and an earlier state is read by it: {error}",
        zh: "无法运行 git，而较早的状态须由它读取：{error}"
    )
}

fn no_place(error: &std::io::Error) -> Text {
    text!(en: "the earlier state cannot be read: {error}", zh: "无法读取较早的状态：{error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_files_at_plain_paths_are_taken() {
        let listed = [
            "100644 blob aa\tplan/data/a.geojson",
            "100755 blob bb\tplan/run.sh",
            "120000 blob cc\tplan/link",
            "160000 commit dd\tplan/module",
            "100644 blob ee\tplan/../up",
            "100644 blob ff\tother/a",
        ];
        let found = entries(listed.join("\0").as_bytes(), "plan/");
        let paths: Vec<_> = found.iter().map(|(object, path)| (object.as_str(), path.to_str().unwrap_or(""))).collect();
        assert_eq!(paths, [("aa", "data/a.geojson"), ("bb", "run.sh")]);
    }
}
