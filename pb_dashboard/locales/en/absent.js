// Who is away, in English.
export default {
    "absent.until": "away until {when}",
    "absent.open": "away",
    "absent.instead": "{name} stands in",
};
