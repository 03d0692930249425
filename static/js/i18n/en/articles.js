/**
 * English for what is sold beside the rooms.
 */
export const words = /** @type {const} */ ({
  "articles.title": "Articles",
  "articles.lead": "What you sell besides rooms: breakfast, parking, laundry",
  "articles.none": "No articles yet",
  "articles.none_text": "Add what you sell often: the desk then puts it on a bill with one click.",
  "articles.add": "Add article",
  "articles.name_hint": "As it appears on the bill",
  "articles.price_hint": "Leave empty to type the price each time",
  "articles.asked": "Typed each time",
  "articles.tax_group": "Tax group",
  "articles.as_extras": "Same as extras",
  "articles.favourite": "Offer on every bill with one click",
  "articles.is_food": "Counts as food and drink in reports",
  "articles.on_bills": "On every bill",
  "articles.favourites": "Add to the bill",
  "articles.sold": "{article} added to the bill of {guest}.",
  "articles.choose": "Article",
  "articles.other": "Something else",
});
