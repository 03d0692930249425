/**
 * English for the pages behind the desk: housekeeping, rooms, payments, figures, staff, settings,
 * paper. Loaded with the first of them.
 */
export const words = /** @type {const} */ ({
});
