//! Messages on a stream: a header with `Content-Length`, a blank line, JSON.

use std::io::{BufRead, Error, ErrorKind, Read, Result, Write};

/// The largest message that is read: 256 MiB.
pub const MOST_BYTES: usize = 256 << 20;

/// Longest line of a header.
const LONGEST_HEADER: u64 = 4096;

/// The next message as its bytes; none at the end of the stream.
///
/// # Errors
/// The stream cannot be read, ends inside a message, or its header has no sound length.
pub fn read(input: &mut impl BufRead) -> Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut begun = false;
    loop {
        let mut line = Vec::new();
        let taken = input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)?;
        if taken == 0 {
            return if begun { Err(wrong("the stream ends inside a header")) } else { Ok(None) };
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() {
            if begun {
                break;
            }
            continue;
        }
        begun = true;
        if let Some((name, value)) = text.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let Some(length) = length.filter(|length| *length <= MOST_BYTES) else {
        return Err(wrong("a header without a sound Content-Length"));
    };
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(body))
}

/// Writes one message.
///
/// # Errors
/// The stream cannot be written.
pub fn write(output: &mut impl Write, body: &str) -> Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_written_and_read_back_and_broken_ones_are_errors() {
        let mut bytes = Vec::new();
        write(&mut bytes, "{\"é\":1}").unwrap();
        write(&mut bytes, "2").unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(read(&mut input).unwrap().unwrap(), "{\"é\":1}".as_bytes());
        assert_eq!(read(&mut input).unwrap().unwrap(), b"2");
        assert!(read(&mut input).unwrap().is_none());
        let broken =
            ["Content-Length: x\r\n\r\n{}", "Content-Length: 9\r\n\r\n{}", "Content-Length: 2", "Foo: 2\r\n\r\n{}"];
        for text in broken {
            assert!(read(&mut text.as_bytes()).is_err(), "{text}");
        }
        let typed = "content-type: x\r\nCONTENT-LENGTH: 2\r\n\r\n{}";
        assert_eq!(read(&mut typed.as_bytes()).unwrap().unwrap(), b"{}");
    }
}
