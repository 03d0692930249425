//! Who acts: a member of staff, from an address, with a role.

use super::id::{DeviceId, SessionId, UserId};
use super::status::words;

words!(
    /// What a member of staff may do.
    Role {
        Owner = "owner",
        Manager = "manager",
        Receptionist = "receptionist",
        Housekeeper = "housekeeper",
        ReadOnly = "read_only",
    }
);

/// The person (or the program itself) behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// `None` for the command line, the demo and people who are not signed in.
    pub user_id: Option<UserId>,
    pub session_id: Option<SessionId>,
    /// The device on which the person signed in by PIN; `None` = by password.
    pub device_id: Option<DeviceId>,
    pub username: String,
    pub role: Option<Role>,
    /// The address of the device, without the port.
    pub address: String,
}

impl Actor {
    /// Somebody who is not signed in.
    pub fn stranger(address: &str) -> Actor {
        Actor {
            user_id: None,
            session_id: None,
            device_id: None,
            username: "anonymous".to_owned(),
            role: None,
            address: address.to_owned(),
        }
    }

    /// The program itself: the command line, an import, the demo.
    pub fn program(name: &str) -> Actor {
        Actor {
            user_id: None,
            session_id: None,
            device_id: None,
            username: name.to_owned(),
            role: Some(Role::Owner),
            address: "console".to_owned(),
        }
    }
}
