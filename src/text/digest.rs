//! Short digests that say "same text as before". Identity, not security: FNV-1a with 64 bits, of which the leading 24 are printed.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// A running FNV-1a digest with 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(OFFSET)
    }
}

impl Fnv {
    /// Adds bytes to the digest.
    pub fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }

    /// The whole digest.
    pub fn value(self) -> u64 {
        self.0
    }

    /// The leading 24 bits as six lower-case hexadecimal digits.
    pub fn short(self) -> String {
        format!("{:06x}", self.0 >> 40)
    }
}

/// The digest of a text as six lower-case hexadecimal digits.
pub fn short(text: &str) -> String {
    let mut digest = Fnv::default();
    digest.write(text.as_bytes());
    digest.short()
}

/// Whether a word has the form that [`short`] prints.
pub fn is_short(word: &str) -> bool {
    word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors_hold() {
        let value = |text: &str| {
            let mut digest = Fnv::default();
            digest.write(text.as_bytes());
            digest.value()
        };
        assert_eq!(value(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(value("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(value("foobar"), 0x8594_4171_f739_67e8);
        assert_eq!(short("foobar"), "859441");
    }

    #[test]
    fn only_six_hex_digits_look_like_a_digest() {
        assert!(is_short(&short("any")));
        assert!(!is_short("5F3A9C") && !is_short("5f3a9") && !is_short("abc=de"));
    }
}
