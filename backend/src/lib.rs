//! Casa Vazquez: the menu of a wine bar, for its guests, its owner and its operator. In reading order.

pub mod cli;

pub mod listen;
pub mod router;

pub mod layers;
pub mod own_pages;

pub mod legacy;
pub mod site;

pub mod drinks;
pub mod events;
pub mod items;
pub mod prices;
pub mod sections;
pub mod snacks;
pub mod wines;

pub mod app;

pub mod card;
pub mod demo;
pub mod exchange;
pub mod login;

pub mod tokens;

pub mod house;
pub mod media;
pub mod notifications;
pub mod users;

pub mod menu;

pub mod once;

pub mod change;
pub mod history;
pub mod limits;

pub mod body;
pub mod copy;
pub mod path;
pub mod refusals;
pub mod reply;

pub mod actor;
pub mod address;
pub mod chance;
pub mod clock;
pub mod config;
pub mod db;
pub mod digest;
pub mod error;
pub mod fault;
pub mod migrations;
pub mod observe;
pub mod patch;
pub mod revision;
pub mod rules;
pub mod secret;
pub mod website;
