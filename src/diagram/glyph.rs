//! The glyph table: which character carries which line arms, in both character sets. The one thing that the painter and the
//! verifier share.

/// Arm towards the row above.
pub(super) const N: u8 = 1;
/// Arm towards the next column.
pub(super) const E: u8 = 2;
/// Arm towards the row below.
pub(super) const S: u8 = 4;
/// Arm towards the column before.
pub(super) const W: u8 = 8;

const LINES: [(char, u8); 11] = [
    ('│', N | S),
    ('─', E | W),
    ('┌', E | S),
    ('┐', W | S),
    ('└', N | E),
    ('┘', N | W),
    ('├', N | S | E),
    ('┤', N | S | W),
    ('┬', E | W | S),
    ('┴', E | W | N),
    ('┼', N | E | S | W),
];
const HEADS: [(char, char, u8); 4] = [('▼', 'v', S), ('▲', '^', N), ('►', '>', E), ('◄', '<', W)];

/// The character with exactly these arms; half arms count as the whole line.
pub(super) fn line(arms: u8, ascii: bool) -> char {
    let straight = match arms {
        0 => return ' ',
        a if a & (E | W) == 0 => N | S,
        a if a & (N | S) == 0 => E | W,
        a => a,
    };
    if ascii {
        return match straight {
            a if a == N | S => '|',
            a if a == E | W => '-',
            _ => '+',
        };
    }
    LINES.iter().find(|(_, a)| *a == straight).map_or('┼', |(c, _)| *c)
}

/// The arms of a box-drawing character, 0 for every other.
pub(super) fn arms(c: char) -> u8 {
    if !('─'..='┼').contains(&c) {
        return 0;
    }
    LINES.iter().find(|(g, _)| *g == c).map_or(0, |(_, a)| *a)
}

/// The arrowhead pointing in the direction of an arm.
pub(super) fn head(direction: u8, ascii: bool) -> char {
    HEADS.iter().find(|(_, _, d)| *d == direction).map_or('?', |(u, a, _)| if ascii { *a } else { *u })
}

/// Where an arrowhead points, 0 for every other character.
pub(super) fn points(c: char, ascii: bool) -> u8 {
    HEADS.iter().find(|(u, a, _)| c == if ascii { *a } else { *u }).map_or(0, |(_, _, d)| *d)
}

/// The arm on the other side.
pub(super) fn opposite(arm: u8) -> u8 {
    match arm {
        N => S,
        S => N,
        E => W,
        _ => E,
    }
}

/// The mark before a note.
pub(super) fn note_mark(ascii: bool) -> &'static str {
    if ascii { "<- " } else { "← " }
}
