//! What an import has to say about a row: which kind of damage, of which thing, and what was made of it.

use crate::menu::item::Kind;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A wine.
    Wine,
    /// Another drink.
    Drink,
    /// Something to eat.
    Snack,
    /// An announcement.
    Notification,
}

impl Subject {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Wine, Self::Drink, Self::Snack, Self::Notification];

    /// The word for one.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Wine => "wine",
            Self::Drink => "drink",
            Self::Snack => "snack",
            Self::Notification => "notification",
        }
    }

    /// The kind of item, for what is one.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Wine => Some(Kind::Wine),
            Self::Drink => Some(Kind::Drink),
            Self::Snack => Some(Kind::Snack),
            Self::Notification => None,
        }
    }
}

impl From<Kind> for Subject {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Wine => Self::Wine,
            Kind::Drink => Self::Drink,
            Kind::Snack => Self::Snack,
        }
    }
}

/// What became of what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// It was certain what was meant.
    Repaired,
    /// It is imported as it is; somebody should look.
    Doubtful,
    /// The row is left out.
    Refused,
}

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`heading` says what each is")]
pub enum Damage {
    IdComma,
    TwiceEncoded,
    Windows1252,
    NotByGlass,
    Completed,
    Star,
    FlagWord,
    SizesJoined,
    Cut,
    GrapeContradicts,
    NoVolume,
    OtherVolume,
    WhichSize,
    NotDeclared,
    SaidWeaker,
    UnknownCode,
    NutsOrPeanuts,
    Picture,
    UnknownField,
    UnknownWord,
    ListedTwice,
    SameName,
    NoName,
    NoColor,
    NoPrice,
    Price,
    Flag,
    Date,
    Rule,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The kind of damage.
    pub damage: Damage,
    /// What the row is about.
    pub subject: Subject,
    /// The name of the thing, as far as it has one.
    pub name: String,
    /// Its id in the old system: two rows can have one name.
    pub id: Option<String>,
    /// What was found and what was made of it.
    pub note: String,
}

impl Damage {
    /// What became of it.
    pub fn grade(self) -> Grade {
        match self {
            Self::IdComma
            | Self::TwiceEncoded
            | Self::Windows1252
            | Self::NotByGlass
            | Self::Completed
            | Self::Star
            | Self::FlagWord
            | Self::SizesJoined => Grade::Repaired,
            Self::Cut
            | Self::GrapeContradicts
            | Self::NoVolume
            | Self::OtherVolume
            | Self::WhichSize
            | Self::NotDeclared
            | Self::SaidWeaker
            | Self::UnknownCode
            | Self::NutsOrPeanuts
            | Self::Picture
            | Self::UnknownField
            | Self::UnknownWord => Grade::Doubtful,
            Self::ListedTwice
            | Self::SameName
            | Self::NoName
            | Self::NoColor
            | Self::NoPrice
            | Self::Price
            | Self::Flag
            | Self::Date
            | Self::Rule => Grade::Refused,
        }
    }

    /// What happened `times` times to things called `noun`.
    pub fn heading(self, times: usize, noun: &str) -> String {
        let (one, many) = self.words();
        let words = if times == 1 { one } else { many };
        let noun = if times == 1 { noun.to_owned() } else { format!("{noun}s") };
        format!("{times} {}", words.replace("{noun}", &noun))
    }

    /// What happened, for one and for several.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::IdComma => ("id ended in a comma", "ids ended in a comma"),
            Self::TwiceEncoded => ("text was encoded twice", "texts were encoded twice"),
            Self::Windows1252 => ("file was Windows-1252", "files were Windows-1252"),
            Self::NotByGlass => {
                ("{noun} is not sold by the glass (price 0.00)", "{noun} are not sold by the glass (price 0.00)")
            }
            Self::Completed => (
                "text was cut in one file and is whole in another",
                "texts were cut in one file and are whole in another",
            ),
            Self::Star => (
                "name began with * (\"also alcohol-free for 7.50\"): taken off, add the alcohol-free one",
                "names began with * (\"also alcohol-free for 7.50\"): taken off, add the alcohol-free ones",
            ),
            Self::FlagWord => ("flag was a word", "flags were words"),
            Self::SizesJoined => ("{noun} was listed once for each size", "{noun} were listed once for each size"),
            Self::Cut => (
                "text is cut off (what is missing cannot be guessed: complete it)",
                "texts are cut off (what is missing cannot be guessed: complete them)",
            ),
            Self::GrapeContradicts => (
                "grape contradicts the wine's own text (correct one of the two)",
                "grapes contradict the wines' own texts (correct one of the two)",
            ),
            Self::NoVolume => (
                "{noun} has no volume (add it: the law asks for it)",
                "{noun} have no volume (add it: the law asks for it)",
            ),
            Self::OtherVolume => {
                ("name says another volume than the volume", "names say another volume than the volume")
            }
            Self::WhichSize => (
                "{noun} has several sizes here and one price without a size there (prices left as they are)",
                "{noun} have several sizes here and one price without a size there (prices left as they are)",
            ),
            Self::NotDeclared => (
                "{noun} declares no substances (taken as not declared, never as free: declare them)",
                "{noun} declare no substances (taken as not declared, never as free: declare them)",
            ),
            Self::SaidWeaker => (
                "{noun} is said to have only traces of what it is known to contain (taken as contained: check it)",
                "{noun} are said to have only traces of what they are known to contain (taken as contained: check them)",
            ),
            Self::UnknownCode => (
                "code number is not on the old card's list (left out: declare what it means)",
                "code numbers are not on the old card's list (left out: declare what they mean)",
            ),
            Self::NutsOrPeanuts => (
                "code 12 is taken as nuts; an older page said \"nuts / peanuts\" (check for peanuts)",
                "codes 12 are taken as nuts; an older page said \"nuts / peanuts\" (check for peanuts)",
            ),
            Self::Picture => ("picture is not imported (upload it)", "pictures are not imported (upload them)"),
            Self::UnknownField => ("field is unknown and left out", "fields are unknown and left out"),
            Self::UnknownWord => ("word is unknown", "words are unknown"),
            Self::ListedTwice => (
                "{noun} is listed twice: keep one in the old data",
                "{noun} are listed twice: keep one in the old data",
            ),
            Self::SameName => ("name is used by two: name them apart", "names are used by two: name them apart"),
            Self::NoName => ("{noun} has no name: give it one", "{noun} have no name: give them one"),
            Self::NoColor => (
                "{noun} has no colour known here: red, white or rosé",
                "{noun} have no colour known here: red, white or rosé",
            ),
            Self::NoPrice => ("{noun} has no price: give it one", "{noun} have no price: give them one"),
            Self::Price => {
                ("price is not clear: correct it in the old data", "prices are not clear: correct them in the old data")
            }
            Self::Flag => ("flag is neither yes nor no: correct it", "flags are neither yes nor no: correct them"),
            Self::Date => (
                "date is not clear: write it as 2026-01-31 18:00:00",
                "dates are not clear: write them as 2026-01-31 18:00:00",
            ),
            Self::Rule => (
                "{noun} breaks a rule: correct it in the old data",
                "{noun} break a rule: correct them in the old data",
            ),
        }
    }
}
