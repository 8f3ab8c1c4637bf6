//! The types of fields: `string(80)`, `decimal(10,2)`, `enum(a,b,c)` and the plain ones.

use std::fmt;

/// The type of a field's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// `string(n)`: text of at most n characters.
    String(u32),
    /// `text`: text of any length.
    Text,
    /// `int`: a whole number of 32 bits.
    Int,
    /// `bigint`: a whole number of 64 bits.
    Bigint,
    /// `decimal(p,s)`: p digits, s of them after the point.
    Decimal(u32, u32),
    /// `money`: an amount with its currency.
    Money,
    /// `bool`: yes or no.
    Bool,
    /// `date`: a calendar day.
    Date,
    /// `timestamp`: a point in time.
    Timestamp,
    /// `uuid`: an identifier of 128 bits.
    Uuid,
    /// `json`: a document.
    Json,
    /// `bytes`: binary data.
    Bytes,
    /// `enum(a,b,c)`: one of these words.
    Enum(Vec<String>),
}

/// The plain types and the forms of the others, for messages and completion.
pub const FORMS: [&str; 13] = [
    "string(n)",
    "text",
    "int",
    "bigint",
    "decimal(p,s)",
    "money",
    "bool",
    "date",
    "timestamp",
    "uuid",
    "json",
    "bytes",
    "enum(a,b,c)",
];

impl FieldType {
    /// Reads a type as people write it.
    ///
    /// # Errors
    /// The text is no type; the message says how to write one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let plain = match text {
            "text" => Some(Self::Text),
            "int" => Some(Self::Int),
            "bigint" => Some(Self::Bigint),
            "money" => Some(Self::Money),
            "bool" => Some(Self::Bool),
            "date" => Some(Self::Date),
            "timestamp" => Some(Self::Timestamp),
            "uuid" => Some(Self::Uuid),
            "json" => Some(Self::Json),
            "bytes" => Some(Self::Bytes),
            _ => None,
        };
        if let Some(plain) = plain {
            return Ok(plain);
        }
        let (name, rest) = text.split_once('(').unwrap_or((text, ""));
        let inner = rest.strip_suffix(')');
        match (name, inner) {
            ("string", Some(length)) => within(length, 1, 65_535)
                .map(Self::String)
                .ok_or_else(|| "`string(n)` needs a length from 1 to 65535".to_owned()),
            ("string", None) => Err("a string needs its length; write it like `string(80)`".to_owned()),
            ("decimal", Some(inner)) => decimal(inner),
            ("decimal", None) => {
                Err("write it like `\"decimal(10,2)\"`, in quotes: a comma ends a value inside `{}`".to_owned())
            }
            ("enum", Some(inner)) => words(inner),
            ("enum", None) => {
                Err("write it like `\"enum(pending,paid)\"`, in quotes: a comma ends a value inside `{}`".to_owned())
            }
            _ => {
                let names = FORMS.map(|form| form.split('(').next().unwrap_or(form));
                let near = crate::text::suggest(name, names)
                    .and_then(|name| FORMS.into_iter().find(|form| form.starts_with(name)));
                Err(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("use one of {}", FORMS.join(", ")),
                })
            }
        }
    }
}

fn within(text: &str, least: u32, most: u32) -> Option<u32> {
    let digits = text.trim();
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let sound = plain && (digits == "0" || !digits.starts_with('0'));
    sound.then(|| digits.parse().ok()).flatten().filter(|number| (least..=most).contains(number))
}

fn decimal(inner: &str) -> Result<FieldType, String> {
    let parts = inner.split_once(',');
    parts
        .and_then(|(precision, scale)| {
            let precision = within(precision, 1, 65)?;
            Some(FieldType::Decimal(precision, within(scale, 0, precision)?))
        })
        .ok_or_else(|| "`decimal(p,s)` needs p from 1 to 65 digits, s of them (at most p) after the point".to_owned())
}

fn words(inner: &str) -> Result<FieldType, String> {
    let words: Vec<String> = inner.split(',').map(|word| word.trim().to_owned()).collect();
    let sound = |word: &String| {
        let letters = word.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        !word.is_empty() && word.chars().count() <= 63 && letters
    };
    let mut once = words.clone();
    once.sort();
    once.dedup();
    if !words.iter().all(sound) {
        Err("the words of an `enum(a,b,c)` have letters, digits, `_` and `-` only".to_owned())
    } else if once.len() < words.len() {
        Err("an `enum` names every word once".to_owned())
    } else {
        Ok(FieldType::Enum(words))
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(length) => write!(f, "string({length})"),
            Self::Text => f.write_str("text"),
            Self::Int => f.write_str("int"),
            Self::Bigint => f.write_str("bigint"),
            Self::Decimal(precision, scale) => write!(f, "decimal({precision},{scale})"),
            Self::Money => f.write_str("money"),
            Self::Bool => f.write_str("bool"),
            Self::Date => f.write_str("date"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Uuid => f.write_str("uuid"),
            Self::Json => f.write_str("json"),
            Self::Bytes => f.write_str("bytes"),
            Self::Enum(words) => write!(f, "enum({})", words.join(",")),
        }
    }
}

impl serde::Serialize for FieldType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for FieldType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for FieldType {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FieldType".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(text|int|bigint|money|bool|date|timestamp|uuid|json|bytes|string[(] *[1-9][0-9]* *[)]|decimal[(] *[1-9][0-9]* *, *[0-9]+ *[)]|enum[(][^()]+[)])$",
            "x-form": "field-type"
        })
    }
}
