//! Where the files of pictures are: in a folder, or in a bucket. Their names come from their content, never from outside.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use object_store::aws::AmazonS3Builder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{Error as Failure, ObjectStore, ObjectStoreExt, RetryConfig};

use super::variants::File;
use crate::config::media::{Bucket, Place};
use crate::error::Error;

/// The files of all pictures.
#[derive(Clone, Debug)]
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

/// A file that is there.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// Since when it is there.
    pub since: DateTime<Utc>,
}

impl Storage {
    /// Opens the place; nobody is asked yet whether a bucket is there.
    pub fn open(place: Option<&Place>) -> Result<Self, Error> {
        let (objects, folder): (Arc<dyn ObjectStore>, _) = match place {
            None => (Arc::new(InMemory::new()), None),
            Some(Place::Folder(folder)) => {
                fs::create_dir_all(folder).map_err(Error::File)?;
                // A row is only written when its files would outlast a power cut.
                (Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)), Some(folder.clone()))
            }
            Some(Place::S3(bucket)) => (Arc::new(PrefixStore::new(s3(bucket)?, bucket.prefix.as_str())), None),
            Some(Place::Google(bucket)) => {
                let store =
                    GoogleCloudStorageBuilder::new().with_bucket_name(&bucket.name).with_retry(retries()).build()?;
                (Arc::new(PrefixStore::new(store, bucket.prefix.as_str())), None)
            }
        };
        Ok(Self { objects, folder })
    }

    /// Puts files there; one that is there already is as new again, and so no leftover.
    pub async fn put(&self, files: &[File]) -> Result<(), Error> {
        for File { variant, content } in files {
            self.objects.put(&Path::from(variant.name.as_str()), content.clone().into()).await?;
        }
        Ok(())
    }

    /// Puts those there that are missing.
    pub async fn mend(&self, files: &[File]) -> Result<(), Error> {
        for file in files {
            match self.objects.head(&Path::from(file.variant.name.as_str())).await {
                Err(Failure::NotFound { .. }) => self.put(std::slice::from_ref(file)).await?,
                there => drop(there?),
            }
        }
        Ok(())
    }

    /// What is in a file, if there is one of this name.
    pub async fn get(&self, name: &str) -> Result<Option<Bytes>, Error> {
        match self.objects.get(&Path::from(name)).await {
            Err(Failure::NotFound { .. }) => Ok(None),
            found => Ok(Some(found?.bytes().await?)),
        }
    }

    /// Every file.
    pub async fn list(&self) -> Result<Vec<Stored>, Error> {
        let found = self.objects.list_with_delimiter(None).await?.objects;
        let stored = |object: object_store::ObjectMeta| Stored {
            name: object.location.to_string(),
            since: object.last_modified,
        };
        Ok(found.into_iter().map(stored).collect())
    }

    /// Takes a file away; one that is gone already is gone.
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        match self.objects.delete(&Path::from(name)).await {
            Err(Failure::NotFound { .. }) => Ok(()),
            deleted => Ok(deleted?),
        }
    }

    /// Takes away what was being written before `since` when the power went: such files are in no list.
    pub async fn clear_unfinished(&self, since: DateTime<Utc>) -> Result<usize, Error> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let clear = move || {
            let mut cleared = 0;
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let unfinished = entry.file_name().to_string_lossy().contains('#');
                if unfinished && entry.metadata()?.modified()? < SystemTime::from(since) {
                    fs::remove_file(entry.path())?;
                    cleared += 1;
                }
            }
            Ok(cleared)
        };
        let cleared = tokio::task::spawn_blocking(clear).await;
        cleared.map_err(|error| Error::Picture(error.to_string()))?.map_err(Error::File)
    }
}

/// Somebody waits for the answer: the library would try for three minutes.
fn retries() -> RetryConfig {
    RetryConfig { max_retries: 2, retry_timeout: Duration::from_secs(10), ..RetryConfig::default() }
}

fn s3(bucket: &Bucket) -> Result<impl ObjectStore + use<>, Error> {
    let mut builder =
        AmazonS3Builder::new().with_bucket_name(&bucket.name).with_region(&bucket.region).with_retry(retries());
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        builder = builder.with_allow_http(endpoint.scheme() == "http");
    }
    if let Some((id, secret)) = &bucket.keys {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret.text());
    }
    Ok(builder.build()?)
}
