// Guest or member, what happens to them in the timeline, and the name of the screen of settings.
export default {
};
