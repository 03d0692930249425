//! Puts lists in order with one sorting routine for all types: the standard library's
//! is compiled anew for each list and each order, at five kilobytes a time.

use std::cmp::Ordering;

/// In the order that `compare` tells; equals stay as they were.
pub fn sort<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut sources: Vec<usize> = (0..items.len()).collect();
    sort_places(&mut sources, &mut |a, b| compare(&items[a], &items[b]));
    // Each cycle of places is walked once: the item that is pushed out goes along.
    for start in 0..items.len() {
        let mut place = start;
        while sources[place] != place {
            let source = std::mem::replace(&mut sources[place], place);
            if source == start {
                break;
            }
            items.swap(place, source);
            place = source;
        }
    }
}

fn sort_places(places: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    places.sort_by(|a, b| compare(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(mut items: Vec<(u8, String)>) {
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort(&mut items, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(items, expected);
        }
    }
}
