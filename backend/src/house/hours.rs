//! When the bar is open, on the clock of its own town, past midnight and through the clock change.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::rules::Faults;

/// The hours of one weekday. Closing at or before opening means after midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// ISO weekday: 1 is Monday, 7 is Sunday.
    #[schema(minimum = 1, maximum = 7)]
    pub day: u8,
    /// When the door opens, on the bar's clock.
    #[serde(with = "hour")]
    #[schema(value_type = String, example = "17:00")]
    pub opens: NaiveTime,
    /// When the bar closes, on the bar's clock.
    #[serde(with = "hour")]
    #[schema(value_type = String, example = "01:00")]
    pub closes: NaiveTime,
}

/// The hours of a week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct Weekly(pub Vec<OpeningHours>);

/// A stretch of time in which the bar is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The door opens.
    pub opens: DateTime<Utc>,
    /// The bar closes.
    pub closes: DateTime<Utc>,
}

/// The door opens a few times a day at most.
const MAX_HOURS: usize = 28;
/// The minutes of a day.
const DAY: u32 = 24 * 60;

impl OpeningHours {
    /// From which minute of the week until which; the last may lie in the week after.
    fn minutes(&self) -> (u32, u32) {
        let minute = |time: NaiveTime| time.num_seconds_from_midnight() / 60;
        let opens = u32::from(self.day) * DAY + minute(self.opens);
        let closes = u32::from(self.day) * DAY + minute(self.closes);
        (opens, if closes <= opens { closes + DAY } else { closes })
    }

    /// Whether the bar would be open twice at once, also from Sunday into Monday.
    fn overlaps(&self, other: &Self) -> bool {
        let ((opens, closes), (other_opens, other_closes)) = (self.minutes(), other.minutes());
        [0, 7 * DAY, 14 * DAY]
            .iter()
            .any(|week| opens + 7 * DAY < other_closes + week && other_opens + week < closes + 7 * DAY)
    }
}

impl Weekly {
    /// The rules that they break.
    pub fn check(&self) -> Faults {
        let mut faults = Faults::default();
        if !faults.at_most("", &self.0, MAX_HOURS) {
            return faults;
        }
        for (place, hours) in self.0.iter().enumerate() {
            faults.within(&format!("/{place}/day"), Some(hours.day), 1..=7);
            if let Some(other) = self.0.iter().take(place).position(|other| hours.overlaps(other)) {
                faults.add(&format!("/{place}"), "overlaps", json!({"other": format!("/{other}")}));
            }
        }
        faults
    }

    /// The session that runs at `now`, or else the next one within a week.
    pub fn session(&self, zone: Tz, now: DateTime<Utc>) -> Option<Session> {
        self.around(zone, now).filter(|session| now < session.closes).min_by_key(|session| session.opens)
    }

    /// When the door opens next, within a week or so.
    pub fn next_opening(&self, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.around(zone, now).map(|session| session.opens).filter(|opens| *opens > now).min()
    }

    /// When the door last opened or closed.
    pub fn last_turn(&self, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let turns = self.around(zone, now).flat_map(|session| [session.opens, session.closes]);
        turns.filter(|turn| *turn <= now).max()
    }

    /// The sessions of the last and of the next eight days.
    fn around(&self, zone: Tz, now: DateTime<Utc>) -> impl Iterator<Item = Session> {
        let today = now.with_timezone(&zone).date_naive();
        let first = today.checked_sub_days(Days::new(8)).unwrap_or(today);
        first.iter_days().take(17).flat_map(move |day| self.on(zone, day))
    }

    fn on(&self, zone: Tz, day: NaiveDate) -> impl Iterator<Item = Session> {
        let weekday = day.weekday().number_from_monday();
        self.0.iter().filter(move |hours| u32::from(hours.day) == weekday).filter_map(move |hours| {
            let last = if hours.closes <= hours.opens { day.succ_opt()? } else { day };
            Some(Session { opens: instant(zone, day, hours.opens)?, closes: instant(zone, last, hours.closes)? })
        })
    }
}

/// The instant at which the bar's clock shows a time. In the hour that the clock change repeats, the first; in the hour
/// that it skips, the moment after.
fn instant(zone: Tz, day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
    let local = day.and_time(time);
    let shown = zone.from_local_datetime(&local).earliest();
    let after = || zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest();
    shown.or_else(after).map(|instant| instant.with_timezone(&Utc))
}

mod hour {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer};

    const FORMAT: &str = "%H:%M";

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format(FORMAT))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, FORMAT).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime, Utc};
    use chrono_tz::Europe::Berlin;

    use super::{OpeningHours, Weekly};
    use crate::error::Error;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn weekly(day: u8, opens: u32, closes: u32) -> Weekly {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        Weekly(vec![OpeningHours { day, opens: hour(opens), closes: hour(closes) }])
    }

    #[test]
    fn friday_night_runs_into_saturday() {
        let session = weekly(5, 17, 2).session(Berlin, at("2026-07-18T23:59:00Z")).unwrap();
        assert_eq!(session.opens, at("2026-07-24T15:00:00Z"));
        let running = weekly(5, 17, 2).session(Berlin, at("2026-07-17T23:59:00Z")).unwrap();
        assert_eq!((running.opens, running.closes), (at("2026-07-17T15:00:00Z"), at("2026-07-18T00:00:00Z")));
    }

    #[test]
    fn the_clock_change_does_not_move_the_closing_hour() {
        // The night to 25 October 2026 has 25 hours, the night to 29 March 2026 has 23.
        let autumn = weekly(6, 17, 4).session(Berlin, at("2026-10-24T20:00:00Z")).unwrap();
        assert_eq!(autumn.closes, at("2026-10-25T03:00:00Z"));
        let spring = weekly(6, 17, 4).session(Berlin, at("2026-03-28T20:00:00Z")).unwrap();
        assert_eq!(spring.closes, at("2026-03-29T02:00:00Z"));
    }

    #[test]
    fn the_next_opening_is_the_one_after_this_evening_also_over_the_clock_change() {
        let next = |now: &str| weekly(7, 17, 23).next_opening(Berlin, at(now)).unwrap();
        assert_eq!(next("2026-10-24T20:00:00Z"), at("2026-10-25T16:00:00Z"));
        assert_eq!(next("2026-10-18T15:30:00Z"), at("2026-10-25T16:00:00Z"), "while the bar is open");
        assert_eq!(next("2026-03-29T15:00:00Z"), at("2026-04-05T15:00:00Z"), "as the door opens");
        assert_eq!(Weekly::default().next_opening(Berlin, at("2026-03-29T15:00:00Z")), None);
    }

    #[test]
    fn an_hour_that_does_not_exist_is_the_moment_after() {
        let spring = Weekly(vec![OpeningHours {
            day: 6,
            opens: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
            closes: NaiveTime::from_hms_opt(2, 30, 0).unwrap(),
        }]);
        let session = spring.session(Berlin, at("2026-03-28T20:00:00Z")).unwrap();
        assert_eq!(session.closes, at("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn hours_do_not_overlap() {
        let codes = |hours: &[(u8, u32, u32)]| {
            let all = hours.iter().flat_map(|(day, opens, closes)| weekly(*day, *opens, *closes).0);
            let Err(Error::Invalid(faults)) = Weekly(all.collect()).check().finish() else { return Vec::new() };
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
        };
        let overlaps = vec![("/1".to_owned(), "overlaps")];
        assert_eq!(codes(&[(1, 11, 14), (1, 17, 23), (2, 17, 2), (3, 2, 4)]), []);
        assert_eq!(codes(&[(5, 0, 0), (6, 0, 0)]), [], "open all day long");
        assert_eq!(codes(&[(1, 11, 14), (1, 13, 15)]), overlaps);
        assert_eq!(codes(&[(1, 17, 2), (2, 1, 3)]), overlaps, "past midnight");
        assert_eq!(codes(&[(1, 1, 3), (7, 17, 2)]), overlaps, "from Sunday into Monday");
        assert_eq!(codes(&[(7, 17, 2), (1, 1, 3)]), overlaps, "and the other way round");
        assert_eq!(codes(&[(1, 17, 18), (1, 17, 18)]), overlaps, "twice the same");
        assert_eq!(
            codes(&[(0, 17, 18), (8, 20, 21)]),
            [("/0/day".to_owned(), "out_of_range"), ("/1/day".to_owned(), "out_of_range")]
        );
        assert_eq!(codes(&[(1, 17, 18); 29]), [(String::new(), "too_many")]);
    }

    #[test]
    fn a_bar_without_hours_has_no_session() {
        assert_eq!(Weekly::default().session(Berlin, at("2026-07-18T23:59:00Z")), None);
    }
}
