/**
 * English for the figures.
 */
export const words = /** @type {const} */ ({
  "stats.figure": "Figure",
  "stats.occupancy_rate": "Occupancy",
  "stats.adr": "ADR",
  "stats.revpar": "RevPAR",
  "stats.room_revenue": "Room revenue",
  "stats.nothing_before": "No data for last year",
  "stats.against": "{change} against {before} last year",
  "stats.against_then": "{change} against {before} a year ago",
  "stats.unchanged": "Same as last year",
  "stats.points": "{change} points",
  "stats.before": "last year {value}",
  "stats.year_before": "{name} last year",
  "stats.key": "Bars: this period. Dashed line: same days last year.",
  "stats.key_then":
    "Bars: this period, as booked so far. Dashed line: same days last year, as booked by {date}.",
  "stats.hint": "Point to a bar, or use the arrow keys, for details.",
  "stats.chart_label": "{name} chart, {count} values. Use the arrow keys to read them.",
  "stats.as_table": "Show as a table",
  "stats.sold": "Sold",
  "stats.available": "Available",
  "stats.unpriced.one":
    "1 night has no price yet: an overdue guest is in the room tonight. It counts as sold, but not in ADR.",
  "stats.unpriced.other":
    "{count} nights have no price yet: overdue guests are in the rooms tonight. They count as sold, but not in ADR.",
  "stats.house_use.one": "1 night was house use; it is in the occupancy and not in the ADR.",
  "stats.house_use.other": "{count} nights were house use; they are in the occupancy and not in the ADR.",
  "stats.complimentary.one": "1 night was given free of charge.",
  "stats.complimentary.other": "{count} nights were given free of charge.",
  "stats.with_out_of_order": "Occupancy including rooms out of order: {rate}.",
  "stats.by_source": "By source (arrivals in period)",
  "stats.by_status": "By status",
  "stats.share": "Share of nights",
  "stats.bookings": "Bookings",
  "stats.no_bookings": "No arrivals in this period",
});
