//! Files that are pieces of one layer, a county or a sheet each, and the pattern that names them together.
//!
//! Versions of a layer are called alike too: what differs between the names tells pieces from versions, and so does where they lie.

use crate::geometry::BoundingBox;

/// The share of the smaller one's box from which on two files cover the same ground: they are no pieces of one layer then.
const SAME_GROUND: f64 = 0.9;
/// What names of divisions and of parts end in.
const DIVISIONS: [&str; 12] = ["县", "区", "市", "旗", "乡", "镇", "街道", "村", "片", "部", "片区", "图幅"];
/// Signs of a pattern, each of which stands for itself as the only one of a set.
const SIGNS: [char; 5] = ['*', '?', '[', '{', '}'];

/// Returns the year in a name, the last if there are several: four digits that stand alone, from 1990 to 2099, or the first of a date.
pub(super) fn year(name: &str) -> Option<u32> {
    let digits = name.split(|one: char| !one.is_ascii_digit()).filter(|run| matches!(run.len(), 4 | 6 | 8));
    digits.filter_map(|run| run.get(..4)?.parse().ok()).rfind(|year| (1990..2100).contains(year))
}

/// Returns the pattern that names all of these paths, if what differs between them tells pieces of one thing.
pub(super) fn pattern(paths: &[&str]) -> Option<String> {
    let split: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').collect()).collect();
    let first = split.first()?;
    if paths.len() < 2 || split.iter().any(|one| one.len() != first.len()) {
        return None;
    }
    let mut differing = (0..first.len()).filter(|&at| split.iter().any(|one| one[at] != first[at]));
    let (at, None) = (differing.next()?, differing.next()) else { return None };
    let names: Vec<Vec<char>> = split.iter().map(|one| one[at].chars().collect()).collect();
    let shortest = names.iter().map(Vec::len).min()?;
    let same = |of: &dyn Fn(&[char]) -> char| names.iter().all(|name| of(name) == of(&names[0]));
    let mut front = (0..shortest).take_while(|&index| same(&|name| name[index])).count();
    // A number is one word, also where it begins or ends alike.
    while front > 0 && names[0][front - 1].is_ascii_digit() {
        front -= 1;
    }
    let room = shortest - front;
    let mut back = (0..room).take_while(|&index| same(&|name| name[name.len() - 1 - index])).count();
    while back > 0 && names[0][names[0].len() - back].is_ascii_digit() {
        back -= 1;
    }
    // So is the name of a division.
    let word = |name: &[char], back: usize| name[front..name.len() - back].iter().collect::<String>();
    let divisions = (0..=back).filter(|&back| names.iter().all(|name| is_piece(&word(name, back))));
    let back = divisions.max()?;
    let text = |name: &[char]| name.iter().collect::<String>();
    let (before, behind) = (text(&names[0][..front]), text(&names[0][names[0].len() - back..]));
    let mut parts: Vec<String> = first.iter().map(|&part| literal(part)).collect();
    parts[at] = format!("{}*{}", literal(&before), literal(&behind));
    Some(parts.join("/"))
}

/// Returns the pattern that names just this path.
pub(super) fn literal(path: &str) -> String {
    let one = |one: char| if SIGNS.contains(&one) { format!("[{one}]") } else { one.to_string() };
    path.chars().map(one).collect()
}

/// Tells whether what a name has beside that of a layer tells a piece: a letter, a short number, the code or the name of a division.
fn is_piece(word: &str) -> bool {
    let is_code = || !word.starts_with("19") && !word.starts_with("20");
    match word.chars().count() {
        0 => false,
        1 if word.chars().all(|one| one.is_ascii_alphabetic() || "一二三四五六七八九十东西南北中".contains(one)) => {
            true
        }
        1 | 2 if word.bytes().all(|byte| byte.is_ascii_digit()) => true,
        6 | 9 | 12 if word.bytes().all(|byte| byte.is_ascii_digit()) => is_code(),
        _ => DIVISIONS.iter().any(|end| word.ends_with(end)),
    }
}

/// Tells whether two boxes in one coordinate system are of the same ground.
pub(super) fn is_same_ground(one: &BoundingBox, other: &BoundingBox) -> bool {
    let area = |area: &BoundingBox| (area.max.x - area.min.x) * (area.max.y - area.min.y);
    let width = one.max.x.min(other.max.x) - one.min.x.max(other.min.x);
    let height = one.max.y.min(other.max.y) - one.min.y.max(other.min.y);
    let smaller = area(one).min(area(other));
    width > 0.0 && height > 0.0 && width * height > SAME_GROUND * smaller
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_a_pattern_and_versions_have_none() {
        for (paths, expected) in [
            (&["c/YJJBNT_A.shp", "c/YJJBNT_B.shp"][..], Some("c/YJJBNT_*.shp")),
            (&["c/YJJBNT_1.shp", "c/YJJBNT_2.shp", "c/YJJBNT_12.shp"], Some("c/YJJBNT_*.shp")),
            (&["360404YJJBNT.shp", "360402YJJBNT.shp"], Some("*YJJBNT.shp")),
            (&["永农_德安县.shp", "永农_柴桑区.shp"], Some("永农_*.shp")),
            (&["德安县/YJJBNT.shp", "永修县/YJJBNT.shp"], Some("*/YJJBNT.shp")),
            (&["a/东片/YJJBNT.gpkg", "a/西片/YJJBNT.gpkg"], Some("a/*片/YJJBNT.gpkg")),
            (&["YJJBNT_A_2023.shp", "YJJBNT_B_2023.shp"], Some("YJJBNT_*_2023.shp")),
            (&["YJJBNT_2020.shp", "YJJBNT_2023.shp"], None),
            (&["YJJBNT_202012.shp", "YJJBNT_202301.shp"], None),
            (&["YJJBNT.shp", "YJJBNT_B.shp"], None),
            (&["YJJBNT_调整前.shp", "YJJBNT_调整后.shp"], None),
            (&["旧/YJJBNT_A.shp", "新/YJJBNT_B.shp"], None),
            (&["[1]{2}/YJJBNT_A.shp", "[1]{2}/YJJBNT_B.shp"], Some("[[]1][{]2[}]/YJJBNT_*.shp")),
            (&["YJJBNT.shp"], None),
        ] {
            assert_eq!(pattern(paths).as_deref(), expected, "{paths:?}");
        }
    }

    #[test]
    fn years_are_told_from_codes() {
        let cases = [("YJJBNT_2023", Some(2023)), ("永农2020年", Some(2020)), ("20231231YJJBNT", Some(2023))];
        for (name, expected) in [("YJJBNT", None), ("360404YJJBNT", None), ("YJJBNT_20", None)].into_iter().chain(cases)
        {
            assert_eq!(year(name), expected, "{name}");
        }
    }
}
