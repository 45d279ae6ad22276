//! Bytes of a binary file in order, piece by piece.
//!
//! A file says how long its pieces are, and may lie: memory grows with the bytes that are there, never with those that are announced.

use std::io::{self, Read};

/// How much is read at a time.
const STEP: usize = 1 << 16;

/// A reader that lends the next bytes of a file.
pub(super) struct Stream<'r> {
    input: &'r mut dyn Read,
    buffer: Vec<u8>,
    /// The first byte of the buffer that was not taken.
    start: usize,
    /// One past the last byte of the buffer that was read.
    end: usize,
    /// Bytes taken or skipped so far.
    at: u64,
}

impl<'r> Stream<'r> {
    pub(super) fn new(input: &'r mut dyn Read) -> Self {
        Stream { input, buffer: Vec::new(), start: 0, end: 0, at: 0 }
    }

    /// Returns how many bytes lie before the next one.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Takes the next `count` bytes; `None` if the file ends before.
    pub(super) fn take(&mut self, count: usize) -> io::Result<Option<&[u8]>> {
        if !self.fill(count)? {
            return Ok(None);
        }
        let from = self.start;
        self.start += count;
        self.at += count as u64;
        Ok(Some(&self.buffer[from..from + count]))
    }

    /// Takes the next `N` bytes; `None` if the file ends before.
    pub(super) fn array<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        Ok(self.take(N)?.and_then(|bytes| bytes.try_into().ok()))
    }

    /// Leaves out the next `count` bytes; tells whether there were so many.
    pub(super) fn skip(&mut self, mut count: u64) -> io::Result<bool> {
        while count > 0 {
            let step = count.min(STEP as u64) as usize;
            if self.take(step)?.is_none() {
                return Ok(false);
            }
            count -= step as u64;
        }
        Ok(true)
    }

    /// Makes the buffer hold `count` bytes that were not taken; tells whether there are so many.
    fn fill(&mut self, count: usize) -> io::Result<bool> {
        while self.end - self.start < count {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.end == self.buffer.len() {
                let more = self.buffer.len().max(STEP);
                self.buffer.resize(self.buffer.len() + more, 0);
            }
            let read = match self.input.read(&mut self.buffer[self.end..]) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if read == 0 {
                return Ok(false);
            }
            self.end += read;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_order_and_lengths_that_lie_cost_nothing() {
        let bytes: Vec<u8> = (0..200_000u32).map(|at| at as u8).collect();
        let mut input = bytes.as_slice();
        let mut stream = Stream::new(&mut input);
        assert_eq!(stream.array::<2>().unwrap(), Some([0, 1]));
        assert!(stream.skip(100_000).unwrap());
        assert_eq!(stream.take(3).unwrap(), Some(&bytes[100_002..100_005]));
        assert_eq!(stream.at(), 100_005);
        assert_eq!(stream.take(usize::MAX / 2).unwrap(), None);
        assert!(stream.buffer.len() <= 4 * bytes.len());
        assert_eq!(stream.take(99_995).unwrap().map(<[u8]>::len), Some(99_995));
        assert!(!stream.skip(1).unwrap());
    }
}
