//! Bytes that are hashed as they are read, so that a file need not be read twice.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::workspace::hex;

/// A reader that hashes what is read through it, where that is wanted.
pub(super) struct Hashed<R> {
    input: R,
    hash: Option<Sha256>,
}

impl<R: Read> Hashed<R> {
    /// Returns a reader of the same bytes, of which none was read before.
    pub(super) fn new(input: R, is_hashing: bool) -> Self {
        Hashed { input, hash: is_hashing.then(Sha256::new) }
    }

    /// Reads what is left, and returns the SHA-256 of all bytes in hexadecimal; empty, and without reading, where it is not wanted.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn end(mut self) -> io::Result<String> {
        if self.hash.is_some() {
            io::copy(&mut self, &mut io::sink())?;
        }
        Ok(self.hash.map_or_else(String::new, |hash| hex(&hash.finalize())))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        if let Some(hash) = &mut self.hash {
            hash.update(&buffer[..count]);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::workspace::sha256_hex;

    #[test]
    fn the_hash_is_that_of_all_bytes_however_many_were_read() {
        let bytes: Vec<u8> = (0..100_000u32).map(|at| at as u8).collect();
        for read in [0, 1, 70_000, 100_000] {
            for (is_hashing, expected) in [(true, sha256_hex(&bytes)), (false, String::new())] {
                let mut hashed = Hashed::new(bytes.as_slice(), is_hashing);
                hashed.read_exact(&mut vec![0; read]).unwrap();
                assert_eq!(hashed.end().unwrap(), expected, "{read}");
            }
        }
    }
}
