//! Where the files of pictures are: the settings of a bucket.

use std::path::PathBuf;

use clap::Args;
use url::Url;

use crate::secret::Secret;

/// Where the files of pictures are.
#[derive(Args, Clone, Debug)]
pub struct MediaConfig {
    /// The bucket for the files of pictures: s3://bucket/prefix or gs://bucket/prefix; without, the folder media in the data folder
    #[arg(long, env = "MEDIA_URL", value_name = "URL")]
    media_url: Option<String>,
    /// Where a bucket is that is not Amazon's: https://storage.example
    #[arg(long, env = "S3_ENDPOINT", value_name = "URL")]
    s3_endpoint: Option<Url>,
    /// The region of an S3 bucket
    #[arg(long, env = "AWS_REGION", value_name = "NAME", default_value = "eu-central-1")]
    aws_region: String,
    /// The name of the key for an S3 bucket; without, the machine's own role
    #[arg(long, env = "AWS_ACCESS_KEY_ID", value_name = "NAME")]
    aws_access_key_id: Option<String>,
    /// The key itself
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true, value_name = "KEY")]
    aws_secret_access_key: Option<Secret>,
}

/// Where the files of pictures are.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a folder.
    Folder(PathBuf),
    /// In a bucket of Amazon's or of anything that speaks like it.
    S3(Bucket),
    /// In a bucket of Google's; the machine's own account opens it.
    Google(Bucket),
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What the names in it begin with.
    pub prefix: String,
    /// Where it is, if not at its provider's usual address.
    pub endpoint: Option<Url>,
    /// In which region it is.
    pub region: String,
    /// The name of a key, and the key.
    pub keys: Option<(String, Secret)>,
}

impl MediaConfig {
    /// The bucket, if one is named; and what is wrong with the settings, if anything is.
    pub fn place(&self) -> Result<Option<Place>, &'static str> {
        let Some(url) = &self.media_url else { return Ok(None) };
        let complaint = "MEDIA_URL names no bucket (write it as s3://bucket/prefix or gs://bucket/prefix)";
        let url = Url::parse(url).map_err(|_| complaint)?;
        let plain =
            url.username().is_empty() && url.port().is_none() && url.query().is_none() && url.fragment().is_none();
        let name = url.host_str().filter(|_| plain).ok_or(complaint)?;
        let web = |endpoint: &Url| matches!(endpoint.scheme(), "http" | "https") && endpoint.has_host();
        if !self.s3_endpoint.as_ref().is_none_or(web) {
            return Err("S3_ENDPOINT is no web address (write it as https://storage.example)");
        }
        let keys = match (&self.aws_access_key_id, &self.aws_secret_access_key) {
            (Some(id), Some(secret)) => Some((id.clone(), secret.clone())),
            (None, None) => None,
            _ => return Err("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together"),
        };
        let bucket = Bucket {
            name: name.to_owned(),
            prefix: url.path().trim_matches('/').to_owned(),
            endpoint: self.s3_endpoint.clone(),
            region: self.aws_region.clone(),
            keys,
        };
        match url.scheme() {
            "s3" => Ok(Some(Place::S3(bucket))),
            "gs" => Ok(Some(Place::Google(bucket))),
            _ => Err(complaint),
        }
    }
}
