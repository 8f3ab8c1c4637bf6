//! The files that a client has open, and those beside them on disk: what each one is, and which two belong to one system.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Host;
use super::text::Text;
use super::uri;
use crate::document::{self, Document};
use crate::lint::drift;
use crate::lint::kind::{self, Kind};
use crate::requirements::{self, Reading};

/// A file with what is read out of it, each once.
#[derive(Debug)]
pub struct File {
    /// As the client writes it.
    pub uri: String,
    /// Where it stands.
    pub path: String,
    /// The client's version; none for a file that is not open.
    pub version: Option<i64>,
    /// What stands in it.
    pub text: Text,
    /// What it is.
    pub kind: Kind,
    document: OnceCell<Document>,
    reading: OnceCell<Reading>,
}

impl File {
    /// A file; what it is shows in its text and name.
    #[must_use]
    pub fn new(uri: &str, version: Option<i64>, text: String) -> Self {
        let path = uri::path(uri);
        let kind = Kind::of(&path, text.as_bytes());
        let text = Text::new(text);
        Self { uri: uri.to_owned(), path, version, text, kind, document: OnceCell::new(), reading: OnceCell::new() }
    }

    /// The file with another text. A plan that keeps its marks stays one, which saves reading it at every edit.
    #[must_use]
    pub fn edited(&self, version: Option<i64>, text: Text) -> Self {
        let marked = self.kind == Kind::Plan && text.as_str().contains("<!-- ap-begin: ");
        let kind = if marked { Kind::Plan } else { Kind::of(&self.path, text.as_str().as_bytes()) };
        let (uri, path) = (self.uri.clone(), self.path.clone());
        Self { uri, path, version, text, kind, document: OnceCell::new(), reading: OnceCell::new() }
    }

    /// The name that findings print.
    #[must_use]
    pub fn name(&self) -> &str {
        uri::base(&self.path)
    }

    /// The text as a plan.
    #[must_use]
    pub fn document(&self) -> &Document {
        self.document.get_or_init(|| document::read(self.text.as_str()))
    }

    /// The text as requirements.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        self.reading.get_or_init(|| requirements::read(self.name(), self.text.as_str()))
    }

    /// The text as the gate takes it.
    #[must_use]
    pub fn for_gate(&self) -> crate::lint::File<'_> {
        crate::lint::File { name: self.name(), bytes: self.text.as_str().as_bytes() }
    }
}

/// Requirements, a plan, or both of one system.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// The requirements.
    pub requirements: Option<Rc<File>>,
    /// The plan.
    pub plan: Option<Rc<File>>,
}

impl System {
    /// Both files, as far as they are there.
    pub fn files(&self) -> impl Iterator<Item = &Rc<File>> {
        self.requirements.iter().chain(&self.plan)
    }
}

/// All files that are known.
#[derive(Debug, Default)]
pub struct Files {
    open: BTreeMap<String, Rc<File>>,
    /// What was read from disk last, so that an unchanged file is not read out again.
    disk: BTreeMap<String, Rc<File>>,
}

impl Files {
    /// Takes a file that is open, or its new text.
    pub fn put(&mut self, file: File) {
        self.disk.remove(&file.uri);
        self.open.insert(file.uri.clone(), Rc::new(file));
    }

    /// Forgets a file that was closed.
    pub fn close(&mut self, uri: &str) {
        self.open.remove(uri);
    }

    /// A file that is open.
    #[must_use]
    pub fn get(&self, uri: &str) -> Option<&Rc<File>> {
        self.open.get(uri)
    }

    /// Every file that is open.
    pub fn every(&self) -> impl Iterator<Item = &Rc<File>> {
        self.open.values()
    }

    /// A file that is open or can be read.
    fn find(&mut self, host: &dyn Host, uri: &str) -> Option<Rc<File>> {
        if let Some(file) = self.open.get(uri) {
            return Some(Rc::clone(file));
        }
        let text = String::from_utf8(host.read(&uri::path(uri))?).ok()?;
        if let Some(file) = self.disk.get(uri).filter(|file| file.text.as_str() == text) {
            return Some(Rc::clone(file));
        }
        let file = Rc::new(File::new(uri, None, text));
        self.disk.insert(uri.to_owned(), Rc::clone(&file));
        Some(file)
    }

    /// The system that a file belongs to.
    #[must_use]
    pub fn system(&mut self, host: &dyn Host, uri: &str) -> System {
        let Some(file) = self.find(host, uri) else { return System::default() };
        match file.kind {
            Kind::Requirements => {
                let plan = self.plan_of(host, &file);
                System { requirements: Some(file), plan }
            }
            Kind::Plan => {
                let name = drift::named(file.document()).unwrap_or_else(|| "req.yaml".to_owned());
                let beside = self.find(host, &uri::beside(uri, &name));
                System { requirements: beside.filter(|file| file.kind == Kind::Requirements), plan: Some(file) }
            }
            Kind::Other => System::default(),
        }
    }

    /// The plan that names these requirements: an open one beside them, else the one of the usual name.
    fn plan_of(&mut self, host: &dyn Host, requirements: &File) -> Option<Rc<File>> {
        let of = |plan: &Rc<File>| {
            plan.kind == Kind::Plan && drift::named(plan.document()).is_none_or(|name| name == requirements.name())
        };
        let beside = |plan: &&Rc<File>| uri::beside(&requirements.uri, plan.name()) == plan.uri;
        if let Some(plan) = self.open.values().filter(beside).find(|plan| of(plan)) {
            return Some(Rc::clone(plan));
        }
        self.find(host, &uri::beside(&requirements.uri, kind::PLAN)).filter(of)
    }
}
