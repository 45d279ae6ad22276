//! Why a file could not be read at all.

use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Text;
use crate::text;

/// A file or folder that cannot be used, with the reason.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", self.text().en)]
pub struct ReadError {
    /// The path as people wrote it.
    pub path: PathBuf,
    /// The reason.
    #[source]
    pub cause: Cause,
}

/// What stands in the way of reading.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Cause {
    /// The operating system refuses.
    #[error("{0}")]
    System(Arc<std::io::Error>),
    /// The path is absolute or climbs out by `..`.
    #[error("path leaves the folder")]
    Outside,
    /// The path leads out through a symbolic link.
    #[error("link leaves the folder")]
    LinkOutside,
    /// It is no regular file.
    #[error("no regular file")]
    NotAFile,
    /// The file is larger than the bound, in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// The bytes are no text of this encoding.
    #[error("no {0} text")]
    Encoding(String),
    /// The bytes are no UTF-8, which nothing said they are, and may be text of this encoding.
    #[error("no UTF-8 text, perhaps {0}")]
    OtherEncoding(&'static str),
    /// There is no encoding of this name.
    #[error("no encoding {0}")]
    UnknownEncoding(String),
    /// The glob is malformed.
    #[error("{0}")]
    Glob(String),
    /// The glob matches more files than the bound.
    #[error("matches more than {0} files")]
    TooManyFiles(usize),
    /// The spreadsheet has more cells than the bound.
    #[error("more than {0} cells")]
    TooManyCells(usize),
    /// The format is not read; the second part says what to do.
    #[error("{} is not read", .0.en)]
    Format(Text, Text),
    /// What is in it cannot be used; the text says why.
    #[error("{}", _0.en)]
    Broken(Text),
    /// No pack of this name is built in.
    #[error("no built-in pack")]
    NoSuchPack,
}

impl ReadError {
    /// Returns the error of a path.
    pub fn new(path: impl Into<PathBuf>, cause: Cause) -> Self {
        ReadError { path: path.into(), cause }
    }

    /// Returns the error of a failed call to the operating system.
    pub fn system(path: impl Into<PathBuf>, error: std::io::Error) -> Self {
        Self::new(path, Cause::System(Arc::new(error)))
    }

    /// Says what is wrong, in both languages.
    pub fn text(&self) -> Text {
        let path = self.path.display();
        match &self.cause {
            Cause::System(error) => match error.kind() {
                std::io::ErrorKind::NotFound => text!(en: "there is no file `{path}`", zh: "没有文件“{path}”"),
                std::io::ErrorKind::PermissionDenied => {
                    text!(en: "no permission to read `{path}`", zh: "没有读取“{path}”的权限")
                }
                _ => text!(en: "cannot read `{path}`: {error}", zh: "无法读取“{path}”：{error}"),
            },
            Cause::Outside => text!(
                en: "`{path}` lies outside the submission's folder, and only files inside it are read",
                zh: "“{path}”在申报文件夹之外；只读取文件夹之内的文件"
            ),
            Cause::LinkOutside => text!(
                en: "`{path}` is a link that leads out of the submission's folder",
                zh: "“{path}”是指向申报文件夹之外的链接"
            ),
            Cause::NotAFile => text!(en: "`{path}` is not a regular file", zh: "“{path}”不是普通文件"),
            Cause::TooLarge(limit) => text!(
                en: "`{path}` is larger than the limit of {limit} bytes",
                zh: "“{path}”超过 {limit} 字节的上限"
            ),
            Cause::Encoding(name) => text!(
                en: "`{path}` is not text in {name}",
                zh: "“{path}”不是 {name} 编码的文本"
            ),
            Cause::OtherEncoding(name) => text!(
                en: "`{path}` is not text in UTF-8; it may be {name}",
                zh: "“{path}”不是 UTF-8 编码的文本，可能是 {name}"
            ),
            Cause::UnknownEncoding(name) => text!(
                en: "there is no encoding `{name}` (for `{path}`); UTF-8, GBK and GB18030 are usual",
                zh: "没有编码“{name}”（用于“{path}”）；常用的是 UTF-8、GBK、GB18030"
            ),
            Cause::Glob(reason) => text!(
                en: "`{path}` is not a path pattern: {reason}",
                zh: "“{path}”不是有效的路径通配式：{reason}"
            ),
            Cause::TooManyFiles(limit) => text!(
                en: "`{path}` matches more than the limit of {limit} files",
                zh: "“{path}”匹配的文件超过 {limit} 个的上限"
            ),
            Cause::TooManyCells(limit) => text!(
                en: "`{path}` has more than the limit of {limit} cells",
                zh: "“{path}”的单元格超过 {limit} 个的上限"
            ),
            Cause::Format(format, advice) => Text::new(
                format!("`{path}` is {}, which is not read: {}", format.en, advice.en),
                format!("“{path}”是{}，不能直接读取：{}", format.zh, advice.zh),
            ),
            Cause::Broken(why) => {
                Text::new(format!("cannot read `{path}`: {}", why.en), format!("无法读取“{path}”：{}", why.zh))
            }
            Cause::NoSuchPack => text!(
                en: "no pack `{path}` is built in, and it is no folder either",
                zh: "没有内置规则包“{path}”，也没有这个文件夹"
            ),
        }
    }
}
