// Who writes, in English.
export default {
    "person.more": "Show more",
    "person.orders": "Orders named:",
    "person.orderno": "order {no}",
    "person.wasmerged": "merged",
};
