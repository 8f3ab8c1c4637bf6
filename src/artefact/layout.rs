//! Layout of generated text as the formatter of its language wants it. It knows nothing of what the text says.

/// HCL with the signs of assignments on lines that follow each other below each other, as its formatter writes them: a value that goes on
/// in the next line, a block, a comment and an empty line end a run.
pub(super) fn hcl(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let halves: Vec<Option<(&str, &str)>> = lines.iter().map(|line| assignment(line)).collect();
    let mut out = String::new();
    for run in halves.iter().zip(&lines).collect::<Vec<_>>().chunk_by(|(a, _), (b, _)| a.is_some() == b.is_some()) {
        let width = run.iter().filter_map(|(half, _)| half.map(|(name, _)| name.chars().count())).max().unwrap_or(0);
        for (half, line) in run {
            match half {
                Some((name, value)) => out.push_str(&format!("{name:width$} {value}")),
                None => out.push_str(line),
            }
            out.push('\n');
        }
    }
    out
}

/// Name and value, which begins with the sign, of a line that holds the whole of an assignment.
fn assignment(line: &str) -> Option<(&str, &str)> {
    if line.trim_start().starts_with(['#', '/']) {
        return None;
    }
    let (mut quoted, mut escaped, mut open, mut sign) = (false, false, 0_i32, None);
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let after = line.get(at + 1..).and_then(|rest| rest.chars().next());
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '=' if sign.is_none() && !matches!(after, Some('=' | '>')) && !"=!<>".contains(before) => sign = Some(at),
            '{' | '[' | '(' if sign.is_some() => open += 1,
            '}' | ']' | ')' if sign.is_some() => open -= 1,
            _ => {}
        }
        before = c;
    }
    let (name, value) = line.split_at_checked(sign?)?;
    (open == 0 && !name.trim().is_empty()).then_some((name.trim_end(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_below_each_other_in_each_run() {
        let text = "a {\n  x = 1\n  longer   = \"= {\"\n  list = [\n    1,\n  ]\n  z = { y = 2 }\n\n  # w = 1\n  w  = a == b\n}\n";
        let wanted = "a {\n  x      = 1\n  longer = \"= {\"\n  list = [\n    1,\n  ]\n  z = { y = 2 }\n\n  # w = 1\n  w = a == b\n}\n";
        assert_eq!(hcl(text), wanted);
        assert_eq!(hcl(wanted), wanted);
    }

    #[test]
    fn what_is_no_whole_assignment_stays() {
        for line in ["variable \"x\" { default = 1 }", "resource \"a\" \"b\" {", "if a == b", "x = merge({", "}) = 1)"]
        {
            assert_eq!(hcl(line), format!("{line}\n"));
        }
    }
}
