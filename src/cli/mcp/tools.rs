//! The tools: what they take, and the words of the command that they mean.

use serde_json::{Map, Value as Json, json};

use crate::text::suggest;

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A text, such as a path or an id.
    Text,
    /// Several texts.
    Texts,
    /// One of some words.
    OneOf(&'static [&'static str]),
    /// Yes or no.
    Flag,
    /// A whole number from 1.
    Number,
}

/// Where an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goes {
    /// Behind a flag.
    Flag(&'static str),
    /// In its place among the others.
    Place,
}

/// An argument of a tool.
#[derive(Clone, Copy, Debug)]
struct Argument {
    name: &'static str,
    form: Form,
    goes: Goes,
    required: bool,
    doc: &'static str,
}

/// A command as a tool.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// The command, and the name of the tool.
    pub name: &'static str,
    /// Whether standard error says nothing that belongs to a good answer.
    pub quiet: bool,
    doc: &'static str,
    /// Words that are always there.
    always: &'static [&'static str],
    /// Whether files are written.
    writes: bool,
    arguments: &'static [Argument],
}

const fn place(name: &'static str, required: bool, doc: &'static str) -> Argument {
    Argument { name, form: Form::Text, goes: Goes::Place, required, doc }
}

const fn flag(name: &'static str, form: Form, flag: &'static str, doc: &'static str) -> Argument {
    Argument { name, form, goes: Goes::Flag(flag), required: false, doc }
}

const REQUIREMENTS: &str = "Path of the requirements file, such as req.yaml";
const PLAN: &str = "Path of the plan; TODO_backend-architect.md when left out";

/// Every tool.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "new",
        quiet: false,
        doc: "Create the plan beside the requirements, or bring it up to date: ticks, notes and own sections stay. Says what was kept, refreshed, added and retired.",
        always: &[],
        writes: true,
        arguments: &[
            place("requirements", true, REQUIREMENTS),
            flag("plan", Form::Text, "--output", PLAN),
            flag("dry_run", Form::Flag, "--dry-run", "Show the difference and write nothing"),
            flag(
                "depth",
                Form::OneOf(&["brief", "standard", "full"]),
                "--depth",
                "How much is printed; standard when left out",
            ),
        ],
    },
    Tool {
        name: "lint",
        quiet: true,
        doc: "Check requirements and plans: one line per finding with place, rule and what to do, then what was checked and what to do next.",
        always: &[],
        writes: false,
        arguments: &[
            Argument {
                name: "paths",
                form: Form::Texts,
                goes: Goes::Place,
                required: false,
                doc: "Files or folders; all here and below when left out",
            },
            flag(
                "gate",
                Form::OneOf(&["core", "scale", "optimize"]),
                "--gate",
                "Also fail while a task of this phase or an earlier one is open",
            ),
            flag("format", Form::OneOf(&["agent", "json"]), "--format", "`agent`: lines; `json`: one document"),
        ],
    },
    Tool {
        name: "explain",
        quiet: false,
        doc: "Why a number, a choice or a task is as it is: the chain down to stated lines. Also what a rule of lint means.",
        always: &[],
        writes: false,
        arguments: &[
            place("what", true, "A fact path (traffic.peak), `pattern`, a topic (database), a task id, or a rule"),
            place("requirements", false, "Path of the requirements file; a rule needs none"),
        ],
    },
    Tool {
        name: "flip",
        quiet: true,
        doc: "The smallest changes of the requirements that change a decision, and how surely each decision stands.",
        always: &["--format", "json"],
        writes: false,
        arguments: &[
            place("requirements", true, REQUIREMENTS),
            place("topic", false, "`pattern` or a topic such as database; all when left out"),
        ],
    },
    Tool {
        name: "next",
        quiet: true,
        doc: "The tasks of the plan that can start now, the most urgent first.",
        always: &["--format", "json"],
        writes: false,
        arguments: &[
            place("plan", false, PLAN),
            flag("limit", Form::Number, "--limit", "Most tasks to name; 10 when left out"),
        ],
    },
    Tool {
        name: "show",
        quiet: false,
        doc: "One task with all that one needs to do it: what it waits for, numbers, decisions, embedded code, and when it is done.",
        always: &[],
        writes: false,
        arguments: &[
            place("id", true, "Id of the task, such as TASK-3.1"),
            place("plan", false, PLAN),
            flag("max_tokens", Form::Number, "--max-tokens", "Most tokens that the text may take"),
        ],
    },
    Tool {
        name: "done",
        quiet: true,
        doc: "Tick a task, once its `Done when` holds.",
        always: &["--format", "json"],
        writes: true,
        arguments: &[place("id", true, "Id of the task, such as TASK-3.1"), place("plan", false, PLAN)],
    },
];

impl Tool {
    /// The tool as a client lists it.
    #[must_use]
    pub fn described(&self) -> Json {
        let properties: Map<String, Json> = self
            .arguments
            .iter()
            .map(|argument| {
                let mut schema = match argument.form {
                    Form::Text => json!({"type": "string", "minLength": 1}),
                    Form::Texts => json!({"type": "array", "items": {"type": "string", "minLength": 1}}),
                    Form::OneOf(words) => json!({"type": "string", "enum": words}),
                    Form::Flag => json!({"type": "boolean"}),
                    Form::Number => json!({"type": "integer", "minimum": 1}),
                };
                if let Some(schema) = schema.as_object_mut() {
                    schema.insert("description".to_owned(), argument.doc.into());
                }
                (argument.name.to_owned(), schema)
            })
            .collect();
        let required: Vec<&str> =
            self.arguments.iter().filter(|argument| argument.required).map(|argument| argument.name).collect();
        json!({
            "name": self.name,
            "title": format!("archplan {}", self.name),
            "description": self.doc,
            "inputSchema": {"type": "object", "properties": properties, "required": required, "additionalProperties": false},
            "annotations": {
                "readOnlyHint": !self.writes, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false,
            },
        })
    }

    /// The words of the command for some arguments.
    ///
    /// # Errors
    /// What is wrong with the arguments, and what to do.
    pub fn words(&self, given: &Json) -> Result<Vec<String>, String> {
        let nothing = Map::new();
        let given = match given {
            Json::Null => &nothing,
            Json::Object(given) => given,
            _ => return Err("the arguments are no object".to_owned()),
        };
        let names: Vec<&str> = self.arguments.iter().map(|argument| argument.name).collect();
        if let Some(unknown) = given.keys().find(|name| !names.contains(&name.as_str())) {
            let near = suggest(unknown, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            let near = near.unwrap_or_else(|| format!("there are: {}", names.join(", ")));
            return Err(format!("`{}` takes no `{unknown}`; {near}", self.name));
        }
        let mut words: Vec<String> = vec![self.name.to_owned()];
        words.extend(self.always.iter().map(|word| (*word).to_owned()));
        // A model reads lines; data is for programs that ask for it.
        if self.name == "lint" && !given.contains_key("format") {
            words.extend(["--format".to_owned(), "agent".to_owned()]);
        }
        let mut missing: Option<&str> = None;
        for argument in self.arguments {
            let Some(value) = given.get(argument.name).filter(|value| !value.is_null()) else {
                if argument.required {
                    return Err(format!("`{}` needs `{}`: {}", self.name, argument.name, argument.doc));
                }
                missing = Some(argument.name);
                continue;
            };
            if let (Goes::Place, Some(missing), Form::Text) = (argument.goes, missing, argument.form) {
                return Err(format!("`{}` needs `{missing}` before `{}`", self.name, argument.name));
            }
            words.extend(argument.words(value)?);
        }
        Ok(words)
    }
}

impl Argument {
    fn words(&self, value: &Json) -> Result<Vec<String>, String> {
        let wrong = |what: &str| format!("`{}` is {value}, it must be {what}", self.name);
        let text = |value: &Json| match value.as_str() {
            Some(text) if text.starts_with('-') => Err(wrong("no flag")),
            Some(text) if !text.is_empty() && !text.contains('\0') => Ok(text.to_owned()),
            _ => Err(wrong("a text")),
        };
        let values: Vec<String> = match self.form {
            Form::Text => vec![text(value)?],
            Form::Texts => {
                value.as_array().ok_or_else(|| wrong("a list of texts"))?.iter().map(text).collect::<Result<_, _>>()?
            }
            Form::OneOf(words) => match value.as_str().filter(|word| words.contains(word)) {
                Some(word) => vec![word.to_owned()],
                None => return Err(wrong(&format!("one of {}", words.join(", ")))),
            },
            Form::Flag => match value.as_bool() {
                Some(true) => Vec::new(),
                Some(false) => return Ok(Vec::new()),
                None => return Err(wrong("true or false")),
            },
            Form::Number => match value.as_u64().filter(|number| *number > 0) {
                Some(number) => vec![number.to_string()],
                None => return Err(wrong("a whole number from 1")),
            },
        };
        Ok(match self.goes {
            Goes::Flag(flag) => std::iter::once(flag.to_owned()).chain(values).collect(),
            Goes::Place => values,
        })
    }
}
