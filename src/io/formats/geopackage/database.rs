//! A GeoPackage opened so that it can do no harm: read only, nothing written beside it, and its own SQL held to reading.
//!
//! A view is a program of whoever handed it in. It may read tables; it may not call what reaches beyond them, recurse, or go on for
//! ever.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::diagnostic::Text;
use crate::io::error::Cause;
use crate::text;

/// Steps of the database between two looks at the clockless watch.
const STEPS: i32 = 10_000;

/// Looks that may pass without a row: some seconds of work. Every row buys one more.
const PATIENCE: u64 = 10_000;

/// Pages of the file that are held, in KiB: rows are read once, in the order of the file.
const CACHE: i32 = 256;

/// The largest value in bytes.
const VALUE: i32 = 512 << 20;

/// Functions that a view has no business with.
const BARRED: [&str; 6] = ["load_extension", "zeroblob", "randomblob", "random", "readfile", "fts3_tokenizer"];

/// An open database.
pub(super) struct Database {
    connection: Connection,
    watch: Watch,
}

/// How much work may still be done; every row given buys more.
#[derive(Clone)]
pub(super) struct Watch(Arc<AtomicU64>);

impl Watch {
    /// Books a row.
    pub(super) fn row(&self) {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store((left + 1).min(PATIENCE), Ordering::Relaxed);
    }

    /// Takes one look; tells whether patience is at its end.
    fn look(&self) -> bool {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        left == 0
    }
}

impl Database {
    /// Opens the file at a resolved path.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(uri(path), flags)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        for (limit, most) in [
            (Limit::SQLITE_LIMIT_LENGTH, VALUE),
            (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
            (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
        ] {
            connection.set_limit(limit, most)?;
        }
        connection.pragma_update(None, "cache_size", -CACHE)?;
        let watch = Watch(Arc::new(AtomicU64::new(PATIENCE)));
        let watching = watch.clone();
        connection.progress_handler(STEPS, Some(move || watching.look()))?;
        connection.authorizer(Some(authorized))?;
        Ok(Database { connection, watch })
    }

    /// Returns the way to ask.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Returns what is to be told of each row.
    pub(super) fn watch(&self) -> Watch {
        self.watch.clone()
    }
}

fn authorized(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } => Authorization::Allow,
        AuthAction::Pragma { pragma_name: "table_info" | "table_xinfo", .. } => Authorization::Allow,
        AuthAction::Function { function_name } => {
            let barred = BARRED.iter().any(|barred| function_name.eq_ignore_ascii_case(barred));
            if barred { Authorization::Deny } else { Authorization::Allow }
        }
        _ => Authorization::Deny,
    }
}

/// Returns the address under which nothing is locked or written beside the file.
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

/// Returns a name as SQL has it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns why nothing can be read.
pub(super) fn refused(error: &rusqlite::Error) -> Cause {
    Cause::Broken(why(error))
}

/// Says what the database refuses.
pub(super) fn why(error: &rusqlite::Error) -> Text {
    let interrupted = error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted);
    if interrupted {
        text!(en: "a view in it does not come to an end", zh: "其中的视图无法在合理时间内得出结果")
    } else {
        let shown = crate::io::convert::shortened(&error.to_string());
        text!(en: "the database says: {shown}", zh: "数据库报错：{shown}")
    }
}
