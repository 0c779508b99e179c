// Promises and follow-ups, as far as they are seen at first glance, in English.
export default {
};
