//! One block of the file against its fresh form.

use super::refresh::{Fate, Offers, Pair};
use super::{OnConflict, conflict};
use crate::document::{Block, seal};

/// Brings a block up to date. `offers` are the blocks offered below it.
pub fn refresh(pair: &Pair, old: &Block, new: &Block, offers: &[&Block]) -> Fate {
    let changed = old.digest != new.digest;
    if !changed && offers.is_empty() {
        return Fate::default();
    }
    let present = Some(seal::block_digest(pair.old, old.body.clone()));
    let settled = Fate {
        text: changed.then(|| with_body(pair, old, new, pair.old.raw(old.body.clone()))),
        offers: Offers::Go,
        ..Fate::default()
    };
    let take = || {
        let body = pair.fresh.raw(new.body.clone()).replace("\r\n", "\n").replace('\n', pair.old.ending);
        Fate { text: Some(with_body(pair, old, new, &body)), refreshed: true, offers: Offers::Go, ..Fate::default() }
    };
    if present == new.digest || (present == old.digest && !changed) {
        return settled;
    }
    if present == old.digest {
        return take();
    }
    let waiting = Some("block".to_owned());
    match pair.options.on_conflict {
        OnConflict::Keep => settled,
        OnConflict::Take => take(),
        OnConflict::Both if !changed => Fate { offers: Offers::Note, ..Fate::default() },
        OnConflict::Both => Fate { offered: Some(pair.fresh.raw(new.body.clone()).to_owned()), ..settled },
        OnConflict::Offer if !changed => Fate { conflict: waiting, ..Fate::default() },
        OnConflict::Offer => {
            Fate { offered: Some(conflict::block_offer(pair.fresh, new)), conflict: waiting, ..settled }
        }
    }
}

/// The block with the mark of the fresh plan around a body.
fn with_body(pair: &Pair, old: &Block, new: &Block, body: &str) -> String {
    let begin = seal::begin(&new.key, new.digest.as_deref().unwrap_or(""));
    let end = pair.old.raw(old.body.end..old.lines.end);
    [&begin, pair.old.ending, body, end].concat()
}
