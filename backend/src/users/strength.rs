//! TEMP
use crate::error::Error;
/// TEMP
pub fn check(_pointer: &str, _password: &str, _username: &str) -> Result<(), Error> {
    Ok(())
}
