//! Places to listen: so many for guests, so many of them for one address, and some that are kept for those who work here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::address::Client;
use crate::error::Error;

/// Which part of the places one address may take, and how many more are kept for those who work here. All guests on the
/// bar's Wi-Fi have one address, so this is a whole bar, and yet nobody takes all.
const PART: usize = 10;

/// The places.
#[derive(Clone, Debug)]
pub struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    guests: Arc<Semaphore>,
    staff: Arc<Semaphore>,
    each: usize,
    /// How many places each address has taken; one that has none is not in here.
    taken: Mutex<HashMap<Client, usize>>,
}

/// A place that is taken, until it is dropped.
#[derive(Debug)]
pub struct Taken {
    places: Places,
    guest: Option<Client>,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    /// So many places for guests.
    pub fn new(places: usize) -> Self {
        let each = places.div_ceil(PART);
        let (guests, staff) = (Arc::new(Semaphore::new(places)), Arc::new(Semaphore::new(each)));
        Self(Arc::new(Inner { guests, staff, each, taken: Mutex::default() }))
    }

    /// Takes a place for a guest from an address, or for somebody who works here.
    pub fn take(&self, guest: Option<Client>) -> Result<Taken, Error> {
        let Inner { guests, staff, each, taken } = &*self.0;
        let room = if guest.is_some() { guests } else { staff };
        let permit = Arc::clone(room).try_acquire_owned().map_err(|_| Error::TooManyListeners)?;
        if let Some(client) = guest {
            let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
            let count = taken.get(&client).copied().unwrap_or_default();
            if count >= *each {
                return Err(Error::TooManyListeners);
            }
            taken.insert(client, count + 1);
        }
        Ok(Taken { places: self.clone(), guest, _permit: permit })
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let Some(client) = self.guest else { return };
        let mut taken = self.places.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&client) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&client)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use super::Places;
    use crate::address::Client;

    #[test]
    fn an_address_whose_listeners_have_gone_is_forgotten() {
        let places = Places::new(1000);
        let client =
            |number: u32| Some(Client::of(Some(SocketAddr::from((Ipv4Addr::from(number), 80))), std::iter::empty(), 0));
        for round in 0..3 {
            let taken: Vec<_> = (0..1000).map(|number| places.take(client(number / 100)).unwrap()).collect();
            assert!(places.take(client(round)).is_err() && places.take(client(77)).is_err());
            assert_eq!(places.0.taken.lock().unwrap().len(), 10);
            drop(taken);
            assert_eq!(places.0.taken.lock().unwrap().len(), 0);
        }
    }
}
